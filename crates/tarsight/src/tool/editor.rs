//! Editors: tasks, launch configurations, settings that name programs.

use super::{Act, Acts, Format, Input, Node, Span, Trigger, command_line, parse};

/// Sections of a task that hold for one system.
const SYSTEMS: [&str; 3] = ["windows", "osx", "linux"];

/// `.vscode/tasks.json`. A task with `runOn: folderOpen` starts by itself.
pub(super) fn tasks(input: &Input<'_>) -> Acts {
    let document = parse(Format::Json, input.text)?;
    let mut acts = Vec::new();
    let Some(root) = document.root() else {
        return Ok(acts);
    };
    let whole = [root]
        .into_iter()
        .filter(|root| root.get("command").is_some());
    for task in root
        .get("tasks")
        .into_iter()
        .flat_map(Node::items)
        .chain(whole)
    {
        let run_on = task.at(&["runOptions", "runOn"]).and_then(Node::text);
        let by_itself = run_on == Some("folderOpen");
        let (event, trigger) = match by_itself {
            true => ("folderOpen", Trigger::Load),
            false => ("task", Trigger::Call),
        };
        let shown = task.get("presentation").or(root.get("presentation"));
        let quiet = shown.is_some_and(|shown| {
            matches!(shown.text_at("reveal"), Some("never" | "silent"))
                && (shown.text_at("echo") == Some("false")
                    || shown.text_at("close") == Some("true")
                    || shown.text_at("reveal") == Some("never"))
        }) || task.text_at("hide") == Some("true");
        for section in [Some(task)]
            .into_iter()
            .chain(SYSTEMS.map(|system| task.get(system)))
        {
            if let Some((line, span)) = section.and_then(|section| task_line(section, task)) {
                acts.push(Act::line(line, event, trigger, span).hidden(quiet && by_itself));
            }
        }
        if task.text_at("type") == Some("npm")
            && let Some(script) = task.get("script")
        {
            let line = format!("npm run {}", script.text().unwrap_or(""));
            acts.push(Act::line(line, event, trigger, script.span()));
        }
    }
    Ok(acts)
}

/// Command and arguments; each is a string, or an object with `value`.
fn task_line(section: Node<'_>, task: Node<'_>) -> Option<(String, Span)> {
    let command = section.get("command")?;
    let program = command.text().or_else(|| command.text_at("value"))?;
    let args = section.get("args").or_else(|| task.get("args"));
    let args: Vec<&str> = args
        .map(Node::each)
        .unwrap_or_default()
        .into_iter()
        .filter_map(|arg| arg.text().or_else(|| arg.text_at("value")))
        .collect();
    Some((command_line(program, args.iter()), command.span()))
}

/// `.vscode/launch.json`: run when somebody starts the debugger.
pub(super) fn launch(input: &Input<'_>) -> Acts {
    let document = parse(Format::Json, input.text)?;
    let mut acts = Vec::new();
    let configurations = document.root().and_then(|root| root.get("configurations"));
    for one in configurations.into_iter().flat_map(Node::items) {
        let words = |key: &str| -> Vec<&str> {
            let list = one.get(key).map(Node::each).unwrap_or_default();
            list.into_iter().filter_map(Node::text).collect()
        };
        if let Some(program) = one.get("program").filter(|node| node.text().is_some()) {
            let runtime = one.text_at("runtimeExecutable").unwrap_or("node");
            let args = [
                words("runtimeArgs"),
                vec![program.text().unwrap_or("")],
                words("args"),
            ];
            let line = command_line(runtime, args.concat().iter());
            acts.push(Act::line(line, "launch", Trigger::Call, program.span()));
        } else if let Some(runtime) = one.get("runtimeExecutable")
            && let Some(program) = runtime.text()
        {
            let args = [words("runtimeArgs"), words("args")].concat();
            let line = command_line(program, args.iter());
            acts.push(Act::line(line, "launch", Trigger::Call, runtime.span()));
        }
    }
    Ok(acts)
}

/// Settings of VS Code that let tasks start by themselves or name a program to run. The keys
/// are the editor's own; those of extensions end in the words listed.
const RUNS: &[&str] = &[
    "git.path",
    "npm.scriptExplorerAction",
    "typescript.tsdk",
    "eslint.nodePath",
    "eslint.runtime",
    "python.defaultInterpreterPath",
    "python.pythonPath",
    "php.validate.executablePath",
    "terminal.integrated.shell.linux",
    "terminal.integrated.shell.osx",
    "terminal.integrated.shell.windows",
];

