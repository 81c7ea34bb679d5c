//! Scans a folder of real tarballs and prints a table of what was found of one kind.
//!
//! `survey sdk FOLDER…` prints the flows of clients of services with the cell of each;
//! `survey foreign FOLDER…` the foreign bodies of every fifth package, and ends with 1 where one
//! is not listed with a reason in `benches/surveys/foreign-bodies.tsv`; `survey hooks FOLDER…`
//! writes what install hooks do into `corpus/hooks.tsv`, and keeps what they are for.
#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command prints"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::Value;
use tarsight::Engine;
use tarsight_tests::{root, table};

/// Starts of the file names of tarballs: clients of clouds, forges, registries, chains and
/// messengers, and what reports on the running of others.
const CLIENTS: [&str; 17] = [
    "aws-",
    "azure-",
    "discord",
    "ethers-",
    "google-cloud-",
    "libnpmpublish-",
    "npm-1",
    "nuxt-telemetry-",
    "octokit-",
    "opentelemetry-",
    "pacote-",
    "sentry-",
    "snyk-",
    "solana-web3",
    "stripe-",
    "twilio-",
    "web3-",
];
/// Of all packages every so manieth is looked at for foreign bodies.
const STEP: usize = 5;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [what, folders @ ..] if what == "sdk" && !folders.is_empty() => sdk(folders),
        [what, folders @ ..] if what == "foreign" && !folders.is_empty() => foreign(folders),
        [what, folders @ ..] if what == "hooks" && !folders.is_empty() => hooks(folders),
        _ => {
            eprintln!("usage: survey sdk|foreign|hooks FOLDER...");
            ExitCode::from(2)
        }
    }
}

/// The tarballs of the folders, by name.
fn tarballs(folders: &[String]) -> BTreeMap<String, PathBuf> {
    let entries = folders
        .iter()
        .filter_map(|folder| std::fs::read_dir(folder).ok());
    let paths = entries.flatten().flatten().map(|entry| entry.path());
    let tarballs = paths.filter(|path| path.extension().is_some_and(|ending| ending == "tgz"));
    tarballs
        .filter_map(|path| {
            let name = path.file_stem()?.to_string_lossy().into_owned();
            Some((name, path))
        })
        .collect()
}

fn scan(engine: &Engine, path: &PathBuf) -> Option<Value> {
    let bytes = std::fs::read(path).ok()?;
    let report = engine.scan(&bytes).ok()?;
    serde_json::from_str(&report.to_json()).ok()
}

fn list<'v>(report: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    report[key].as_array().into_iter().flatten()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

fn sdk(folders: &[String]) -> ExitCode {
    let engine = Engine::new();
    let all = tarballs(folders);
    let is_client = |name: &str| CLIENTS.iter().any(|start| name.starts_with(start));
    println!("# Flows of clients of services\n");
    println!(
        "Made by `cargo run --release -p tarsight-tests --bin survey -- sdk FOLDER...` over folders"
    );
    println!("of tarballs. The cell says whose the two ends are: `from` and `to`.\n");
    println!("| package | flow | source | sink | cell |\n|---|---|---|---|---|");
    let mut quiet = Vec::new();
    for (name, path) in all.iter().filter(|(name, _)| is_client(name)) {
        let Some(report) = scan(&engine, path) else {
            continue;
        };
        let mut rows: BTreeMap<[String; 4], [BTreeSet<String>; 2]> = BTreeMap::new();
        for flow in list(&report, "flows") {
            let ends = rows.entry(kind(flow)).or_default();
            ends[0].insert(target(flow, "source"));
            ends[1].insert(target(flow, "sink"));
        }
        if rows.is_empty() {
            quiet.push(name.as_str());
        }
        for ([id, source, sink, cell], [from, to]) in &rows {
            let (from, to) = (some(from), some(to));
            println!("| {name} | {id} | `{source}` {from} | `{sink}` {to} | {cell} |");
        }
    }
    println!("\nWithout a flow: {}.", quiet.join(", "));
    ExitCode::SUCCESS
}

/// What flows of one row share: id, kinds of the ends, cell.
fn kind(flow: &Value) -> [String; 4] {
    let cell = match &flow["cell"] {
        Value::Null => "stays on the machine".to_owned(),
        cell => format!("{} to {}", text(&cell["from"]), text(&cell["to"])),
    };
    let of = |value: &Value| text(value).to_owned();
    let [source, sink] = ["source", "sink"].map(|end| of(&flow[end]["id"]));
    [of(&flow["id"]), source, sink, cell]
}

