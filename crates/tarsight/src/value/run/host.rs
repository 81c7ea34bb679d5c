//! What is outside: members, calls and mixtures of it stay symbolic.

use super::builtin::module_call;
use super::object::{Key, Kind, ObjId, Val};
use super::{Cx, Machine, Run};
use crate::api::{builtin, builtins};
use crate::parse::ir::{BinaryOp, ClassId, NodeId};
use crate::value::terms::{Term, ValueId};

/// Deepest object and most items that become a symbolic value.
const MOST_DEPTH: u32 = 6;
const MOST_ITEMS: usize = 4096;
/// Parts of one value, after which objects in it are no longer opened.
const MOST_PARTS: u32 = 512;

impl<'a> Machine<'a> {
    pub(super) fn global_object(&mut self) -> Val {
        Val::Host(self.terms.global("globalThis"))
    }

    pub(super) fn is_global_object(&self, id: ValueId) -> bool {
        matches!(self.term(id), Term::Global(name) if &**name == "globalThis")
    }

    /// A global name: what code put there, a builtin, or something outside.
    pub(super) fn global(&mut self, key: Key) -> Val {
        if let Key::Name(atom) = key {
            if let Some(value) = self.globals.get(&atom) {
                return value.clone();
            }
            let name = self.atoms.text(atom).lossy();
            let id = self.terms.global(&name);
            return self.concrete(id);
        }
        Val::Undefined
    }

    /// A symbolic value as a value of the run: a constant becomes concrete.
    pub(super) fn concrete(&mut self, id: ValueId) -> Val {
        match self.term(id) {
            Term::Undefined => Val::Undefined,
            Term::Null => Val::Null,
            Term::Bool(bool) => Val::Bool(*bool),
            Term::Number(bits) => Val::Num(f64::from_bits(*bits)),
            Term::String(text) => {
                let text = text.clone();
                Val::str(&text)
            }
            Term::BigInt(digits) => match super::convert::text_to_bigint(digits) {
                Some(big) => Val::Big(big.into()),
                None => Val::Host(id),
            },
            Term::Bytes(bytes) => {
                let bytes = bytes.to_vec();
                self.buffer(bytes)
            }
            Term::Member(of, name)
                if &**name == "builtinModules"
                    && matches!(self.term(*of), Term::Module(module) if &**module == "module") =>
            {
                self.array(builtins().map(Val::str).collect())
            }
            _ => Val::Host(id),
        }
    }

    /// A value of the run as a symbolic one.
    pub(super) fn to_term(&mut self, value: &Val) -> ValueId {
        self.shown = 0;
        self.term_of(value, 0)
    }

    fn term_of(&mut self, value: &Val, depth: u32) -> ValueId {
        self.steps += 1;
        self.shown += 1;
        if let Some(call) = self.read_by(value) {
            return call;
        }
        match value {
            Val::Undefined | Val::Hole => self.terms.add(Term::Undefined),
            Val::Null => self.terms.add(Term::Null),
            Val::Bool(bool) => self.terms.add(Term::Bool(*bool)),
            Val::Num(number) => self.terms.number(*number),
            Val::Str(text) => {
                let text = text.lossy();
                self.terms.string(&text)
            }
            Val::Big(big) => self.terms.add(Term::BigInt(big.to_string().into())),
            Val::Host(id) => *id,
            Val::Sym(_) => self.terms.unresolved(),
            Val::Obj(id) => self.object_term(*id, depth),
        }
    }

