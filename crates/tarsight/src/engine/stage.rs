//! Which stage a scan is in, told to whoever holds a clock: the engine has none.

use std::fmt;
use std::sync::Arc;

/// What a scan is busy with; the stages stand in the order in which data goes through them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// Decompresses the archive and reads its headers.
    Archive,
    /// Tells what each file is, and hashes it.
    Source,
    /// Looks whether a file may be parsed.
    Guard,
    /// Parses a file and lowers it.
    Parse,
    /// Evaluates the file's values and collects what it does.
    Facts,
    /// Resolves modules and surfaces.
    Graph,
    /// Follows values across files.
    Flow,
    /// Judges, and writes the report.
    Report,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: [Self; 8] = [
        Self::Archive,
        Self::Source,
        Self::Guard,
        Self::Parse,
        Self::Facts,
        Self::Graph,
        Self::Flow,
        Self::Report,
    ];

    /// Its name in lower case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Archive => "archive",
            Self::Source => "source",
            Self::Guard => "guard",
            Self::Parse => "parse",
            Self::Facts => "facts",
            Self::Graph => "graph",
            Self::Flow => "flow",
            Self::Report => "report",
        }
    }
}

/// Is told each time the work of a scan enters a stage, on the thread that does that work.
///
/// With one worker the times between two calls add up to the whole scan; with more, files are in
/// different stages at once.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicUsize, Ordering};
///
/// let entered = Arc::new(AtomicUsize::new(0));
/// let mut options = tarsight::ScanOptions::default();
/// let count = Arc::clone(&entered);
/// options.watch = Some(tarsight::Watch::new(move |_stage| {
///     count.fetch_add(1, Ordering::Relaxed);
/// }));
/// let files = [("package.json".to_owned(), b"{}".to_vec())];
/// tarsight::Engine::new().scan_tree_with(files, &options)?;
/// assert!(entered.load(Ordering::Relaxed) > 3);
/// # Ok::<(), tarsight::Error>(())
/// ```
#[derive(Clone)]
pub struct Watch(Arc<dyn Fn(Stage) + Send + Sync>);

impl Watch {
    /// A watch that calls a function, which must be quick and must not panic.
    #[must_use]
    pub fn new(enter: impl Fn(Stage) + Send + Sync + 'static) -> Self {
        Self(Arc::new(enter))
    }

    pub(super) fn enter(&self, stage: Stage) {
        (self.0)(stage);
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch")
    }
}
