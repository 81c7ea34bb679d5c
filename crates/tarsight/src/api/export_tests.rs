//! Every export of Node's builtin modules has a row, or a line that says that it does nothing
//! outside the program. `exports/record.mjs` records what there is.

use std::collections::BTreeMap;

use super::*;

const EXPORTS: &str = include_str!("exports/node.tsv");

/// What Bun, Deno and browsers offer; `exports/record-types.mjs` records it.
const TYPES: &str = include_str!("exports/types.tsv");

/// Specifier and export.
fn exports() -> Vec<(&'static str, &'static str)> {
    listed(EXPORTS)
}

fn listed(table: &'static str) -> Vec<(&'static str, &'static str)> {
    let lines = table.lines().filter(|line| !line.starts_with('#'));
    let split = lines.filter_map(|line| line.split_once('\t'));
    split
        .flat_map(|(module, names)| names.split(' ').map(move |name| (module, name)))
        .collect()
}

/// Whether an export has a row, stands for something that has one, or only holds what does.
fn is_listed(path: &str, rows: impl Fn(&str) -> bool) -> bool {
    let module = path.rsplit_once('.').map_or(path, |(module, _)| module);
    // Tables of constants need no line for each.
    let is_table = matches!(module, "constants" | "util.types");
    let is_holder = || {
        let holds = |row: &str| {
            row.strip_prefix(path)
                .is_some_and(|rest| rest.starts_with('.'))
        };
        all().iter().any(|row| holds(row.path)) || stand_ins().any(|one| one == path || holds(one))
    };
    rows(path) || (is_table && rows(module)) || is_holder()
}

fn missing(rows: impl Fn(&str) -> bool) -> BTreeMap<&'static str, Vec<&'static str>> {
    let mut missing: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (specifier, export) in exports() {
        if specifier == "globalThis" {
            // Values, not APIs.
            let is_value = matches!(export, "undefined" | "NaN" | "Infinity");
            // A global that is a module has the module's rows.
            let is_known = is_value || module(export).is_some() || is_listed(export, &rows);
            if !is_known {
                missing.entry(specifier).or_default().push(export);
            }
            continue;
        }
        let Some(module) = module(&format!("node:{specifier}")) else {
            missing.entry(specifier).or_default().push(export);
            continue;
        };
        let path = format!("{module}.{export}");
        if !is_listed(&path, &rows) {
            missing.entry(specifier).or_default().push(export);
        }
    }
    missing
}

#[test]
fn every_export_of_a_builtin_module_is_listed() {
    assert!(exports().len() > 1_400, "{}", exports().len());
    let missing = missing(|path| lookup(path).is_some());
    let lines = missing
        .iter()
        .map(|(module, names)| format!("{module}.{{{}}}", names.join(",")));
    let lines: Vec<String> = lines.collect();
    assert!(lines.is_empty(), "no row for:\n{}", lines.join("\n"));
}

#[test]
fn what_bun_deno_and_browsers_offer_is_listed() {
    let types = listed(TYPES);
    assert!(types.len() > 350, "{}", types.len());
    let path = |module: &str, name: &str| match module {
        "window" => name.to_owned(),
        module => format!("{module}.{name}"),
    };
    let missing = |gone: &str| -> Vec<String> {
        let names = types.iter().map(|(module, name)| path(module, name));
        let known = |path: &str| path != gone && lookup(path).is_some();
        names.filter(|path| !is_listed(path, known)).collect()
    };
    assert_eq!(missing(""), [""; 0]);
    for gone in [
        "Bun.write",
        "Deno.dlopen",
        "bun:ffi.dlopen",
        "fetch",
        "navigator.sendBeacon",
    ] {
        assert_eq!(missing(gone), [gone]);
    }
}

#[test]
fn a_row_that_is_gone_is_missed() {
    for (gone, module, export) in [
        ("fs.writeFile", "fs", "writeFile"),
        ("crypto.constants", "crypto", "constants"),
        ("dns.resolveTxt", "dns", "resolveTxt"),
        ("fetch", "globalThis", "fetch"),
        ("fs.promises.readFile", "fs/promises", "readFile"),
    ] {
        assert!(lookup(gone).is_some(), "{gone}");
        let missing = missing(|path| path != gone && lookup(path).is_some());
        assert_eq!(missing.get(module), Some(&vec![export]), "{gone}");
    }
}
