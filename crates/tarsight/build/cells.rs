//! Reads the cells of API rows and writes them as Rust.

use std::collections::BTreeSet;

/// Names that rows use, to be checked once all rows are read.
#[derive(Default)]
pub(crate) struct Used {
    /// `type=NAME`.
    pub(crate) types: BTreeSet<String>,
    /// `alias=NAME`.
    pub(crate) aliases: BTreeSet<String>,
}

const ORIGINS: [&str; 8] = [
    "literal",
    "parameter",
    "environment",
    "file",
    "host",
    "remote",
    "decoded",
    "unknown",
];

const KINDS: [&str; 9] = [
    "path", "url", "host", "command", "argv", "module", "variable", "code", "other",
];

/// `fs.read`, with a target `path:0`, as an `Effect`.
pub(crate) fn effect(behaviour: usize, target: Option<&str>) -> Result<String, String> {
    let aim = match target {
        None => "None".to_owned(),
        Some(text) => {
            let (kind, place_text) = text
                .split_once(':')
                .ok_or_else(|| format!("the target `{text}` is not KIND:WHERE"))?;
            if !KINDS.contains(&kind) {
                return Err(format!("the target kind `{kind}` is unknown"));
            }
            let place = place(place_text)?;
            format!(
                "Some(Aim {{ kind: AimKind::{}, place: {place} }})",
                pascal(kind)
            )
        }
    };
    Ok(format!(
        "Effect {{ behaviour: &BEHAVIOURS[{behaviour}], aim: {aim} }}"
    ))
}

/// `0`, `1.body`, `1.*`, `2..`, `last`, `self`, `key`, `=text`.
pub(crate) fn place(text: &str) -> Result<String, String> {
    let unknown = || format!("the place `{text}` is not N, N.NAME, N.., last, self, key or =TEXT");
    if let Some(constant) = text.strip_prefix('=') {
        return Ok(format!("Place::Text({constant:?})"));
    }
    match text {
        "last" => return Ok("Place::Last".to_owned()),
        "self" => return Ok("Place::This".to_owned()),
        "key" => return Ok("Place::Key".to_owned()),
        _ => {}
    }
    if let Some(first) = text.strip_suffix("..") {
        return Ok(format!(
            "Place::From({})",
            number(first).ok_or_else(unknown)?
        ));
    }
    match text.split_once('.') {
        Some((_, "")) => Err(unknown()),
        Some((index, name)) => Ok(format!(
            "Place::Property({}, {name:?})",
            number(index).ok_or_else(unknown)?
        )),
        None => Ok(format!("Place::Arg({})", number(text).ok_or_else(unknown)?)),
    }
}

/// `type=…`, `alias=…`, `origin=…`, `secret`, `same=…`, `decode`, `decode=N`, `module=N`.
pub(crate) fn gives(text: &str, used: &mut Used) -> Result<String, String> {
    let (name, value) = text.split_once('=').unwrap_or((text, ""));
    let index = || {
        number(value)
            .ok_or_else(|| format!("`{name}` needs the number of an argument, not `{value}`"))
    };
    Ok(match (name, value) {
        ("type", value) if !value.is_empty() => {
            used.types.insert(value.to_owned());
            format!("Gives::Type({value:?})")
        }
        ("alias", value) if !value.is_empty() => {
            used.aliases.insert(value.to_owned());
            format!("Gives::Alias({value:?})")
        }
        ("origin", value) if ORIGINS.contains(&value) => {
            format!("Gives::Origin(Origin::{})", pascal(value))
        }
        ("origin", value) => return Err(format!("the origin `{value}` is unknown")),
        ("same", value) => format!("Gives::Same({})", place(value)?),
        ("secret", "") => "Gives::Secret".to_owned(),
        ("decode", "") => "Gives::Decode".to_owned(),
        ("decode", _) => format!("Gives::DecodeIf({})", index()?),
        ("module", _) => format!("Gives::Module({})", index()?),
        _ => return Err(format!("`{text}` is nothing that a call can give")),
    })
}

/// `last:1=result`, `1:0=origin=remote`.
pub(crate) fn callback(text: &str, used: &mut Used) -> Result<String, String> {
    let parts = text
        .split_once(':')
        .and_then(|(at, rest)| Some((at, rest.split_once('=')?)));
    let Some((at, (parameter, what))) = parts else {
        return Err(format!("the callback `{text}` is not WHERE:PARAMETER=WHAT"));
    };
    let at = place(at)?;
    let parameter = number(parameter)
        .ok_or_else(|| format!("the callback `{text}` needs the number of a parameter"))?;
    let handed = if what == "result" {
        "Handed::Result".to_owned()
    } else {
        format!("Handed::Gives({})", gives(what, used)?)
    };
    Ok(format!(
        "Callback {{ at: {at}, parameter: {parameter}, handed: {handed} }}"
    ))
}

/// The last column: `runs` or `keeps`, `read`, `if=N:TEXT`.
#[derive(Default)]
pub(crate) struct Flags {
    pub(crate) runs: Option<&'static str>,
    pub(crate) read: bool,
    pub(crate) only_if: Option<String>,
}

impl Flags {
    pub(crate) fn add(&mut self, text: &str) -> Result<(), String> {
        match text {
            "runs" => self.runs = Some("Runs::Soon"),
            "keeps" => self.runs = Some("Runs::Keeps"),
            "read" => self.read = true,
            _ => {
                let condition = text
                    .strip_prefix("if=")
                    .and_then(|rest| rest.split_once(':'))
                    .and_then(|(index, text)| Some((number(index)?, text)))
                    .ok_or_else(|| format!("the flag `{text}` is unknown"))?;
                self.only_if = Some(format!("({}, {:?})", condition.0, condition.1));
            }
        }
        Ok(())
    }
}

fn number(text: &str) -> Option<u8> {
    text.parse().ok()
}

/// `dynamic-code` → `DynamicCode`.
pub(crate) fn pascal(text: &str) -> String {
    text.split('-')
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_ascii_uppercase().to_string() + letters.as_str()
            })
        })
        .collect()
}
