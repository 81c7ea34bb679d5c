//! Continuous integration: lines of jobs, secrets that they are given, whose code they check out.
//!
//! Nothing of a package's workflows runs where it is installed: their acts wait for somebody to
//! put them into a repository, hence [`Trigger::Call`].

use super::{Act, Acts, Format, Input, Node, Trigger, parse};

/// Events that anybody outside a project can cause, and whose jobs have its secrets.
const FOREIGN: [&str; 4] = [
    "pull_request_target",
    "workflow_run",
    "issue_comment",
    "discussion",
];

/// Parts of an event that an outsider writes.
const WRITTEN: [&str; 10] = [
    "github.event.issue.title",
    "github.event.issue.body",
    "github.event.pull_request.title",
    "github.event.pull_request.body",
    "github.event.comment.body",
    "github.event.review.body",
    "github.event.discussion.title",
    "github.event.discussion.body",
    "github.event.pull_request.head.ref",
    "github.head_ref",
];

/// `.github/workflows/*.yml`.
pub(super) fn github(input: &Input<'_>) -> Acts {
    if !input.path.ends_with(".yml") && !input.path.ends_with(".yaml") {
        return Ok(Vec::new());
    }
    let document = parse(Format::Yaml, input.text)?;
    let mut acts = Vec::new();
    let Some(root) = document.root() else {
        return Ok(acts);
    };
    let events = events(root);
    let event = events.join(",");
    let foreign = events.iter().any(|event| FOREIGN.contains(event));
    for (_, _, job) in root.get("jobs").into_iter().flat_map(Node::entries) {
        for step in job.get("steps").into_iter().flat_map(Node::items) {
            steps(step, &event, foreign, &mut acts);
        }
    }
    for node in document.nodes() {
        let Some(text) = node.text() else {
            continue;
        };
        if hands_over_all_secrets(text) {
            acts.push(called(Act::fact(
                "ci.secrets",
                excerpt(text),
                &event,
                node.span(),
            )));
        }
    }
    Ok(acts)
}

/// `on: push`, `on: [push, …]`, `on: { push: … }`.
fn events(root: Node<'_>) -> Vec<&str> {
    // YAML 1.1 reads `on` as true.
    let Some(on) = root.get("on").or_else(|| root.get("true")) else {
        return Vec::new();
    };
    let keys = on.entries().map(|(key, ..)| key);
    on.text()
        .into_iter()
        .chain(on.items().filter_map(Node::text))
        .chain(keys)
        .collect()
}

fn steps(step: Node<'_>, event: &str, foreign: bool, acts: &mut Vec<Act>) {
    if let Some(run) = step.get("run")
        && let Some(line) = run.text()
    {
        acts.push(Act::line(line, event, Trigger::Call, run.span()));
        if let Some(part) = WRITTEN.iter().find(|part| interpolates(line, part)) {
            acts.push(called(Act::fact("ci.injection", *part, event, run.span())));
        }
    }
    let uses = step.text_at("uses").unwrap_or("");
    if foreign && uses.starts_with("actions/checkout@") {
        for key in ["ref", "repository"] {
            let Some(node) = step.at(&["with", key]) else {
                continue;
            };
            let text = node.text().unwrap_or("");
            if text.contains("head") || text.contains("github.event.pull_request") {
                let target = format!("{key}: {text}");
                acts.push(called(Act::fact(
                    "ci.untrusted-checkout",
                    target,
                    event,
                    node.span(),
                )));
            }
        }
    }
}

/// Whether an expression `${{ … }}` in a line is about this part.
fn interpolates(line: &str, part: &str) -> bool {
    line.split("${{").skip(1).any(|rest| {
        let inside = rest.split("}}").next().unwrap_or("");
        inside.contains(part)
    })
}

/// `toJSON(secrets)`, or all of `secrets` as text.
fn hands_over_all_secrets(text: &str) -> bool {
    text.split("${{").skip(1).any(|rest| {
        let inside = rest.split("}}").next().unwrap_or("");
        let plain: String = inside.chars().filter(|c| !c.is_whitespace()).collect();
        let plain = plain.to_ascii_lowercase();
        plain == "secrets" || plain.contains("tojson(secrets)") || plain.contains("secrets.*")
    })
}

fn excerpt(text: &str) -> String {
    let line = text.lines().find(|line| hands_over_all_secrets(line));
    line.unwrap_or(text).trim().to_owned()
}

fn called(act: Act) -> Act {
    Act {
        trigger: Trigger::Call,
        ..act
    }
}

/// `action.yml`: files that run where a workflow uses the action.
pub(super) fn action(input: &Input<'_>) -> Acts {
    let document = parse(Format::Yaml, input.text)?;
    let mut acts = Vec::new();
    let Some(runs) = document.root().and_then(|root| root.get("runs")) else {
        return Ok(acts);
    };
    for event in ["pre", "main", "post"] {
        if let Some(node) = runs.get(event)
            && let Some(path) = node.text()
        {
            acts.push(Act::load(path, event, node.span()));
        }
    }
    for step in runs.get("steps").into_iter().flat_map(Node::items) {
        steps(step, "action", false, &mut acts);
    }
    Ok(acts)
}

