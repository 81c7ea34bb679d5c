//! Constant text that runs as code: nested files, with the reach of what runs it.

use super::package::Package;
use super::target::Target;
use super::uses::Use;
use super::written::{Written, WrittenFiles};
use crate::api::AimKind;
use crate::model::Reach;
use crate::source::{Layer, NODE_EVAL};
use crate::value::{Key, Place, Term, ValueId};

/// Rows whose text is in a language of their own.
const TEMPLATES: [&str; 5] = ["lodash", "underscore", "ejs", "pug", "handlebars"];
/// Programs that take code as an argument, and the options before it.
const NODES: [&str; 4] = ["node", "nodejs", "bun", "deno"];
const CODE_OPTIONS: [&str; 6] = ["-e", "--eval", "-p", "--print", "-pe", "eval"];
/// Longest text of a layer.
const MOST_BYTES: usize = 1 << 22;

/// Adds what the uses run to the graph.
pub(super) fn add(package: &mut Package<'_>, uses: &[Use]) {
    for one in uses {
        for effect in &one.effects {
            let is_sure = effect.targets.len() == 1;
            for target in &effect.targets {
                of_target(package, one, target, is_sure);
            }
        }
    }
    run_written(package, uses);
}

fn of_target(package: &mut Package<'_>, one: &Use, target: &Target, is_sure: bool) {
    let Some(value) = target.value else { return };
    match target.kind {
        AimKind::Code => {
            let root = one.row.path.split(['.', '#']).next().unwrap_or("");
            if !TEMPLATES.contains(&root) {
                let kind = kind_of(one.row.path);
                for text in texts(package, value) {
                    match is_markup(&text) {
                        true => {
                            for script in scripts(&text) {
                                layer(package, one, "script", script, is_sure);
                            }
                        }
                        false => layer(package, one, kind, &text, is_sure),
                    }
                }
            }
        }
        AimKind::Path if one.row.path.ends_with("Worker") => worker(package, one, value),
        AimKind::Module | AimKind::Path | AimKind::Url => {
            for text in texts(package, value) {
                if let Some(code) = data_url(&text) {
                    layer(package, one, "data:", &code, true);
                }
            }
        }
        AimKind::Argv => {
            if let Some(code) = node_argument(package, one) {
                layer(package, one, NODE_EVAL, &code, true);
            }
        }
        _ => {}
    }
}

/// Where code runs that was made at run time, was read whole, and asks nothing of the outside: not
/// even by a name that whoever calls it could give a meaning. A line or two could still be a
/// part of something.
pub(crate) fn harmless(package: &Package<'_>) -> Vec<Place> {
    const NAMES: [&str; 6] = [
        "require",
        "process",
        "child_process",
        "import",
        "eval",
        "fetch",
    ];
    const LEAST: usize = 1_024;
    let first = package.archive.entries.len();
    let layers = package.graph.layers().iter().zip(first..);
    let quiet = layers.filter(|(layer, at)| {
        let facts = package.facts.get(*at).and_then(Option::as_ref);
        facts.is_some_and(|facts| {
            let asks = !facts.uses.is_empty() || !facts.imports.is_empty();
            let is_whole = !facts.out_of_steps && !facts.hides_calls;
            let is_program = layer.text.len() >= LEAST;
            is_program && is_whole && !asks && NAMES.iter().all(|name| !layer.text.contains(name))
        })
    });
    quiet
        .map(|(layer, _)| Place {
            file: layer.file,
            span: layer.span,
        })
        .collect()
}

/// `new Worker(code, { eval: true })`, or a `data:` address.
fn worker(package: &mut Package<'_>, one: &Use, value: ValueId) {
    let runs_text = one.args.get(1).is_some_and(|&options| {
        let options = package.close(options);
        let flag = package.member_of(options, "eval");
        package.terms.truth(flag) == Some(true)
    });
    for text in texts(package, value) {
        if let Some(code) = data_url(&text) {
            layer(package, one, "worker", &code, true);
        } else if runs_text {
            layer(package, one, "worker", &text, true);
        }
    }
}

fn kind_of(path: &str) -> &'static str {
    match path.split(['.', '#']).next().unwrap_or("") {
        "eval" => "eval",
        "setTimeout" | "setInterval" | "setImmediate" => "timer",
        "vm" | "vm2" => "vm",
        "module" | "require-from-string" => "module",
        _ => "function",
    }
}

