//! `RegExp`, and the methods of strings that take one.

use std::rc::Rc;

use super::{Call, Native, row};
use crate::value::run::object::Val;
use crate::value::run::regex::{Groups, Pattern, Subject};
use crate::value::run::text::{Text, find};
use crate::value::run::{MOST_LENGTH, Machine, Run, Stop};

pub(super) const ROWS: &[Native] = &[
    row("RegExp", 2, regexp),
    row("RegExp.prototype.exec", 1, exec),
    row("RegExp.prototype.test", 1, exec),
    row("RegExp.prototype.toString", 0, text),
    row("RegExp.prototype.compile", 2, regexp),
    row("get RegExp.prototype.source", 0, text),
    row("get RegExp.prototype.flags", 0, text),
    row("get RegExp.prototype.global", 0, flag),
    row("get RegExp.prototype.ignoreCase", 0, flag),
    row("get RegExp.prototype.multiline", 0, flag),
    row("get RegExp.prototype.sticky", 0, flag),
    row("get RegExp.prototype.unicode", 0, flag),
    row("String.prototype.match", 1, matches),
    row("String.prototype.matchAll", 1, matches),
    row("String.prototype.search", 1, search),
    row("String.prototype.replace", 2, replace),
    row("String.prototype.replaceAll", 2, replace),
    row("String.prototype.split", 2, split),
];

fn regexp(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let given = machine.pattern(call.arg(0));
    let source = match (&given, call.arg(0)) {
        (Some(pattern), _) => pattern.source.clone(),
        (None, Val::Undefined) => Text::new("(?:)"),
        (None, source) => machine.to_text(source)?,
    };
    let flags = match (&given, call.arg(1)) {
        (Some(pattern), Val::Undefined) => pattern.flags.clone(),
        (None, Val::Undefined) => String::new(),
        (_, flags) => machine.to_text(flags)?.lossy(),
    };
    let source = if source.is_empty() {
        Text::new("(?:)")
    } else {
        source
    };
    machine.new_regex(&source, &flags)
}

fn this(machine: &mut Machine<'_>, call: &Call<'_>) -> Run<Rc<Pattern>> {
    match machine.pattern(call.this) {
        Some(pattern) => Ok(pattern),
        None if call.this.is_host() => Err(Stop::Opaque),
        None => machine.type_error("receiver is not a RegExp"),
    }
}

fn exec(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let pattern = this(machine, call)?;
    let units = machine.to_units(call.arg(0))?;
    let subject = machine.subject(&units)?;
    let moves = pattern.has('g') || pattern.has('y');
    let from = if moves {
        machine.last_index(call.this)?
    } else {
        0
    };
    let found = machine.matched(&pattern, &subject, from)?;
    if moves {
        let end = found
            .as_ref()
            .and_then(|groups| groups[0])
            .map_or(0, |whole| whole.1);
        machine.set_last_index(call.this, end);
    }
    if call.name() == "test" {
        return Ok(Val::Bool(found.is_some()));
    }
    Ok(match found {
        Some(groups) => machine.match_array(&pattern, &subject, &groups),
        None => Val::Null,
    })
}

fn text(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let pattern = this(machine, call)?;
    Ok(match call.name() {
        "source" => Val::Str(pattern.source.clone()),
        "flags" => Val::str(&pattern.flags),
        _ => Val::str(&format!("/{}/{}", pattern.source.lossy(), pattern.flags)),
    })
}

fn flag(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let pattern = this(machine, call)?;
    let flag = match call.name() {
        "global" => 'g',
        "ignoreCase" => 'i',
        "multiline" => 'm',
        "sticky" => 'y',
        _ => 'u',
    };
    Ok(Val::Bool(pattern.has(flag)))
}

fn this_units(machine: &mut Machine<'_>, call: &Call<'_>) -> Run<Rc<[u16]>> {
    if call.this.is_nullish() {
        return machine.type_error("called on null or undefined");
    }
    machine.to_units(call.this)
}

/// Every match, from the start.
fn all(machine: &mut Machine<'_>, pattern: &Pattern, subject: &Subject) -> Run<Vec<Groups>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(groups) = machine.matched(pattern, subject, from)? {
        let Some((start, end)) = groups[0] else { break };
        from = if end == start { end + 1 } else { end };
        machine.memory = machine.memory.saturating_add(32 * groups.len() as u64);
        found.push(groups);
        if found.len() > MOST_LENGTH {
            return Err(Stop::End);
        }
    }
    Ok(found)
}

