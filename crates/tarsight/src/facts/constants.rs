//! What the constants of a file say, those that it decodes as well: the words of mining pools, and
//! addresses of wallets that stand nowhere in the text.

use std::collections::BTreeSet;

use super::HidingFact;
use crate::model::Span;
use crate::value::{Evaluator, Key, Term};

/// What is said to a mining pool, by the protocols of several chains.
const POOL: [&str; 8] = [
    "eth_getWork",
    "eth_submitLogin",
    "eth_submitWork",
    "mining.authorize",
    "mining.extranonce.subscribe",
    "mining.notify",
    "mining.submit",
    "mining.subscribe",
];
/// One word alone may stand in a list of methods.
const LEAST_WORDS: usize = 2;

/// Words that only those who work for a mining pool say.
pub(super) fn pools(evaluator: &Evaluator<'_>) -> Vec<HidingFact> {
    let words = evaluator.terms.all().iter().filter_map(|term| match term {
        Term::String(text) => POOL.iter().find(|word| **word == &**text),
        _ => None,
    });
    let words: BTreeSet<&str> = words.copied().collect();
    if words.len() < LEAST_WORDS {
        return Vec::new();
    }
    let said: Vec<&str> = words.into_iter().collect();
    vec![HidingFact {
        id: "network.mining-pool",
        detail: Key::from(said.join(", ")),
        span: place(evaluator, said.first().copied().unwrap_or_default()),
    }]
}

/// Addresses of wallets that code makes out of something that does not show them.
pub(super) fn wallets(evaluator: &Evaluator<'_>) -> Vec<HidingFact> {
    let hidden = evaluator.hidden_wallets(evaluator.text).into_iter();
    let told = hidden.map(|detail| HidingFact {
        id: "wallet.hidden-address",
        detail,
        span: Span::new(0, 1),
    });
    told.collect()
}

/// Where a text stands, or where the file begins.
fn place(evaluator: &Evaluator<'_>, text: &str) -> Span {
    let at = memchr::memmem::find(evaluator.text.as_bytes(), text.as_bytes());
    let narrow = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    at.map_or(Span::new(0, 1), |at| {
        Span::new(narrow(at), narrow(at + text.len()))
    })
}
