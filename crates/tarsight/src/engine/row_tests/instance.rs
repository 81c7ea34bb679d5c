//! How to come by an instance of a type of the tables: the rows say it.

use super::binding::plain;
use super::snippet::{arguments, callee};
use crate::api::{self, Aim, Api, Gives, Handed, Place};

/// Longest chain of rows that lead to an instance.
const MOST_STEPS: usize = 6;

/// An instance: code around its use, the expression, and what it was aimed at.
#[derive(Clone)]
pub(super) struct Made {
    pub(super) before: String,
    pub(super) expr: String,
    pub(super) after: String,
    pub(super) target: Option<String>,
}

/// An instance on which `name` is what `row` says.
pub(super) fn make(of: &'static str, row: &'static Api) -> Option<Made> {
    let name = row.path.split_once('#')?.1.trim_end_matches('=');
    let wants_target = row.effects.iter().any(|effect| {
        matches!(
            effect.aim,
            Some(Aim {
                place: Place::This,
                ..
            })
        )
    });
    let mut found: Vec<Made> = Vec::new();
    for kind in family(of) {
        let is_same = if row.path.ends_with('=') {
            api::assignment(&format!("{kind}#{name}"))
        } else {
            api::lookup(&format!("{kind}#{name}"))
        };
        if is_same == Some(row) {
            found.extend(instances(kind, &mut vec![kind]));
        }
    }
    let best = found.iter().find(|made| made.target.is_some());
    match best {
        Some(best) => Some(best.clone()),
        None if wants_target => {
            let made = found.first()?.clone();
            Some(open(of, row, made.clone()).unwrap_or(made))
        }
        None => found.into_iter().next(),
    }
}

/// The type, and the types that are based on it.
fn family(of: &'static str) -> Vec<&'static str> {
    let mut all = vec![of];
    let mut at = 0;
    while let Some(&base) = all.get(at) {
        let based = api::all().iter().filter_map(|row| {
            let kind = row.path.strip_suffix('#')?;
            row.gives.contains(&Gives::Type(base)).then_some(kind)
        });
        for kind in based {
            if !all.contains(&kind) {
                all.push(kind);
            }
        }
        at += 1;
    }
    all
}

fn gives_first(row: &Api, of: &str) -> bool {
    let first = row.gives.iter().find_map(|gives| match gives {
        Gives::Type(kind) => Some(*kind),
        _ => None,
    });
    first == Some(of)
}

/// Instances of exactly this type, those with a target first.
fn instances(of: &'static str, seen: &mut Vec<&'static str>) -> Vec<Made> {
    if seen.len() > MOST_STEPS {
        return Vec::new();
    }
    let mut found = Vec::new();
    for row in api::all() {
        if row.path.ends_with(['#', '=']) {
            continue;
        }
        let given = gives_first(row, of);
        let handed = row.callbacks.iter().find(|callback| match callback.handed {
            Handed::Result => given,
            Handed::Gives(Gives::Type(kind)) => kind == of,
            Handed::Gives(_) => false,
        });
        if !given && handed.is_none() {
            continue;
        }
        let Some(made) = receiver(row, seen) else {
            continue;
        };
        let of_row = row.effects.iter().find_map(|effect| effect.aim);
        let mut args = arguments(row);
        let target = match of_row {
            Some(aim) if aim.place != Place::This => args.target(aim),
            _ => made.target.clone(),
        };
        if given {
            let expr = match row.read {
                true => made.expr.clone(),
                false => callee(row, &made.expr, &args.text()),
            };
            found.push(Made {
                expr,
                target: if row.read { None } else { target.clone() },
                ..made.clone()
            });
        } else if let Some(callback) = handed {
            let parameter = format!("p{}", seen.len());
            let skipped: String = (0..callback.parameter)
                .map(|at| format!("q{}{at}, ", seen.len()))
                .collect();
            let start = args.with_callback(callback.at, &format!("({skipped}{parameter}) => {{\n"));
            let call = callee(row, &made.expr, &start);
            let (call, end) = call.split_at(call.rfind(')').unwrap_or(call.len()));
            found.push(Made {
                before: format!("{}{call}", made.before),
                expr: parameter,
                after: format!("}}{end};\n{}", made.after),
                target,
            });
        }
    }
    found.sort_by_key(|made| (made.target.is_none(), made.before.len() + made.expr.len()));
    found.truncate(2);
    found
}

/// What stands before the call of a row that gives the wanted instance.
fn receiver(row: &'static Api, seen: &mut Vec<&'static str>) -> Option<Made> {
    match row.path.split_once('#') {
        None => Some(Made {
            before: String::new(),
            expr: plain(row.path)?,
            after: String::new(),
            target: None,
        }),
        Some((of, name)) => {
            if seen.contains(&of) {
                return None;
            }
            seen.push(of);
            let made = instances(of, seen).into_iter().next();
            seen.pop();
            let mut made = made?;
            let is_aimed = row.effects.iter().any(|effect| {
                matches!(
                    effect.aim,
                    Some(Aim {
                        place: Place::This,
                        ..
                    })
                )
            });
            if is_aimed && made.target.is_none() {
                made = open(of, row, made.clone()).unwrap_or(made);
            }
            let expr = format!("{}.{name}", made.expr);
            Some(Made { expr, ..made })
        }
    }
}

/// Calls the method that aims the instance, as `open` of a request does.
fn open(of: &str, row: &Api, made: Made) -> Option<Made> {
    let opener = api::all().iter().find(|other| {
        let is_method = other
            .path
            .split_once('#')
            .is_some_and(|(kind, name)| kind == of && !name.is_empty() && !name.ends_with('='));
        is_method
            && other.effects.iter().any(|effect| {
                matches!(
                    effect.aim,
                    Some(Aim {
                        place: Place::Arg(_),
                        ..
                    })
                ) && effect.behaviour == row.effects[0].behaviour
            })
    })?;
    let name = opener.path.split_once('#')?.1;
    let args = arguments(opener);
    let aim = opener.effects.iter().find_map(|effect| effect.aim)?;
    let target = args.target(aim);
    Some(Made {
        before: format!(
            "{}const r = {};\nr.{name}({});\n",
            made.before,
            made.expr,
            args.text()
        ),
        expr: "r".to_owned(),
        target,
        ..made
    })
}