/// The pattern that an argument is or makes.
fn wanted(machine: &mut Machine<'_>, value: &Val, flags: &str) -> Run<Val> {
    if machine.pattern(value).is_some() {
        return Ok(value.clone());
    }
    let source = match value {
        Val::Undefined => Text::new("(?:)"),
        value => machine.to_text(value)?,
    };
    machine.new_regex(&source, flags)
}

fn matches(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_units(machine, call)?;
    let is_all = call.name() == "matchAll";
    let regex = wanted(machine, call.arg(0), if is_all { "g" } else { "" })?;
    let Some(pattern) = machine.pattern(&regex) else {
        return Err(Stop::Opaque);
    };
    let subject = machine.subject(&units)?;
    if !pattern.has('g') {
        let from = if pattern.has('y') {
            machine.last_index(&regex)?
        } else {
            0
        };
        return Ok(match machine.matched(&pattern, &subject, from)? {
            Some(groups) => machine.match_array(&pattern, &subject, &groups),
            None => Val::Null,
        });
    }
    machine.set_last_index(&regex, 0);
    let found = all(machine, &pattern, &subject)?;
    if is_all {
        let items = found
            .iter()
            .map(|groups| machine.match_array(&pattern, &subject, groups))
            .collect();
        return Ok(machine.iterator(items, Val::Undefined));
    }
    if found.is_empty() {
        return Ok(Val::Null);
    }
    let items = found
        .iter()
        .filter_map(|groups| groups[0])
        .map(|(start, end)| Val::of_units(&units[start..end]))
        .collect();
    Ok(machine.array(items))
}

fn search(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_units(machine, call)?;
    let regex = wanted(machine, call.arg(0), "")?;
    let Some(pattern) = machine.pattern(&regex) else {
        return Err(Stop::Opaque);
    };
    let subject = machine.subject(&units)?;
    let found = machine.matched(&pattern, &subject, 0)?;
    let at = found.and_then(|groups| groups[0]);
    Ok(Val::Num(at.map_or(-1.0, |(start, _)| start as f64)))
}

fn replace(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_units(machine, call)?;
    let (pattern, found) = match machine.pattern(call.arg(0)) {
        Some(pattern) => {
            let subject = machine.subject(&units)?;
            let found = if pattern.has('g') {
                machine.set_last_index(call.arg(0), 0);
                all(machine, &pattern, &subject)?
            } else {
                machine
                    .matched(&pattern, &subject, 0)?
                    .into_iter()
                    .collect()
            };
            (Some(pattern), found)
        }
        None => {
            let wanted = machine.to_units(call.arg(0))?;
            let mut found: Vec<Groups> = Vec::new();
            let mut from = 0;
            while let Some(at) = find(&units, &wanted, from) {
                found.push(vec![Some((at, at + wanted.len()))]);
                from = at + wanted.len().max(1);
                if call.name() == "replace" || found.len() > MOST_LENGTH {
                    break;
                }
            }
            machine.spend(units.len() as u64 / 16 + found.len() as u64)?;
            (None, found)
        }
    };
    let replacement = call.arg(1);
    let is_function = machine.is_callable(replacement) && !replacement.is_host();
    let template = if is_function {
        Rc::from([])
    } else {
        machine.to_units(replacement)?
    };
    let mut out: Vec<u16> = Vec::with_capacity(units.len());
    let mut last = 0;
    for groups in &found {
        let Some((start, end)) = groups[0] else {
            continue;
        };
        out.extend_from_slice(units.get(last..start).unwrap_or(&[]));
        if is_function {
            let mut args: Vec<Val> = groups
                .iter()
                .map(|group| match group {
                    Some((start, end)) => Val::of_units(&units[*start..*end]),
                    None => Val::Undefined,
                })
                .collect();
            args.push(Val::Num(start as f64));
            args.push(Val::of_units(&units));
            let value = machine.call(replacement, Val::Undefined, args)?;
            out.extend_from_slice(&machine.to_units(&value)?);
        } else {
            expand(&mut out, &template, &units, groups, pattern.as_deref());
        }
        last = end;
        if out.len() > MOST_LENGTH {
            return Err(Stop::End);
        }
    }
    out.extend_from_slice(units.get(last..).unwrap_or(&[]));
    machine.pay(out.len())?;
    Ok(Val::of_units(&out))
}

