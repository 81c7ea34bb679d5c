//! Memory that a scan takes at most, and work that grows with its input, both counted at the
//! allocator.
//!
//! A test binary of its own, and one test at a time: nothing else may allocate beside it.
#![allow(unsafe_code, reason = "an allocator cannot be written without it")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Mutex, PoisonError};

use tarsight::{Engine, Limits};
use tarsight_tests::{File, package, tgz};

static NOW: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);
static ALL: AtomicUsize = AtomicUsize::new(0);
static ONE: Mutex<()> = Mutex::new(());

/// The system's allocator, counted.
struct Counting;

// SAFETY: every call goes to `System` with the arguments as given; counting allocates nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller keeps the contract of `GlobalAlloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, old: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract of `GlobalAlloc`.
        unsafe { System.dealloc(old, layout) }
    }

    unsafe fn realloc(&self, old: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // A large block moves without a copy, so old and new never stand side by side.
        NOW.fetch_sub(layout.size(), Relaxed);
        grow(size);
        // SAFETY: the caller keeps the contract of `GlobalAlloc`.
        unsafe { System.realloc(old, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn grow(size: usize) {
    ALL.fetch_add(size, Relaxed);
    let now = NOW.fetch_add(size, Relaxed) + size;
    MOST.fetch_max(now, Relaxed);
}

const MANIFEST: &str = r#"{"name":"p","version":"1.0.0","main":"index.js"}"#;
const MIB: usize = 1 << 20;
/// What an engine takes besides its input: tables, threads, small lists.
const FIXED: usize = 32 * MIB;

/// Bytes that a scan takes at most beyond what was taken before it.
fn peak(engine: &Engine, archive: &[u8]) -> usize {
    let before = NOW.load(Relaxed);
    MOST.store(before, Relaxed);
    // What it says is another test's business.
    drop(engine.scan(archive));
    MOST.load(Relaxed) - before
}

#[test]
fn memory_stays_within_the_stated_multiples() {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut limits = Limits::default();
    limits.set("unpacked-bytes", 64 << 20).expect("a limit");
    let engine = Engine::builder().limits(limits).jobs(1).build();
    let engine = engine.expect("threads start");

    // A bomb costs what `unpacked-bytes` allows, not what it claims.
    let bomb = tgz(&package(MANIFEST, "zeros.bin", &vec![0; 200 * MIB]));
    let most = peak(&engine, &bomb);
    assert!(most <= 64 * MIB + FIXED, "{} MiB for the bomb", most / MIB);

    // An inert package costs its unpacked size once.
    let inert = tgz(&package(MANIFEST, "data.bin", &vec![7; 40 * MIB]));
    let most = peak(&engine, &inert);
    assert!(most <= 41 * MIB + FIXED, "{} MiB for data", most / MIB);

    // A file that is parsed costs up to sixty times its size, one large file at a time.
    let line = "exports.name = function (a, b) { return a + b * 2; };\n";
    let code = line.repeat(2 * MIB / line.len());
    let most = peak(
        &engine,
        &tgz(&package(MANIFEST, "index.js", code.as_bytes())),
    );
    assert!(
        most <= 60 * code.len() + FIXED,
        "{} MiB for code",
        most / MIB
    );

    // And what a hostile file took is given back.
    let before = NOW.load(Relaxed);
    drop(engine.scan(&tgz(&package(MANIFEST, "index.js", code.as_bytes()))));
    let kept = NOW.load(Relaxed).saturating_sub(before);
    assert!(kept <= 8 * MIB, "{} MiB are kept", kept / MIB);
}

/// A package that is `n` times as hard.
type Scale = (&'static str, fn(usize) -> Vec<File>);

/// What could be joined with itself: names, anomalies, modules, facts, values, keys, layers.
const SCALES: [Scale; 8] = [
    ("colliding names", |n| {
        let name = |at: usize| if at.is_multiple_of(2) { "a" } else { "A" };
        let path = |at: usize| format!("{}/{}{}.txt", name(at), name(at / 2), at / 4);
        with((0..n).map(|at| (path(at), b"x".to_vec())), "")
    }),
    ("one path again and again", |n| {
        with(
            (0..n).map(|at| ("lib/a.txt".to_owned(), at.to_string().into_bytes())),
            "",
        )
    }),
    ("keys of the manifest", |n| {
        let scripts: Vec<String> = (0..n)
            .map(|at| format!("\"s{at}\":\"node s{at}.js\""))
            .collect();
        let manifest = format!("{{\"name\":\"p\",\"scripts\":{{{}}}}}", scripts.join(","));
        package(&manifest, "index.js", b"")
    }),
    ("modules in a row", |n| {
        let text = |at: usize| format!("exports.a = require('./m{}').a;\n", at + 1);
        with(
            (0..n).map(|at| (format!("m{at}.js"), text(at).into_bytes())),
            "require('./m0');\n",
        )
    }),
    ("one module imported by all", |n| {
        let text = b"module.exports = require('./hub')(1);\n";
        let mut index: String = (0..n).map(|at| format!("require('./m{at}');\n")).collect();
        index.push_str("require('./hub');\n");
        let hub = (
            "hub.js".to_owned(),
            b"module.exports = (a) => a;\n".to_vec(),
        );
        let modules = (0..n).map(|at| (format!("m{at}.js"), text.to_vec()));
        with(modules.chain([hub]), &index)
    }),
    ("calls in a file", |n| {
        let call = |at: usize| format!("c.exec('run {at}');\n");
        let calls: String = (0..n).map(call).collect();
        with([], &format!("const c = require('child_process');\n{calls}"))
    }),
    ("a chain of additions", |n| {
        with(
            [],
            &format!("require('fs').readFile({}'x');\n", "'a' + ".repeat(n)),
        )
    }),
    ("assignments to one name", |n| {
        let line = |at: usize| format!("s = s + '{at}';\n");
        let lines: String = (0..n).map(line).collect();
        with(
            [],
            &format!("let s = '';\n{lines}require('child_process').exec(s);\n"),
        )
    }),
];

fn with(files: impl IntoIterator<Item = File>, index: &str) -> Vec<File> {
    let mut all = package(MANIFEST, "index.js", index.as_bytes());
    all.extend(files);
    all
}

#[test]
fn what_is_allocated_grows_with_the_input_and_no_faster() {
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let engine = Engine::builder().jobs(1).build().expect("threads start");
    let mut wrong = Vec::new();
    for (name, files) in SCALES {
        let cost = |n: usize| {
            let archive = tgz(&files(n));
            let before = ALL.load(Relaxed);
            drop(engine.scan(&archive));
            ALL.load(Relaxed) - before
        };
        // Once to warm up what the engine keeps.
        cost(400);
        let (one, two, four) = (cost(400), cost(800), cost(1600));
        // Twice is linear, four times is a square; lists that double make steps between.
        let (first, second) = (two.saturating_sub(one), four.saturating_sub(two));
        if second > first * 3 + MIB {
            wrong.push(format!("{name}: {one}, {two}, {four} bytes"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
