//! One table of values for the whole package.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::channels::Channels;
use super::lines::{Printed, Talk};
use super::target::Target as Aimed;
use super::waiting::{Given, Waiting};
use crate::archive::Archive;
use crate::facts::{ImportKind, ModuleFacts};
use crate::graph::{ModuleGraph, Target};
use crate::limits::Limits;
use crate::model::{FileId, Reach};
use crate::parse::ir::{ClassId, FuncId};
use crate::shell::Meaning;
use crate::tool::Door;
use crate::value::{Key, Place, Rewrite, Term, Terms, ValueId, elsewhere, rebuild, receiver};

/// Deeper chains of values stay unresolved.
const MOST_DEPTH: u32 = 250;
/// Starts the name of a module that is a file of the package.
const FILE_MARK: char = '\0';

/// A function as only those outside the package call it: of its parameters nothing is known. Of
/// that it gives the function back.
pub(super) fn outside(function: FuncId) -> FuncId {
    // The largest number is none.
    FuncId(u32::MAX - 1 - function.0)
}

/// The files' facts, their graph, and the values that they share.
pub(crate) struct Package<'a> {
    pub(crate) archive: &'a Archive,
    pub(crate) facts: &'a [Option<Arc<ModuleFacts>>],
    pub(crate) graph: ModuleGraph<'a>,
    pub(crate) terms: Terms,
    /// Per file: the numbers of its first function and class.
    bases: Vec<(u32, u32)>,
    /// Per file and value of its own table: the value in the package's, once it is known.
    memo: Vec<Vec<Option<ValueId>>>,
    pub(super) exporting: FxHashSet<(FileId, Key)>,
    pub(super) json: FxHashMap<FileId, ValueId>,
    /// What reading a file gives, by its encoding.
    pub(super) carried: FxHashMap<(FileId, Option<String>), Option<ValueId>>,
    /// What parameters of functions get from calls in other files, and where.
    pub(super) given: FxHashMap<(FuncId, u32), Vec<(Given, Place)>>,
    /// What instances were aimed at after they were made, as `open` of a request does.
    pub(super) aimed: FxHashMap<ValueId, Vec<Aimed>>,
    /// What one place puts down and another picks up.
    pub(super) channels: Channels,
    /// What has been put down and waits until somebody asks.
    pub(super) waiting: Waiting<'a>,
    /// What command lines in values do, and when.
    pub(super) lines: Vec<(Meaning, Reach)>,
    /// Files that code writes where a tool reads them.
    pub(crate) planted: Vec<Door>,
    /// Which use's line talks to the network, by its number, and to whom.
    pub(super) talks: FxHashMap<usize, Talk>,
    /// What such a line prints.
    pub(super) printed: FxHashMap<Place, Vec<Printed>>,
    /// Whether a constant stands in a file.
    pub(super) written: FxHashMap<(FileId, ValueId), bool>,
    pub(super) closed: FxHashMap<ValueId, ValueId>,
    pub(super) closing: FxHashSet<(FuncId, u32)>,
    applying: Vec<FuncId>,
    /// Walks for origins that are under way.
    pub(super) walks: u32,
    pub(super) depth: u32,
    pub(super) steps: u64,
    pub(crate) limits: &'a Limits,
}

impl<'a> Package<'a> {
    pub(crate) fn new(
        archive: &'a Archive,
        facts: &'a [Option<Arc<ModuleFacts>>],
        graph: ModuleGraph<'a>,
        limits: &'a Limits,
    ) -> Self {
        let mut next = (0u32, 0u32);
        let bases = facts
            .iter()
            .map(|facts| {
                let base = next;
                if let Some(facts) = facts {
                    next.0 = next.0.saturating_add(facts.counts.0);
                    next.1 = next.1.saturating_add(facts.counts.1);
                }
                base
            })
            .collect();
        Self {
            archive,
            facts,
            graph,
            terms: Terms::within(limits),
            bases,
            memo: vec![Vec::new(); facts.len()],
            exporting: FxHashSet::default(),
            json: FxHashMap::default(),
            carried: FxHashMap::default(),
            given: FxHashMap::default(),
            aimed: FxHashMap::default(),
            channels: Channels::default(),
            waiting: Waiting::default(),
            lines: Vec::new(),
            planted: Vec::new(),
            talks: FxHashMap::default(),
            printed: FxHashMap::default(),
            written: FxHashMap::default(),
            closed: FxHashMap::default(),
            closing: FxHashSet::default(),
            applying: Vec::new(),
            walks: 0,
            depth: 0,
            steps: 0,
            limits,
        }
    }

