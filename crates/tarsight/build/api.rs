//! Checks the API tables and writes them as sorted static tables.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::cells::{self, Flags, Used, pascal};
use super::table::{Errors, Row, Table, expand};

const CAPABILITIES: [&str; 16] = [
    "network",
    "filesystem",
    "process",
    "environment",
    "dynamic-code",
    "native-code",
    "credential",
    "obfuscation",
    "persistence",
    "propagation",
    "destructive",
    "wallet",
    "ci",
    "ai-agent",
    "manifest",
    "evasion",
];

/// What a specifier names.
struct Module<'a> {
    path: String,
    kinds: Vec<&'a str>,
}

/// The Rust source of all API tables.
pub(crate) fn generate(tables: &[Table<'_>]) -> Result<String, String> {
    let mut out = String::new();
    let mut errors = Errors::default();
    let behaviours = behaviours(&find(tables, "behaviours.tsv")?, &mut out)?;
    let modules = modules(&find(tables, "modules.tsv")?, &mut out)?;
    let mut apis: BTreeMap<String, (String, String)> = BTreeMap::new();
    let mut globals: BTreeSet<String> = modules
        .values()
        .filter(|module| module.kinds.contains(&"global"))
        .map(|module| module.path.clone())
        .collect();
    let mut used = Used::default();
    for table in tables {
        let Some(folder) = ["node", "global", "package"]
            .into_iter()
            .find(|name| table.file.contains(&format!("/{name}/")))
        else {
            continue;
        };
        for row in table.rows(7)? {
            let Some((names, body)) = errors.keep(api(&row, &behaviours, &mut used)) else {
                continue;
            };
            for name in names {
                match (under_module(&name, &modules), folder) {
                    (true, "node" | "package") => {}
                    (false, "global") => {
                        if !name.contains('#') {
                            let first = name.split(['.', '=']).next().unwrap_or(&name);
                            globals.insert(first.to_owned());
                        }
                    }
                    (true, _) => errors.add(row.error(&format!("`{name}` belongs to a module"))),
                    (false, _) => errors
                        .add(row.error(&format!("`{name}` is under no module of modules.tsv"))),
                }
                let place = row.error("");
                if let Some((_, first)) = apis.insert(name.clone(), (body.clone(), place)) {
                    errors.add(row.error(&format!("`{name}` is given twice, first at {first}")));
                }
            }
        }
    }
    for name in used.types {
        let start = format!("{name}#");
        if !apis
            .range(start.clone()..)
            .next()
            .is_some_and(|(path, _)| path.starts_with(&start))
        {
            errors.add(format!("type `{name}` has no row `{start}…`"));
        }
    }
    let likes = likes(&find(tables, "likes.tsv")?, &mut out, &apis)?;
    for name in used.aliases {
        if !(starts_row(&name, &apis) || likes.contains(&name) || modules.contains_key(&name)) {
            errors.add(format!("alias `{name}` names no row"));
        }
    }
    for prefix in &likes {
        if !prefix.contains('.') && !under_module(prefix, &modules) {
            globals.insert(prefix.clone());
        }
    }
    emit(
        &mut out,
        "APIS",
        "Api",
        apis.iter()
            .map(|(path, (body, _))| format!("Api {{ path: {path:?}, {body} }}")),
    );
    emit(
        &mut out,
        "GLOBALS",
        "&str",
        globals.iter().map(|name| format!("{name:?}")),
    );
    errors.done(out)
}

/// The table of that file name.
pub(crate) fn find<'a>(tables: &[Table<'a>], name: &str) -> Result<Table<'a>, String> {
    tables
        .iter()
        .find(|table| table.file.ends_with(name))
        .map(|table| Table {
            file: table.file,
            text: table.text,
        })
        .ok_or_else(|| format!("the table {name} is missing"))
}

/// One `static`, an item per line.
pub(crate) fn emit(out: &mut String, name: &str, of: &str, items: impl Iterator<Item = String>) {
    let items: Vec<String> = items.collect();
    let _ = writeln!(out, "pub(super) static {name}: [{of}; {}] = [", items.len());
    for item in items {
        let _ = writeln!(out, "    {item},");
    }
    out.push_str("];\n");
}

/// Whether `name` is a row, or rows stand below it.
fn starts_row(name: &str, apis: &BTreeMap<String, (String, String)>) -> bool {
    apis.range(name.to_owned()..)
        .take_while(|(path, _)| path.starts_with(name))
        .any(|(path, _)| matches!(path.as_bytes().get(name.len()), None | Some(b'.' | b'#')))
}

/// Whether some module's canonical name starts the path.
fn under_module(path: &str, modules: &BTreeMap<String, Module<'_>>) -> bool {
    modules.values().any(|module| {
        path.strip_prefix(module.path.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '#', '=']))
    })
}

