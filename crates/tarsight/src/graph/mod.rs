//! The module graph: which file leads to which, and how each gets to run.
//!
//! Built from the facts of the files and the manifest; grows while flow runs, since some
//! specifiers are known only then.

mod builtins;
mod command;
mod exports;
mod node;
mod packages;
mod paths;
mod reach;
mod resolve;
mod surfaces;
mod tools;

pub(crate) use resolve::{Resolver, Target, package_name};
pub(crate) use surfaces::{Surface, surfaces};

use crate::archive::Archive;
use crate::facts::{ImportFact, ImportKind, ModuleFacts};
use crate::manifest::Manifest;
use crate::model::{FileId, Reach, Trigger};
use crate::parse::ir::FuncId;
use crate::value::{Term, Terms, ValueId};

/// One module asks for another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Edge {
    /// Who asks.
    pub from: FileId,
    /// For what.
    pub to: Target,
    /// How.
    pub kind: ImportKind,
    /// Whether it happens when `from` is loaded.
    pub on_load: bool,
    /// The function around it; NONE at the top level.
    pub function: FuncId,
    /// Position among the imports of `from`. Several edges may come from one import.
    pub import: u32,
}

/// Files, what each asks for, and the surfaces that lead to it.
pub(crate) struct ModuleGraph<'a> {
    resolver: Resolver<'a>,
    surfaces: Vec<Surface>,
    edges: Vec<Edge>,
    reach: reach::ReachMap,
}

impl<'a> ModuleGraph<'a> {
    /// The graph before any file is read: surfaces, and the reach of the files they name.
    #[must_use]
    pub(crate) fn new(archive: &'a Archive, manifest: &Manifest) -> Self {
        let mut resolver = Resolver::new(archive);
        let surfaces = surfaces(&mut resolver, manifest);
        let mut reach = reach::ReachMap::new(archive.entries.len());
        for surface in &surfaces {
            for &entry in &surface.entries {
                reach.join(entry, Reach::of(surface.kind, Trigger::Load));
            }
        }
        Self {
            resolver,
            surfaces,
            edges: Vec::new(),
            reach,
        }
    }

    /// Adds the edges of one file. Call [`ModuleGraph::recompute`] when the last is in.
    pub(crate) fn add_file(&mut self, from: FileId, facts: &ModuleFacts) {
        for (index, fact) in (0..).zip(&facts.imports) {
            let specifiers = constants(&facts.terms, fact.specifier);
            if specifiers.is_empty() {
                self.add_edge(edge(from, index, fact, Target::Unresolved));
            }
            for specifier in specifiers {
                for to in self.resolver.resolve_all(from, specifier, fact.kind) {
                    self.add_edge(edge(from, index, fact, to));
                }
            }
        }
    }

    /// Adds an edge that became known later. Call [`ModuleGraph::recompute`] after the last.
    pub(crate) fn add_edge(&mut self, edge: Edge) {
        self.reach.link(self.edges.len(), edge.from);
        self.edges.push(edge);
    }

    /// Carries reach along the edges that are new since the last call.
    pub(crate) fn recompute(&mut self) {
        self.reach.settle(&self.edges);
    }

    /// Where a specifier leads; what Node would take first.
    pub(crate) fn resolve(&mut self, from: FileId, specifier: &str, kind: ImportKind) -> Target {
        self.resolver.resolve(from, specifier, kind)
    }

    /// The edges, in the order added: by file, then by import.
    #[must_use]
    pub(crate) fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The surfaces, in manifest order.
    #[must_use]
    pub(crate) fn surfaces(&self) -> &[Surface] {
        &self.surfaces
    }

    /// The reach of a file; dormant for an id that is not of the archive.
    #[must_use]
    pub(crate) fn reach(&self, file: FileId) -> Reach {
        let reach = self.reach.all().get(file.index());
        reach.copied().unwrap_or_default()
    }

    /// Every file in the order of the work: install first, dormant files last.
    #[must_use]
    pub(crate) fn order(&self) -> Vec<FileId> {
        reach::order(self.reach.all())
    }
}

fn edge(from: FileId, import: u32, fact: &ImportFact, to: Target) -> Edge {
    Edge {
        from,
        to,
        kind: fact.kind,
        on_load: fact.on_load,
        function: fact.function,
        import,
    }
}

/// The strings that a value may be.
fn constants(terms: &Terms, value: ValueId) -> Vec<&str> {
    match terms.get(value) {
        Term::String(text) => vec![text],
        Term::OneOf(values) => {
            let texts = values.iter().map(|&value| match terms.get(value) {
                Term::String(text) => Some(&**text),
                _ => None,
            });
            texts.flatten().collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
pub(crate) mod tests;
