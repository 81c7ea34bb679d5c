//! What the package depends on, and where that comes from.

use serde_json::{Map, Value};

/// The list that names a dependency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum DependencyKind {
    /// `dependencies`.
    Normal,
    /// `optionalDependencies`.
    Optional,
    /// `peerDependencies`.
    Peer,
    /// `bundleDependencies`, or `bundledDependencies`.
    Bundled,
    /// `devDependencies`.
    Dev,
}

impl DependencyKind {
    /// The name on the wire.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "dependencies",
            Self::Optional => "optionalDependencies",
            Self::Peer => "peerDependencies",
            Self::Bundled => "bundleDependencies",
            Self::Dev => "devDependencies",
        }
    }
}

/// Where a dependency comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum DependencySource {
    /// A version, range or tag of the registry.
    Registry,
    /// A repository.
    Git,
    /// A tarball at any address.
    Url,
    /// A folder or tarball on the machine.
    File,
    /// Another package of the registry, under this name.
    Alias,
}

impl DependencySource {
    /// The name on the wire.
    #[must_use]
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::Git => "git",
            Self::Url => "url",
            Self::File => "file",
            Self::Alias => "alias",
        }
    }
}

/// One dependency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    /// The name that the code imports.
    pub name: String,
    /// What is asked for; empty if only the name is given.
    pub spec: String,
    /// The list that names it.
    pub kind: DependencyKind,
    /// Where it comes from.
    pub source: DependencySource,
}

/// All dependencies, list after list; a name that is optional too is optional only, as in npm.
pub(super) fn read(manifest: &Map<String, Value>) -> Vec<Dependency> {
    let optional = manifest
        .get("optionalDependencies")
        .and_then(Value::as_object);
    let mut out = Vec::new();
    for kind in [
        DependencyKind::Normal,
        DependencyKind::Optional,
        DependencyKind::Peer,
        DependencyKind::Dev,
    ] {
        let Some(map) = manifest.get(kind.as_str()).and_then(Value::as_object) else {
            continue;
        };
        for (name, spec) in map {
            let Some(spec) = spec.as_str() else {
                continue;
            };
            if kind == DependencyKind::Normal && optional.is_some_and(|map| map.contains_key(name))
            {
                continue;
            }
            out.push(Dependency {
                name: name.clone(),
                spec: spec.to_owned(),
                kind,
                source: source_of(spec),
            });
        }
    }
    for name in bundled(manifest) {
        let spec = ["optionalDependencies", "dependencies", "peerDependencies"]
            .iter()
            .find_map(|list| manifest.get(*list)?.get(name.as_str())?.as_str())
            .unwrap_or("");
        out.push(Dependency {
            source: source_of(spec),
            spec: spec.to_owned(),
            name,
            kind: DependencyKind::Bundled,
        });
    }
    out
}