/// `.gitlab-ci.yml`: each job has lists of lines.
pub(super) fn gitlab(input: &Input<'_>) -> Acts {
    let document = parse(Format::Yaml, input.text)?;
    let mut acts = Vec::new();
    let Some(root) = document.root() else {
        return Ok(acts);
    };
    let jobs = root.entries().map(|(name, _, job)| (name, job));
    for (name, job) in jobs.chain([("default", root)]) {
        for key in ["before_script", "script", "after_script"] {
            lines(job.get(key), name, &mut acts);
        }
    }
    Ok(acts)
}

/// `.circleci/config.yml`: `run: line` or `run: { command: line }`.
pub(super) fn circle(input: &Input<'_>) -> Acts {
    let document = parse(Format::Yaml, input.text)?;
    let mut acts = Vec::new();
    for node in document.nodes() {
        if let Some(run) = node.get("run") {
            lines(Some(run.get("command").unwrap_or(run)), "job", &mut acts);
        }
    }
    Ok(acts)
}

/// `.travis.yml`: phases at the top and in `jobs.include`.
pub(super) fn travis(input: &Input<'_>) -> Acts {
    const PHASES: [&str; 9] = [
        "before_install",
        "install",
        "before_script",
        "script",
        "after_success",
        "after_failure",
        "before_deploy",
        "deploy",
        "after_script",
    ];
    let document = parse(Format::Yaml, input.text)?;
    let mut acts = Vec::new();
    let Some(root) = document.root() else {
        return Ok(acts);
    };
    let more = root
        .at(&["jobs", "include"])
        .into_iter()
        .flat_map(Node::items);
    for job in [root].into_iter().chain(more) {
        for phase in PHASES {
            lines(job.get(phase), phase, &mut acts);
        }
    }
    Ok(acts)
}

fn lines(node: Option<Node<'_>>, event: &str, acts: &mut Vec<Act>) {
    for line in node.map(Node::each).unwrap_or_default() {
        if let Some(text) = line.text().filter(|text| *text != "skip") {
            acts.push(Act::line(text, event, Trigger::Call, line.span()));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::tool::tests::acts;

    #[test]
    fn lines_secrets_and_foreign_code() {
        let yaml = r#"on:
  pull_request_target:
  push: { branches: [main] }
jobs:
  a:
    steps:
      - uses: actions/checkout@v4
        with: { ref: "${{ github.event.pull_request.head.sha }}" }
      - run: npm ci
      - run: |
          echo "${{ github.event.issue.title }}"
        env:
          ALL: ${{ toJSON( secrets ) }}
          ONE: ${{ secrets.ONE }}
"#;
        let found = acts(&[(".github/workflows/a.yml", yaml)]);
        let on = "github-workflows pull_request_target,push (call)";
        assert_eq!(
            found,
            [
                format!(
                    "{on}: ci.untrusted-checkout ref: ${{{{ github.event.pull_request.head.sha }}}}"
                ),
                format!("{on}: process.exec npm ci"),
                format!("{on}: process.exec echo \"${{{{ github.event.issue.title }}}}\"\n"),
                format!("{on}: ci.injection github.event.issue.title"),
                format!("{on}: ci.secrets ${{{{ toJSON( secrets ) }}}}"),
            ]
        );
    }

    #[test]
    fn an_action_names_its_files() {
        let yaml = "runs:\n  using: node24\n  main: dist/index.js\n  post: dist/post.js\n";
        assert_eq!(
            acts(&[("action.yml", yaml)]),
            [
                "github-action main: code.module-load dist/index.js",
                "github-action post: code.module-load dist/post.js",
            ]
        );
    }

    #[test]
    fn other_services() {
        let gitlab = "a:\n  script:\n    - npm ci\n    - npm test\n";
        let circle = "jobs:\n  a:\n    steps:\n      - checkout\n      - run: npm ci\n      - run: { name: x, command: npm test }\n";
        let travis = "language: node_js\nscript: npm test\nafter_success:\n  - npm run x\n";
        assert_eq!(
            acts(&[
                (".gitlab-ci.yml", gitlab),
                (".circleci/config.yml", circle),
                (".travis.yml", travis)
            ]),
            [
                "gitlab-ci a (call): process.exec npm ci",
                "gitlab-ci a (call): process.exec npm test",
                "circleci job (call): process.exec npm ci",
                "circleci job (call): process.exec npm test",
                "travis script (call): process.exec npm test",
                "travis after_success (call): process.exec npm run x",
            ]
        );
        let broken = acts(&[(".gitlab-ci.yml", "a: [b\nc: }")]);
        assert!(
            broken[0].starts_with("gitlab-ci unread: no YAML"),
            "{broken:?}"
        );
    }
}
