//! Every pattern matches what it is made for, and not what only looks like it.

use super::table::{Anchor, HOSTS, PERSISTENCE_PATHS, PathRow, SECRET_PATHS, TOKENS, VARIABLES};
use std::net::IpAddr;

use super::*;

/// A path that the pattern is made for.
fn sample(row: &PathRow) -> String {
    let below = row.parts.join("/").replace("**", "a/b").replace('*', "x");
    match row.anchor {
        Anchor::Any => below,
        Anchor::Home => format!("~/{below}"),
        Anchor::Root => format!("/{below}"),
    }
}

fn each_path_row_matches(rows: &'static [PathRow], find: fn(&str) -> Option<&'static Target>) {
    for row in rows {
        let path = sample(row);
        let found = find(&path);
        if row.target.id == NONE {
            assert_eq!(found, None, "{path}");
            continue;
        }
        assert!(found.is_some(), "{path}");
        let last = row.parts.last().copied().unwrap_or("");
        if !last.contains('*') {
            for near in [
                format!("{path}.md"),
                path.replace(last, &format!("x{last}")),
            ] {
                assert_ne!(
                    find(&near).map(|t| t.pattern),
                    Some(row.target.pattern),
                    "{near}"
                );
            }
        }
    }
}

#[test]
fn path_patterns_match_their_samples_only() {
    each_path_row_matches(&SECRET_PATHS, secret_path);
    each_path_row_matches(&PERSISTENCE_PATHS, persistence_path);
}

#[test]
fn secret_paths_in_all_spellings() {
    for (text, id) in [
        ("~/.npmrc", "credential.npm"),
        (".npmrc", "credential.npm"),
        ("<cwd>/.npmrc", "credential.npm"),
        ("/home/x/.npmrc", "credential.npm"),
        ("C:/Users/x/.npmrc", "credential.npm"),
        ("C:\\Users\\x\\.npmrc", "credential.npm"),
        ("<env:HOME>/.npmrc", "credential.npm"),
        ("~/.aws/credentials", "credential.aws"),
        ("<?>/.aws/credentials", "credential.aws"),
        ("~/.ssh/<?>", "credential.ssh"),
        ("~/.ssh", "credential.ssh"),
        ("/root/.ssh/id_ed25519", "credential.ssh"),
        ("~/.ssh/known_hosts", "credential.ssh-hosts"),
        (
            "<?>/Google/Chrome/User Data/<?>/Login Data",
            "credential.browser",
        ),
        (
            "<env:LOCALAPPDATA>/Google/Chrome/User Data/Default/Cookies",
            "credential.browser",
        ),
        (
            "<env:APPDATA>/Exodus/exodus.wallet/seed.seco",
            "wallet.file",
        ),
        ("<env:APPDATA>/Ledger Live/app.json", "wallet.file"),
        (
            "~/Library/Application Support/Google/Chrome/Default/Local Extension Settings/abc",
            "credential.browser",
        ),
        ("<env:XDG_CONFIG_HOME>/gh/hosts.yml", "credential.github"),
        ("/etc/shadow", "credential.system"),
        ("../../../../etc/passwd", "credential.system"),
        ("/proc/self/environ", "credential.process-memory"),
        ("/proc/<?>/mem", "credential.process-memory"),
        ("<package>/.env", "credential.env-file"),
        (".env.production", "credential.env-file"),
        ("~/.claude.json", "ai-agent.credential"),
        ("<env:HOME>/.config/solana/id.json", "wallet.file"),
        (
            "/var/run/secrets/kubernetes.io/serviceaccount/token",
            "credential.kubernetes",
        ),
    ] {
        assert_eq!(
            secret_path(text).map(|target| target.id),
            Some(id),
            "{text}"
        );
    }
    for text in [
        "",
        "/",
        "~",
        "<?>",
        "npmrc",
        "~/.npmrc.md",
        "x.npmrc",
        "my.env.txt",
        ".env.example",
        ".environment",
        "/x/id_rsa.pub",
        "~/.ssh/id_rsa.pub",
        "/x/etc/passwd",
        "etc/passwd",
        "~/aws/credentials",
        ".aws/credentials/x",
        "src/Cookies.js",
        "<?>/History",
        "lib/config.json",
        "node_modules/x/index.js",
        "cacert.pem",
        "~/.profilex",
    ] {
        assert_eq!(secret_path(text), None, "{text}");
    }
}

