//! Coding agents: hooks, servers, permissions.

use super::{Act, Acts, Format, Input, Node, Trigger, parse, with_args};
use crate::api::AimKind;

/// Where tools keep their servers; the keys below are names of servers.
const SERVERS: [&str; 4] = ["mcpServers", "servers", "mcp_servers", "context_servers"];

/// Modes in which an agent asks nobody.
const UNASKED: [&str; 4] = [
    "bypassPermissions",
    "dontAsk",
    "never",
    "danger-full-access",
];

/// Settings of an agent in JSON: `.claude/settings.json`, `.gemini/settings.json`,
/// `.cursor/hooks.json`, `.mcp.json`.
pub(super) fn json(input: &Input<'_>) -> Acts {
    settings(parse(Format::Json, input.text)?.root())
}

/// `.codex/config.toml`.
pub(super) fn toml(input: &Input<'_>) -> Acts {
    settings(parse(Format::Toml, input.text)?.root())
}

fn settings(root: Option<Node<'_>>) -> Acts {
    let mut acts = Vec::new();
    let Some(root) = root else {
        return Ok(acts);
    };
    for key in SERVERS {
        for (name, _, server) in root.get(key).into_iter().flat_map(Node::entries) {
            acts.extend(server_of(name, server));
        }
        // `{"mcp": {"servers": …}}` in settings of VS Code.
        for (name, _, server) in root.at(&["mcp", key]).into_iter().flat_map(Node::entries) {
            acts.extend(server_of(name, server));
        }
    }
    for (event, _, hooks) in root.get("hooks").into_iter().flat_map(Node::entries) {
        acts.extend(hooks_of(event, hooks));
    }
    // A status line, a helper for keys: commands that run without being asked for.
    for key in [
        "statusLine",
        "apiKeyHelper",
        "awsAuthRefresh",
        "otelHeadersHelper",
        "notify",
    ] {
        if let Some(node) = root.get(key) {
            let line = with_args(node).or_else(|| Some((node.text()?.to_owned(), node.span())));
            let line = line.or_else(|| {
                let words: Vec<&str> = node.items().filter_map(Node::text).collect();
                (!words.is_empty()).then(|| (words.join(" "), node.span()))
            });
            acts.extend(line.map(|(line, span)| Act::line(line, key, Trigger::Load, span)));
        }
    }
    acts.extend(permissions(root));
    for (name, span, value) in root.get("env").into_iter().flat_map(Node::entries) {
        let target = format!("{name}={}", value.text().unwrap_or(""));
        acts.push(Act::fact("environment.write", target, "env", span).of_kind(AimKind::Variable));
    }
    Ok(acts)
}

/// A server is a command that the agent starts, or an address that it talks to.
fn server_of(name: &str, server: Node<'_>) -> Vec<Act> {
    let mut acts = Vec::new();
    let event = format!("server {name}");
    if server.text_at("disabled") == Some("true") || server.text_at("enabled") == Some("false") {
        return acts;
    }
    if let Some((line, span)) = with_args(server) {
        let target = line.clone();
        acts.push(Act::line(line, &event, Trigger::Load, span));
        acts.push(Act::fact("agent.server", target, &event, span).of_kind(AimKind::Command));
    }
    for key in ["url", "serverUrl", "httpUrl"] {
        if let Some(url) = server.get(key)
            && let Some(text) = url.text()
        {
            let act = Act::fact("agent.server", text, &event, url.span());
            acts.push(act.of_kind(AimKind::Url));
        }
    }
    acts
}

/// `[{ "matcher", "hooks": [{ "type": "command", "command" }] }]`, or the commands at once.
fn hooks_of(event: &str, hooks: Node<'_>) -> Vec<Act> {
    let mut acts = Vec::new();
    for group in hooks.each() {
        let inner = group.get("hooks").map_or_else(|| vec![group], Node::each);
        for hook in inner {
            let line = with_args(hook).or_else(|| Some((hook.text()?.to_owned(), hook.span())));
            if let Some((line, span)) = line {
                acts.push(Act::line(line, event, Trigger::Load, span));
            } else if let Some(prompt) = hook.get("prompt") {
                let text = prompt.text().unwrap_or("");
                acts.push(Act::fact("agent.instruction", text, event, prompt.span()));
            } else if let Some(url) = hook.get("url") {
                let act = Act::fact("network.http", url.text().unwrap_or(""), event, url.span());
                acts.push(act.of_kind(AimKind::Url));
            }
        }
    }
    acts
}