    /// What commands do, those of scripts and those in values; and when.
    pub(crate) fn commands(&self) -> impl Iterator<Item = (&Meaning, Reach)> {
        let lines = self.lines.iter().map(|(meaning, reach)| (meaning, *reach));
        self.graph.ran().chain(lines)
    }

    /// When something happens that a command does: with whoever runs the command, and whenever
    /// else the script runs in which it stands. Scripts of package.json do not run when it is read.
    pub(crate) fn reach_of_command(&self, file: FileId, reach: Reach) -> Reach {
        let mut reach = reach;
        if self.facts_of(file).is_none() && self.archive.path(file) != "package.json" {
            reach.join(self.graph.reach(file));
        }
        reach
    }

    /// Whether the steps ran out, so that some values stayed unknown.
    pub(crate) fn out_of_steps(&self) -> bool {
        self.steps >= self.limits.package_steps
    }

    pub(super) fn step(&mut self) -> bool {
        self.steps += 1;
        self.steps < self.limits.package_steps && self.depth < MOST_DEPTH
    }

    /// Counts the steps of going through so many bytes. Whether there are enough left.
    pub(super) fn steps_for(&mut self, bytes: usize) -> bool {
        self.steps += bytes as u64;
        self.step()
    }

    /// The facts of a file.
    pub(crate) fn facts_of(&self, file: FileId) -> Option<&'a ModuleFacts> {
        self.facts.get(file.index())?.as_deref()
    }

    /// The package-wide number of a file's function.
    pub(crate) fn function_id(&self, file: FileId, local: FuncId) -> FuncId {
        if let Some(number) = elsewhere(local)
            && let Some(facts) = self.facts_of(file)
        {
            let at = facts.elsewhere.partition_point(|one| one.0 <= number);
            let home = at.checked_sub(1).and_then(|at| facts.elsewhere.get(at));
            let (first, home) = home.copied().unwrap_or((0, file));
            return self.function_id(home, FuncId(number.saturating_sub(first)));
        }
        let base = self.bases.get(file.index()).map_or(0, |base| base.0);
        FuncId(base.saturating_add(local.0))
    }

    /// Whether other files can get at a function.
    pub(super) fn is_exported(&self, function: FuncId) -> bool {
        let (file, local) = self.local_function(function);
        self.facts_of(file)
            .is_some_and(|facts| facts.exported.binary_search(&local).is_ok())
    }

    /// The name of a parameter.
    pub(super) fn parameter_name(&self, function: FuncId, at: u32) -> Option<&'a str> {
        let (file, local) = self.local_function(function);
        let parameters = &self.facts_of(file)?.parameters;
        let found = parameters
            .binary_search_by_key(&(local, at), |&(known, _)| known)
            .ok()?;
        parameters.get(found).map(|(_, name)| &**name)
    }

    fn class_id(&self, file: FileId, local: ClassId) -> ClassId {
        let base = self.bases.get(file.index()).map_or(0, |base| base.1);
        ClassId(base.saturating_add(local.0))
    }

    /// The file of a package-wide function, and its number there.
    pub(crate) fn local_function(&self, function: FuncId) -> (FileId, FuncId) {
        let function = match function.0 > u32::MAX / 2 && !function.is_none() {
            true => outside(function),
            false => function,
        };
        let at = self.bases.partition_point(|base| base.0 <= function.0);
        let file = at.saturating_sub(1);
        let base = self.bases.get(file).map_or(0, |base| base.0);
        (file_id(file), FuncId(function.0 - base))
    }

    fn local_class(&self, class: ClassId) -> (FileId, ClassId) {
        let at = self.bases.partition_point(|base| base.1 <= class.0);
        let file = at.saturating_sub(1);
        let base = self.bases.get(file).map_or(0, |base| base.1);
        (file_id(file), ClassId(class.0 - base))
    }

    /// A file's value in the package's table.
    pub(crate) fn translate(&mut self, file: FileId, id: ValueId) -> ValueId {
        let known = self.memo.get(file.index());
        if let Some(&Some(known)) = known.and_then(|known| known.get(id.0 as usize)) {
            return known;
        }
        let Some(facts) = self.facts_of(file) else {
            return self.terms.unresolved();
        };
        if !self.step() {
            return self.terms.unresolved();
        }
        self.depth += 1;
        let term = facts.terms.get(id).clone();
        let value = match term {
            Term::Function(local) => {
                let function = self.function_id(file, local);
                self.terms.add(Term::Function(function))
            }
            Term::Class(local) => {
                let class = self.class_id(file, local);
                self.terms.add(Term::Class(class))
            }
            Term::Param(local, at) => {
                let function = self.function_id(file, local);
                self.terms.add(Term::Param(function, at))
            }
            Term::This(local) => {
                let function = self.function_id(file, local);
                self.terms.add(Term::This(function))
            }
            Term::Global(name) => self.global(file, &name),
            Term::Module(specifier) => self.module(file, &specifier),
            Term::Member(of, key) if &*key == "default" => match facts.terms.get(of) {
                Term::Module(specifier) => {
                    let specifier = Key::clone(specifier);
                    self.default_of(file, &specifier, of)
                }
                _ => {
                    let of = self.translate(file, of);
                    self.member_of(of, &key)
                }
            },
            Term::Member(of, key) if is_exports(facts, of) => match self.export(file, &key, 0) {
                Some(value) => value,
                None => {
                    let of = self.translate(file, of);
                    self.member_of(of, &key)
                }
            },
            Term::Member(of, key) if matches!(facts.terms.get(of), Term::Global(name) if &**name == "import.meta") => {
                self.import_meta(file, &key)
            }
            term => rebuild(
                &mut Translating {
                    package: self,
                    file,
                },
                term,
            ),
        };
        if facts.terms.is_decoded(id) {
            self.terms.mark_decoded(value);
        }
        self.depth -= 1;
        if let Some(known) = self.memo.get_mut(file.index()) {
            if known.is_empty() {
                known.resize(facts.terms.len(), None);
            }
            if let Some(slot) = known.get_mut(id.0 as usize) {
                *slot = Some(value);
            }
        }
        value
    }

    fn global(&mut self, file: FileId, name: &str) -> ValueId {
        match name {
            "__dirname" => {
                let folder = self.folder(file);
                self.terms.string(&folder)
            }
            "__filename" => {
                let path = format!("<package>/{}", self.path(file));
                self.terms.string(&path)
            }
            name => self.terms.global(name),
        }
    }

    /// The path of a file, or of the file around a layer.
    fn path(&self, file: FileId) -> &'a str {
        self.archive.path(self.graph.layers().home(file))
    }

    fn folder(&self, file: FileId) -> String {
        match self.path(file).rsplit_once('/') {
            Some((folder, _)) => format!("<package>/{folder}"),
            None => "<package>".to_owned(),
        }
    }

    fn import_meta(&mut self, file: FileId, key: &str) -> ValueId {
        match key {
            "url" => {
                let url = format!("file://<package>/{}", self.path(file));
                self.terms.string(&url)
            }
            "dirname" | "dir" => self.global(file, "__dirname"),
            "filename" | "path" => self.global(file, "__filename"),
            key => {
                let meta = self.terms.global("import.meta");
                self.terms.member(meta, key)
            }
        }
    }

    /// The file that a specifier leads to, if it is one of the package.
    pub(super) fn target(&mut self, file: FileId, specifier: &str) -> Option<FileId> {
        let kind = match self.facts_of(file) {
            Some(facts) if facts.is_module => ImportKind::Static,
            _ => ImportKind::Require,
        };
        match self.graph.resolve(file, specifier, kind) {
            Target::File(target) => Some(target),
            _ => None,
        }
    }

    fn module(&mut self, file: FileId, specifier: &str) -> ValueId {
        match self.target(file, specifier) {
            Some(target) => self.module_value(target),
            None => self.terms.module(specifier),
        }
    }

    /// What `require` of a file gives: its own value where that is no object of exports.
    pub(super) fn module_value(&mut self, file: FileId) -> ValueId {
        if self.path(file).ends_with(".json") {
            return self.json_value(file);
        }
        let whole = self.facts_of(file).and_then(|facts| facts.exports.whole);
        let namespace = self.namespace(file);
        let Some(whole) = whole else {
            return namespace;
        };
        let key = Key::from("module.exports");
        if !self.exporting.insert((file, Key::clone(&key))) {
            return namespace;
        }
        let value = self.translate(file, whole);
        self.exporting.remove(&(file, key));
        match self.terms.get(value) {
            Term::Object(..) => namespace,
            Term::Module(name) if !name.starts_with(FILE_MARK) => value,
            Term::Module(_) => value,
            _ => self.terms.one_of(&[value, namespace]),
        }
    }

    pub(super) fn namespace(&mut self, file: FileId) -> ValueId {
        let name = format!("{FILE_MARK}{}", file.0);
        self.terms.add(Term::Module(name.into()))
    }

    /// The file whose namespace a value is.
    pub(super) fn namespace_file(&self, id: ValueId) -> Option<FileId> {
        match self.terms.get(id) {
            Term::Module(name) => name.strip_prefix(FILE_MARK)?.parse().ok().map(FileId),
            _ => None,
        }
    }

    fn default_of(&mut self, file: FileId, specifier: &str, local: ValueId) -> ValueId {
        let Some(target) = self.target(file, specifier) else {
            let module = self.translate(file, local);
            return self.terms.member(module, "default");
        };
        let is_module = self.facts_of(target).is_some_and(|facts| facts.is_module);
        let named = self.export(target, "default", 0);
        match named {
            Some(value) if is_module => value,
            Some(value) => {
                let whole = self.module_value(target);
                self.terms.one_of(&[value, whole])
            }
            None => self.module_value(target),
        }
    }

    /// A property of a value of the package.
    pub(crate) fn member_of(&mut self, object: ValueId, key: &str) -> ValueId {
        if let Some(file) = self.namespace_file(object) {
            return match self.export(file, key, 0) {
                Some(value) => value,
                // CommonJS seen through an `import * as` or an interop helper.
                None if key == "default" => object,
                None => self.terms.member(object, key),
            };
        }
        match self.terms.get(object).clone() {
            Term::OneOf(choices) => {
                let mut members: Vec<ValueId> = Vec::with_capacity(choices.len());
                for &one in choices.iter() {
                    if self.has_members(one) {
                        members.push(self.member_of(one, key));
                    }
                }
                self.terms.one_of(&members)
            }
            Term::Object(properties, true) => {
                if properties.iter().any(|(name, _)| &**name == key) {
                    return self.terms.member(object, key);
                }
                let spread = properties.iter().filter(|(name, _)| &**name == "...");
                let spread: Vec<ValueId> = spread.map(|&(_, value)| value).collect();
                if !spread.iter().any(|&one| self.namespace_file(one).is_some()) {
                    return self.terms.member(object, key);
                }
                let members: Vec<ValueId> = spread
                    .into_iter()
                    .map(|one| self.member_of(one, key))
                    .collect();
                self.terms.one_of(&members)
            }
            Term::New(callee, ..) => {
                let classes = self.terms.choices(callee);
                let found = classes
                    .into_iter()
                    .find_map(|one| match *self.terms.get(one) {
                        Term::Class(class) => self.class_member(class, key),
                        _ => None,
                    });
                match found {
                    Some(value) => value,
                    None => self.terms.member(object, key),
                }
            }
            Term::Class(class) => match self.class_member(class, key) {
                Some(value) => value,
                None => self.terms.member(object, key),
            },
            _ => self.terms.member(object, key),
        }
    }

    /// A mixture of a function and the namespace around it: properties are the namespace's.
    fn has_members(&self, id: ValueId) -> bool {
        !matches!(self.terms.get(id), Term::Function(_))
    }

    fn class_member(&mut self, class: ClassId, key: &str) -> Option<ValueId> {
        let (file, local) = self.local_class(class);
        let facts = self.facts_of(file)?;
        let at = facts
            .classes
            .binary_search_by_key(&local, |class| class.id)
            .ok()?;
        let (_, value) = facts.classes[at]
            .members
            .iter()
            .find(|(name, _)| &**name == key)?;
        Some(self.translate(file, *value))
    }

    /// What calling a value of the package gives.
    pub(crate) fn call_of(&mut self, callee: ValueId, args: &[ValueId], place: Place) -> ValueId {
        let (callee, args) = self.terms.unwrap_call(callee, args);
        match self.terms.get(callee).clone() {
            Term::Function(function) => self.apply(function, &args, place),
            Term::OneOf(choices) => {
                let functions: Vec<ValueId> = choices
                    .iter()
                    .copied()
                    .filter(|&one| self.namespace_file(one).is_none())
                    .take(4)
                    .collect();
                let results: Vec<ValueId> = functions
                    .into_iter()
                    .map(|one| self.call_of(one, &args, place))
                    .collect();
                self.terms.one_of(&results)
            }
            _ => {
                if let Some(decoded) = self.decoded_file(callee, &args, place) {
                    return decoded;
                }
                let call = self.terms.call(callee, &args, place);
                let call = self.or_named(callee, &args, call);
                match self.read_file(callee, &args) {
                    Some(text) => self.terms.one_of(&[text, call]),
                    None => call,
                }
            }
        }
    }

    /// What `require` gives where some of the names are known, and others are not.
    fn or_named(&mut self, callee: ValueId, args: &[ValueId], call: ValueId) -> ValueId {
        let specifier = args.first().filter(|_| self.terms.is_require(callee));
        let Some(Term::OneOf(choices)) = specifier.map(|&one| self.terms.get(one).clone()) else {
            return call;
        };
        let mut found = vec![call];
        for &one in choices.iter() {
            if let Some(text) = self.terms.as_string(one) {
                found.push(self.terms.module(&text));
            }
        }
        self.terms.one_of(&found)
    }

    fn apply(&mut self, function: FuncId, args: &[ValueId], place: Place) -> ValueId {
        const MOST_CALLS: usize = 16;
        let (file, local) = self.local_function(function);
        let returned = self.facts_of(file).and_then(|facts| {
            let at = facts
                .returns
                .binary_search_by_key(&local, |&(function, _)| function)
                .ok()?;
            Some(facts.returns[at].1)
        });
        let Some(returned) = returned else {
            return self.terms.derived(args, place);
        };
        if self.applying.len() >= MOST_CALLS || self.applying.contains(&function) {
            return self.terms.derived(args, place);
        }
        self.applying.push(function);
        let open = self.translate(file, returned);
        let value = self.filled(open, function, args);
        self.applying.pop();
        value
    }
}

