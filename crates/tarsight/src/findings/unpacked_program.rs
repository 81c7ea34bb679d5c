//! A program that the package unpacks from its own files is run.

use super::judge::{self, ByTrigger};
use super::{Context, Declaration, Example, Finding};
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "unpacked-program",
    title: "Unpacks a program from its own files and runs it",
    severity: Severity::Critical,
    summary: "The package decodes, decrypts or inflates data that it brings along, writes the outcome to a file and runs it. What runs is in no file that a reviewer can read.",
    advice: "Unpack the data without running it and look at what it is.",
    benign_when: "A package for one platform brings its compiled tool compressed, and runs it when its user calls it.",
    references: &["CWE-506", "T1027.009", "T1059", "T1140"],
    examples: &[
        Example {
            name: "an install script inflates a program and starts it",
            severity: Some(Severity::Critical),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","scripts":{"preinstall":"node i.js"}}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), zlib = require("zlib"), { spawn } = require("child_process");
fs.writeFileSync("/tmp/.worker", zlib.gunzipSync(fs.readFileSync(__dirname + "/data.bin")), { mode: 0o755 });
spawn("/tmp/.worker");"#,
                ),
                ("data.bin", "x"),
            ],
        },
        Example {
            name: "a function inflates its tool when somebody calls it",
            severity: Some(Severity::Low),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs"), zlib = require("zlib"), { spawn } = require("child_process");
exports.tool = (args) => {
  fs.writeFileSync("/tmp/tool", zlib.gunzipSync(fs.readFileSync(__dirname + "/tool.gz")));
  return spawn("/tmp/tool", args);
};"#,
                ),
                ("tool.gz", "x"),
            ],
        },
        Example {
            name: "an image is unpacked and shown",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"require("fs").writeFileSync("/tmp/logo.png", Buffer.from("iVBORw0KGgo=", "base64"));"#,
                ),
            ],
        },
    ],
    detect,
};

const AT_MOST: ByTrigger = ByTrigger {
    import: Severity::High,
    asked: Severity::Low,
};

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    for flow in context.flows {
        if flow.id != "unpacked-to-process" {
            continue;
        }
        let what = flow.sink.target.as_deref().unwrap_or("a program");
        let message = format!("what the package unpacks is run: {what}");
        let mut finding = Finding::of_flow(&FINDING, flow, message);
        judge::by_trigger(AT_MOST, &mut finding);
        found.push(finding);
    }
}
