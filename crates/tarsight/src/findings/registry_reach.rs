//! Credentials of package registries are read, and packages can be published with them.

use std::collections::BTreeSet;

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding};
use crate::api::targets;
use crate::behaviours::Behaviour;
use crate::model::{Confidence, Reach, Severity};
use crate::value::Place;

pub(super) static FINDING: Declaration = Declaration {
    id: "registry-reach",
    title: "Can publish with the credentials that it reads",
    severity: Severity::High,
    summary: "The package reads credentials of package registries or of code hosts such as GitHub, and holds the commands or requests to publish there: with them it can spread to other packages, also of other languages.",
    advice: "If it is no tool with which you publish, do not install it. If it already ran, revoke the tokens that the message names and look at what was published in your name. Publish from CI by trusted publishing, so that no token lies on a machine.",
    benign_when: "A release tool publishes the project in which somebody runs it, with a token that its user set.",
    references: &["CWE-522", "T1195.002", "T1552.001"],
    examples: &[
        Example {
            name: "an install script reads two registries' credentials and uploads",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), os = require("os"), { execSync } = require("child_process");
const npm = fs.readFileSync(os.homedir() + "/.npmrc", "utf8");
const pypi = fs.readFileSync(os.homedir() + "/.pypirc", "utf8");
if (pypi) execSync("twine upload dist/*");
if (npm) execSync("npm publish", { cwd: "/tmp/p" });"#,
                ),
            ],
        },
        Example {
            name: "a release tool for one registry",
            severity: Some(Severity::Low),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","bin":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"if (!process.env.NPM_TOKEN) throw new Error("no token");
require("child_process").execSync("npm publish");"#,
                ),
            ],
        },
        Example {
            name: "a reader of settings that publishes nothing",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), os = require("os");
exports.rc = () => fs.readFileSync(os.homedir() + "/.npmrc", "utf8");"#,
                ),
            ],
        },
    ],
    detect,
};

/// A registry or forge: its name, the credential that opens it, the commands that publish there,
/// and what a path of its interface for publishing has in it.
struct Registry {
    name: &'static str,
    credential: &'static str,
    commands: &'static [&'static str],
    paths: &'static [&'static str],
}

/// By the documentation of each.
const REGISTRIES: [Registry; 14] = [
    Registry {
        name: "npm",
        credential: "credential.npm",
        commands: &[
            "npm publish",
            "yarn publish",
            "yarn npm publish",
            "pnpm publish",
            "bun publish",
            "npm token create",
        ],
        paths: &["/-/npm/v1/oidc/token/exchange/", "/-/npm/v1/tokens"],
    },
    Registry {
        name: "PyPI",
        credential: "credential.pypi",
        commands: &[
            "twine upload",
            "uv publish",
            "poetry publish",
            "flit publish",
            "hatch publish",
            "pdm publish",
            "setup.py upload",
        ],
        paths: &["/legacy/", "/_/oidc/mint-token"],
    },
    Registry {
        name: "crates",
        credential: "credential.cargo",
        commands: &["cargo publish"],
        paths: &["/api/v1/crates/new"],
    },
    Registry {
        name: "RubyGems",
        credential: "credential.rubygems",
        commands: &["gem push", "rake release"],
        paths: &["/api/v1/gems"],
    },
    Registry {
        name: "Maven",
        credential: "credential.maven",
        commands: &[
            "mvn deploy",
            "mvn clean deploy",
            "gradle publish",
            "gradlew publish",
            "mvnw deploy",
        ],
        paths: &["/service/local/staging/", "/api/v1/publisher/upload"],
    },
    Registry {
        name: "NuGet",
        credential: "credential.nuget",
        commands: &["nuget push", "dotnet nuget push"],
        paths: &["/api/v2/package"],
    },
    Registry {
        name: "Docker",
        credential: "credential.container",
        commands: &[
            "docker push",
            "podman push",
            "buildah push",
            "crane push",
            "helm push",
        ],
        paths: &["/blobs/uploads/"],
    },
    Registry {
        name: "GitHub",
        credential: "credential.github",
        commands: &[
            "gh release upload",
            "gh release create",
            "gh repo create",
            "gh workflow run",
            "gh secret set",
            "git push",
        ],
        paths: &[
            "/user/repos",
            "/git/refs",
            "/contents/",
            "/actions/runners/registration-token",
        ],
    },
    Registry {
        name: "GitLab",
        credential: "credential.gitlab",
        commands: &["glab release create", "glab repo create"],
        paths: &["/api/v4/projects/"],
    },
    Registry {
        name: "Go",
        credential: "credential.git",
        commands: &["git push", "git tag"],
        paths: &[],
    },
    Registry {
        name: "Packagist",
        credential: "credential.composer",
        commands: &[],
        paths: &["/api/create-package", "/api/update-package"],
    },
    Registry {
        name: "Hex",
        credential: "credential.hex",
        commands: &["mix hex.publish"],
        paths: &[],
    },
    Registry {
        name: "pub.dev",
        credential: "credential.pub",
        commands: &["dart pub publish", "flutter pub publish"],
        paths: &[],
    },
    Registry {
        name: "editor extensions",
        credential: "credential.editor-store",
        commands: &["vsce publish", "ovsx publish"],
        paths: &[],
    },
];

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::Medium,
    asked: Severity::Low,
};

