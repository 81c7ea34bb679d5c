//! Runs the files of a package as one program: what they load of each other runs as well.

use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::drive::Observed;
use super::object::{Key, Kind, ObjId, Prop, Val};
use super::scope::Env;
use super::{Cx, Flow, Machine, Run, Stop};
use crate::parse::ir::{ListId, Node, NodeId, Op};
use crate::parse::names::{DEFAULT, NameId, STAR};
use crate::value::encode::to_text as bytes_to_text;
use crate::value::paths::normalize;
use crate::value::terms::{Term, Terms, ValueId};

/// Longest chain of files that export what others export.
const MOST_STARS: u32 = 16;

/// The package around the files of a run, which go by their numbers there.
pub(crate) trait Around {
    /// What a specifier in a file means.
    fn loads(&self, unit: usize, specifier: &str) -> Option<Loads>;
    /// The path of a file, from `<package>` on.
    fn path(&self, unit: usize) -> &str;
    /// What a file of the package holds, by such a path.
    fn bytes(&self, path: &str) -> Option<Vec<u8>>;
    /// Files of the package whose paths begin and end so, the longest first: some of them.
    fn like(&self, start: &str, end: &str) -> Vec<String>;
}

/// What loading a module gives.
pub(crate) enum Loads {
    /// What another file of the run exports.
    File(usize),
    /// Data.
    Json(String),
}

/// What reading a file gave.
#[derive(PartialEq, Eq, Hash)]
pub(super) enum Read {
    /// Bytes, by their object.
    Bytes(ObjId),
    /// A text that is not short.
    Text(Rc<[u16]>),
}

/// Shortest text that is known for that of a file.
const LEAST_TEXT: usize = 16;

/// Functions that give what a file holds, of `fs` and of `fs/promises`.
const READERS: [&str; 2] = ["readFileSync", "readFile"];

/// The files of a run, and what they became.
pub(super) struct Files<'a> {
    around: &'a dyn Around,
    loaded: Vec<Option<Loaded>>,
    /// Data that files import by a declaration, by the file and the specifier.
    data: FxHashMap<(usize, NameId), Val>,
}

/// A file that was loaded, or is.
struct Loaded {
    env: Rc<Env>,
    /// Its `module`.
    module: ObjId,
    /// Its `exports`, which `module.exports` may have left behind.
    exports: ObjId,
    /// Values of exports that are no names.
    given: FxHashMap<NodeId, Val>,
    /// All that it exports, once somebody asked.
    namespace: Option<Val>,
}

impl<'a> Files<'a> {
    pub(super) fn new(around: &'a dyn Around, count: usize) -> Self {
        Self {
            around,
            loaded: (0..count).map(|_| None).collect(),
            data: FxHashMap::default(),
        }
    }
}

impl<'a> Machine<'a> {
    /// Loads files, then runs every function that did not run; gives the terms with what was
    /// seen in each file.
    pub(in crate::value) fn run_program(mut self, starts: &[usize]) -> (Terms, Vec<Observed>) {
        let whole = self.ceiling;
        self.ceiling = whole / 4 * 3;
        for &unit in starts {
            self.depth = 0;
            self.overrides.clear();
            self.before.clear();
            // What a file throws does not keep the next from running.
            if let Err(Stop::End) = self.load(unit) {
                self.note_end(self.ceiling);
            }
        }
        for unit in 0..self.observed.len() {
            let ran = self.invoked.iter().filter(|(of, _)| *of == unit);
            self.observed[unit].on_load = ran.map(|&(_, function)| function).collect();
            self.observed[unit].was_loaded = self.loaded(unit).is_some();
        }
        self.later(whole);
        self.is_rest = true;
        for unit in 0..self.observed.len() {
            if self.loaded(unit).is_some()
                && let Ok(exports) = self.namespace_of(unit)
            {
                self.hand_over(&exports);
            }
        }
        self.rest(whole);
        let (steps, ran) = (self.steps, self.ran);
        for one in &mut self.observed {
            one.steps = steps;
            one.ran = ran;
        }
        (self.terms, self.observed)
    }

