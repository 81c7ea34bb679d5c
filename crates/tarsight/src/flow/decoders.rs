//! What decoders make: a source of its own, unless they decode what somebody else gives.

use super::sources::{Source, SourceKind, Walk};
use crate::api::{Api, Place as At};
use crate::value::{Term, ValueId};

/// Whether a decoded constant says enough to be known again: a mark is on the value, wherever it
/// stands, and `false`, an empty text, a word and a path such as `/index` stand everywhere. What
/// is run or sent as it is may be a word: `whoami`.
pub(super) fn tells(term: &Term, is_whole: bool) -> bool {
    const LEAST: usize = 4;
    const LEAST_NAME: usize = 48;
    match term {
        Term::String(text) => {
            let letters = text.chars().filter(|c| c.is_alphanumeric()).take(LEAST);
            let is_literal = matches!(&**text, "false" | "true" | "null" | "undefined" | "NaN");
            let is_plain = is_literal || (!is_whole && is_name(text));
            letters.count() == LEAST && (!is_plain || text.len() >= LEAST_NAME)
        }
        Term::Bytes(bytes) => bytes.len() >= LEAST,
        _ => false,
    }
}

/// Folders of a system: a path there says what it is about.
const SYSTEM: [&str; 9] = [
    "/bin/", "/dev/", "/etc/", "/home/", "/opt/", "/proc/", "/root/", "/tmp/", "/usr/",
];

/// Whether a text is a word, some words with dashes, or a path from a root that is no system's.
fn is_name(text: &str) -> bool {
    let is_path = text.starts_with('/');
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '-' | '/');
    text.chars().all(|c| is_part(c) || is_path && c == '.')
        && !SYSTEM.iter().any(|folder| text.starts_with(folder))
}

impl Walk<'_, '_> {
    /// Adds what a decoder makes, unless it decodes what somebody else gives and nothing else.
    pub(super) fn decoded(
        &mut self,
        id: ValueId,
        row: &'static Api,
        callee: ValueId,
        args: &[ValueId],
    ) {
        if !self.is_probe && !self.is_given_away(id, callee, args) {
            let is_carried = self.has_carried;
            self.add(SourceKind::Decoded, id, Some(row), None);
            if let Some(added) = self.found.last_mut() {
                added.is_carried = is_carried;
            }
        }
    }

    /// Whether all that a decoder gets is known to come from outside the package: its callers,
    /// the machine.
    fn is_given_away(&mut self, id: ValueId, callee: ValueId, args: &[ValueId]) -> bool {
        if self.probes == 0 {
            self.has_carried = true;
            return false;
        }
        self.probes -= 1;
        let mut probe = Walk::new(&mut *self.package);
        probe.is_probe = true;
        probe.all(args, 0);
        probe.same(At::This, callee, args, 0);
        for put in probe.package.inside(id) {
            probe.at(put.value, put.place, 0);
        }
        let is_outside = |source: &Source| match source.kind {
            // Encoded on its way, it is hidden from whoever looks on.
            SourceKind::Decoded | SourceKind::Remote => false,
            SourceKind::File => source.target.as_deref().is_some_and(is_elsewhere),
            SourceKind::Variable => !source.target.as_deref().is_some_and(is_of_manifest),
            _ => true,
        };
        let is_nothing = probe.found.is_empty();
        let is_carried = |source: &Source| !is_outside(source) && source.kind != SourceKind::Remote;
        let has_data = probe.has_data || probe.found.iter().any(is_carried);
        let is_outside = probe.found.iter().all(is_outside);
        self.has_carried = has_data;
        !has_data && !is_nothing && is_outside
    }
}

/// Whether a variable holds what the manifest says: `npm_package_config_*` and the like.
fn is_of_manifest(name: &str) -> bool {
    name.starts_with("npm_package_")
}

/// Whether a path is known to lead out of the package, or is its caller's.
fn is_elsewhere(path: &str) -> bool {
    !path.starts_with("<package>") && !path.starts_with("<?>")
}
