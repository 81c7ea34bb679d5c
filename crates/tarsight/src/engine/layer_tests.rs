//! Code inside values is read as code, and says where it stands.

use crate::Engine;
use crate::model::{Reason, SurfaceKind, Trigger};
use crate::report::Report;

fn scan(files: &[(&str, &str)]) -> Report {
    let files = files
        .iter()
        .map(|&(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    Engine::new().scan_tree(files).expect("a package")
}

/// A package whose hook is this command.
fn hook(command: &str, files: &[(&str, &str)]) -> Report {
    let command = serde_json::to_string(command).expect("text");
    let manifest = format!("{{\"name\":\"a\",\n\"scripts\":{{\"postinstall\":{command}}}}}");
    let mut all = files.to_vec();
    all.push(("package.json", &manifest));
    scan(&all)
}

#[test]
fn what_node_gets_on_its_command_line_is_read() {
    let report = hook(
        "node -e \"require('https').get('https://a.invalid/x')\"",
        &[],
    );
    let request = report
        .behaviours
        .iter()
        .find(|one| one.id == "network.http")
        .expect("the request is seen");
    assert_eq!(request.target.as_deref(), Some("https://a.invalid/x"));
    assert_eq!(request.reach.get(SurfaceKind::Install), Some(Trigger::Load));
    let site = &request.sites[0];
    assert_eq!(
        (site.file.as_str(), site.line, site.column),
        ("package.json", 1, 1)
    );
    assert_eq!(site.excerpt, "require('https').get('https://a.invalid/x')");
    let layer = &site.layers[0];
    assert_eq!(
        (layer.kind.as_str(), layer.line, layer.column),
        ("node -e", 2, 12)
    );
    assert_eq!(site.place(), "package.json:2:12");
    assert_eq!(report.coverage.files.analysed, 0, "a layer is no file");
}

#[test]
fn its_modules_are_globals_and_its_folder_is_the_root() {
    let report = hook(
        "node -e \"fs.rmSync('/x'); require('./lib/a')\"",
        &[("lib/a.js", "1")],
    );
    let deleted = report.behaviours.iter().find(|one| one.id == "fs.delete");
    assert_eq!(deleted.expect("seen").target.as_deref(), Some("/x"));
    let file = report.files.iter().find(|file| file.path == "lib/a.js");
    let reach = file.expect("there").reach;
    assert_eq!(reach.get(SurfaceKind::Install), Some(Trigger::Load));
}

#[test]
fn code_that_does_not_parse_is_said() {
    let report = hook("node -e \"this is ( not code\"", &[]);
    let one = &report.coverage.unanalysed[0];
    assert_eq!(one.reason, Reason::SyntaxError);
    assert!(one.detail.starts_with("node -e: "), "{}", one.detail);
    assert_eq!(one.reach.get(SurfaceKind::Install), Some(Trigger::Load));
}
