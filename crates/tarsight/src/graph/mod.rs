//! The module graph: which file leads to which, and how each gets to run.
//!
//! Built from the facts of the files and the manifest; grows while flow runs, since some
//! specifiers are known only then.

mod exports;
mod gyp;
mod node;
mod packages;
mod paths;
mod ran;
mod reach;
mod resolve;
mod surfaces;
mod tools;
mod world;

pub(crate) use gyp::BuildCommand;
pub(crate) use resolve::{Resolver, Target, package_name};
pub(crate) use surfaces::Surface;
use surfaces::surfaces;
use world::Names;

use rustc_hash::FxHashSet;

use crate::archive::Archive;
use crate::facts::{ImportFact, ImportKind, ModuleFacts};
use crate::manifest::Manifest;
use crate::model::{FileId, Reach, SurfaceKind, Trigger};
use crate::parse::ir::FuncId;
use crate::source::{Layer, Layers};
use crate::tool::Door;
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
    layers: Layers,
    names: Names,
    /// What commands do.
    ran: Vec<ran::Ran>,
    /// Files that scripts of package.json and commands of tools run.
    run_by_scripts: FxHashSet<FileId>,
    builds: Vec<BuildCommand>,
    /// Files that run others.
    led: FxHashSet<(FileId, FileId)>,
    /// Layers and reach that came after the files were read.
    growth: u64,
}

impl<'a> ModuleGraph<'a> {
    /// The graph before any file is read: surfaces, and the reach of the files they name.
    #[must_use]
    pub(crate) fn new(archive: &'a Archive, manifest: &Manifest, doors: &[Door]) -> Self {
        let mut resolver = Resolver::new(archive);
        let names = Names::new(archive, manifest);
        let (surfaces, meanings) = surfaces(&mut resolver, &names, manifest, doors);
        let mut reach = reach::ReachMap::new(archive.entries.len());
        for surface in surfaces.iter().filter(|surface| !surface.is_by_path()) {
            for &entry in &surface.entries {
                reach.join(entry, Reach::of(surface.kind, surface.trigger));
            }
        }
        let mut graph = Self {
            resolver,
            surfaces,
            edges: Vec::new(),
            reach,
            layers: Layers::new(archive.entries.len()),
            names,
            ran: Vec::new(),
            run_by_scripts: FxHashSet::default(),
            builds: Vec::new(),
            led: FxHashSet::default(),
            growth: 0,
        };
        for (reach, meaning) in meanings {
            graph.take_script(reach, meaning);
        }
        graph
    }

    /// Lets files be asked for by their path, as far as they can run: what does not parse is a
    /// template, and loading it fails.
    pub(crate) fn open_paths(&mut self, can_run: impl Fn(FileId) -> bool) {
        let by_path = self.surfaces.iter().filter(|surface| surface.is_by_path());
        for &entry in by_path.flat_map(|surface| &surface.entries) {
            if can_run(entry) {
                self.reach
                    .join(entry, Reach::of(SurfaceKind::Import, Trigger::Call));
            }
        }
    }

    /// Adds code found inside a value, or widens the reach of one that is known. The code has
    /// to be read and given to [`ModuleGraph::add_file`].
    pub(crate) fn add_layer(&mut self, layer: Layer, reach: Reach) -> FileId {
        let (file, is_new) = self.layers.add(layer);
        if is_new {
            self.reach.add_file();
        }
        if self.reach.join(file, reach) || is_new {
            self.growth += 1;
        }
        file
    }

    /// Takes in when a file runs that leads nowhere: a compiled one.
    pub(crate) fn reaches(&mut self, file: FileId, reach: Reach) {
        self.reach.join(file, reach);
    }

    /// The code found inside values so far.
    #[must_use]
    pub(crate) fn layers(&self) -> &Layers {
        &self.layers
    }

    /// A number that changes when a layer is added or reaches further.
    #[must_use]
    pub(crate) fn growth(&self) -> u64 {
        self.growth
    }

    /// Adds the edges of one file. Call [`ModuleGraph::recompute`] when the last is in.
    pub(crate) fn add_file(&mut self, from: FileId, facts: &ModuleFacts) {
        let home = self.layers.home(from);
        for (index, fact) in (0..).zip(&facts.imports) {
            let specifiers = constants(&facts.terms, fact.specifier);
            if specifiers.is_empty() {
                self.add_edge(edge(from, index, fact, Target::Unresolved));
            }
            for specifier in specifiers {
                for to in self.resolver.resolve_all(home, specifier, fact.kind) {
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
        let home = self.layers.home(from);
        self.resolver.resolve(home, specifier, kind)
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
