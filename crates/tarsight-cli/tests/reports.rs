//! The text that a reviewer reads, of packages of the corpus and of real ones.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tarsight_tests::{cases, root, tgz};

const HOSTILE: [&str; 6] = [
    "download-pipe-shell",
    "npmrc-exfiltration",
    "persistence-agent-config",
    "three-layers",
    "wallet-hook-plain",
    "worm-bundle",
];

const HARMLESS: [&str; 6] = [
    "benign-dotenv",
    "benign-git-hooks-manager",
    "benign-http-wrapper",
    "benign-native-installer",
    "benign-telemetry",
    "benign-wasm-inline",
];

/// Lines of a terminal that is not tall.
const SCREEN: usize = 50;

/// The package as a tarball in a folder of this test's own.
fn packed(test: &str, name: &str) -> PathBuf {
    let cases = cases();
    let case = cases.iter().find(|case| case.name == name).unwrap();
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.tgz"));
    fs::write(&path, tgz(&case.files)).unwrap();
    path
}

fn scan(path: &Path, options: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_tarsight"))
        .args(["scan", "--fail-on", "none"])
        .args(options)
        .arg(path)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{path:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn reports_on_packages_of_the_corpus_stay_what_they_are() {
    for name in HOSTILE.into_iter().chain(HARMLESS) {
        let text = scan(&packed("snapshots", name), &[]);
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn a_hostile_package_fits_a_screen_and_a_clean_one_five_lines() {
    for name in HOSTILE {
        let text = scan(&packed("lines", name), &[]);
        assert!(text.lines().count() <= SCREEN, "{name}\n{text}");
        assert!(text.contains("\nNext\n"), "{name}\n{text}");
    }
    for name in ["benign-dotenv", "benign-http-wrapper"] {
        let text = scan(&packed("lines", name), &[]);
        assert!(text.lines().count() <= 5, "{name}\n{text}");
        let whole = scan(&packed("lines", name), &["--verbose"]);
        assert!(whole.lines().count() > 10, "{name}\n{whole}");
    }
}

#[test]
fn a_report_reads_the_same_without_colours() {
    let path = packed("colours", "npmrc-exfiltration");
    let (with, without) = (scan(&path, &["--color", "always"]), scan(&path, &[]));
    assert!(
        with.contains("\u{1b}[1m") && !without.contains('\u{1b}'),
        "{without}"
    );
    let mut plain = String::new();
    for (at, part) in with.split('\u{1b}').enumerate() {
        let rest = part.split_once('m').filter(|_| at > 0);
        plain.push_str(rest.map_or(part, |(_, rest)| rest));
    }
    assert_eq!(plain, without);
}

#[test]
fn no_text_of_a_package_is_obeyed_by_the_terminal() {
    let manifest = r#"{"name":"a\u001b]0;x\u0007","version":"1.0.0\u202e",
        "scripts":{"postinstall":"node i.js # \u001b[2J\u202e"}}"#;
    let code = "eval(Buffer.from('Y29uc29sZS5sb2coMSk=', 'base64').toString()) // \u{1b}[2J \u{202E}\u{200B}x\n\
                require('https').get('https://\u{1b}[31m.invalid/\u{202E}')\n\
                require('fs').readFileSync('/etc/\u{9b}31m/\u{1b}c')";
    let files = [
        ("package.json", manifest),
        ("i.js", code),
        ("\u{1b}[2J\u{202E}.js", "1"),
    ];
    let files = files.map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("obeyed");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join("evil.tgz");
    fs::write(&path, tgz(&files)).unwrap();
    for options in [
        &[][..],
        &["--verbose"],
        &["--quiet"],
        &["--format", "markdown", "--verbose"],
    ] {
        let text = scan(&path, options);
        let obeyed = |c: char| {
            (c.is_control() && c != '\n') || matches!(c, '\u{202A}'..='\u{202E}' | '\u{200B}')
        };
        assert!(!text.contains(obeyed), "{text:?}");
        assert!(text.contains(r"\u{1B}"), "{text}");
    }
}

/// Writes reports on real packages, for a person to read: they quote other people's code, so they
/// are not committed. `TARSIGHT_REPORTS` is a folder with their tarballs; without it there is
/// nothing to do.
#[test]
fn reports_on_real_packages() {
    let Some(packages) = std::env::var_os("TARSIGHT_REPORTS") else {
        return;
    };
    let reports = root().join("target/reports");
    fs::create_dir_all(&reports).unwrap();
    for name in [
        "core-js",
        "electron",
        "esbuild",
        "npm",
        "puppeteer",
        "sharp",
    ] {
        let version = |file: &str| {
            let rest = file.strip_prefix(name)?.strip_prefix('-')?;
            rest.starts_with(|c: char| c.is_ascii_digit()).then_some(())
        };
        let files = fs::read_dir(&packages).unwrap();
        let path = files
            .map(|file| file.unwrap().path())
            .find(|path| version(&path.file_name().unwrap().to_string_lossy()).is_some())
            .unwrap_or_else(|| panic!("{name} is missing"));
        let text = scan(&path, &[]);
        assert!(text.lines().count() <= SCREEN + 20, "{text}");
        fs::write(reports.join(format!("{name}.txt")), text).unwrap();
        let whole = scan(&path, &["--verbose"]);
        fs::write(reports.join(format!("{name}-verbose.txt")), whole).unwrap();
        let comment = scan(&path, &["--format", "markdown"]);
        fs::write(reports.join(format!("{name}.md")), comment).unwrap();
    }
}
