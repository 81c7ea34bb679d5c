//! Machine code that the package brings runs without anybody asking for it.

use super::{Context, Declaration, Example, Finding, runs_on_install};
use crate::model::{Confidence, Severity, SurfaceKind};

pub(super) static FINDING: Declaration = Declaration {
    id: "opaque-program",
    title: "Runs machine code that it brings along",
    severity: Severity::High,
    summary: "An install hook, a tool or code that runs on import starts a program of the package that is machine code. tarsight says what the program imports, not what it does.",
    advice: "Look at what the program imports, and at where it was built. Code that can be read would do, or a build from source.",
    benign_when: "A package for one platform starts its own compiled tool, and its source is public.",
    references: &["CWE-506", "T1204.002", "T1027.009"],
    examples: &[
        Example {
            name: "a hook starts machine code",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"postinstall":"./bin/setup"}}"#,
                ),
                ("bin/setup", "\u{7f}ELF\u{2}\u{1}\u{1}"),
            ],
        },
        Example {
            name: "an import starts machine code",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"require("child_process").spawn(require("path").join(__dirname, ".cache", "run"), { detached: true });"#,
                ),
                (".cache/run", "\u{7f}ELF\u{2}\u{1}\u{1}"),
            ],
        },
        Example {
            name: "a command starts the compiled tool",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","bin":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"require("child_process").spawnSync(require("path").join(__dirname, "tool"), process.argv.slice(2));"#,
                ),
                ("tool", "\u{7f}ELF\u{2}\u{1}\u{1}"),
            ],
        },
    ],
    detect,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for behaviour in context.behaviours {
        let reach = behaviour.reach;
        let unasked = runs_on_install(reach)
            || reach.loads_on(SurfaceKind::Import)
            || reach.loads_on(SurfaceKind::Tool);
        if behaviour.what.id != "native.run" || !unasked {
            continue;
        }
        let target = behaviour.target.as_deref().unwrap_or("");
        found.push(Finding {
            what: &FINDING,
            severity: FINDING.severity,
            confidence: Confidence::High,
            message: format!("starts {target}, which is machine code"),
            reach,
            evidence: behaviour.sites.clone(),
            mitigations: Vec::new(),
            parts: vec![target.to_owned()],
        });
    }
}