#[derive(Default)]
struct Seen {
    reads: BTreeSet<&'static str>,
    publishes: BTreeSet<&'static str>,
    reach: Reach,
    evidence: Vec<Place>,
}

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let mut seen = Seen::default();
    for behaviour in context.behaviours {
        look(behaviour, &mut seen);
    }
    let opened = seen.reads.intersection(&seen.publishes).count();
    if opened == 0 || seen.reach.is_dormant() {
        return;
    }
    let join = |names: &BTreeSet<&str>| names.iter().copied().collect::<Vec<_>>().join(", ");
    let message = format!(
        "reads credentials of {} and can publish to {}",
        join(&seen.reads),
        join(&seen.publishes)
    );
    seen.evidence.sort_unstable();
    seen.evidence.dedup();
    let mut finding = Finding {
        what: &FINDING,
        severity: FINDING.severity,
        confidence: Confidence::High,
        message,
        reach: seen.reach,
        evidence: seen.evidence,
        mitigations: Vec::new(),
        parts: vec![join(&seen.reads), join(&seen.publishes)],
    };
    if opened < 2 {
        let note = "one registry only".to_owned();
        finding.lower(Severity::Medium, "one-registry", note);
    }
    judge::by_trigger(AT_MOST, &mut finding);
    found.push(finding);
}

fn look(behaviour: &Behaviour, seen: &mut Seen) {
    let Some(target) = behaviour.target.as_deref() else {
        return;
    };
    let mut hits = 0;
    let secret = match behaviour.what.id {
        "fs.read" => targets::secret_path(target).map(|secret| secret.id),
        "environment.read" => targets::secret_variable(target).map(|secret| secret.id),
        _ => None,
    };
    for registry in &REGISTRIES {
        if secret == Some(registry.credential) {
            seen.reads.insert(registry.name);
            hits += 1;
        }
        let publishes = match behaviour.what.id {
            "module.publish" => registry.name == "npm",
            "process.exec" | "process.spawn" => {
                registry.commands.iter().any(|words| says(target, words))
            }
            "network.http" => registry.paths.iter().any(|path| target.contains(path)),
            _ => false,
        };
        if publishes {
            seen.publishes.insert(registry.name);
            hits += 1;
        }
    }
    if hits > 0 {
        seen.reach.join(behaviour.reach);
        seen.evidence.extend(&behaviour.sites);
    }
}

/// Whether a command's words begin, behind an interpreter and its options, with these.
fn says(command: &str, words: &str) -> bool {
    let mut at = 0;
    while let Some(found) = command.get(at..).and_then(|rest| rest.find(words)) {
        let start = at + found;
        let end = start + words.len();
        let before = command
            .get(..start)
            .and_then(|text| text.chars().next_back());
        let after = command.get(end..).and_then(|text| text.chars().next());
        let is_word =
            |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || "/\\'\";&|()".contains(c));
        if is_word(before) && is_word(after) {
            return true;
        }
        at = end;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_by_whole_words() {
        assert!(says("python3 -m twine upload dist/*", "twine upload"));
        assert!(says("cd x && npm publish", "npm publish"));
        assert!(!says("echo do-not-npm publishing", "npm publish"));
    }

    #[test]
    fn every_credential_is_one_of_the_tables() {
        for registry in &REGISTRIES {
            let known = targets::rows().any(|(_, row)| row.id == registry.credential);
            assert!(known, "{}", registry.credential);
        }
    }
}
