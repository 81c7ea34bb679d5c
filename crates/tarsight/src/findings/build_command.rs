//! A native build that is a cover for running a program.

use super::{Context, Declaration, Example, Finding};
use crate::flow::Built;
use crate::model::{Confidence, Severity};

pub(super) static FINDING: Declaration = Declaration {
    id: "build-command",
    title: "A native build runs a program",
    severity: Severity::High,
    summary: "A command in the build file of native code (`binding.gyp` or a file that it includes), which npm runs without being asked when the package is installed, does more than say where headers are: it talks to the network, starts programs, throws away what it prints, or runs code of a package that has nothing to compile.",
    advice: "Read the file that the command runs. If the package has no native code, it needs no build: do not install it before somebody has explained it. If it already ran, treat the machine as taken over: revoke the tokens that were on it, and look for what was left behind.",
    benign_when: "A build generates its sources with a script of its own, or fetches a library that it links; then there are sources to compile and the host is the library's.",
    references: &["CWE-506", "T1195.002"],
    examples: &[
        Example {
            name: "an expansion runs a file and hides what it prints",
            severity: Some(Severity::High),
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                (
                    "binding.gyp",
                    r#"{"targets":[{"target_name":"a","type":"none","sources":["<!(node setup.js > /dev/null 2>&1 && echo a.c)"]}]}"#,
                ),
                ("setup.js", "console.log(1);"),
            ],
        },
        Example {
            name: "a build of nothing starts a program",
            severity: Some(Severity::High),
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                (
                    "binding.gyp",
                    r#"{"targets":[{"target_name":"a","type":"none","actions":[{"action_name":"a","inputs":[],"outputs":["x"],"action":["node","lib/a.js"]}]}]}"#,
                ),
                ("lib/a.js", "console.log(1);"),
            ],
        },
        Example {
            name: "a build asks where headers are",
            severity: None,
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                (
                    "binding.gyp",
                    r#"{"targets":[{"target_name":"a","sources":["a.cc"],"include_dirs":["<!(node -p \"require('node-addon-api').include\")","<!@(pkg-config --cflags x)"]}]}"#,
                ),
                ("a.cc", "int a;"),
            ],
        },
        Example {
            name: "a build generates its sources",
            severity: None,
            files: &[
                ("package.json", r#"{"name":"a","version":"1.0.0"}"#),
                (
                    "binding.gyp",
                    r#"{"targets":[{"target_name":"a","sources":["a.cc"],"actions":[{"action_name":"a","inputs":[],"outputs":["x.h"],"action":["node","gen.js"]}]}]}"#,
                ),
                ("a.cc", "int a;"),
                ("gen.js", "console.log(1);"),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for built in context.builds {
        let Some(why) = why(built) else { continue };
        let mut finding = Finding {
            what: &FINDING,
            severity: FINDING.severity,
            confidence: Confidence::High,
            message: format!("{why}: {}", built.text),
            reach: built.reach,
            evidence: vec![built.place],
            mitigations: Vec::new(),
            parts: vec![built.text.clone()],
        };
        if built.reach.is_dormant() {
            let note = "no surface of the package leads to this build".to_owned();
            finding.lower(Severity::Medium, "dormant", note);
        }
        found.push(finding);
    }
}

/// What makes a command more than a part of a build.
fn why(built: &Built) -> Option<String> {
    let loud = |id: &&&str| {
        let starts = [
            "network.",
            "process.",
            "code.",
            "credential.",
            "module.publish",
        ];
        starts.iter().any(|start| id.starts_with(start))
    };
    if let Some(id) = built.acts.iter().find(loud) {
        return Some(format!("a command of the build does {id}"));
    }
    let runs = built.files.first();
    if built.expands && built.silent && runs.is_some() {
        return Some(
            "a command of the build runs a file and throws away what it prints".to_owned(),
        );
    }
    if !built.compiles && (runs.is_some() || !built.acts.is_empty()) {
        return Some("a build without anything to compile runs a program".to_owned());
    }
    None
}