/// The target of an end; of a registry, that it is one.
fn target(flow: &Value, end: &str) -> String {
    match (end, text(&flow["cell"]["to"])) {
        ("sink", "registry") => "a registry".to_owned(),
        _ => text(&flow[end]["target"]).replace('|', "\\|"),
    }
}

/// The first of some targets, and how many more there are.
fn some(targets: &BTreeSet<String>) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<&str> = targets.iter().take(SHOWN).map(String::as_str).collect();
    match targets.len().checked_sub(SHOWN) {
        None | Some(0) => shown.join(", "),
        Some(more) => format!("{} and {more} more", shown.join(", ")),
    }
}

fn foreign(folders: &[String]) -> ExitCode {
    let engine = Engine::new();
    let listed = std::fs::read_to_string(root().join("benches/surveys/foreign-bodies.tsv"));
    let listed = listed.unwrap_or_default();
    let known: BTreeSet<(&str, &str)> = listed
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some((cells.next()?, cells.next()?))
        })
        .collect();
    let all = tarballs(folders);
    let (mut packages, mut more) = (0, 0);
    for (name, path) in all.iter().step_by(STEP) {
        let Some(report) = scan(&engine, path) else {
            continue;
        };
        packages += 1;
        let findings = list(&report, "findings").filter(|one| one["id"] == "foreign-body");
        let files: BTreeSet<&str> = findings
            .filter_map(|one| one["evidence"][0]["file"].as_str())
            .collect();
        for file in files {
            let is_known = known.contains(&(name.as_str(), file));
            more += usize::from(!is_known);
            println!(
                "{name}\t{file}\t{}",
                if is_known { "listed" } else { "not listed" }
            );
        }
    }
    println!("{packages} packages, {more} foreign bodies beyond those listed");
    ExitCode::from(u8::from(more > 0))
}

/// What the hooks of each package of `corpus/hooks.tsv` do, by its report.
fn hooks(folders: &[String]) -> ExitCode {
    let engine = Engine::new();
    let all = tarballs(folders);
    let path = root().join("corpus/hooks.tsv");
    let old = std::fs::read_to_string(&path).unwrap_or_default();
    let mut lines = String::new();
    let mut missing = 0;
    for line in old.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [name, version, .., purpose] = cells.as_slice() else {
            lines.push_str(&format!("{line}\n"));
            continue;
        };
        let stem = table::stem("".as_ref(), name, version);
        let report = all
            .get(stem.to_string_lossy().as_ref())
            .and_then(|path| scan(&engine, path));
        let Some(report) = report else {
            eprintln!("no tarball of {name} {version}: its line stays");
            missing += 1;
            lines.push_str(&format!("{line}\n"));
            continue;
        };
        let facts = hook_facts(&report).join("\t");
        lines.push_str(&format!("{name}\t{version}\t{facts}\t{purpose}\n"));
    }
    if let Err(error) = std::fs::write(&path, lines) {
        eprintln!("error: {}: {error}", path.display());
        return ExitCode::FAILURE;
    }
    ExitCode::from(u8::from(missing > 0))
}

/// Hooks, files that they name, number of files that they reach, hosts, behaviours, level.
fn hook_facts(report: &Value) -> [String; 6] {
    let of_install = |value: &&Value| value["reach"]["install"].is_string();
    let mut hooks = BTreeSet::new();
    let mut named = BTreeSet::new();
    for surface in list(report, "surfaces").filter(|surface| surface["kind"] == "install") {
        hooks.insert(text(&surface["hook"]));
        named.extend(list(surface, "entries").map(text));
    }
    let reached = list(report, "files").filter(of_install).count();
    let mut hosts = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for behaviour in list(report, "behaviours").filter(of_install) {
        ids.insert(text(&behaviour["id"]));
        let target = text(&behaviour["target"]);
        let host = match text(&behaviour["targetKind"]) {
            "url" => target.split_once("://").map_or("", |(_, rest)| rest),
            "host" => target,
            _ => "",
        };
        let host = host.split(['/', ':', '?']).next().unwrap_or("");
        // Which registry is no matter.
        let is_registry = ["registry.", "unpkg."]
            .iter()
            .any(|start| host.starts_with(start));
        let host = match is_registry {
            true => "a registry",
            false => host,
        };
        if !host.is_empty() && !host.contains(['<', '$', '{']) {
            hosts.insert(host);
        }
    }
    let joined = |set: BTreeSet<&str>| match set.is_empty() {
        true => "-".to_owned(),
        false => set.into_iter().collect::<Vec<_>>().join(","),
    };
    [
        joined(hooks),
        joined(named),
        reached.to_string(),
        joined(hosts),
        joined(ids),
        text(&report["risk"]["level"]).to_owned(),
    ]
}