/// `.vscode/settings.json`.
pub(super) fn settings(input: &Input<'_>) -> Acts {
    let document = parse(Format::Json, input.text)?;
    let mut acts = Vec::new();
    for (key, span, value) in document.root().into_iter().flat_map(Node::entries) {
        let text = value.text().unwrap_or("");
        let allows = key == "task.allowAutomaticTasks" && text == "on"
            || key == "security.workspace.trust.enabled" && text == "false"
            || key == "chat.tools.autoApprove" && text == "true"
            || key == "chat.tools.global.autoApprove" && text == "true";
        if allows {
            let target = format!("{key}={text}");
            acts.push(Act::fact("tool.permission", target, key, span));
        } else if RUNS.contains(&key) && is_inside(text) {
            let target = format!("{key}={text}");
            acts.push(Act::fact("tool.setting", target, key, span));
        } else if key.starts_with("terminal.integrated.env.") {
            for (name, span, value) in value.entries() {
                let target = format!("{name}={}", value.text().unwrap_or(""));
                acts.push(Act::fact("environment.write", target, key, span));
            }
        } else if key.starts_with("terminal.integrated.profiles.")
            || key.starts_with("terminal.integrated.automationProfile.")
        {
            acts.extend(profiles(key, value));
        }
    }
    Ok(acts)
}

/// A path into the folder itself, rather than a program of the machine.
fn is_inside(text: &str) -> bool {
    text.starts_with('.') || text.starts_with("${workspaceFolder}") || text.contains("/.")
}

/// Terminal profiles: `{ "name": { "path", "args" } }`, or one of them.
fn profiles(event: &str, value: Node<'_>) -> Vec<Act> {
    let single = [value]
        .into_iter()
        .filter(|value| value.get("path").is_some());
    let profiles = value.entries().map(|(_, _, profile)| profile).chain(single);
    profiles
        .filter_map(|profile| {
            let path = profile.get("path")?;
            let args: Vec<&str> = profile
                .get("args")
                .map(Node::each)
                .unwrap_or_default()
                .into_iter()
                .filter_map(Node::text)
                .collect();
            let line = command_line(path.text()?, args.iter());
            let names_more = !args.is_empty() || is_inside(path.text()?);
            names_more.then(|| Act::line(line, event, Trigger::Call, path.span()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::tool::tests::acts;

    #[test]
    fn a_task_runs_on_folder_open_or_when_asked() {
        let tasks = r#"{ // tasks
            "tasks": [
              { "label": "a", "type": "shell", "command": "node", "args": [".vscode/a.mjs"],
                "windows": { "command": "node.exe" },
                "presentation": { "reveal": "never" }, "runOptions": { "runOn": "folderOpen" } },
              { "label": "b", "type": "npm", "script": "build" },
            ] }"#;
        assert_eq!(
            acts(&[(".vscode/tasks.json", tasks)]),
            [
                "vscode-tasks folderOpen hidden: process.exec node .vscode/a.mjs",
                "vscode-tasks folderOpen hidden: process.exec node.exe .vscode/a.mjs",
                "vscode-tasks task (call): process.exec npm run build",
            ]
        );
    }

    #[test]
    fn settings_that_run_or_allow() {
        let settings = r#"{ "task.allowAutomaticTasks": "on", "editor.tabSize": 2, "git.path": "./x/git",
            "terminal.integrated.env.linux": { "NODE_OPTIONS": "--require ./x.js" },
            "terminal.integrated.profiles.linux": { "a": { "path": "bash" }, "b": { "path": "sh", "args": ["-c", "x"] } } }"#;
        assert_eq!(
            acts(&[(".vscode/settings.json", settings)]),
            [
                "vscode-settings task.allowAutomaticTasks: tool.permission task.allowAutomaticTasks=on",
                "vscode-settings git.path: tool.setting git.path=./x/git",
                "vscode-settings terminal.integrated.env.linux: environment.write NODE_OPTIONS=--require ./x.js",
                "vscode-settings terminal.integrated.profiles.linux (call): process.exec sh -c x",
            ]
        );
    }

    #[test]
    fn a_launch_configuration_runs_a_program() {
        let launch = r#"{ "configurations": [
            { "program": "${workspaceFolder}/a.js", "args": ["x"] },
            { "runtimeExecutable": "npm", "runtimeArgs": ["run", "dev"] } ] }"#;
        assert_eq!(
            acts(&[(".vscode/launch.json", launch)]),
            [
                "vscode-launch launch (call): process.exec node '${workspaceFolder}/a.js' x",
                "vscode-launch launch (call): process.exec npm run dev",
            ]
        );
        let broken = acts(&[(".vscode/launch.json", "{ nonsense")]);
        assert!(
            broken[0].starts_with("vscode-launch unread: "),
            "{broken:?}"
        );
    }
}