fn bundled(manifest: &Map<String, Value>) -> Vec<String> {
    let list = manifest
        .get("bundleDependencies")
        .or_else(|| manifest.get("bundledDependencies"));
    match list {
        Some(Value::Array(names)) => names
            .iter()
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect(),
        Some(Value::Object(map)) => map.keys().cloned().collect(),
        Some(Value::Bool(true)) => manifest
            .get("dependencies")
            .and_then(Value::as_object)
            .map(|map| map.keys().cloned().collect())
            .unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Prefixes that say it at once.
const PREFIXES: &[(&str, DependencySource)] = &[
    ("npm:", DependencySource::Alias),
    ("file:", DependencySource::File),
    ("link:", DependencySource::File),
    ("portal:", DependencySource::File),
    (".", DependencySource::File),
    ("/", DependencySource::File),
    ("~/", DependencySource::File),
    ("git+", DependencySource::Git),
    ("git:", DependencySource::Git),
    ("git@", DependencySource::Git),
    ("ssh:", DependencySource::Git),
    ("github:", DependencySource::Git),
    ("gitlab:", DependencySource::Git),
    ("bitbucket:", DependencySource::Git),
    ("gist:", DependencySource::Git),
    ("sourcehut:", DependencySource::Git),
    // Resolved by the workspace before publishing; left over, they name a version.
    ("workspace:", DependencySource::Registry),
    ("catalog:", DependencySource::Registry),
    ("jsr:", DependencySource::Registry),
];

/// Hosts whose repository addresses npm clones instead of downloading.
const FORGES: &[&str] = &[
    "github.com",
    "gitlab.com",
    "bitbucket.org",
    "gist.github.com",
    "git.sr.ht",
];

/// Follows npm-package-arg.
fn source_of(spec: &str) -> DependencySource {
    let spec = spec.trim();
    let lower = spec.to_ascii_lowercase();
    if let Some((_, source)) = PREFIXES
        .iter()
        .find(|(prefix, _)| lower.starts_with(prefix))
    {
        return *source;
    }
    if let Some((scheme, rest)) = lower.split_once("://") {
        return match scheme {
            "http" | "https" if !is_repository(rest) => DependencySource::Url,
            _ => DependencySource::Git,
        };
    }
    let bytes = lower.as_bytes();
    if bytes.first().is_some_and(u8::is_ascii_alphabetic) && bytes.get(1) == Some(&b':') {
        return DependencySource::File;
    }
    // `user@host:path`, as scp takes it.
    if lower
        .split_once('@')
        .is_some_and(|(user, rest)| !user.is_empty() && rest.contains(':'))
    {
        return DependencySource::Git;
    }
    let address = lower.split('#').next().unwrap_or("");
    let mut parts = address.split('/');
    if let (Some(user), Some(name), None) = (parts.next(), parts.next(), parts.next()) {
        let shorthand = !user.is_empty()
            && !name.is_empty()
            && !address.contains([':', '@'])
            && !address.contains(char::is_whitespace);
        if shorthand {
            return DependencySource::Git;
        }
    }
    let archive = [".tgz", ".tar.gz", ".tar"]
        .iter()
        .any(|end| lower.ends_with(end));
    if archive || address.contains('/') {
        return DependencySource::File;
    }
    DependencySource::Registry
}

/// Whether an address without scheme is `host/user/repository` at a forge.
fn is_repository(rest: &str) -> bool {
    let address = rest.split(['#', '?']).next().unwrap_or("");
    let mut parts = address.trim_end_matches('/').split('/');
    let host = parts.next().unwrap_or("");
    let host = host.rsplit('@').next().unwrap_or(host);
    let host = host.strip_prefix("www.").unwrap_or(host);
    FORGES.contains(&host) && (1..=2).contains(&parts.count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn sources() {
        use DependencySource::{Alias, File, Git, Registry, Url};
        for (spec, source) in [
            ("^1.0.0", Registry),
            ("", Registry),
            ("*", Registry),
            ("latest", Registry),
            (">=1 <2 || 3.x", Registry),
            ("npm:other@^1", Alias),
            ("git+https://git.example/x.git", Git),
            ("git://git.example/x", Git),
            ("git@git.example:u/x.git", Git),
            ("deploy@git.example:u/x.git", Git),
            ("github:u/r#0123", Git),
            ("u/r", Git),
            ("u/r#feat/x", Git),
            ("https://github.com/u/r", Git),
            ("https://github.com/u/r.git#main", Git),
            ("https://github.com/u/r/archive/main.tar.gz", Url),
            ("http://packages.example/unused-imports", Url),
            ("HTTPS://packages.example/x.tgz", Url),
            ("file:../x", File),
            ("./x", File),
            ("~/x", File),
            ("C:\\x", File),
            ("x.tgz", File),
            ("a/b/c", File),
            ("workspace:*", Registry),
        ] {
            assert_eq!(source_of(spec), source, "{spec}");
        }
    }

    #[test]
    fn lists() {
        let manifest = json!({
            "dependencies": {"b": "1", "a": "u/r", "o": "1", "odd": 3},
            "optionalDependencies": {"o": "2"},
            "devDependencies": {"d": "1"},
            "bundledDependencies": ["a", "z"],
        });
        let found: Vec<_> = read(manifest.as_object().expect("an object"))
            .into_iter()
            .map(|d| (d.name, d.spec, d.kind.as_str(), d.source.as_str()))
            .collect();
        let expected = [
            ("b", "1", "dependencies", "registry"),
            ("a", "u/r", "dependencies", "git"),
            ("o", "2", "optionalDependencies", "registry"),
            ("d", "1", "devDependencies", "registry"),
            ("a", "u/r", "bundleDependencies", "git"),
            ("z", "", "bundleDependencies", "registry"),
        ]
        .map(|(name, spec, kind, source)| (name.to_owned(), spec.to_owned(), kind, source));
        assert_eq!(found, expected);
    }
}
