//! The code that uses a row, and what it must show.

use std::collections::BTreeMap;

use super::binding::{forms, plain};
use super::instance::make;
use crate::api::{Aim, AimKind, Api, Place};

/// A file that uses one row.
pub(super) struct Snippet {
    pub(super) row: &'static str,
    pub(super) form: &'static str,
    pub(super) is_module: bool,
    pub(super) code: String,
    /// Behaviour and target; `None`: the row names no target.
    pub(super) expected: Vec<(&'static str, Option<String>)>,
}

/// Every snippet of a row.
pub(super) fn of(row: &'static Api) -> Vec<Snippet> {
    match row.path.split_once('#') {
        Some((of, name)) => of_instance(row, of, name.trim_end_matches('=')),
        None => of_path(row),
    }
}

fn of_path(row: &'static Api) -> Vec<Snippet> {
    let is_write = row.path.ends_with('=');
    let bound = forms(row.path.trim_end_matches('='));
    bound
        .into_iter()
        .filter(|bound| !is_write || is_keyed(row) || !bound.is_copy)
        .map(|bound| Snippet {
            row: row.path,
            form: bound.form,
            is_module: bound.is_module,
            code: format!("{}{}", bound.before, used(row, &bound.expr)),
            expected: expected(row, None),
        })
        .collect()
}

fn of_instance(row: &'static Api, of: &'static str, name: &str) -> Vec<Snippet> {
    let Some(made) = make(of, row) else {
        return Vec::new();
    };
    let expected = expected(row, made.target.as_ref());
    let direct = used(row, &format!("{}.{name}", made.expr));
    let held = format!(
        "const h = {};\n{}",
        made.expr,
        used(row, &format!("h.{name}"))
    );
    [("direct", direct), ("held", held)]
        .into_iter()
        .map(|(form, code)| Snippet {
            row: row.path,
            form,
            is_module: false,
            code: format!("{}{code}{}", made.before, made.after),
            expected: expected.clone(),
        })
        .collect()
}

fn is_keyed(row: &Api) -> bool {
    row.effects.iter().any(|effect| {
        matches!(
            effect.aim,
            Some(Aim {
                place: Place::Key,
                ..
            })
        )
    })
}

/// The statement that calls, reads or assigns.
fn used(row: &Api, expr: &str) -> String {
    let key = if is_keyed(row) { ".NAME_X" } else { "" };
    if row.path.ends_with('=') {
        let args = arguments(row);
        let value = args.first().unwrap_or_else(|| "() => 1".to_owned());
        return format!("{expr}{key} = {value};\n");
    }
    if row.read {
        return format!("const v = {expr}{key};\n");
    }
    format!("{};\n", callee(row, expr, &arguments(row).text()))
}

/// The call of a row; types are constructed.
pub(super) fn callee(row: &Api, expr: &str, args: &str) -> String {
    let name = row.path.rsplit(['.', '#']).next().unwrap_or("");
    let is_type = name.starts_with(|c: char| c.is_ascii_uppercase()) && name != "SQL";
    if is_type {
        // `new require("x").Y()` would construct `require`.
        let expr = match expr.starts_with("require(") {
            true => format!("({expr})"),
            false => expr.to_owned(),
        };
        return format!("new {expr}({args})");
    }
    format!("{expr}({args})")
}

fn expected(row: &'static Api, receiver: Option<&String>) -> Vec<(&'static str, Option<String>)> {
    let args = arguments(row);
    row.effects
        .iter()
        .map(|effect| {
            let target = effect.aim.and_then(|aim| match aim.place {
                Place::This => receiver
                    .cloned()
                    .or(Some("a receiver with a target".to_owned())),
                Place::Key => Some("NAME_X".to_owned()),
                Place::Text(text) => Some(text.to_owned()),
                _ => args.target(aim),
            });
            (effect.behaviour.id, target)
        })
        .collect()
}

/// The arguments that a row asks for.
#[derive(Default)]
pub(super) struct Arguments {
    at: BTreeMap<u8, String>,
    aims: Vec<(Aim, String)>,
}

impl Arguments {
    /// `a, b, c`
    pub(super) fn text(&self) -> String {
        let end = self.at.keys().next_back().map_or(0, |last| last + 1);
        let all: Vec<&str> = (0..end)
            .map(|at| self.at.get(&at).map_or("\"z\"", String::as_str))
            .collect();
        all.join(", ")
    }

    fn first(&self) -> Option<String> {
        self.at.get(&0).cloned()
    }

    /// What the report says of an aim.
    pub(super) fn target(&self, aim: Aim) -> Option<String> {
        if let Place::Text(text) = aim.place {
            return Some(text.to_owned());
        }
        let found = self.aims.iter().find(|(known, _)| *known == aim);
        found.map(|(_, target)| target.clone())
    }

    /// The arguments with a function in the place of a callback.
    pub(super) fn with_callback(&mut self, place: Place, start: &str) -> String {
        let at = match place {
            Place::Arg(at) | Place::From(at) => at,
            _ => self.at.keys().next_back().map_or(0, |last| last + 1),
        };
        self.at.insert(at, start.to_owned());
        self.text()
    }
}

pub(super) fn arguments(row: &Api) -> Arguments {
    let mut args = Arguments::default();
    for (number, effect) in row.effects.iter().enumerate() {
        let Some(aim) = effect.aim else { continue };
        let (code, more, target) = sample(aim.kind, number);
        let is_call = match aim.place {
            Place::Arg(at) | Place::From(at) => {
                if let Some(more) = more {
                    args.at.insert(at + 1, more.to_owned());
                }
                args.at.insert(at, code);
                more.is_some()
            }
            Place::Property(at, name) => {
                args.at.insert(at, format!("{{ {name}: {code} }}"));
                false
            }
            Place::Last => {
                args.at.insert(0, "\"z\"".to_owned());
                args.at.insert(1, code);
                false
            }
            Place::This | Place::Key | Place::Text(_) => continue,
        };
        let target = if aim.kind == AimKind::Argv && is_call {
            format!("{target} -a")
        } else {
            target
        };
        args.aims.push((aim, target));
    }
    if let Some((at, text)) = row.only_if {
        args.at.insert(at, format!("\"{text}\""));
        for (aim, target) in &mut args.aims {
            if aim.place == Place::Arg(at) {
                *target = text.to_owned();
            }
        }
    }
    args
}

/// Code, the argument after it, and the target that the report must name.
fn sample(kind: AimKind, number: usize) -> (String, Option<&'static str>, String) {
    let text = match kind {
        AimKind::Path => format!("/tmp/x{number}"),
        AimKind::Url => format!("https://h{number}.example/p"),
        AimKind::Host => format!("h{number}.example"),
        AimKind::Command => "run it".to_owned(),
        AimKind::Argv => "tool".to_owned(),
        AimKind::Module => "m-x".to_owned(),
        AimKind::Variable => "NAME_Y".to_owned(),
        AimKind::Code => "x.y = 1".to_owned(),
        AimKind::Other => "thing".to_owned(),
    };
    let more = (kind == AimKind::Argv).then_some("[\"-a\"]");
    (format!("\"{text}\""), more, text)
}

#[test]
fn a_row_is_written_as_a_package_writes_it() {
    assert_eq!(
        plain("fs.promises.rm").as_deref(),
        Some("require(\"fs/promises\").rm")
    );
    assert_eq!(plain("Bun.file").as_deref(), Some("Bun.file"));
}