    /// Runs a file once, after those that it imports.
    fn load(&mut self, unit: usize) -> Run<()> {
        let Some(files) = &self.files else {
            return Ok(());
        };
        if files.loaded.get(unit).is_none_or(Option::is_some) {
            return Ok(());
        }
        let Some(found) = self.units.get(unit).cloned() else {
            return Ok(());
        };
        let env = Rc::new(Env {
            unit,
            owner: 0,
            slots: RefCell::new(vec![Val::Hole; found.scopes.size(0)]),
            parent: None,
            with: None,
        });
        let exports = self.plain();
        let outside = self.terms.global("module");
        let proto = self.realm.object;
        let module = self.alloc(proto, Kind::Outside(outside));
        let key = self.key("exports");
        self.define(module, key, Prop::plain(Val::Obj(exports)));
        let loaded = Loaded {
            env: Rc::clone(&env),
            module,
            exports,
            given: FxHashMap::default(),
            namespace: None,
        };
        if let Some(slot) = self
            .files
            .as_mut()
            .and_then(|files| files.loaded.get_mut(unit))
        {
            *slot = Some(loaded);
        }
        let (site, place) = (self.site, self.place);
        self.deeper()?;
        for import in found.ir.imports.iter().filter(|import| !import.is_type) {
            let specifier = found.ir.name(&found.text, import.specifier);
            if let Some(target) = self.linked(unit, specifier) {
                self.load(target)?;
            }
        }
        let this = match found.ir.is_module {
            true => Val::Undefined,
            false => Val::Obj(exports),
        };
        let cx = self.context(&found, env, this);
        let done = self.whole_file(&cx);
        self.depth -= 1;
        (self.site, self.place) = (site, place);
        done
    }

    /// Every statement of a file; one that throws does not keep the next from running.
    fn whole_file(&mut self, cx: &Cx<'a>) -> Run<()> {
        let list = ListId(cx.unit.ir.node(cx.unit.ir.root).a);
        self.hoist(cx, list);
        let items: Vec<NodeId> = cx.unit.ir.list(list).collect();
        let overrides = std::mem::take(&mut self.overrides);
        let depth = self.depth;
        let mut done = Ok(());
        for item in items {
            self.depth = depth;
            match self.statement(cx, item) {
                Ok(Flow::Return(_)) if cx.partial.borrow().is_empty() => break,
                Err(Stop::End) => {
                    done = Err(Stop::End);
                    break;
                }
                _ => {}
            }
        }
        self.depth = depth;
        self.overrides = overrides;
        done
    }

    fn linked(&self, unit: usize, specifier: &str) -> Option<usize> {
        match self.files.as_ref()?.around.loads(unit, specifier)? {
            Loads::File(unit) => Some(unit),
            Loads::Json(_) => None,
        }
    }

    /// What an import of data gives, and of what it holds, by name.
    fn imported_data(&mut self, cx: &Cx<'a>, specifier: NameId, name: NameId) -> Option<Run> {
        let key = (cx.unit.id, specifier);
        let files = self.files.as_ref()?;
        let value = match files.data.get(&key) {
            Some(known) => known.clone(),
            None => {
                let text = cx.unit.ir.name(&cx.unit.text, specifier);
                let Loads::Json(text) = files.around.loads(cx.unit.id, text)? else {
                    return None;
                };
                match self.parsed_json(&text) {
                    Ok(value) => {
                        let files = self.files.as_mut()?;
                        files.data.insert(key, value.clone());
                        value
                    }
                    stop => return Some(stop),
                }
            }
        };
        match name {
            DEFAULT => Some(Ok(value)),
            STAR => None,
            name => Some(self.get_named(&value, cx.unit.ir.name(&cx.unit.text, name))),
        }
    }

    fn loaded(&self, unit: usize) -> Option<&Loaded> {
        self.files.as_ref()?.loaded.get(unit)?.as_ref()
    }

