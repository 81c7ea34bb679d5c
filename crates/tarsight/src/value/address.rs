//! Addresses that code made: of hosts that something outside gets, and of wallets.

use std::collections::BTreeSet;

use super::eval::Evaluator;
use super::run::{Observed, Seen};
use super::terms::{Key, Term, Terms, ValueId};
use super::written::stands_in;
use crate::api::targets::{self, host::host};
use crate::parse::ir::NodeId;

/// What an address begins with.
const SCHEMES: [&str; 4] = ["http://", "https://", "ws://", "wss://"];
/// Parts of what a call got that are looked at, and addresses that are kept.
const MOST_PARTS: usize = 64;
const MOST_ADDRESSES: usize = 16;

impl Evaluator<'_> {
    /// Hosts that the file hides when it runs: see [`Terms::hidden_hosts`].
    pub(crate) fn hidden_hosts(&self, written: &str) -> Vec<(NodeId, String)> {
        self.terms.hidden_hosts(&self.all_seen(), written)
    }
}

/// Bytes of the address of a wallet.
const WALLET: std::ops::RangeInclusive<usize> = 26..=90;
/// Most of them that are told, and that are looked for in the text.
const MOST_WALLETS: usize = 8;
const MOST_LOOKED_FOR: usize = 256;

/// Whether a text is the address of a wallet, and nothing else.
fn is_wallet(text: &str) -> bool {
    let is_plain = || text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    WALLET.contains(&text.len())
        && is_plain()
        && targets::token_shapes(text).any(|shape| shape.id.starts_with("wallet.address"))
}

impl Evaluator<'_> {
    /// Addresses of wallets that code makes, when it runs or by folding, and that stand nowhere
    /// in `written`.
    pub(crate) fn hidden_wallets(&self, written: &str) -> Vec<Key> {
        let made = self.observed.iter().flat_map(Observed::made);
        let made = made.chain(self.terms.decoded_ids());
        self.terms.wallets_among(made, written)
    }
}

impl Terms {
    /// Which of some constants are addresses of wallets, in the order of the alphabet.
    pub(super) fn wallets_among(
        &self,
        made: impl Iterator<Item = ValueId>,
        written: &str,
    ) -> Vec<Key> {
        let texts = made.filter_map(|id| match self.get(id) {
            Term::String(text) if is_wallet(text) => Some(Key::clone(text)),
            _ => None,
        });
        let texts: BTreeSet<Key> = texts.collect();
        let hidden = texts
            .into_iter()
            .take(MOST_LOOKED_FOR)
            .filter(|text| memchr::memmem::find(written.as_bytes(), text.as_bytes()).is_none());
        hidden.take(MOST_WALLETS).collect()
    }

    /// Hosts of addresses that calls got and that stand nowhere in `written`, not even in readable
    /// parts; each with the call.
    pub(super) fn hidden_hosts(&self, seen: &[Seen], written: &str) -> Vec<(NodeId, String)> {
        let mut found: Vec<(NodeId, String)> = Vec::new();
        for one in seen {
            for &arg in one.args.iter().flat_map(|args| args.iter()) {
                let mut hosts = Vec::new();
                self.hosts_in(arg, &mut { MOST_PARTS }, &mut hosts);
                for at in hosts {
                    let is_new = found.iter().all(|(_, known)| *known != at);
                    let is_plain = memchr::memmem::find(written.as_bytes(), at.as_bytes());
                    if is_new
                        && is_plain.is_none()
                        && found.len() < MOST_ADDRESSES
                        && !stands_in(&at, written)
                    {
                        found.push((one.site, at));
                    }
                }
            }
        }
        found
    }

    fn hosts_in(&self, id: ValueId, left: &mut usize, hosts: &mut Vec<String>) {
        if *left == 0 {
            return;
        }
        *left -= 1;
        let parts: Vec<ValueId> = match self.get(id) {
            Term::String(text) => {
                hosts.extend(host_of(text, true));
                return;
            }
            Term::Concat(parts) => {
                let first = parts.first().and_then(|&first| self.as_string(first));
                hosts.extend(first.and_then(|text| host_of(&text, false)));
                return;
            }
            Term::Object(properties, _) => properties.iter().map(|&(_, value)| value).collect(),
            Term::Array(parts, _) | Term::OneOf(parts) => parts.to_vec(),
            _ => return,
        };
        for part in parts {
            self.hosts_in(part, left, hosts);
        }
    }
}

/// The host of an address that is known to its end, or at least past its host.
fn host_of(text: &str, is_whole: bool) -> Option<String> {
    let scheme = SCHEMES.iter().find(|scheme| text.starts_with(**scheme))?;
    let rest = text.get(scheme.len()..)?;
    let is_past = is_whole || rest.contains(['/', '?', '#', ':']);
    host(text).filter(|at| is_past && at.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hosts_that_are_known_whole() {
        let host = |text, is_whole| host_of(text, is_whole);
        assert_eq!(
            host("https://a.other.invalid/x", false).as_deref(),
            Some("a.other.invalid")
        );
        assert_eq!(host("https://a.other", false), None);
        assert_eq!(host("https://localhost/x", true), None);
        assert_eq!(host("a.other.invalid", true), None);
    }
}
