//! Facts of files that were read before, for scans that see the same files again.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::files::Read;
use crate::Limits;

/// Remembers what was found in each file, by its content: a file that comes again, in another
/// version or another package, is not parsed again.
///
/// Give the same cache to several scans with [`ScanOptions::cache`](crate::ScanOptions::cache).
/// Facts depend on nothing but the bytes, the extension and the limits, so that a report is the
/// same with and without a cache. It grows with every new file; drop it to free what it holds.
#[derive(Clone, Default)]
pub struct FactCache {
    known: Arc<Mutex<Known>>,
}

/// SHA-256 and extension.
pub(super) type Name = (String, String);

#[derive(Default)]
struct Known {
    /// The limits that the facts were found under.
    limits: Option<Limits>,
    files: FxHashMap<Name, Read>,
}

impl FactCache {
    /// An empty cache.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What is known of a file under these limits.
    pub(super) fn get(&self, name: &Name, limits: &Limits) -> Option<Read> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let same = known.limits.as_ref() == Some(limits);
        same.then(|| known.files.get(name).cloned()).flatten()
    }

    /// Keeps what was found. Other limits than before start anew.
    pub(super) fn keep(&self, files: Vec<(Name, Read)>, limits: &Limits) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.limits.as_ref() != Some(limits) {
            known.files.clear();
            known.limits = Some(limits.clone());
        }
        known.files.extend(files);
    }
}

impl std::fmt::Debug for FactCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        f.debug_struct("FactCache")
            .field("files", &known.files.len())
            .finish()
    }
}