    fn object_term(&mut self, id: ObjId, depth: u32) -> ValueId {
        // Objects may hold each other: their number counts as well as their depth.
        if depth > MOST_DEPTH || self.shown > MOST_PARTS {
            return self.terms.unresolved();
        }
        match &self.at(id).kind {
            Kind::Array(items) | Kind::Arguments(items) => {
                let is_open = items.len() > MOST_ITEMS;
                let items: Vec<Val> = items.iter().take(MOST_ITEMS).cloned().collect();
                let items: Vec<ValueId> = items
                    .iter()
                    .map(|item| self.term_of(item, depth + 1))
                    .collect();
                self.terms.add(Term::Array(items.into(), is_open))
            }
            Kind::Closure(closure) if self.is_file(closure.unit) => {
                let base = self
                    .bases
                    .get(closure.unit)
                    .map_or(0, |&(_, classes)| classes);
                let term = match closure.class {
                    Some(class) => Term::Class(ClassId(base.saturating_add(class.0))),
                    None => Term::Function(self.numbered(closure.unit, closure.function)),
                };
                self.terms.add(term)
            }
            Kind::Native(native) => {
                let path = native.path;
                let mut parts = path.split('.');
                let mut term = self.terms.global(parts.next().unwrap_or(path));
                for part in parts {
                    term = self.terms.member(term, part);
                }
                term
            }
            Kind::Bound { target, this, args } => {
                let (target, this, args) = (target.clone(), this.clone(), args.clone());
                if !target.is_host() {
                    return self.term_of(&target, depth + 1);
                }
                let target = self.term_of(&target, depth + 1);
                let bind = self.terms.member(target, "bind");
                let mut all = vec![self.term_of(&this, depth + 1)];
                all.extend(args.iter().map(|arg| self.term_of(arg, depth + 1)));
                let place = self.place;
                self.terms.call(bind, &all, place)
            }
            Kind::View(_) | Kind::ArrayBuffer(_) => match self.to_bytes(&Val::Obj(id)) {
                Ok(bytes) => self.terms.add(Term::Bytes(bytes.into())),
                Err(_) => self.terms.unresolved(),
            },
            Kind::Boxed(value) | Kind::Promise { value, .. } => {
                let value = value.clone();
                self.term_of(&value, depth + 1)
            }
            Kind::Regex(pattern) => {
                let (source, flags) = (pattern.source.lossy(), pattern.flags.clone());
                self.terms.add(Term::Regex(source.into(), flags.into()))
            }
            Kind::Outside(id) => *id,
            Kind::Choice(values) => {
                let values = values.clone();
                let terms: Vec<ValueId> = values
                    .iter()
                    .map(|value| self.term_of(value, depth + 1))
                    .collect();
                self.terms.one_of(&terms)
            }
            Kind::Plain => {
                let keys = self.own_keys(id);
                let is_open = keys.len() > MOST_ITEMS;
                let mut properties = Vec::new();
                for key in keys.into_iter().take(MOST_ITEMS) {
                    let Some(prop) = self.own(id, key) else {
                        continue;
                    };
                    let super::Slot::Value(value) = prop.slot else {
                        continue;
                    };
                    let name = self.key_text(key).lossy();
                    let value = self.term_of(&value, depth + 1);
                    properties.push((name.into(), value));
                }
                self.terms.add(Term::Object(properties.into(), is_open))
            }
            _ => self.terms.unresolved(),
        }
    }

    /// Computed from these, some of which are outside.
    pub(super) fn derived(&mut self, from: &[&Val]) -> Val {
        let parts: Vec<ValueId> = from.iter().map(|value| self.to_term(value)).collect();
        let place = self.place;
        Val::Host(self.terms.derived(&parts, place))
    }

    /// One of these.
    pub(super) fn either(&mut self, values: &[Val]) -> Val {
        let is_object = |value: &Val| match value {
            Val::Obj(id) => !matches!(self.at(*id).kind, Kind::View(_) | Kind::Regex(_)),
            _ => false,
        };
        if values.iter().any(is_object) {
            return self.choice(values);
        }
        let parts: Vec<ValueId> = values.iter().map(|value| self.to_term(value)).collect();
        let one = self.terms.one_of(&parts);
        if let [value, rest @ ..] = values
            && parts.iter().all(|&part| part == one)
            && !rest.iter().any(Val::is_host)
        {
            return value.clone();
        }
        self.concrete(one)
    }

    pub(super) fn unknown_binary(&mut self, operator: BinaryOp, left: &Val, right: &Val) -> Val {
        if operator != BinaryOp::Add {
            return self.derived(&[left, right]);
        }
        let is_text = |value: &Val| matches!(value, Val::Str(_) | Val::Host(_));
        if !is_text(left) && !is_text(right) {
            return self.derived(&[left, right]);
        }
        let pieces = [self.to_term(left), self.to_term(right)];
        let joined = self.terms.concat(&pieces);
        self.concrete(joined)
    }

