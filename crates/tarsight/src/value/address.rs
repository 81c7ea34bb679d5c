//! Addresses that code made and hands to something outside, whatever that is.

use super::eval::Evaluator;
use super::run::Seen;
use super::terms::{Term, Terms, ValueId};
use super::written::stands_in;
use crate::api::targets::host::host;
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

impl Terms {
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
