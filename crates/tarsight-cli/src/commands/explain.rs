//! `tarsight explain`: what an id means.

use std::io;

use crate::args::ExplainArgs;
use crate::output;
use crate::status::Status;

/// Prints what an id means.
pub(crate) fn run(args: &ExplainArgs) -> io::Result<Status> {
    let Some(text) = tarsight::explain(&args.id) else {
        let rules = tarsight::rules();
        let near = near(&args.id, rules.iter().map(|rule| rule.id.as_str()));
        let hint = if near.is_empty() {
            "`tarsight rules` lists them".to_owned()
        } else {
            format!("did you mean {}?", near.join(" or "))
        };
        output::note(&format!("error: there is no id {:?}; {hint}", args.id));
        return Ok(Status::Error);
    };
    output::write_all(args.common.output.as_deref(), text.as_bytes())?;
    Ok(Status::Done)
}

/// At most three ids that somebody may have meant, the nearest first.
fn near<'a>(asked: &str, ids: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    // No id is long: longer input is no typing error.
    if asked.len() > 100 {
        return Vec::new();
    }
    let asked = asked.to_lowercase();
    let mut near: Vec<(usize, &str)> = ids
        .filter_map(|id| {
            let part = asked.len() >= 3 && id.contains(&asked);
            // Somebody may have stopped half way, too.
            let half = id.get(..asked.len()).unwrap_or(id);
            let distance = match part {
                true => 1,
                false => distance(&asked, id).min(1 + distance(&asked, half)),
            };
            (distance <= 1 + asked.len() / 4).then_some((distance, id))
        })
        .collect();
    near.sort_unstable();
    near.into_iter().take(3).map(|(_, id)| id).collect()
}

/// How many characters to insert, remove or change to make one text the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (to, above) in b.iter().zip(row.iter_mut().skip(1)) {
            let changed = diagonal + usize::from(from != *to);
            diagonal = *above;
            left = changed.min(left + 1).min(diagonal + 1);
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_are_right() {
        for (a, b, expected) in [
            ("", "", 0),
            ("abc", "", 3),
            ("", "abc", 3),
            ("kitten", "sitting", 3),
            ("flaw", "lawn", 2),
            ("same", "same", 0),
        ] {
            assert_eq!(distance(a, b), expected, "{a} {b}");
        }
    }

    #[test]
    fn only_near_ids_are_offered() {
        let ids = ["syntax-error", "network.http", "network.tcp", "fs.read"];
        assert_eq!(near("sintax-eror", ids.into_iter()), ["syntax-error"]);
        assert_eq!(
            near("network", ids.into_iter()),
            ["network.http", "network.tcp"]
        );
        assert_eq!(near("sintax", ids.into_iter()), ["syntax-error"]);
        assert_eq!(near("zzzzzz", ids.into_iter()), [""; 0]);
    }
}