    pub(super) fn host_type(&self, id: ValueId) -> Option<&'static str> {
        match self.term(id) {
            Term::Global(name) => match &**name {
                "globalThis" | "process" | "module" | "exports" | "console" => Some("object"),
                "require" | "fetch" | "setTimeout" | "setInterval" | "setImmediate" => {
                    Some("function")
                }
                "document" | "navigator" | "WScript" | "ActiveXObject" | "importScripts" => None,
                _ => None,
            },
            Term::Function(_) | Term::Class(_) => Some("function"),
            Term::Concat(_) => Some("string"),
            Term::Module(_) => Some("object"),
            _ => None,
        }
    }

    pub(super) fn host_member(&mut self, object: ValueId, key: Key) -> Run {
        if self.is_global_object(object) {
            return Ok(self.global(key));
        }
        let text = self.key_text(key);
        if let Key::Name(atom) = key
            && atom.is_symbol()
        {
            return Ok(Val::Undefined);
        }
        let name = text.lossy();
        // What compilers ask for of a module that has no default export.
        if name == "__esModule"
            && matches!(self.term(object), Term::Module(module) if builtin(module).is_some())
        {
            return Ok(Val::Undefined);
        }
        let member = self.terms.member(object, &name);
        let found = self.builtin_member(object, &name);
        match found {
            Some(found) => Ok(found),
            None => Ok(self.concrete(member)),
        }
    }

    /// A builtin that a module gives under its own name, as `require('buffer').Buffer`.
    fn builtin_member(&mut self, object: ValueId, name: &str) -> Option<Val> {
        let Term::Module(module) = self.term(object) else {
            return None;
        };
        let is_same = matches!(
            (&**module, name),
            ("buffer", "Buffer" | "atob" | "btoa") | ("util", "TextDecoder" | "TextEncoder")
        );
        if is_same {
            let key = self.key(name);
            return Some(self.global(key));
        }
        None
    }

    /// Calls something outside. Functions that it gets run later, with unknown parameters.
    pub(super) fn host_call(
        &mut self,
        cx: &Cx<'a>,
        id: NodeId,
        callee: ValueId,
        args: &[Val],
        is_new: bool,
    ) -> Run {
        self.host_calls += 1;
        if !is_new && let Some(done) = module_call(self, callee, args) {
            return done;
        }
        if !is_new && let Some(done) = self.outside_each(callee, args) {
            return done;
        }
        let terms: Vec<ValueId> = args.iter().map(|arg| self.to_term(arg)).collect();
        let place = self.place;
        let value = match is_new {
            true => self.terms.construct(callee, &terms, place),
            false => self.terms.call(callee, &terms, place),
        };
        self.hand_to(value, args);
        self.observe_call(cx, id, callee, &terms, args);
        let unit = self.site_of(cx, id).0;
        if let Some(done) = self.load_call(unit, callee, args) {
            return done;
        }
        if let Some(done) = self.read_call(callee, args, &terms) {
            return done;
        }
        Ok(self.answer(callee, value))
    }

    /// What a call gave: the words of a text that is known in part are an array of the run.
    fn answer(&mut self, callee: ValueId, value: ValueId) -> Val {
        let is_split = matches!(self.term(callee), Term::Member(_, method) if &**method == "split");
        match self.term(value) {
            Term::Array(items, false) if is_split => {
                let items: Vec<ValueId> = items.to_vec();
                let items = items.into_iter().map(|item| self.concrete(item)).collect();
                self.array(items)
            }
            _ => self.concrete(value),
        }
    }

    /// The same for what a builtin or a wrapper calls, at the call of the file that runs now.
    pub(super) fn host_apply(&mut self, callee: ValueId, args: &[Val]) -> Run {
        self.host_calls += 1;
        if let Some(done) = module_call(self, callee, args) {
            return done;
        }
        if let Some(done) = self.outside_each(callee, args) {
            return done;
        }
        let terms: Vec<ValueId> = args.iter().map(|arg| self.to_term(arg)).collect();
        let place = self.place;
        let value = self.terms.call(callee, &terms, place);
        self.hand_to(value, args);
        self.observe_inner(callee, &terms, false);
        if let Some(done) = self.load_call(self.site.0, callee, args) {
            return done;
        }
        if let Some(done) = self.read_call(callee, args, &terms) {
            return done;
        }
        Ok(self.answer(callee, value))
    }

    /// A builtin met something outside: what it gives is told by the symbolic constructors.
    pub(super) fn opaque_native(&mut self, path: &str, this: &Val, args: &[Val]) -> Val {
        for arg in args {
            self.hand_over(arg);
        }
        let terms: Vec<ValueId> = args.iter().map(|arg| self.to_term(arg)).collect();
        let place = self.place;
        let callee = match path.split_once(".prototype.") {
            Some((_, method)) => {
                let this = self.to_term(this);
                self.terms.member(this, method)
            }
            None => {
                let mut parts = path.split('.');
                let mut callee = self.terms.global(parts.next().unwrap_or(path));
                for part in parts {
                    callee = self.terms.member(callee, part);
                }
                callee
            }
        };
        let value = self.terms.call(callee, &terms, place);
        let method = path.rsplit('.').next().unwrap_or(path);
        if matches!(method, "update" | "set" | "fill" | "copy") || method.starts_with("write") {
            // `a.copy(b)` changes `b`.
            let changed = if method == "copy" {
                args.first()
            } else {
                Some(this)
            };
            if let Some(changed) = changed {
                self.lose(changed, value);
            }
        }
        self.concrete(value)
    }

    /// Bytes, a digest or a cipher that got something outside: what they hold is not known any
    /// more.
    pub(super) fn lose(&mut self, value: &Val, got: ValueId) {
        let Val::Obj(id) = value else { return };
        let object = self.at_mut(*id);
        if matches!(
            object.kind,
            Kind::View(_) | Kind::Digest(_) | Kind::Cipher(_)
        ) {
            object.kind = Kind::Outside(got);
            object.props.clear();
            object.proto = None;
        }
    }
}
