//! Where a package says that it belongs, and whether a host is there.

use super::host;
use crate::api::targets;
use crate::manifest::Manifest;

/// Code hosts, where the path tells whose it is.
pub(super) const FORGES: [&str; 3] = ["github", "gitlab", "bitbucket"];
/// Hosts of a forge that serve files of its repositories under the same path.
const FORGE_FILES: [&str; 2] = ["githubusercontent", "github"];

/// Providers of mail, and pages where anybody has a profile, by the label of their domain.
const MAIL: [&str; 36] = [
    "126",
    "163",
    "aol",
    "fastmail",
    "foxmail",
    "gmail",
    "gmx",
    "googlemail",
    "hanmail",
    "hey",
    "hotmail",
    "icloud",
    "linkedin",
    "live",
    "mac",
    "mail",
    "me",
    "medium",
    "msn",
    "naver",
    "npmjs",
    "outlook",
    "pm",
    "proton",
    "protonmail",
    "qq",
    "rocketmail",
    "sina",
    "tutanota",
    "twitter",
    "web",
    "x",
    "yahoo",
    "yandex",
    "yeah",
    "zoho",
];

/// The package's own hosts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Home {
    domains: Vec<String>,
    /// `owner/name` on a forge, lower case.
    repositories: Vec<String>,
    /// What the package calls itself, its scope and the owner of its repository.
    names: Vec<String>,
    /// Its full name, scope included.
    package: String,
}

/// Whose a destination is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// The package's own domain or repository.
    Own,
    /// A package registry.
    Registry,
    /// The machine itself.
    Local,
    /// Somebody else's.
    Foreign,
}

impl Home {
    /// From `repository`, `homepage`, `author` and `name`.
    pub(crate) fn of(manifest: &Manifest) -> Self {
        let mut home =
            Self::of_links([manifest.repository.as_deref(), manifest.homepage.as_deref()]);
        home.add_author(manifest);
        let name = manifest.name.as_deref().unwrap_or("");
        let owners = home
            .repositories
            .iter()
            .filter_map(|path| path.split('/').next());
        let names = name.trim_start_matches('@').split('/').chain(owners);
        home.names = names.map(str::to_ascii_lowercase).collect();
        name.clone_into(&mut home.package);
        home
    }

    /// Whether a host's domain is named exactly as the package, its scope or the owner of its
    /// repository. Anybody can register such a domain that is still free, so this is no proof.
    pub(crate) fn is_namesake(&self, url: &str) -> bool {
        let Some(at) = host::host(url) else {
            return false;
        };
        let class = targets::host_class(&at, host::path(url));
        if class.is_some_and(|class| host::ANYBODYS.contains(&class.id)) {
            return false;
        }
        let label = host::label(&at);
        label.len() > 1 && self.names.iter().any(|name| name == label)
    }

    /// From addresses of repository and home page.
    pub(crate) fn of_links(links: [Option<&str>; 2]) -> Self {
        let mut home = Self::default();
        for link in links.into_iter().flatten() {
            home.add(link);
        }
        home
    }

    /// The author's own domain, of the page or the address that the manifest names. Where
    /// anybody can have one, it is nobody's own.
    fn add_author(&mut self, manifest: &Manifest) {
        let author = manifest.raw.get("author");
        let of = |key: &str| author.and_then(|author| author.get(key)?.as_str());
        let mut hosts: Vec<String> = of("url").and_then(host::host).into_iter().collect();
        let mail = |text: &str| {
            text.rsplit_once('@')
                .map(|(_, at)| at.trim().to_ascii_lowercase())
        };
        hosts.extend(of("email").and_then(mail));
        // `Name <mail@host> (https://host)`
        if let Some(text) = author.and_then(|author| author.as_str()) {
            let between = |open: char, close: char| {
                let (_, rest) = text.split_once(open)?;
                Some(rest.split(close).next().unwrap_or(rest))
            };
            hosts.extend(between('<', '>').and_then(mail));
            hosts.extend(between('(', ')').and_then(host::host));
        }
        for at in hosts {
            let domain = host::registered(&at);
            let label = host::label(&at);
            let is_shared = MAIL.contains(&label) || FORGES.contains(&label);
            let class = targets::host_class(&at, "/");
            let is_anybodys = class.is_some_and(|class| host::ANYBODYS.contains(&class.id));
            if domain.contains('.') && !is_shared && !is_anybodys {
                self.domains.push(domain.to_owned());
            }
        }
    }

    fn add(&mut self, link: &str) {
        let link = link.trim_start_matches("git+").to_ascii_lowercase();
        // `owner/name` and `github:owner/name` are short for a repository.
        let short = link.split_once(':').map_or(link.as_str(), |(_, rest)| rest);
        if !link.contains("://") && short.matches('/').count() == 1 && !short.starts_with('/') {
            let short = short.rsplit('@').next().unwrap_or(short);
            self.repositories.push(trim_repository(short));
            return;
        }
        let Some(at) = host::host(&link) else { return };
        if FORGES.contains(&host::label(&at)) {
            let mut parts = host::path(&link).trim_start_matches('/').split('/');
            if let (Some(owner), Some(name)) = (parts.next(), parts.next()) {
                self.repositories
                    .push(trim_repository(&format!("{owner}/{name}")));
            }
        } else {
            self.domains.push(host::registered(&at).to_owned());
        }
    }

