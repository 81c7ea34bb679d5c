//! What a condition is about, as far as reviewers ask: the platform, a variable, the date, the
//! time zone, the user, whether a file is there.

use crate::value::{Evaluator, Term, Terms, ValueId};

/// Deepest sum that is searched.
const MOST_DEPTH: u32 = 6;

/// Paths of what is read or called, and the subject.
const SUBJECTS: [(&str, &str); 29] = [
    ("Date.now", "date"),
    ("Math.random", "random"),
    ("document", "document"),
    ("inspector.url", "debugger"),
    ("location.host", "page-host"),
    ("location.hostname", "page-host"),
    ("location.href", "page"),
    ("location.pathname", "page"),
    ("navigator", "navigator"),
    ("navigator.language", "locale"),
    ("navigator.languages", "locale"),
    ("navigator.userAgent", "user-agent"),
    ("navigator.webdriver", "webdriver"),
    ("os.arch", "arch"),
    ("os.cpus", "cpus"),
    ("os.freemem", "memory"),
    ("os.hostname", "hostname"),
    ("os.platform", "platform"),
    ("os.totalmem", "memory"),
    ("os.type", "platform"),
    ("os.uptime", "uptime"),
    ("os.userInfo", "user"),
    ("process.arch", "arch"),
    ("process.argv", "argv"),
    ("process.execArgv", "node-options"),
    ("process.platform", "platform"),
    ("process.uptime", "uptime"),
    ("require.main", "require.main"),
    ("window", "window"),
];
/// What methods of a date tell.
const OF_DATES: [(&str, &str); 13] = [
    ("getDate", "day"),
    ("getDay", "weekday"),
    ("getFullYear", "year"),
    ("getHours", "hour"),
    ("getMonth", "month"),
    ("getTime", "date"),
    ("getTimezoneOffset", "timezone"),
    ("getUTCDate", "day"),
    ("getUTCDay", "weekday"),
    ("getUTCHours", "hour"),
    ("getUTCMonth", "month"),
    ("toISOString", "date"),
    ("valueOf", "date"),
];

/// `platform`, `date`, `env.NAME`, … if the value is one of those or is made of one.
pub(super) fn subject(evaluator: &Evaluator<'_>, id: ValueId) -> Option<String> {
    of_value(&evaluator.terms, id, 0)
}

fn of_value(terms: &Terms, id: ValueId, depth: u32) -> Option<String> {
    if depth > MOST_DEPTH {
        return None;
    }
    let mut path = String::new();
    let whole = match terms.get(id) {
        Term::Call(callee, ..) => *callee,
        _ => id,
    };
    if terms.path(whole, &mut path, 0) {
        let known = SUBJECTS.binary_search_by(|(known, _)| (*known).cmp(path.as_str()));
        if let Ok(at) = known {
            return SUBJECTS.get(at).map(|(_, subject)| (*subject).to_owned());
        }
        let is_place = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
        if path.strip_prefix("process.argv.").is_some_and(is_place) {
            return Some("argv".to_owned());
        }
        if let Some(name) = path.strip_prefix("process.env.") {
            return Some(format!("env.{name}"));
        }
    }
    match terms.get(id) {
        Term::New(maker, args, _) => {
            (args.is_empty() && is_global(terms, *maker, "Date")).then(|| "date".to_owned())
        }
        Term::Call(callee, args, _) => of_call(terms, *callee, args, depth),
        // Of the user, of the processors, of a list.
        Term::Member(of, key) => match &**key {
            "timeZone" => Some("timezone".to_owned()),
            "locale" if is_options(terms, *of) => Some("locale".to_owned()),
            "length" | "username" => of_value(terms, *of, depth + 1),
            _ => None,
        },
        Term::Index(of, _) => of_value(terms, *of, depth + 1).filter(|of| of == "argv"),
        // `Date.now() - start`.
        Term::Derived(parts, _) => parts
            .iter()
            .find_map(|&part| of_value(terms, part, depth + 1)),
        _ => None,
    }
}

