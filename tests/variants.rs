//! Every package of the corpus, minified, bundled and renamed: its level stays.
#![allow(clippy::unwrap_used, reason = "a panic fails the test")]

use std::collections::BTreeMap;

use tarsight::Engine;
use tarsight_tests::{Case, File, Variant, cases, each_variant, tgz};

#[test]
fn a_package_in_other_words_keeps_its_level() {
    let engine = Engine::new();
    let cases = cases();
    for one in cases.iter().flat_map(|case| &case.variants) {
        assert!(one.why.len() > 20, "{:?} says not why", one.variant);
    }
    // Some cases only, while one looks into them: those whose name holds this text.
    let only = std::env::var("CASES").unwrap_or_default();
    let some = cases.iter().filter(|case| case.name.contains(&only));
    let plain: BTreeMap<&str, &str> = some
        .clone()
        .map(|case| {
            let report = engine.scan(&tgz(&case.files)).unwrap();
            (case.name.as_str(), report.risk.level.as_str())
        })
        .collect();
    let outcomes = each_variant(some, |case, variant, files| {
        (
            case.name.as_str(),
            variant,
            failure(&engine, case, plain[case.name.as_str()], variant, files),
        )
    });
    let mut wrong = Vec::new();
    for variant in Variant::ALL {
        let mine = || outcomes.iter().filter(|(_, one, _)| *one == variant);
        let count = mine().count();
        assert!(
            !only.is_empty() || count * 3 >= cases.len(),
            "only {count} cases have a variant that is {}",
            variant.as_str()
        );
        wrong.extend(mine().filter_map(|(name, _, failure)| {
            let failure = failure.as_ref()?;
            Some(format!("{name:<32} {:<9} {failure}", variant.as_str()))
        }));
    }
    assert!(
        wrong.is_empty(),
        "{} of {} variants:\n{}",
        wrong.len(),
        outcomes.len(),
        wrong.join("\n")
    );
}

fn failure(
    engine: &Engine,
    case: &Case,
    plain: &str,
    variant: Variant,
    files: &[File],
) -> Option<String> {
    match engine.scan(&tgz(files)) {
        Ok(report) => {
            let level = report.risk.level.as_str();
            let own = case.variants.iter().find(|one| one.variant == variant);
            let is_right = match own {
                Some(own) => own.risk.allows(level),
                None => level == plain,
            };
            (!is_right).then(|| format!("is {level}, not {plain}"))
        }
        Err(error) => Some(format!("no report: {error}")),
    }
}