    /// Whose a URL is.
    pub(crate) fn whose(&self, url: &str) -> Option<Whose> {
        let at = host::host(url)?;
        if host::is_local(&at) {
            return Some(Whose::Local);
        }
        if host::is_registry(&at) {
            return Some(Whose::Registry);
        }
        // `undefined` and the like: a value that was not there.
        if !at.contains(['.', ':']) {
            return None;
        }
        let domain = host::registered(&at);
        if self.domains.iter().any(|own| own == domain) {
            return Some(Whose::Own);
        }
        // Of a forge's files the name before the last counts: anybody has a domain below it.
        let second = at.rsplit('.').nth(1).unwrap_or("");
        if FORGES.contains(&host::label(&at)) || FORGE_FILES.contains(&second) {
            let path = host::path(url).to_ascii_lowercase();
            let mut parts = path.trim_start_matches('/').split('/');
            if at.starts_with("api.") {
                parts.next();
            }
            if let (Some(owner), Some(name)) = (parts.next(), parts.next())
                && self.repositories.contains(&format!("{owner}/{name}"))
            {
                return Some(Whose::Own);
            }
        }
        if self.is_published(&at, host::path(url)) {
            return Some(Whose::Own);
        }
        Some(Whose::Foreign)
    }

    /// Whether a public host serves a file of the package itself: whoever publishes the one
    /// publishes the other.
    fn is_published(&self, at: &str, path: &str) -> bool {
        let class = targets::host_class(at, path);
        let path = path.trim_start_matches('/');
        let path = path.strip_prefix("npm/").unwrap_or(path);
        let rest = path.strip_prefix(self.package.as_str());
        !self.package.is_empty()
            && class.is_some_and(|class| class.id == "host.cdn")
            && rest.is_some_and(|rest| rest.starts_with(['/', '@']))
    }
}

fn trim_repository(path: &str) -> String {
    path.trim_end_matches(".git").to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home(repository: &str) -> Home {
        let mut home = Home::default();
        home.add(repository);
        home
    }

    #[test]
    fn a_repository_is_more_than_its_forge() {
        let home = home("git+https://github.com/vendor/tool.git");
        let own = "https://github.com/vendor/tool/releases/download/v1/x.tgz";
        assert_eq!(home.whose(own), Some(Whose::Own));
        let file = "https://raw.githubusercontent.com/vendor/tool/main/x.json";
        assert_eq!(home.whose(file), Some(Whose::Own));
        let other = "https://raw.githubusercontent.com/someone/else/main/x.json";
        assert_eq!(home.whose(other), Some(Whose::Foreign));
        let other = "https://github.com/someone/else/releases/download/v1/x.tgz";
        assert_eq!(home.whose(other), Some(Whose::Foreign));
    }

    #[test]
    fn a_public_host_serves_the_package_itself() {
        let home = Home::of(&Manifest {
            name: Some("@vendor/tool".to_owned()),
            ..Manifest::default()
        });
        let own = "https://cdn.jsdelivr.net/npm/@vendor/tool@1.0.0/x.js";
        assert_eq!(home.whose(own), Some(Whose::Own));
        let other = "https://unpkg.com/@vendor/toolbox/x.js";
        assert_eq!(home.whose(other), Some(Whose::Foreign));
    }

    #[test]
    fn a_domain_of_its_own_covers_its_hosts() {
        let home = home("https://vendor.example/docs");
        assert_eq!(home.whose("https://cdn.vendor.example/x"), Some(Whose::Own));
        assert_eq!(
            home.whose("https://vendor.example.evil.invalid/"),
            Some(Whose::Foreign)
        );
        assert_eq!(home.whose("https://<env:HOST>/"), None);
        assert_eq!(home.whose("undefined?offset=0"), None);
    }

    #[test]
    fn a_namesake_bears_exactly_the_name() {
        let home = Home::of(&Manifest {
            name: Some("@vendor/tool".to_owned()),
            repository: Some("https://github.com/owner/tool".to_owned()),
            ..Manifest::default()
        });
        for url in [
            "https://dl.vendor.example/x",
            "https://owner.invalid/",
            "https://tool.example",
        ] {
            assert!(home.is_namesake(url), "{url}");
        }
        for url in [
            "https://vendor-tools.example/x",
            "https://vendor.workers.dev/",
            "https://c2.invalid/vendor",
        ] {
            assert!(!home.is_namesake(url), "{url}");
        }
    }

    #[test]
    fn the_domain_of_the_author_is_own_unless_anybody_has_one() {
        let of = |author: serde_json::Value| {
            Home::of(&Manifest {
                raw: serde_json::json!({ "author": author }),
                ..Manifest::default()
            })
        };
        let whose = |home: &Home| home.whose("https://api.studio.example/x");
        let text = of("A Name <a@studio.example> (https://www.studio.example)".into());
        assert_eq!(whose(&text), Some(Whose::Own));
        let object = of(serde_json::json!({ "name": "A", "url": "https://studio.example" }));
        assert_eq!(whose(&object), Some(Whose::Own));
        let mail = of("A <a@gmail.example>".into());
        assert_eq!(mail.whose("https://x.gmail.example/"), Some(Whose::Foreign));
        assert_eq!(whose(&of("A".into())), Some(Whose::Foreign));
    }

    #[test]
    fn short_forms_name_a_repository() {
        let whose = home("github:vendor/tool").whose("https://github.com/vendor/tool/x");
        assert_eq!(whose, Some(Whose::Own));
    }
}