    /// `module`, `exports` and the like, which each file has of its own.
    pub(super) fn own_global(&mut self, unit: usize, key: Key) -> Option<Val> {
        let Key::Name(atom) = key else { return None };
        let loaded = self.loaded(unit)?;
        let (module, exports) = (loaded.module, loaded.exports);
        let path = self
            .files
            .as_ref()
            .map_or("", |files| files.around.path(unit));
        match self.atoms.text(atom).lossy().as_str() {
            "module" => Some(Val::Obj(module)),
            "exports" => Some(Val::Obj(exports)),
            "__filename" => Some(Val::str(path)),
            "__dirname" => Some(Val::str(
                path.rsplit_once('/').map_or("", |(folder, _)| folder),
            )),
            _ => None,
        }
    }

    /// The call that read a value from a file, if it is just that.
    pub(super) fn read_by(&self, value: &Val) -> Option<ValueId> {
        if self.read_files.is_empty() {
            return None;
        }
        let read = match value {
            Val::Obj(id) => Read::Bytes(*id),
            Val::Str(text) if text.len() >= LEAST_TEXT => Read::Text(text.units()),
            _ => return None,
        };
        self.read_files.get(&read).copied()
    }

    /// `import.meta`, which says where the file stands.
    pub(super) fn import_meta(&mut self, cx: &Cx<'a>) -> Val {
        let meta = self.terms.global("import.meta");
        let is_file = self.is_file(cx.unit.id);
        let Some(files) = self.files.as_ref().filter(|_| is_file) else {
            return Val::Host(meta);
        };
        let path = files.around.path(cx.unit.id);
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let id = self.alloc(None, Kind::Outside(meta));
        let url = format!("file://{path}");
        for (name, text) in [("url", &*url), ("filename", path), ("dirname", folder)] {
            let key = self.key(name);
            self.define(id, key, Prop::plain(Val::str(text)));
        }
        Val::Obj(id)
    }

    /// A path as text: text, or an address below that of a file.
    fn path_of(&self, value: &Val) -> Option<String> {
        let text = |id: ValueId| self.terms.as_string(id);
        let path = match value {
            Val::Str(path) => path.lossy(),
            Val::Host(id) => {
                let Term::New(maker, parts, _) = self.term(*id) else {
                    return None;
                };
                let is_url = matches!(self.term(*maker), Term::Global(name) if &**name == "URL");
                let [relative, base] = parts.get(..2).filter(|_| is_url)? else {
                    return None;
                };
                let (relative, base) = (text(*relative)?, text(*base)?);
                let (folder, _) = base.rsplit_once('/')?;
                format!("{folder}/{relative}")
            }
            _ => return None,
        };
        Some(normalize(path.strip_prefix("file://").unwrap_or(&path)))
    }

    /// What reading a file of the package gives: bytes, or text if an encoding is named.
    pub(super) fn read_call(
        &mut self,
        callee: ValueId,
        args: &[Val],
        terms: &[ValueId],
    ) -> Option<Run> {
        let around = self.files.as_ref()?.around;
        let Term::Member(of, name) = self.term(callee) else {
            return None;
        };
        let is_reader = READERS.contains(&&**name);
        let is_fs = match self.term(*of) {
            Term::Module(module) => {
                matches!(&**module, "fs" | "fs.promises")
            }
            Term::Member(_, name) => &**name == "promises",
            _ => false,
        };
        let path = args.first().filter(|_| is_fs && is_reader)?;
        let Some(whole) = self.path_of(path) else {
            return self.read_like(callee, args, terms);
        };
        let bytes = around.bytes(&whole)?;
        if let Err(stop) = self.pay(bytes.len()) {
            return Some(Err(stop));
        }
        let encoding = match args.get(1) {
            Some(Val::Str(encoding)) => Some(encoding.clone()),
            Some(options @ Val::Obj(_)) => match self.get_named(options, "encoding") {
                Ok(Val::Str(encoding)) => Some(encoding),
                _ => None,
            },
            _ => None,
        };
        let text = encoding.and_then(|name| bytes_to_text(&bytes, &name.lossy()));
        let value = match text {
            Some(text) => Val::str(&text),
            None => self.buffer(bytes),
        };
        let read = match &value {
            Val::Obj(id) => Some(Read::Bytes(*id)),
            Val::Str(text) if text.len() >= LEAST_TEXT => Some(Read::Text(text.units())),
            _ => None,
        };
        if let Some(read) = read {
            let place = self.place;
            let call = self.terms.call(callee, terms, place);
            self.read_files.insert(read, call);
        }
        // With a callback it is handed on.
        let last = args.last().filter(|last| matches!(last, Val::Obj(_)));
        if let Some(function) = last.filter(|last| self.is_callable(last)).cloned() {
            return Some(self.call(&function, Val::Undefined, vec![Val::Null, value]));
        }
        Some(Ok(value))
    }

