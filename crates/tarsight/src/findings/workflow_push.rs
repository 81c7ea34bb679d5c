//! Puts a workflow into somebody's repository and pushes it.

use super::{Context, Declaration, Example, Finding, judge, runs_by_itself};
use crate::model::Severity;

pub(super) static FINDING: Declaration = Declaration {
    id: "workflow-push",
    title: "Puts a workflow into a repository and pushes it",
    severity: Severity::Critical,
    summary: "The package writes a workflow for continuous integration, commits and pushes: the workflow then runs with the secrets of whoever's repository it is.",
    advice: "Look at what the workflow does, and at the history of every repository where the package has run.",
    benign_when: "A tool that releases or sets up projects says that it will push, and the workflow that it adds is plain to read.",
    references: &["CWE-506", "CWE-829", "T1195.001", "T1546"],
    examples: &[
        Example {
            name: "after its work a command adds a workflow",
            severity: Some(Severity::High),
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"const fs = require("fs");
const { execSync } = require("child_process");
exports.notes = (root) => {
  fs.writeFileSync(root + "/.github/workflows/lint.yml", "on: push");
  execSync("git add -A && git commit -m lint");
  execSync("git push -q origin HEAD");
};"#,
                ),
            ],
        },
        Example {
            name: "a generator that writes a workflow and stops there",
            severity: None,
            files: &[
                (
                    "package.json",
                    r#"{"name":"a","version":"1.0.0","main":"i.js"}"#,
                ),
                (
                    "i.js",
                    r#"exports.create = (root) => require("fs").writeFileSync(root + "/.github/workflows/test.yml", "on: push");"#,
                ),
            ],
        },
    ],
    detect,
};

/// Folders of workflows.
const FOLDERS: [&str; 3] = ["/.github/workflows/", "/.circleci/", "/.gitlab-ci.yml"];

fn detect(context: &Context<'_>, found: &mut Vec<Finding>) {
    let written = context.behaviours.iter().find(|one| {
        let target = one.target.as_deref().unwrap_or("");
        one.what.id == "fs.write" && FOLDERS.iter().any(|folder| target.contains(folder))
    });
    let pushed = context.behaviours.iter().find(|one| {
        one.what.id.starts_with("process.") && one.target.as_deref().is_some_and(judge::pushes)
    });
    let (Some(written), Some(pushed)) = (written, pushed) else {
        return;
    };
    let path = written.target.as_deref().unwrap_or("a workflow");
    let command = pushed.target.as_deref().unwrap_or("git push");
    let message = format!("writes {path}, and runs {command}");
    let mut finding = Finding::of_behaviour(&FINDING, written, message);
    finding.evidence.extend(pushed.sites.iter().copied());
    if !runs_by_itself(written.reach) {
        let note = "it runs only when somebody asks for it".to_owned();
        finding.lower(Severity::High, "needs-a-call", note);
    }
    found.push(finding);
}
