//! Which surfaces lead to a file: a fixpoint over the edges that only grows.

use super::{Edge, Target};
use crate::facts::ImportKind;
use crate::model::{FileId, Reach, SurfaceKind, Trigger};

/// Reach of every file, and the edges by the file they leave.
#[derive(Debug, Default)]
pub(super) struct ReachMap {
    reach: Vec<Reach>,
    /// First edge of each file, and the next edge of each edge.
    first: Vec<Option<u32>>,
    next: Vec<Option<u32>>,
    /// Files whose edges have to be followed.
    open: Vec<FileId>,
    /// Edges followed so far; a measure of the work.
    pub(super) steps: u64,
}

impl ReachMap {
    pub(super) fn new(files: usize) -> Self {
        Self {
            reach: vec![Reach::DORMANT; files],
            first: vec![None; files],
            ..Self::default()
        }
    }

    pub(super) fn all(&self) -> &[Reach] {
        &self.reach
    }

    /// Takes in one more file.
    pub(super) fn add_file(&mut self) {
        self.reach.push(Reach::DORMANT);
        self.first.push(None);
    }

    /// Takes an edge in; `index` is its place among all edges.
    pub(super) fn link(&mut self, index: usize, from: FileId) {
        let (Some(first), Ok(at)) = (self.first.get_mut(from.index()), u32::try_from(index)) else {
            return;
        };
        self.next.resize(index + 1, None);
        if let Some(next) = self.next.get_mut(index) {
            *next = first.replace(at);
        }
        self.open.push(from);
    }

    /// Joins what a surface, or whoever knows, says of a file.
    /// Whether anything changed.
    pub(super) fn join(&mut self, file: FileId, reach: Reach) -> bool {
        let known = self.reach.get_mut(file.index());
        let grown = known.is_some_and(|known| known.join(reach));
        if grown {
            self.open.push(file);
        }
        grown
    }

    /// Follows edges until nothing grows. A file's reach can grow ten times at most, so this is
    /// linear in the edges.
    pub(super) fn settle(&mut self, edges: &[Edge]) {
        while let Some(from) = self.open.pop() {
            let reach = self.reach.get(from.index()).copied().unwrap_or_default();
            if reach.is_dormant() {
                continue;
            }
            let mut at = self.first.get(from.index()).copied().flatten();
            while let Some(index) = at {
                self.steps += 1;
                at = self.next.get(index as usize).copied().flatten();
                if let Some(edge) = edges.get(index as usize)
                    && let Target::File(to) = edge.to
                {
                    self.join(to, reach.at_most(carried(edge)));
                }
            }
        }
    }
}

/// The strongest trigger that an edge passes on.
fn carried(edge: &Edge) -> Trigger {
    match edge.kind {
        ImportKind::Static | ImportKind::Run => Trigger::Load,
        // The file is named; whether it is loaded is another's fact.
        ImportKind::Resolve => Trigger::Call,
        ImportKind::Require | ImportKind::Dynamic if edge.on_load => Trigger::Load,
        ImportKind::Require | ImportKind::Dynamic => Trigger::Call,
    }
}

/// Files in the order of the work: what runs on install first, then by the surfaces in the order
/// of their risk, loaded before called; dormant files last; equals by path.
pub(super) fn order(reach: &[Reach]) -> Vec<FileId> {
    let mut files: Vec<FileId> = (0..).map(FileId).take(reach.len()).collect();
    let rank = |reach: &Reach| {
        SurfaceKind::ALL.map(|surface| match reach.get(surface) {
            Some(Trigger::Load) => 0u8,
            Some(Trigger::Call) => 1,
            None => 2,
        })
    };
    files.sort_by_key(|file| (reach.get(file.index()).map(rank), *file));
    files
}
