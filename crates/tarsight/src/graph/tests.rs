use super::*;
use crate::archive::Entry;
use crate::manifest;

use serde_json::{Value, json};

/// An archive of these files.
pub(crate) fn archive(files: &[(&str, &str)]) -> Archive {
    let mut archive = Archive::default();
    for (path, text) in files {
        let start = archive.buffer.len();
        archive.buffer.extend_from_slice(text.as_bytes());
        archive.entries.push(Entry {
            path: (*path).to_owned(),
            range: start..archive.buffer.len(),
            executable: false,
        });
    }
    archive.entries.sort_by(|a, b| a.path.cmp(&b.path));
    archive
}

/// What package.json says.
fn manifest(json: &Value) -> Manifest {
    manifest::read(&archive(&[("package.json", &json.to_string())]))
}

/// An import: kind, specifier, whether on load.
type Import<'t> = (ImportKind, &'t str, bool);

fn facts(imports: &[Import]) -> ModuleFacts {
    let mut facts = ModuleFacts::default();
    for &(kind, specifier, on_load) in imports {
        let specifier = facts.terms.add(Term::String(specifier.into()));
        facts.imports.push(fact(kind, specifier, on_load));
    }
    facts
}

fn fact(kind: ImportKind, specifier: ValueId, on_load: bool) -> ImportFact {
    ImportFact {
        kind,
        specifier,
        function: FuncId(0),
        on_load,
    }
}

/// The graph of files with these imports and this package.json.
fn graph<'a>(archive: &'a Archive, json: &Value, imports: &[(&str, &[Import])]) -> ModuleGraph<'a> {
    let mut all: Vec<Option<ModuleFacts>> = Vec::new();
    all.resize_with(archive.entries.len(), || None);
    for (path, imports) in imports {
        let file = archive.find(path).expect("the file is there");
        all[file.index()] = Some(facts(imports));
    }
    built(archive, &manifest(json), &all)
}

fn built<'a>(
    archive: &'a Archive,
    manifest: &Manifest,
    facts: &[Option<ModuleFacts>],
) -> ModuleGraph<'a> {
    let mut graph = ModuleGraph::new(archive, manifest, &[]);
    for (id, facts) in (0..).zip(facts) {
        if let Some(facts) = facts {
            graph.add_file(FileId(id), facts);
        }
    }
    graph.recompute();
    graph
}

fn reach_of(graph: &mut ModuleGraph, path: &str) -> String {
    let file = graph
        .resolver
        .archive()
        .find(path)
        .expect("the file is there");
    serde_json::to_string(&graph.reach(file)).expect("reach is plain")
}

use ImportKind::{Dynamic, Require, Resolve, Static};