/// Whether a value is what a file exports: `exports`, `module.exports`.
fn is_exports(facts: &ModuleFacts, id: ValueId) -> bool {
    let is = |id: ValueId, wanted: &str| matches!(facts.terms.get(id), Term::Global(name) if &**name == wanted);
    match facts.terms.get(id) {
        Term::Member(of, key) => &**key == "exports" && is(*of, "module"),
        _ => is(id, "exports"),
    }
}

fn file_id(index: usize) -> FileId {
    FileId(u32::try_from(index).unwrap_or(u32::MAX))
}

struct Translating<'p, 'a> {
    package: &'p mut Package<'a>,
    file: FileId,
}

impl Rewrite for Translating<'_, '_> {
    fn terms(&mut self) -> &mut Terms {
        &mut self.package.terms
    }

    fn part(&mut self, id: ValueId) -> ValueId {
        self.package.translate(self.file, id)
    }

    fn member(&mut self, object: ValueId, key: &str) -> ValueId {
        self.package.member_of(object, key)
    }

    fn call(&mut self, callee: ValueId, args: &[ValueId], place: Place) -> ValueId {
        self.package.call_of(callee, args, place)
    }

    fn construct(&mut self, callee: ValueId, args: &[ValueId], place: Place) -> ValueId {
        self.package.terms.construct(callee, args, place)
    }

    fn receiver(&self, callee: ValueId) -> Option<ValueId> {
        let facts = self.package.facts_of(self.file)?;
        receiver(&facts.terms, callee)
    }

    fn place(&self, place: Place) -> Place {
        place.of_package(self.file)
    }
}