fn permissions(root: Node<'_>) -> Vec<Act> {
    let mut acts = Vec::new();
    let mut note = |key: &str, node: Node<'_>| {
        let target = format!("{key}={}", node.text().unwrap_or(""));
        acts.push(Act::fact("tool.permission", target, key, node.span()));
    };
    for rule in root
        .at(&["permissions", "allow"])
        .into_iter()
        .flat_map(Node::items)
    {
        let text = rule.text().unwrap_or("");
        if matches!(
            text,
            "*" | "Bash" | "Bash(*)" | "Bash(*:*)" | "WebFetch" | "Write" | "Edit"
        ) {
            note("permissions.allow", rule);
        }
    }
    for (path, key) in [
        (
            &["permissions", "defaultMode"][..],
            "permissions.defaultMode",
        ),
        (&["approval_policy"], "approval_policy"),
        (&["sandbox_mode"], "sandbox_mode"),
    ] {
        if let Some(mode) = root.at(path)
            && mode.text().is_some_and(|text| UNASKED.contains(&text))
        {
            note(key, mode);
        }
    }
    for key in ["enableAllProjectMcpServers", "autoAccept", "yolo"] {
        if let Some(node) = root.get(key)
            && node.text() == Some("true")
        {
            note(key, node);
        }
    }
    acts
}

#[cfg(test)]
mod tests {
    use crate::tool::tests::acts;

    #[test]
    fn hooks_servers_and_permissions() {
        let settings = r#"{
            "hooks": { "SessionStart": [ { "matcher": "*", "hooks": [ { "type": "command", "command": "node .claude/a.mjs" } ] } ],
                       "stop": [ { "command": "sh b.sh" } ] },
            "permissions": { "allow": ["Bash(*)", "Read(docs)"], "defaultMode": "bypassPermissions" },
            "statusLine": { "type": "command", "command": "date" },
            "env": { "OTEL_EXPORTER_OTLP_ENDPOINT": "https://collect.invalid" },
            "enableAllProjectMcpServers": true }"#;
        assert_eq!(
            acts(&[(".claude/settings.json", settings)]),
            [
                "claude-settings SessionStart: process.exec node .claude/a.mjs",
                "claude-settings stop: process.exec sh b.sh",
                "claude-settings statusLine: process.exec date",
                "claude-settings permissions.allow: tool.permission permissions.allow=Bash(*)",
                "claude-settings permissions.defaultMode: tool.permission permissions.defaultMode=bypassPermissions",
                "claude-settings enableAllProjectMcpServers: tool.permission enableAllProjectMcpServers=true",
                "claude-settings env: environment.write OTEL_EXPORTER_OTLP_ENDPOINT=https://collect.invalid",
            ]
        );
    }

    #[test]
    fn servers_in_every_form() {
        let json = r#"{ "mcpServers": {
            "a": { "command": "npx", "args": ["-y", "a b"] },
            "b": { "url": "https://mcp.example/sse" },
            "c": { "command": "x", "disabled": true } } }"#;
        assert_eq!(
            acts(&[(".mcp.json", json)]),
            [
                "mcp server a: process.exec npx -y 'a b'",
                "mcp server a: agent.server npx -y 'a b'",
                "mcp server b: agent.server https://mcp.example/sse",
            ]
        );
        let toml =
            "approval_policy = \"never\"\n[mcp_servers.a]\ncommand = \"node\"\nargs = [\"x.js\"]\n";
        assert_eq!(
            acts(&[(".codex/config.toml", toml)]),
            [
                "codex-config server a: process.exec node x.js",
                "codex-config server a: agent.server node x.js",
                "codex-config approval_policy: tool.permission approval_policy=never",
            ]
        );
    }
}
