//! The generators of `build.rs`: what they write, and which rows they refuse.

#[path = "../../build/api.rs"]
mod api;
#[path = "../../build/cells.rs"]
mod cells;
#[path = "../../build/table.rs"]
mod table;
#[path = "../../build/targets.rs"]
mod targets;

use table::Table;

const BEHAVIOURS: &str = "fs.read\tfilesystem\tReads\tReads a file.\tUsual.\tT1005\n";

/// What the generator says to one table of rows.
fn generate(folder: &str, text: &str) -> Result<String, String> {
    let file = format!("x/{folder}/rows.tsv");
    api::generate(&[
        Table {
            file: "x/behaviours.tsv",
            text: BEHAVIOURS,
        },
        Table {
            file: "x/modules.tsv",
            text: "fs  builtin\nfs/promises  builtin\n",
        },
        Table {
            file: "x/likes.tsv",
            text: "globalThis  -\n",
        },
        Table { file: &file, text },
    ])
}

#[track_caller]
fn refused(text: &str, why: &str) {
    let error = generate("node", text).expect_err("the row must be refused");
    assert!(error.contains(why), "{error}");
}

#[test]
fn good_rows_are_written_sorted() {
    let out = generate(
        "node",
        "# a comment\nfs.{write,read}  fs.read  path:0\t-  origin=file\n",
    );
    let out = out.expect("a good table");
    let read = out.find("path: \"fs.read\"").expect("fs.read");
    let write = out.find("path: \"fs.write\"").expect("fs.write");
    assert!(read < write);
    assert!(out.contains("Place::Arg(0)"), "{out}");
}

#[test]
fn bad_rows_are_refused_with_file_and_line() {
    refused(
        "\nfs.a  fs.reed  path:0",
        "x/node/rows.tsv:2: the behaviour `fs.reed`",
    );
    refused(
        "fs.a  inert\nfs.a  inert",
        "x/node/rows.tsv:2: `fs.a` is given twice, first at x/node/rows.tsv:1",
    );
    refused("fs.a  fs.read  pfad:0", "target kind `pfad`");
    refused("fs.a  fs.read  path:nought", "place `nought`");
    refused("fs.a  fs.read  path:0,path:1", "as many targets");
    refused(
        "fs.a  inert  -  -  type=fs.Nothing",
        "type `fs.Nothing` has no row",
    );
    refused(
        "fs.a  inert  -  -  alias=nowhere",
        "alias `nowhere` names no row",
    );
    refused("fs.a  inert  -  -  origin=moon", "origin `moon`");
    refused("fs.a  inert  -  -  -  0:0=result", "needs the flag `runs`");
    refused("fs.a  inert  -  -  -  -  sprints", "flag `sprints`");
    refused("fs.a  a  b  c  d  e  f  g", "8 cells");
    refused("fs.{a  inert", "without `}`");
    refused("ghost.a  inert", "`ghost.a` is under no module");
    let error = generate("global", "fs.a  inert").expect_err("a module's row among the globals");
    assert!(error.contains("belongs to a module"), "{error}");
}

#[test]
fn every_error_is_told_at_once() {
    let error = generate("node", "fs.a  x.y\nfs.b  x.z").expect_err("two bad rows");
    assert_eq!(error.lines().count(), 2, "{error}");
}

#[test]
fn bad_target_rows_are_refused_too() {
    target_refused(
        "secret-paths",
        "a//b  x.y  T  S",
        "x/secret-paths.tsv:1: `a//b`",
    );
    target_refused("secret-paths", "*  x.y  T  S", "must name something");
    target_refused("secret-paths", "a  x.y  T", "`source` is empty");
    target_refused(
        "secret-paths",
        "a  x.y  T  S\na  x.z  T  S",
        "`a` is given twice",
    );
    target_refused("variables", "A*B  secret  x.y  T  S", "at its ends only");
    target_refused("variables", "AB  public  x.y  T  S", "group `public`");
    target_refused("hosts", "*.example  -  x.y  T  S", "no lower-case name");
    target_refused("hosts", "a.example  b  x.y  T  S", "has no slash");
    target_refused("extensions", "abc  x.y  T  S", "not 32 letters");
}

/// One bad table among five empty ones.
#[track_caller]
fn target_refused(bad: &str, text: &str, why: &str) {
    let names = [
        "secret-paths",
        "persistence-paths",
        "variables",
        "hosts",
        "tokens",
        "extensions",
    ];
    let files = names.map(|name| format!("x/{name}.tsv"));
    let tables: Vec<Table<'_>> = names
        .iter()
        .zip(&files)
        .map(|(name, file)| Table {
            file,
            text: if *name == bad { text } else { "" },
        })
        .collect();
    let error = targets::generate(&tables).expect_err("the row must be refused");
    assert!(error.contains(why), "{error}");
}