/// `$1`, `$&` and the like in a replacement.
fn expand(
    out: &mut Vec<u16>,
    template: &[u16],
    units: &[u16],
    groups: &Groups,
    pattern: Option<&Pattern>,
) {
    const DOLLAR: u16 = 0x24;
    let whole = groups[0].unwrap_or((0, 0));
    let digit = |at: usize| {
        template
            .get(at)
            .and_then(|&unit| char::from_u32(u32::from(unit)))
            .and_then(|char| char.to_digit(10))
            .map(|digit| digit as usize)
    };
    let mut at = 0;
    while let Some(&unit) = template.get(at) {
        if unit != DOLLAR {
            out.push(unit);
            at += 1;
            continue;
        }
        let next = template
            .get(at + 1)
            .copied()
            .map(u32::from)
            .and_then(char::from_u32);
        match next {
            Some('$') => {
                out.push(DOLLAR);
                at += 2;
            }
            Some('&') => {
                out.extend_from_slice(&units[whole.0..whole.1]);
                at += 2;
            }
            Some('`') => {
                out.extend_from_slice(&units[..whole.0]);
                at += 2;
            }
            Some('\'') => {
                out.extend_from_slice(&units[whole.1..]);
                at += 2;
            }
            Some('<') if pattern.is_some_and(|one| one.names().flatten().next().is_some()) => {
                let close = template[at..].iter().position(|&unit| unit == 0x3e);
                let Some(close) = close else {
                    out.push(DOLLAR);
                    at += 1;
                    continue;
                };
                let name = String::from_utf16_lossy(&template[at + 2..at + close]);
                let group =
                    pattern.and_then(|one| one.names().position(|one| one == Some(name.as_str())));
                if let Some((start, end)) =
                    group.and_then(|group| groups.get(group).copied().flatten())
                {
                    out.extend_from_slice(&units[start..end]);
                }
                at += close + 1;
            }
            _ => {
                let one = digit(at + 1);
                let two = one.and_then(|one| Some(one * 10 + digit(at + 2)?));
                let (group, len) = match (two, one) {
                    (Some(two), _) if two > 0 && two < groups.len() => (two, 3),
                    (_, Some(one)) if one > 0 && one < groups.len() => (one, 2),
                    _ => {
                        out.push(DOLLAR);
                        at += 1;
                        continue;
                    }
                };
                if let Some((start, end)) = groups[group] {
                    out.extend_from_slice(&units[start..end]);
                }
                at += len;
            }
        }
    }
}

fn split(machine: &mut Machine<'_>, call: &Call<'_>) -> Run {
    let units = this_units(machine, call)?;
    let most = match call.arg(1) {
        Val::Undefined => usize::MAX,
        most => machine.to_whole(most)?.max(0.0) as usize,
    };
    let mut parts: Vec<Val> = Vec::new();
    if call.arg(0).is_undefined() {
        parts.push(Val::of_units(&units));
    } else if let Some(pattern) = machine.pattern(call.arg(0)) {
        let subject = machine.subject(&units)?;
        if units.is_empty() {
            if machine.matched(&pattern, &subject, 0)?.is_none() {
                parts.push(Val::str(""));
            }
        } else {
            let mut last = 0;
            for groups in all(machine, &pattern, &subject)? {
                let Some((start, end)) = groups[0] else {
                    continue;
                };
                if end == start && (start == last || start >= units.len()) {
                    continue;
                }
                parts.push(Val::of_units(&units[last..start]));
                for group in &groups[1..] {
                    parts.push(match group {
                        Some((start, end)) => Val::of_units(&units[*start..*end]),
                        None => Val::Undefined,
                    });
                }
                last = end;
            }
            parts.push(Val::of_units(&units[last..]));
        }
    } else {
        let separator = machine.to_units(call.arg(0))?;
        if separator.is_empty() {
            machine.pay(units.len())?;
            parts = units.iter().map(|&unit| Val::of_units(&[unit])).collect();
        } else {
            let mut from = 0;
            while let Some(at) = find(&units, &separator, from) {
                parts.push(Val::of_units(&units[from..at]));
                from = at + separator.len();
            }
            parts.push(Val::of_units(&units[from..]));
        }
    }
    machine.pay(parts.len() + units.len() / 4)?;
    parts.truncate(most);
    Ok(machine.array(parts))
}