#[test]
fn persistence_paths_in_all_spellings() {
    for (text, id) in [
        ("~/.bashrc", "persistence.shell-start"),
        ("~/.profile", "persistence.shell-start"),
        ("<?>/.profile", "persistence.shell-start"),
        ("/etc/profile.d/x.sh", "persistence.shell-start"),
        ("<cwd>/.git/hooks/pre-commit", "persistence.git-hook"),
        ("~/Library/LaunchAgents/x.plist", "persistence.launch-agent"),
        ("~/.config/systemd/user/x.service", "persistence.systemd"),
        ("~/.ssh/authorized_keys", "persistence.ssh-access"),
        ("<cwd>/.vscode/tasks.json", "persistence.editor-task"),
        ("~/.claude/settings.json", "ai-agent.config"),
        ("<cwd>/.cursor/rules/x.mdc", "ai-agent.instructions"),
        ("CLAUDE.md", "ai-agent.instructions"),
        ("<?>/.mcp.json", "ai-agent.mcp"),
        ("<cwd>/.github/workflows/ci.yml", "ci.workflow"),
        (
            "<env:APPDATA>/Microsoft/Windows/Start Menu/Programs/Startup/x.bat",
            "persistence.autostart",
        ),
    ] {
        assert_eq!(
            persistence_path(text).map(|target| target.id),
            Some(id),
            "{text}"
        );
    }
    for text in [
        "src/profile",
        "docs/CLAUDE.md.txt",
        "github/workflows/ci.yml",
        "lib/tasks.json",
        "<cwd>/.profile",
    ] {
        assert_eq!(persistence_path(text), None, "{text}");
    }
}

#[test]
fn variables_by_name_and_ending() {
    for row in &VARIABLES {
        let name = row.target.pattern.replace('*', "X");
        let found = [secret_variable, gate_variable, steering_variable]
            .into_iter()
            .find_map(|find| find(&name));
        assert!(found.is_some(), "{name}");
    }
    for (name, id) in [
        ("NPM_TOKEN", "credential.npm"),
        ("npm_token", "credential.npm"),
        (
            "npm_config_//registry.example/:_authToken",
            "credential.npm",
        ),
        ("AWS_SECRET_ACCESS_KEY", "credential.aws"),
        ("ANTHROPIC_API_KEY", "credential.llm"),
        ("MNEMONIC", "wallet.key"),
        ("ACME_API_KEY", "credential.named"),
        ("INPUT_NPM_TOKEN", "credential.named"),
    ] {
        assert_eq!(
            secret_variable(name).map(|target| target.id),
            Some(id),
            "{name}"
        );
    }
    for name in [
        "NODE_ENV",
        "CI",
        "TOKEN_COUNT",
        "_TOKEN",
        "PATH",
        "",
        "MY_NPM_TOKENS",
    ] {
        assert_eq!(secret_variable(name), None, "{name}");
    }
    assert_eq!(
        gate_variable("GITHUB_ACTIONS").map(|target| target.id),
        Some("gate.ci")
    );
    assert_eq!(
        steering_variable("LD_PRELOAD").map(|target| target.id),
        Some("steer.library")
    );
    assert_eq!(gate_variable("NPM_TOKEN"), None);
}

#[test]
fn host_rows_match_names_below_but_not_beside() {
    for row in &HOSTS {
        if row.host.starts_with("label:") || row.host.starts_with("tld:") {
            continue;
        }
        let path = row.path.replace('*', "x");
        assert!(host_class(row.host, &path).is_some(), "{}", row.host);
        let bare = row.host.split(':').next().unwrap_or(row.host);
        if address(bare).is_none() && address(row.host).is_none() {
            let below = format!("a.{}", row.host);
            assert!(host_class(&below, &path).is_some(), "{below}");
            for beside in [format!("x{}", row.host), format!("{}.example", row.host)] {
                let found = host_class(&beside, &path).map(|target| target.pattern);
                assert!(found.is_none_or(|p| !p.starts_with(row.host)), "{beside}");
            }
        }
    }
}

#[test]
fn addresses_in_all_spellings() {
    let same = address("192.0.2.1");
    assert!(same.is_some());
    for text in [
        "3221225985",
        "0xC0000201",
        "0xc0.0.0x2.01",
        "0300.0.02.1",
        "192.0.513",
        "192.513",
        "192.0.2.1.",
        "[::ffff:192.0.2.1]",
        "::ffff:c000:201",
    ] {
        assert_eq!(address(text), same, "{text}");
    }
    assert_eq!(address("localhost"), address("127.1"));
    assert_eq!(address("[::1]"), address("127.0.0.1"));
    for text in [
        "1.2.3.4.5",
        "256.1.1.1",
        "1.2.3.256",
        "0x1g.1.1.1",
        "a.b",
        "",
        ".",
        "1..2",
        "4294967296",
        "+1.2.3.4",
        "08.1.1.1",
    ] {
        assert_eq!(address(text), None, "{text}");
    }
}