    /// What reading a file gives whose name is known in part: what any of those may hold that
    /// are called so, each alone.
    fn read_like(&mut self, callee: ValueId, args: &[Val], terms: &[ValueId]) -> Option<Run> {
        let around = self.files.as_ref()?.around;
        let Term::Concat(parts) = self.term(*terms.first()?) else {
            return None;
        };
        let ends = (*parts.first()?, *parts.last()?);
        let [start, end] = [ends.0, ends.1].map(|part| self.terms.as_string(part));
        let paths: Vec<Val> = around
            .like(&start?, end.as_deref().unwrap_or_default())
            .iter()
            .map(|path| Val::str(path))
            .collect();
        if paths.is_empty() {
            return None;
        }
        let rest = args.get(1..).unwrap_or(&[]).to_vec();
        Some(self.with_each(&paths, |machine, path| {
            let mut args = vec![path.clone()];
            args.extend_from_slice(&rest);
            let found = machine.read_call(callee, &args, terms);
            found.unwrap_or(Ok(Val::Undefined))
        }))
    }

    /// What `require(…)` or `import(…)` of another file of the run gives.
    pub(super) fn load_call(&mut self, unit: usize, callee: ValueId, args: &[Val]) -> Option<Run> {
        let is_import = matches!(self.term(callee), Term::Global(name) if &**name == "import");
        if !is_import && !self.terms.is_require(callee) {
            return None;
        }
        let Some(Val::Str(specifier)) = args.first() else {
            return None;
        };
        if let Some(found) = self.emitter(&specifier.lossy()) {
            return Some(match (found, is_import) {
                (Ok(value), true) => Ok(self.promise(value, false)),
                (found, _) => found,
            });
        }
        let loads = self
            .files
            .as_ref()?
            .around
            .loads(unit, &specifier.lossy())?;
        let target = match loads {
            Loads::File(target) => target,
            Loads::Json(text) => return Some(self.parsed_json(&text)),
        };
        let value = self.load(target).and_then(|()| match is_import {
            true => self.namespace_of(target),
            false => self.required(target),
        });
        Some(match (value, is_import) {
            (Ok(value), true) => Ok(self.promise(value, false)),
            (value, _) => value,
        })
    }

    /// What `require` of a loaded file gives.
    fn required(&mut self, unit: usize) -> Run {
        let is_module = self.units.get(unit).is_some_and(|unit| unit.ir.is_module);
        if is_module {
            return self.namespace_of(unit);
        }
        let Some(module) = self.loaded(unit).map(|loaded| loaded.module) else {
            return Ok(Val::Undefined);
        };
        self.get_named(&Val::Obj(module), "exports")
    }