/// The strings that a value may be.
pub(super) fn texts(package: &mut Package<'_>, value: ValueId) -> Vec<Key> {
    let value = package.close(value);
    let choices = package.terms.choices(value);
    choices
        .into_iter()
        .filter_map(|choice| match package.terms.get(choice) {
            Term::String(text) => Some(Key::clone(text)),
            Term::Bytes(bytes) => Some(Key::from(String::from_utf8_lossy(bytes).as_ref())),
            _ => None,
        })
        .collect()
}

/// Whether a text is for a page: what is set as its content.
fn is_markup(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

/// What stands between `<script>` and `</script>`.
fn scripts(page: &str) -> impl Iterator<Item = &str> {
    page.split("<script").skip(1).filter_map(|rest| {
        let (_, body) = rest.split_once('>')?;
        body.split("</script").next()
    })
}

/// Text without a call or a template does nothing.
fn layer(package: &mut Package<'_>, one: &Use, kind: &'static str, text: &str, is_sure: bool) {
    let layer = Layer {
        is_sure,
        file: one.file,
        span: one.span,
        kind,
        text: text.to_owned(),
    };
    push(package, layer, one.reach);
}

/// A file that is written where something runs it.
pub(super) fn push_written(package: &mut Package<'_>, one: &Use, text: &str) {
    layer(package, one, "written", text, true);
}

fn push(package: &mut Package<'_>, layer: Layer, reach: Reach) {
    let acts = layer.text.contains(['(', '`']) || layer.text.contains("import");
    if acts && layer.text.len() <= MOST_BYTES {
        package.graph.add_layer(layer, reach);
    }
}

/// The script of a `data:` address.
fn data_url(text: &str) -> Option<String> {
    let rest = text.strip_prefix("data:")?;
    let (head, body) = rest.split_once(',')?;
    let is_script = head.is_empty() || head.contains("javascript") || head.contains("ecmascript");
    if !is_script {
        return None;
    }
    let bytes = if head.ends_with(";base64") {
        crate::value::from_base64(body)
    } else {
        return crate::value::percent_decode(body);
    };
    String::from_utf8(bytes).ok()
}

/// The code in `spawn("node", ["-e", code])`.
fn node_argument(package: &mut Package<'_>, one: &Use) -> Option<String> {
    let program = package.close(*one.args.first()?);
    let list = package.close(*one.args.get(1)?);
    if !is_node(package, program) {
        return None;
    }
    let Term::Array(items, _) = package.terms.get(list).clone() else {
        return None;
    };
    let words: Vec<Option<Key>> = items
        .iter()
        .map(|&item| {
            let item = package.close(item);
            package.terms.as_string(item)
        })
        .collect();
    let at = words.iter().position(|word| {
        word.as_deref()
            .is_some_and(|word| CODE_OPTIONS.contains(&word))
    })?;
    words.get(at + 1)?.as_deref().map(str::to_owned)
}

/// Whether a program is Node itself, or something like it.
pub(super) fn is_node(package: &Package<'_>, program: ValueId) -> bool {
    match package.terms.get(program) {
        Term::String(text) => {
            let name = text.rsplit(['/', '\\']).next().unwrap_or(text);
            NODES.contains(&name.trim_end_matches(".exe"))
        }
        // `process.execPath` and `process.argv[0]`.
        Term::Member(of, key) => match package.terms.get(*of) {
            Term::Global(name) => &**name == "process" && matches!(&**key, "execPath" | "argv0"),
            Term::Member(of, argv) => {
                &**argv == "argv"
                    && &**key == "0"
                    && matches!(package.terms.get(*of), Term::Global(name) if &**name == "process")
            }
            _ => false,
        },
        _ => false,
    }
}

/// Files that are written and then run: by another process of Node, by `require`, or as a script.
fn run_written(package: &mut Package<'_>, uses: &[Use]) {
    let files = WrittenFiles::of(package, uses);
    if files.is_empty() {
        return;
    }
    for one in uses {
        for effect in &one.effects {
            let runs = effect.behaviour.id.starts_with("process.")
                || matches!(effect.behaviour.id, "code.module-load" | "code.worker");
            if !runs {
                continue;
            }
            for target in &effect.targets {
                let Some(text) = &target.text else { continue };
                let is_node = text.starts_with("node ");
                // A page that Node is told to show is no script.
                let is_script =
                    |file: &Written| file.is_code() || is_node && !is_markup(&file.text);
                for written in files.named(package, text, is_script) {
                    let layer = Layer {
                        file: written.file,
                        span: written.span,
                        kind: "written",
                        text: written.text.to_string(),
                        is_sure: true,
                    };
                    push(package, layer, one.reach);
                }
            }
        }
    }
}
