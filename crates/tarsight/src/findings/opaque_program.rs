//! Machine code that the package brings runs without anybody asking for it.

use super::{Context, Declaration, Example, Finding, judge};
use crate::behaviours::Behaviour;
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "opaque-program",
    title: "Runs machine code that it brings along",
    severity: Severity::High,
    summary: "An install hook, a tool or code that runs on import starts a program of the package that is machine code: compiled, such as an executable or a library, and not JavaScript. tarsight says what the program imports, not what it does.",
    advice: "Look at what the program imports, and at where it was built. Code that can be read would do, or a build from source.",
    benign_when: "A package for one platform starts its own compiled tool, and its source is public.",
    references: &["CWE-506", "T1204.002", "T1027.009"],
    examples: &[
        Example {
            name: "an install script starts machine code",
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
            name: "an install script hands a library to a program of Windows",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"install":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"require("child_process").spawn("rund" + "ll32", [require("path").join(__dirname, "x.dll") + ",main"]);"#,
                ),
                ("x.dll", "MZ"),
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
        let target = behaviour.target.as_deref().unwrap_or("");
        let starts = match behaviour.what.id {
            "native.run" => true,
            // A library that a program of Windows is told to load.
            "process.native" => target.starts_with("<package>/") && is_handed(context, behaviour),
            _ => false,
        };
        if starts && judge::is_unasked(reach) {
            let message = format!("starts {target}, which is machine code");
            found.push(Finding::of_behaviour(&FINDING, behaviour, message));
        }
    }
}

/// Whether a command at the same place gives a library to one of the programs that run them.
fn is_handed(context: &Context<'_>, library: &Behaviour) -> bool {
    context.behaviours.iter().any(|one| {
        let command = one.target.as_deref().unwrap_or("").to_ascii_lowercase();
        let runs = ["rundll32", "regsvr32"]
            .iter()
            .any(|name| command.contains(name));
        matches!(one.what.id, "process.exec" | "process.spawn")
            && runs
            && one.sites.iter().any(|site| library.sites.contains(site))
    })
}