    /// All that a file exports, as an object.
    fn namespace_of(&mut self, unit: usize) -> Run {
        let Some(found) = self.units.get(unit).cloned() else {
            return Ok(Val::Undefined);
        };
        if !found.ir.is_module {
            let whole = self.required(unit)?;
            let Val::Obj(_) = whole else {
                return Ok(self.record(&[("default", whole)]));
            };
            let key = self.key("default");
            let id = self.plain();
            self.copy_properties(id, &whole, &[])?;
            self.define(id, key, Prop::plain(whole));
            return Ok(Val::Obj(id));
        }
        if let Some(known) = self
            .loaded(unit)
            .and_then(|loaded| loaded.namespace.clone())
        {
            return Ok(known);
        }
        let Some(env) = self.loaded(unit).map(|loaded| Rc::clone(&loaded.env)) else {
            return Ok(Val::Undefined);
        };
        let id = self.plain();
        let cx = self.context(&found, env, Val::Undefined);
        for export in found.ir.exports.iter().filter(|one| one.name != STAR) {
            let value = self.export_value(&cx, export.value)?;
            let key = self.name(&found, export.name);
            self.define(id, key, Prop::plain(value));
        }
        let files = self.files.as_mut();
        let slot = files.and_then(|files| files.loaded.get_mut(unit)?.as_mut());
        if let Some(loaded) = slot {
            loaded.namespace = Some(Val::Obj(id));
        }
        Ok(Val::Obj(id))
    }

    /// What a file exports by a name.
    fn exported(&mut self, unit: usize, name: &str, stars: u32) -> Run<Option<Val>> {
        let Some(found) = self.units.get(unit).cloned() else {
            return Ok(None);
        };
        if !found.ir.is_module {
            let whole = self.required(unit)?;
            return Ok(Some(match name {
                "default" => whole,
                _ if whole.is_nullish() => Val::Undefined,
                _ => self.get_named(&whole, name)?,
            }));
        }
        self.spend(found.ir.exports.len() as u64 / 16)?;
        let named = |wanted: &str| {
            let mut all = found.ir.exports.iter();
            all.find(|one| found.ir.name(&found.text, one.name) == wanted)
                .map(|one| one.value)
        };
        if let Some(node) = named(name) {
            let Some(loaded) = self.loaded(unit) else {
                return Ok(None);
            };
            let env = Rc::clone(&loaded.env);
            let cx = self.context(&found, env, Val::Undefined);
            return self.export_value(&cx, node).map(Some);
        }
        if stars >= MOST_STARS {
            return Ok(None);
        }
        for one in found.ir.exports.iter().filter(|one| one.name == STAR) {
            let import = found.ir.node(one.value).a as usize;
            let Some(import) = found.ir.imports.get(import) else {
                continue;
            };
            let specifier = found.ir.name(&found.text, import.specifier);
            if let Some(target) = self.linked(unit, specifier)
                && let Some(value) = self.exported(target, name, stars + 1)?
            {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// The value of an export, made once unless it is a name.
    pub(super) fn export_value(&mut self, cx: &Cx<'a>, node: NodeId) -> Run {
        let unit = cx.unit.id;
        if let Some(value) = self.loaded(unit).and_then(|loaded| loaded.given.get(&node)) {
            return Ok(value.clone());
        }
        let value = self.eval(cx, node)?;
        let is_name = matches!(cx.unit.ir.node(node).op, Op::Name | Op::Imported);
        let files = self.files.as_mut();
        let slot = files.and_then(|files| files.loaded.get_mut(unit)?.as_mut());
        if let Some(loaded) = slot.filter(|_| !is_name) {
            loaded.given.insert(node, value.clone());
        }
        Ok(value)
    }

    /// What an imported name is, if another file of the run gives it.
    pub(super) fn imported(&mut self, cx: &Cx<'a>, node: Node) -> Option<Run> {
        self.files.as_ref()?;
        let import = cx.unit.ir.imports.get(node.a as usize)?;
        let specifier = cx.unit.ir.name(&cx.unit.text, import.specifier);
        let name = NameId(node.b);
        let Some(target) = self.linked(cx.unit.id, specifier) else {
            return self.imported_data(cx, import.specifier, name);
        };
        let value = self.load(target).and_then(|()| {
            if name == STAR {
                return self.namespace_of(target);
            }
            let text = match name == DEFAULT {
                true => "default",
                false => cx.unit.ir.name(&cx.unit.text, name),
            };
            let found = self.exported(target, text, 0)?;
            Ok(found.unwrap_or(Val::Undefined))
        });
        Some(value)
    }
}