#[test]
fn address_rows_match_every_spelling_and_only_their_port() {
    let mut seen = 0;
    for row in &HOSTS {
        let Some(IpAddr::V4(bare)) = address(row.host) else {
            continue;
        };
        seen += 1;
        for text in [
            format!("{}", bare.to_bits()),
            format!("0x{:X}", bare.to_bits()),
            format!("[::ffff:{bare}]:80"),
            format!("{bare}:80"),
        ] {
            let path = row.path.replace('*', "x");
            let found = host_class(&text, &path).map(|target| target.id);
            assert_eq!(found, Some(row.target.id), "{text}");
        }
    }
    assert!(seen > 5);
    assert_eq!(
        host_class("localhost:8200", "/").map(|target| target.id),
        Some("host.local-service")
    );
    assert_eq!(
        host_class("127.1:2375", "/").map(|target| target.id),
        Some("host.local-service")
    );
    for text in ["localhost:8080", "localhost", "192.0.2.7", "x:8200"] {
        assert_eq!(host_class(text, "/"), None, "{text}");
    }
}

#[test]
fn registries_by_label_and_path() {
    for (host, path, id) in [
        ("registry.npmjs.invalid", "/left-pad", Some("host.registry")),
        (
            "registry.npmjs.invalid",
            "/-/npm/v1/tokens",
            Some("host.registry-account"),
        ),
        (
            "REGISTRY.NPMJS.invalid.",
            "/-/whoami",
            Some("host.registry-account"),
        ),
        ("npmjs.host.invalid", "/-/npm/v1/tokens", None),
        ("xnpmjs.invalid", "/", None),
        ("npmjs", "/", None),
        ("a.onion", "/", Some("host.anonymous")),
        ("onion", "/", None),
        ("onion.example", "/", None),
    ] {
        let found = host_class(host, path).map(|target| target.id);
        assert_eq!(found, id, "{host}{path}");
    }
}

/// `a{X*3}` → `aXXX`.
fn spell(example: &str) -> String {
    let mut out = String::new();
    let mut rest = example;
    while let Some((before, after)) = rest.split_once('{') {
        let (piece, end) = after.split_once('}').expect("a closing brace");
        let (text, times) = piece.split_once('*').expect("a count");
        out.push_str(before);
        out.push_str(&text.repeat(times.parse().expect("a number")));
        rest = end;
    }
    out + rest
}

#[test]
fn token_shapes_match_their_examples() {
    for row in &TOKENS {
        let text = format!("say '{}' and go", spell(row.example));
        assert!(
            token_shapes(&text).any(|target| target.pattern == row.target.pattern),
            "{} in {text}",
            row.target.pattern
        );
        assert!(
            row.markers.iter().any(|marker| text.contains(marker)),
            "{}",
            row.target.pattern
        );
        assert!(
            regex::Regex::new(row.target.pattern).is_ok(),
            "{}",
            row.target.pattern
        );
    }
    for text in [
        "",
        "npm_short",
        "ghp_",
        "https://host.example/path",
        "postgres://localhost/db",
        "0x12",
    ] {
        assert_eq!(token_shapes(text).count(), 0, "{text}");
    }
}

#[test]
fn patterns_for_tokens_are_told_from_words() {
    assert_eq!(
        token_pattern("npm_[A-Za-z0-9]{36,}").map(|t| t.id),
        Some("credential.npm")
    );
    assert_eq!(token_pattern("(ghp_|x)[a-z]"), None);
    assert_eq!(
        token_pattern("ghp_[A-Za-z0-9]{36}").map(|t| t.id),
        Some("credential.github")
    );
    assert_eq!(token_pattern("npm_config"), None);
}

#[test]
fn extensions_by_id() {
    assert_eq!(
        extension("nkbihfbeogaeaoehlefnkodbefgpgknn").map(|t| t.id),
        Some("wallet.extension")
    );
    assert_eq!(
        extension("nngceckbapebfimnlniiiahkandclblb").map(|t| t.id),
        Some("credential.password-manager")
    );
    assert_eq!(extension("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), None);
    assert!(
        rows().count() > 500
            && rows()
                .map(|(_, row)| row)
                .all(|target| target.id != NONE && !target.source.is_empty())
    );
}
