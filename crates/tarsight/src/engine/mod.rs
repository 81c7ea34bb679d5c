//! The facade: bytes in, documents out.

mod cache;
mod explain;
mod files;
mod flows;
mod hooks;
mod program;
mod rules;
mod scan;
mod schema;
mod sites;
mod stage;
mod surfaces;
mod wire;
mod words;

#[cfg(test)]
mod cache_tests;
#[cfg(test)]
mod example_tests;
#[cfg(test)]
mod isolation_tests;
#[cfg(test)]
mod layer_tests;
#[cfg(test)]
mod row_tests;

pub use cache::FactCache;
pub use explain::explain;
pub use rules::{Pattern, Rule, RuleKind, rules};
pub use schema::{Document, schema};
pub use stage::{Stage, Watch};

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::thread::available_parallelism;
use std::time::Instant;

use crate::archive::{self, Archive};
use crate::budget::Budget;
use crate::model::caught;
use crate::parse::Lanes;
use crate::report::{self, Entries, EntriesCoverage, FileEntry, Options, Stats, Subject};
use crate::{Diff, Error, Limits, Report, diff};

/// Reads packages. Make one and share it between threads.
///
/// Its worker threads start with the first scan and end with the engine.
#[derive(Clone)]
pub struct Engine {
    limits: Limits,
    jobs: usize,
    lanes: Arc<OnceLock<Result<Lanes, Error>>>,
}

/// Sets up an [`Engine`].
#[derive(Clone, Debug, Default)]
pub struct EngineBuilder {
    limits: Limits,
    jobs: usize,
}

/// What one scan is told besides the bytes.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct ScanOptions {
    /// The caller's own name for the package.
    pub label: Option<String>,
    /// Where the caller found it.
    pub path: Option<String>,
    /// Set to true from any thread to end the scan with what it has.
    pub cancel: Option<Arc<AtomicBool>>,
    /// When to end the scan with what it has.
    pub deadline: Option<Instant>,
    /// Whether the report carries counts.
    pub stats: bool,
    /// Whether sites carry the line around them, for showing; see [`report::Site::frame`].
    ///
    /// [`report::Site::frame`]: crate::report::Site::frame
    pub frames: bool,
    /// Limits for this scan instead of the engine's.
    pub limits: Option<Limits>,
    /// Is told which stage the scan is in.
    pub watch: Option<Watch>,
    /// Facts of files that other scans read; what is not in it is added.
    pub cache: Option<FactCache>,
}

impl ScanOptions {
    fn enter(&self, stage: Stage) {
        if let Some(watch) = &self.watch {
            watch.enter(stage);
        }
    }

    fn is_over(&self) -> bool {
        let cancelled = self
            .cancel
            .as_ref()
            .is_some_and(|cancel| cancel.load(Ordering::Relaxed));
        cancelled
            || self
                .deadline
                .is_some_and(|deadline| Instant::now() >= deadline)
    }
}

impl EngineBuilder {
    /// How much of anything a scan may take.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Worker threads; 0 means one for each core.
    #[must_use]
    pub fn jobs(mut self, jobs: usize) -> Self {
        self.jobs = jobs;
        self
    }

