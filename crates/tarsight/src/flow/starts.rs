//! Files of the package that run in a worker or in another process of Node.

use super::layers::is_node;
use super::package::Package;
use super::uses::Use;
use crate::api::AimKind;
use crate::value::{Key, Term, ValueId};

/// Notes what starts with each use. What a command line starts is told by its words.
pub(super) fn follow(package: &mut Package<'_>, uses: &[Use]) {
    for one in uses {
        for effect in &one.effects {
            let paths: Vec<Key> = match effect.behaviour.id {
                "process.fork" | "code.worker" => effect
                    .targets
                    .iter()
                    .filter(|target| matches!(target.kind, AimKind::Path | AimKind::Url))
                    .filter_map(|target| target.text.clone())
                    .collect(),
                "process.spawn" => script(package, one).map(Key::from).into_iter().collect(),
                _ => continue,
            };
            for path in paths {
                package.graph.start(one.file, &path, one.reach);
            }
        }
    }
}

/// The script in `spawn(process.execPath, ["script.js"])`.
fn script(package: &mut Package<'_>, one: &Use) -> Option<String> {
    let program = package.close(*one.args.first()?);
    let words = package.close(*one.args.get(1)?);
    if matches!(package.terms.get(program), Term::String(_)) || !is_node(package, program) {
        return None;
    }
    let Term::Array(words, _) = package.terms.get(words).clone() else {
        return None;
    };
    let text = |package: &mut Package<'_>, word: ValueId| {
        let word = package.close(word);
        package.terms.as_string(word)
    };
    let mut words = words.iter();
    let first = words.find_map(|&word| match text(package, word) {
        Some(word) if word.starts_with('-') => None,
        word => Some(word),
    });
    first.flatten().map(|word| word.to_string())
}
