//! Limits by their names.

use tarsight::Limits;

use crate::Error;

/// The default limits, but for those that are named; `None` is what is no number for a limit.
///
/// # Errors
/// [`Error::Option`] for a name that does not exist, with those that do, and for such a number.
pub fn limits<N: AsRef<str>>(
    changed: impl IntoIterator<Item = (N, Option<u64>)>,
) -> Result<Limits, Error> {
    let mut limits = Limits::default();
    for (name, value) in changed {
        let name = name.as_ref();
        limits.set(name, value.unwrap_or_default())?;
        if value.is_none() {
            return Err(Error::Option(format!(
                "the limit {name} has to be a whole number, 0 or more"
            )));
        }
    }
    Ok(limits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_checked() {
        let set = limits([("sites", Some(1)), ("ratio", Some(9))]).expect("both exist");
        assert_eq!((set.sites, set.ratio), (1, 9));
        let error = limits([("speed", None)]).expect_err("no such limit");
        assert!(error.to_string().contains("parse-bytes"), "{error}");
        let error = limits([("sites", None)]).expect_err("no number");
        assert!(error.to_string().contains("sites"), "{error}");
        assert_eq!(error.code(), "invalid-option");
    }
}