/// The paths of a row and the fields that they share.
fn api(
    row: &Row<'_>,
    behaviours: &BTreeMap<&str, usize>,
    used: &mut Used,
) -> Result<(Vec<String>, String), String> {
    let at = |error: String| row.error(&error);
    let names = expand(row.need(0, "path")?).map_err(at)?;
    let inert = row.get(1) == Some("inert");
    let ids: Vec<&str> = if inert {
        Vec::new()
    } else {
        row.list(1).collect()
    };
    let targets: Vec<&str> = row.list(2).collect();
    if !targets.is_empty() && targets.len() != ids.len() {
        return Err(row.error("as many targets as behaviours, or none"));
    }
    let mut effects = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        let number = behaviours
            .get(id)
            .ok_or_else(|| row.error(&format!("the behaviour `{id}` is not in behaviours.tsv")))?;
        effects.push(cells::effect(*number, targets.get(index).copied()).map_err(at)?);
    }
    let data: Vec<String> = row
        .list(3)
        .map(cells::place)
        .collect::<Result<_, _>>()
        .map_err(at)?;
    let mut gives = Vec::new();
    for text in row.list(4) {
        gives.push(cells::gives(text, used).map_err(at)?);
    }
    let mut callbacks = Vec::new();
    for text in row.list(5) {
        callbacks.push(cells::callback(text, used).map_err(at)?);
    }
    let mut flags = Flags::default();
    for text in row.list(6) {
        flags.add(text).map_err(at)?;
    }
    if !callbacks.is_empty() && flags.runs.is_none() {
        return Err(row.error("a row with callbacks needs the flag `runs` or `keeps`"));
    }
    let body = format!(
        "inert: {inert}, effects: &[{}], data: &[{}], gives: &[{}], callbacks: &[{}], runs: {}, read: {}, only_if: {}",
        effects.join(", "),
        data.join(", "),
        gives.join(", "),
        callbacks.join(", "),
        flags.runs.unwrap_or("Runs::No"),
        flags.read,
        flags
            .only_if
            .map_or_else(|| "None".to_owned(), |text| format!("Some({text})")),
    );
    Ok((names, body))
}

/// Writes the behaviours; gives id → index.
fn behaviours<'a>(table: &Table<'a>, out: &mut String) -> Result<BTreeMap<&'a str, usize>, String> {
    let mut rows = BTreeMap::new();
    let mut errors = Errors::default();
    for row in table.rows(6)? {
        let Some(id) = errors.keep(row.need(0, "id")) else {
            continue;
        };
        let Some(capability) = errors.keep(row.need(1, "capability")) else {
            continue;
        };
        let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !id.contains('.')
            || !id
                .split('.')
                .all(|word| !word.is_empty() && word.chars().all(kebab))
        {
            errors.add(row.error(&format!("the id `{id}` is not dotted.kebab")));
        }
        if !CAPABILITIES.contains(&capability) {
            errors.add(row.error(&format!("the capability `{capability}` is unknown")));
        }
        let texts = (2..6)
            .map(|column| row.need(column, "title, summary, why or references"))
            .collect::<Result<Vec<_>, _>>();
        let Some(texts) = errors.keep(texts) else {
            continue;
        };
        let references: Vec<&str> = texts[3].split(',').map(str::trim).collect();
        let body = format!(
            "Behaviour {{ id: {id:?}, capability: Capability::{}, title: {:?}, summary: {:?}, why: {:?}, references: &{references:?} }}",
            pascal(capability),
            texts[0],
            texts[1],
            texts[2],
        );
        if rows.insert(id, body).is_some() {
            errors.add(row.error(&format!("the behaviour `{id}` is given twice")));
        }
    }
    emit(out, "BEHAVIOURS", "Behaviour", rows.values().cloned());
    errors.done(
        rows.keys()
            .enumerate()
            .map(|(index, id)| (*id, index))
            .collect(),
    )
}

/// Writes the modules; gives specifier → module.
fn modules<'a>(
    table: &Table<'a>,
    out: &mut String,
) -> Result<BTreeMap<String, Module<'a>>, String> {
    let mut modules = BTreeMap::new();
    let mut errors = Errors::default();
    for row in table.rows(3)? {
        let Some(name) = errors.keep(row.need(0, "specifier")) else {
            continue;
        };
        let kinds: Vec<&str> = row.list(1).collect();
        if !matches!(
            kinds[..],
            ["builtin" | "prefixed" | "package"] | ["builtin", "global"]
        ) {
            errors.add(
                row.error("the kind is none of `builtin`, `builtin,global`, `prefixed`, `package`"),
            );
            continue;
        }
        let path = match (row.get(2), kinds[0]) {
            (Some(path), _) => path.to_owned(),
            (None, "package") => name.to_owned(),
            (None, _) => name.replace('/', "."),
        };
        if modules
            .insert(name.to_owned(), Module { path, kinds })
            .is_some()
        {
            errors.add(row.error(&format!("the module `{name}` is given twice")));
        }
    }
    emit(
        out,
        "MODULES",
        "Module",
        modules.iter().map(|(name, module)| {
            let Module { path, kinds } = module;
            format!(
                "Module {{ specifier: {name:?}, path: {path:?}, kind: ModuleKind::{} }}",
                pascal(kinds[0])
            )
        }),
    );
    errors.done(modules)
}

/// Writes the prefixes that stand for others, longest first; gives the prefixes.
fn likes(
    table: &Table<'_>,
    out: &mut String,
    apis: &BTreeMap<String, (String, String)>,
) -> Result<BTreeSet<String>, String> {
    let mut pairs: BTreeMap<String, String> = BTreeMap::new();
    let mut errors = Errors::default();
    for row in table.rows(2)? {
        let Some(name) = errors.keep(row.need(0, "prefix")) else {
            continue;
        };
        let to = row.get(1).unwrap_or("");
        if !to.is_empty() && !starts_row(to, apis) {
            errors.add(row.error(&format!("`{to}` names no row")));
        }
        for name in errors
            .keep(expand(name).map_err(|error| row.error(&error)))
            .unwrap_or_default()
        {
            if pairs.insert(name.clone(), to.to_owned()).is_some() {
                errors.add(row.error(&format!("the prefix `{name}` is given twice")));
            }
        }
    }
    let mut sorted: Vec<(&String, &String)> = pairs.iter().collect();
    sorted.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    emit(
        out,
        "LIKES",
        "(&str, &str)",
        sorted.into_iter().map(|pair| format!("{pair:?}")),
    );
    errors.done(pairs.into_keys().collect())
}
