//! Git: settings that name programs, and managers of hooks.

use super::{Act, Acts, Format, Input, Node, Span, Trigger, parse};

/// Settings whose value git runs. `*` stands for a name.
const RUNS: &[&str] = &[
    "core.fsmonitor",
    "core.sshcommand",
    "core.pager",
    "core.editor",
    "core.askpass",
    "core.gitproxy",
    "credential.helper",
    "diff.external",
    "diff.*.command",
    "diff.*.textconv",
    "filter.*.clean",
    "filter.*.smudge",
    "filter.*.process",
    "gpg.program",
    "merge.*.driver",
    "sequence.editor",
    "uploadpack.packobjectshook",
];

/// `.git/config`: sections in brackets, `key = value` below them.
pub(super) fn config(input: &Input<'_>) -> Acts {
    let mut acts = Vec::new();
    let mut section = String::new();
    let mut at = 0u32;
    for line in input.text.split_inclusive('\n') {
        let start = at;
        at = at.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        let body = line.trim();
        if let Some(head) = body.strip_prefix('[') {
            let head = head.split(']').next().unwrap_or("");
            let (name, sub) = head.split_once('"').unwrap_or((head, ""));
            section = name.trim().to_ascii_lowercase();
            if !sub.is_empty() {
                section.push('.');
                section.push_str(sub.trim_end_matches('"'));
            }
            continue;
        }
        let Some((key, value)) = body.split_once('=') else {
            continue;
        };
        let span = Span::new(start, at);
        let value = value.trim().trim_matches('"');
        let name = format!("{section}.{}", key.trim().to_ascii_lowercase());
        if name == "core.hookspath" || name == "include.path" || name == "init.templatedir" {
            acts.push(Act::fact(
                "tool.setting",
                format!("{name}={value}"),
                &name,
                span,
            ));
        } else if let Some(line) = value.strip_prefix('!').filter(|_| section == "alias") {
            acts.push(Act::line(line, &name, Trigger::Call, span));
        } else if RUNS.iter().any(|known| is_setting(known, &name)) && value != "true" {
            let line = value.trim_start_matches('!');
            acts.push(Act::line(line, &name, Trigger::Load, span));
        }
    }
    Ok(acts)
}

/// Whether a setting is the one of a row.
fn is_setting(row: &str, name: &str) -> bool {
    match row.split_once(".*.") {
        None => row == name,
        Some((section, key)) => {
            let rest = name
                .strip_prefix(section)
                .and_then(|rest| rest.strip_prefix('.'));
            rest.and_then(|rest| rest.strip_suffix(key))
                .is_some_and(|rest| rest.len() > 1 && rest.ends_with('.'))
        }
    }
}

/// `lefthook.yml`: hook → `commands` or `jobs` → `run`.
pub(super) fn lefthook(input: &Input<'_>) -> Acts {
    let document = parse(Format::Yaml, input.text)?;
    let mut acts = Vec::new();
    for (hook, _, body) in document.root().into_iter().flat_map(Node::entries) {
        let commands = body.get("commands").into_iter().flat_map(Node::entries);
        let jobs = body.get("jobs").into_iter().flat_map(Node::items);
        for command in commands.map(|(_, _, command)| command).chain(jobs) {
            if let Some(run) = command.get("run")
                && let Some(line) = run.text()
            {
                acts.push(Act::line(line, hook, Trigger::Call, run.span()));
            }
        }
    }
    Ok(acts)
}

/// `.pre-commit-config.yaml`: hooks of `local` repositories have their own command.
pub(super) fn pre_commit(input: &Input<'_>) -> Acts {
    let document = parse(Format::Yaml, input.text)?;
    let mut acts = Vec::new();
    let repositories = document.root().and_then(|root| root.get("repos"));
    for repository in repositories.into_iter().flat_map(Node::items) {
        for hook in repository.get("hooks").into_iter().flat_map(Node::items) {
            if let Some(entry) = hook.get("entry")
                && let Some(line) = entry.text()
            {
                acts.push(Act::line(line, "pre-commit", Trigger::Call, entry.span()));
            }
        }
    }
    Ok(acts)
}

#[cfg(test)]
mod tests {
    use crate::tool::tests::acts;

    #[test]
    fn settings_that_run_programs() {
        let config = "[core]\n\tbare = false\n\tfsmonitor = ./x.sh\n[filter \"lfs\"]\n\tclean = git-lfs clean\n[alias]\n\tst = status\n\tx = !sh y.sh\n";
        assert_eq!(
            acts(&[(".git/config", config)]),
            [
                "git-config core.fsmonitor: process.exec ./x.sh",
                "git-config filter.lfs.clean: process.exec git-lfs clean",
                "git-config alias.x (call): process.exec sh y.sh",
            ]
        );
    }

    #[test]
    fn managers_of_hooks() {
        let lefthook = "pre-commit:\n  commands:\n    lint:\n      run: npm run lint\n  jobs:\n    - run: npm test\n";
        let pre = "repos:\n  - repo: local\n    hooks:\n      - id: a\n        entry: node a.js\n";
        assert_eq!(
            acts(&[("lefthook.yml", lefthook), (".pre-commit-config.yaml", pre)]),
            [
                "git-hooks pre-commit (call): process.exec npm run lint",
                "git-hooks pre-commit (call): process.exec npm test",
                "pre-commit pre-commit (call): process.exec node a.js",
            ]
        );
    }
}