    /// The engine, with its workers started.
    ///
    /// # Errors
    /// [`Error::Threads`] if the workers cannot be started.
    pub fn build(self) -> Result<Engine, Error> {
        let engine = Engine {
            limits: self.limits,
            jobs: self.jobs,
            lanes: Arc::default(),
        };
        engine.lanes()?;
        Ok(engine)
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("limits", &self.limits)
            .field("jobs", &self.jobs)
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// An engine with the default limits and one worker for each core.
    #[must_use]
    pub fn new() -> Self {
        Self {
            limits: Limits::default(),
            jobs: 0,
            lanes: Arc::default(),
        }
    }

    /// Sets up an engine.
    #[must_use]
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    /// Reads a tarball (`.tgz` or `.tar`).
    ///
    /// # Errors
    /// If no report is possible: the bytes are no archive, or a limit is too small for it.
    pub fn scan(&self, bytes: &[u8]) -> Result<Report, Error> {
        self.scan_with(bytes, &ScanOptions::default())
    }

    /// Reads a tarball, with a label, a cancel flag, a deadline or limits of its own.
    ///
    /// # Errors
    /// As for [`Engine::scan`].
    pub fn scan_with(&self, bytes: &[u8], options: &ScanOptions) -> Result<Report, Error> {
        let mut budget = Budget::new(self.limits(options));
        let archive = guarded(|| {
            options.enter(Stage::Archive);
            archive::read(bytes, &mut budget)
        })?;
        self.report(Subject::of_tarball(bytes), &archive, budget, options)
    }

    /// Reads an unpacked package: path and bytes of each file.
    ///
    /// # Errors
    /// If no report is possible: there is no file, or a limit is too small.
    pub fn scan_tree(
        &self,
        files: impl IntoIterator<Item = (String, Vec<u8>)>,
    ) -> Result<Report, Error> {
        self.scan_tree_with(files, &ScanOptions::default())
    }

    /// Reads an unpacked package, with options.
    ///
    /// # Errors
    /// As for [`Engine::scan_tree`].
    pub fn scan_tree_with(
        &self,
        files: impl IntoIterator<Item = (String, Vec<u8>)>,
        options: &ScanOptions,
    ) -> Result<Report, Error> {
        let mut budget = Budget::new(self.limits(options));
        options.enter(Stage::Archive);
        let archive = archive::from_files(files, &mut budget)?;
        self.report(of_tree(&archive), &archive, budget, options)
    }

    /// Compares two tarballs. Files that both have are read once.
    ///
    /// # Errors
    /// If one of them gives no report, as for [`Engine::scan`]; a comparison with nothing would
    /// say that all is new.
    pub fn diff(&self, old: &[u8], new: &[u8]) -> Result<Diff, Error> {
        self.diff_with(old, new, &ScanOptions::default())
    }

    /// Compares two tarballs, with the same options for both.
    ///
    /// # Errors
    /// As for [`Engine::diff`].
    pub fn diff_with(&self, old: &[u8], new: &[u8], options: &ScanOptions) -> Result<Diff, Error> {
        let mut options = options.clone();
        options.cache.get_or_insert_default();
        let before = self.scan_with(old, &options)?;
        let after = match old == new {
            true => before.clone(),
            false => self.scan_with(new, &options)?,
        };
        Ok(diff(&before, &after))
    }

    /// Lists a tarball as npm would extract it.
    ///
    /// # Errors
    /// If the archive cannot be read.
    pub fn entries(&self, bytes: &[u8]) -> Result<Entries, Error> {
        let archive = guarded(|| archive::read(bytes, &mut Budget::new(&self.limits)))?;
        self.list(Subject::of_tarball(bytes), &archive)
    }

    /// Lists an unpacked package.
    ///
    /// # Errors
    /// If there is nothing to list.
    pub fn entries_tree(
        &self,
        files: impl IntoIterator<Item = (String, Vec<u8>)>,
    ) -> Result<Entries, Error> {
        let archive = archive::from_files(files, &mut Budget::new(&self.limits))?;
        self.list(of_tree(&archive), &archive)
    }

    /// The limits that a scan with these options has.
    #[must_use]
    pub fn limits<'l>(&'l self, options: &'l ScanOptions) -> &'l Limits {
        options.limits.as_ref().unwrap_or(&self.limits)
    }

    fn lanes(&self) -> Result<&Lanes, Error> {
        let lanes = self.lanes.get_or_init(|| {
            let jobs = match self.jobs {
                0 => available_parallelism().map_or(1, usize::from),
                jobs => jobs,
            };
            Lanes::new(jobs)
        });
        lanes.as_ref().map_err(Clone::clone)
    }

    fn report(
        &self,
        subject: Subject,
        archive: &Archive,
        mut budget: Budget<'_>,
        options: &ScanOptions,
    ) -> Result<Report, Error> {
        let limits = budget.limits();
        let mut report = Report {
            options: Options::of(limits),
            subject: counted(subject, archive),
            stats: options.stats.then(Stats::default),
            ..Report::default()
        };
        report.subject.label.clone_from(&options.label);
        report.subject.path.clone_from(&options.path);
        scan::scan(self.lanes()?, &mut budget, options, archive, &mut report);
        guarded(|| {
            report.finish(limits);
            Ok(report)
        })
    }

    fn list(&self, subject: Subject, archive: &Archive) -> Result<Entries, Error> {
        let mut entries = Entries::of(counted(subject, archive));
        let (kinds, digests) = files::classify(self.lanes()?, archive, &|| false);
        for ((entry, kind), sha256) in archive.entries.iter().zip(kinds).zip(digests) {
            entries.entries.push(FileEntry {
                path: entry.path.clone(),
                size: entry.range.len() as u64,
                sha256,
                kind: kind.as_str().to_owned(),
            });
        }
        entries.anomalies = archive
            .anomalies
            .iter()
            .map(report::Anomaly::from)
            .collect();
        entries.coverage = EntriesCoverage {
            complete: archive.unanalysed.is_empty(),
            unanalysed: archive
                .unanalysed
                .iter()
                .map(|one| report::Unanalysed::new(one, crate::model::Reach::DORMANT))
                .collect(),
        };
        Ok(entries)
    }
}

/// Does what no report is possible without.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    caught(work).unwrap_or_else(|detail| Err(Error::Internal { detail }))
}

fn of_tree(archive: &Archive) -> Subject {
    Subject {
        size: archive.buffer.len() as u64,
        ..Subject::default()
    }
}

fn counted(subject: Subject, archive: &Archive) -> Subject {
    Subject {
        unpacked_size: archive
            .entries
            .iter()
            .map(|entry| entry.range.len() as u64)
            .sum(),
        file_count: archive.entries.len() as u64,
        ..subject
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{RefUnwindSafe, UnwindSafe};

    use super::Engine;

    #[test]
    fn an_engine_may_be_shared_and_survives_a_panic() {
        fn holds<T: Send + Sync + UnwindSafe + RefUnwindSafe>() {}
        holds::<Engine>();
    }
}