#[test]
fn triggers_weaken_along_the_way_and_never_grow() {
    let archive = archive(&[
        ("a.js", ""),
        ("b.js", ""),
        ("c.js", ""),
        ("d.js", ""),
        ("e.js", ""),
        ("f.js", ""),
        ("lost.js", ""),
        ("main.js", ""),
        ("setup.js", ""),
    ]);
    let json = json!({ "main": "main.js", "scripts": { "postinstall": "node setup.js" } });
    let mut graph = graph(
        &archive,
        &json,
        &[
            (
                "main.js",
                &[
                    (Static, "./a.js", true),
                    (Dynamic, "./b.js", false),
                    (Require, "./d", false),
                ],
            ),
            // A cycle, and a load behind a call.
            (
                "b.js",
                &[(Require, "./c", true), (Static, "./main.js", true)],
            ),
            ("d.js", &[(Dynamic, "./e.js", true)]),
            (
                "setup.js",
                &[(Require, "./c.js", true), (Resolve, "f.js", true)],
            ),
            ("lost.js", &[(Static, "./lost.js", true)]),
        ],
    );
    assert_eq!(reach_of(&mut graph, "a.js"), r#"{"import":"load"}"#);
    assert_eq!(reach_of(&mut graph, "b.js"), r#"{"import":"call"}"#);
    assert_eq!(
        reach_of(&mut graph, "c.js"),
        r#"{"install":"load","import":"call"}"#
    );
    assert_eq!(reach_of(&mut graph, "e.js"), r#"{"import":"call"}"#);
    assert_eq!(reach_of(&mut graph, "f.js"), r#"{"install":"call"}"#);
    assert_eq!(reach_of(&mut graph, "main.js"), r#"{"import":"load"}"#);
    assert_eq!(reach_of(&mut graph, "lost.js"), "{}");
    let order: Vec<&str> = graph.order().into_iter().map(|f| archive.path(f)).collect();
    assert_eq!(
        order,
        [
            "c.js", "setup.js", "f.js", "a.js", "main.js", "b.js", "d.js", "e.js", "lost.js"
        ]
    );
}

#[test]
fn a_static_import_loads_whatever_its_fact_says() {
    let archive = archive(&[("a.js", ""), ("index.js", "")]);
    let mut graph = graph(
        &archive,
        &json!({}),
        &[("index.js", &[(Static, "./a.js", false)])],
    );
    assert_eq!(reach_of(&mut graph, "a.js"), r#"{"import":"load"}"#);
}

#[test]
fn the_graph_grows_with_later_edges() {
    let archive = archive(&[("a.js", ""), ("b.js", ""), ("index.js", "")]);
    let mut graph = graph(&archive, &json!({}), &[("a.js", &[(Require, "./b", true)])]);
    assert_eq!(reach_of(&mut graph, "b.js"), "{}");
    let from = archive.find("index.js").expect("it is there");
    let mut edge = Edge {
        from,
        to: graph.resolve(from, "./a", Require),
        kind: Require,
        on_load: false,
        function: FuncId(0),
        import: 0,
    };
    graph.add_edge(edge.clone());
    graph.recompute();
    assert_eq!(reach_of(&mut graph, "b.js"), r#"{"import":"call"}"#);
    edge.on_load = true;
    graph.add_edge(edge);
    graph.recompute();
    assert_eq!(reach_of(&mut graph, "b.js"), r#"{"import":"load"}"#);
    graph
        .reach
        .join(from, Reach::of(SurfaceKind::Install, Trigger::Load));
    graph.recompute();
    assert_eq!(
        reach_of(&mut graph, "b.js"),
        r#"{"install":"load","import":"load"}"#
    );
}

#[test]
fn every_string_of_a_choice_is_followed_and_the_rest_is_unresolved() {
    let archive = archive(&[("a.js", ""), ("b.js", ""), ("index.js", "")]);
    let mut facts = ModuleFacts::default();
    let strings = ["./a", "./b", "react"].map(|text| facts.terms.add(Term::String(text.into())));
    let choice = facts.terms.add(Term::OneOf(strings.into()));
    let unknown = facts.terms.add(Term::Undefined);
    facts.imports.push(fact(Require, choice, true));
    facts.imports.push(fact(Require, unknown, true));
    let graph = built(&archive, &manifest(&json!({})), &[None, None, Some(facts)]);
    let targets: Vec<(u32, &Target)> = graph.edges().iter().map(|e| (e.import, &e.to)).collect();
    assert_eq!(
        targets,
        [
            (0, &Target::File(FileId(0))),
            (0, &Target::File(FileId(1))),
            (0, &Target::External("react".to_owned())),
            (1, &Target::Unresolved),
        ]
    );
}

#[test]
fn many_tiny_files_take_a_linear_number_of_steps() {
    const FILES: usize = 50_000;
    let names: Vec<String> = (0..FILES).map(|i| format!("f{i:05}.js")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
    let archive = archive(&files);
    let (mut graph, all) = {
        let manifest = manifest(&json!({ "main": "f00000.js" }));
        let next = |i: usize| format!("./f{:05}", (i + 1) % FILES);
        // A ring in which every second step is a call, with chords back to the start.
        let all: Vec<_> = (0..FILES)
            .map(|i| {
                facts(&[
                    (Require, &next(i), i % 2 == 0),
                    (Require, "./f00000.js", true),
                ])
            })
            .collect();
        (ModuleGraph::new(&archive, &manifest, &[]), all)
    };
    for (id, facts) in (0..).zip(&all) {
        graph.add_file(FileId(id), facts);
    }
    graph.recompute();
    assert_eq!(graph.edges().len(), 2 * FILES);
    assert!(graph.reach.all().iter().all(|reach| !reach.is_dormant()));
    assert!(
        graph.reach.steps <= 20 * FILES as u64,
        "{}",
        graph.reach.steps
    );
}