fn of_call(terms: &Terms, callee: ValueId, args: &[ValueId], depth: u32) -> Option<String> {
    let Term::Member(of, method) = terms.get(callee) else {
        return None;
    };
    if let Term::New(maker, made, _) = terms.get(*of)
        && is_global(terms, *maker, "Date")
    {
        let known = OF_DATES.iter().find(|(name, _)| **name == **method);
        return known
            .filter(|_| made.is_empty())
            .map(|(_, subject)| (*subject).to_owned());
    }
    if matches!(&**method, "existsSync" | "accessSync" | "statSync") {
        let path = args.first().map(|&path| path_text(terms, path));
        return path
            .filter(|path| path != "<?>")
            .map(|path| format!("exists({path})"));
    }
    let passes_on = matches!(
        &**method,
        "slice" | "split" | "toLowerCase" | "toString" | "toUpperCase" | "trim"
    );
    passes_on.then(|| of_value(terms, *of, depth + 1))?
}

/// A path, as far as it is known.
fn path_text(terms: &Terms, id: ValueId) -> String {
    let mut callee = String::new();
    match terms.get(id) {
        Term::String(text) => text.to_string(),
        Term::Concat(parts) => parts.iter().map(|&part| path_text(terms, part)).collect(),
        Term::Call(of, ..) if terms.path(*of, &mut callee, 0) && callee == "os.homedir" => {
            "~".to_owned()
        }
        _ => "<?>".to_owned(),
    }
}

/// What `Intl.DateTimeFormat().resolvedOptions()` gives.
fn is_options(terms: &Terms, id: ValueId) -> bool {
    let Term::Call(callee, ..) = terms.get(id) else {
        return false;
    };
    matches!(terms.get(*callee), Term::Member(_, method) if &**method == "resolvedOptions")
}

fn is_global(terms: &Terms, id: ValueId, name: &str) -> bool {
    matches!(terms.get(id), Term::Global(known) if &**known == name)
}

/// The text of what a subject is compared with; for dates, the day.
pub(super) fn compared(terms: &Terms, subject: &str, id: ValueId) -> Option<String> {
    if subject == "date" {
        return day(terms, id).or_else(|| terms.as_string(id).map(|text| text.to_string()));
    }
    terms.as_text(id).map(|text| text.to_string())
}

/// The day that a date or a number of milliseconds is.
fn day(terms: &Terms, id: ValueId) -> Option<String> {
    /// In 2001: what is less counts something else.
    const LEAST: f64 = 1e12;
    const MOST: f64 = 1e14;
    const OF_DAY: f64 = 86_400_000.0;
    if let Some(number) = terms.as_number(id) {
        let is_date = (LEAST..MOST).contains(&number);
        return is_date.then(|| civil((number / OF_DAY) as i64));
    }
    match terms.get(id) {
        Term::New(maker, args, _) if is_global(terms, *maker, "Date") => match **args {
            [text] => terms
                .as_string(text)
                .map(|text| text.to_string())
                .or_else(|| day(terms, text)),
            [year, month, ..] => of_parts(terms, year, month, args.get(2).copied()),
            _ => None,
        },
        Term::Call(callee, args, _) => match terms.get(*callee) {
            Term::Member(of, method) if is_global(terms, *of, "Date") => {
                match (&**method, &**args) {
                    ("parse", [text]) => terms.as_string(*text).map(|text| text.to_string()),
                    ("UTC", [year, month, ..]) => {
                        of_parts(terms, *year, *month, args.get(2).copied())
                    }
                    _ => None,
                }
            }
            Term::Member(of, method) if matches!(&**method, "getTime" | "valueOf") => {
                day(terms, *of)
            }
            _ => None,
        },
        _ => None,
    }
}

/// Year, month from 0, and day.
fn of_parts(terms: &Terms, year: ValueId, month: ValueId, day: Option<ValueId>) -> Option<String> {
    let (year, month) = (terms.as_number(year)?, terms.as_number(month)?);
    let day = day.and_then(|day| terms.as_number(day)).unwrap_or(1.0);
    Some(format!("{year:04}-{:02}-{day:02}", month + 1.0))
}

/// The date of a day since 1970, by the calendar of today: Hinnant's `civil_from_days`.
fn civil(days: i64) -> String {
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (
        doy - (153 * mp + 2) / 5 + 1,
        if mp < 10 { mp + 3 } else { mp - 9 },
    );
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_dates() {
        for (days, date) in [
            (0, "1970-01-01"),
            (11_016, "2000-02-29"),
            (20_789, "2026-12-02"),
        ] {
            assert_eq!(civil(days), date);
        }
    }

    #[test]
    fn subjects_are_sorted() {
        assert!(SUBJECTS.is_sorted());
        assert!(OF_DATES.is_sorted());
    }
}
