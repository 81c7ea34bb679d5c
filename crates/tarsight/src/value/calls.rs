//! What calls give, as far as constants and well-known functions tell.

use std::sync::Arc;

use super::terms::{Key, Place, Term, Terms, ValueId};
use super::{array, encode, number, paths, string};
use crate::api::{Gives, Place as At, Runs};

/// Classes of a mixture that are told apart where it is constructed.
const MOST_MAKERS: usize = 4;

impl Terms {
    /// What calling a value gives: folded if it is pure and constant, else the call itself.
    pub(crate) fn call(&mut self, callee: ValueId, args: &[ValueId], place: Place) -> ValueId {
        if let Some(value) = self.folded(callee, args, place) {
            return value;
        }
        self.add(Term::Call(callee, args.into(), place))
    }

    /// What `new` gives.
    pub(crate) fn construct(&mut self, callee: ValueId, args: &[ValueId], place: Place) -> ValueId {
        // `new (given || WebSocket)(…)` may be either.
        if let Term::OneOf(choices) = self.get(callee).clone()
            && choices.len() <= MOST_MAKERS
        {
            let made: Vec<ValueId> = choices
                .iter()
                .map(|&one| self.construct(one, args, place))
                .collect();
            return self.one_of(&made);
        }
        if let Term::Global(name) = self.get(callee).clone() {
            match (&*name, args) {
                ("Buffer", _) => {
                    if let Some(bytes) = self.buffer_from(args) {
                        return bytes;
                    }
                }
                ("String", &[one]) => return self.concat(&[one]),
                ("Uint8Array", &[one]) if matches!(self.get(one), Term::Array(..)) => {
                    if let Some(bytes) = self.buffer_from(&[one]) {
                        return bytes;
                    }
                }
                ("URL", &[path, base]) if self.is_own_url(base) => {
                    let dirname = self.global("__dirname");
                    let slash = self.string("/");
                    return self.concat(&[dirname, slash, path]);
                }
                _ => {}
            }
        }
        self.add(Term::New(callee, args.into(), place))
    }

    fn is_own_url(&self, id: ValueId) -> bool {
        match self.get(id) {
            Term::Member(of, key) if &**key == "url" => {
                matches!(self.get(*of), Term::Global(name) if &**name == "import.meta")
            }
            _ => false,
        }
    }

    /// Takes `call`, `apply`, `bind`, `Reflect.apply` and `promisify` away from a call.
    pub(crate) fn unwrap_call(
        &mut self,
        callee: ValueId,
        args: &[ValueId],
    ) -> (ValueId, Vec<ValueId>) {
        const MOST_WRAPPERS: usize = 8;
        let mut callee = callee;
        let mut args = args.to_vec();
        for _ in 0..MOST_WRAPPERS {
            match self.get(callee).clone() {
                Term::Member(of, key)
                    if &*key == "apply"
                        && matches!(self.get(of), Term::Global(name) if &**name == "Reflect") =>
                {
                    let Some(&target) = args.first() else { break };
                    args = self.items_of(args.get(2).copied());
                    callee = target;
                }
                Term::Member(of, key) if self.is_function_like(of) => match &*key {
                    "call" => {
                        callee = of;
                        if !args.is_empty() {
                            args.remove(0);
                        }
                    }
                    "apply" => {
                        callee = of;
                        args = self.items_of(args.get(1).copied());
                    }
                    _ => break,
                },
                Term::Call(inner, bound, _) => match self.get(inner).clone() {
                    Term::Member(of, key) if &*key == "bind" && self.is_function_like(of) => {
                        callee = of;
                        let mut all = bound.get(1..).unwrap_or(&[]).to_vec();
                        all.append(&mut args);
                        args = all;
                    }
                    // `debounce(f)` calls `f`, at some time.
                    _ if self.gives_its_function(inner) && !bound.is_empty() => callee = bound[0],
                    _ => break,
                },
                _ => break,
            }
        }
        (callee, args)
    }

    /// Whether what a call gives is a function that calls its first argument as it is called.
    fn gives_its_function(&self, callee: ValueId) -> bool {
        self.api(callee).is_some_and(|row| {
            let fills_in = row.path.ends_with(".bind") || row.path.ends_with(".partial");
            !fills_in && row.runs == Runs::Keeps && matches!(row.gives, [Gives::Same(At::Arg(0))])
        })
    }

    fn items_of(&self, array: Option<ValueId>) -> Vec<ValueId> {
        match array.map(|id| self.get(id)) {
            Some(Term::Array(items, _)) => items.to_vec(),
            _ => array.into_iter().collect(),
        }
    }

    /// Whether `.call` on it calls it, rather than a method of that name.
    fn is_function_like(&self, id: ValueId) -> bool {
        match self.get(id) {
            Term::Function(_) | Term::Global(_) | Term::Module(_) | Term::Param(..) => true,
            Term::Member(of, _) => {
                !matches!(self.get(*of), Term::Param(..) | Term::This(_)) || self.api(id).is_some()
            }
            Term::Call(inner, ..) => {
                matches!(self.get(*inner), Term::Member(_, key) if &**key == "bind")
            }
            Term::OneOf(choices) => choices.iter().any(|&one| self.is_function_like(one)),
            _ => false,
        }
    }

    fn folded(&mut self, callee: ValueId, args: &[ValueId], place: Place) -> Option<ValueId> {
        if self.is_require(callee) {
            return self.required(args);
        }
        match self.get(callee).clone() {
            Term::Global(name) => self.fold_global(&name, args),
            Term::Member(object, method) => match self.get(object).clone() {
                Term::Global(namespace) => self.fold_static(&namespace, &method, args, place),
                Term::Module(module) => self.fold_module(&module, &method, args),
                Term::Member(of, inner)
                    if &*inner == "posix" || &*inner == "win32" || &*inner == "promises" =>
                {
                    match self.get(of).clone() {
                        Term::Module(module) => self.fold_module(&module, &method, args),
                        _ => None,
                    }
                }
                Term::OneOf(receivers) if receivers.len() <= 4 => {
                    let results: Vec<ValueId> = receivers
                        .iter()
                        .map(|&one| {
                            let callee = self.member(one, &method);
                            self.call(callee, args, place)
                        })
                        .collect();
                    Some(self.one_of(&results))
                }
                _ => self.fold_method(object, &method, args, place),
            },
            Term::Call(maker, code, _) | Term::New(maker, code, _) => {
                self.code_result(maker, *code.last()?)
            }
            Term::Module(name) if is_interop(name.rsplit('/').next()?) => args.first().copied(),
            _ => None,
        }
    }

    /// `Function("return this")()` and the like: a bare name comes back.
    fn code_result(&mut self, maker: ValueId, code: ValueId) -> Option<ValueId> {
        if !matches!(self.get(maker), Term::Global(name) if &**name == "Function") {
            return None;
        }
        let code = self.as_string(code)?;
        let code = code.trim().trim_end_matches(';');
        let name = code.strip_prefix("return")?.trim();
        self.named(name)
    }

    fn named(&mut self, name: &str) -> Option<ValueId> {
        let name = name.trim_matches(|c: char| c == '(' || c == ')' || c.is_whitespace());
        let is_name = name
            .chars()
            .all(|c| c.is_alphanumeric() || c == '_' || c == '$');
        if name.is_empty() || !is_name || name.starts_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        Some(self.global(if name == "this" { "globalThis" } else { name }))
    }

    /// Whether calling it loads a module by its first argument.
    #[must_use]
    pub(crate) fn is_require(&self, id: ValueId) -> bool {
        match self.get(id) {
            Term::Global(name) => matches!(&**name, "require" | "import"),
            Term::Member(of, key) => match (self.get(*of), &**key) {
                (Term::Global(name), "getBuiltinModule") => &**name == "process",
                (Term::Global(name), "require") => &**name == "import.meta",
                (Term::Module(name), "_load") => &**name == "module",
                _ => false,
            },
            Term::Call(maker, ..) => match self.get(*maker) {
                Term::Member(of, key) => {
                    &**key == "createRequire"
                        && matches!(self.get(*of), Term::Module(name) if &**name == "module")
                }
                _ => false,
            },
            _ => false,
        }
    }

    fn required(&mut self, args: &[ValueId]) -> Option<ValueId> {
        let specifier = *args.first()?;
        match self.get(specifier).clone() {
            Term::String(text) => Some(self.module(&text)),
            Term::OneOf(choices) => {
                let texts: Option<Vec<Key>> =
                    choices.iter().map(|&one| self.as_string(one)).collect();
                let modules: Vec<ValueId> = texts?.iter().map(|text| self.module(text)).collect();
                Some(self.one_of(&modules))
            }
            _ => None,
        }
    }

    fn fold_global(&mut self, name: &str, args: &[ValueId]) -> Option<ValueId> {
        let text = |terms: &Self| args.first().and_then(|&arg| terms.as_text(arg));
        match name {
            "String" => args.first().map(|&arg| self.concat(&[arg])),
            "Number" => {
                let number = number::from_text(&text(self)?);
                Some(self.number(number))
            }
            "parseInt" => {
                let radix = args.get(1).and_then(|&arg| self.as_number(arg));
                let number = number::parse_int(&text(self)?, radix.unwrap_or(0.0) as u32);
                Some(self.number(number))
            }
            "parseFloat" => {
                let number = number::from_text(&text(self)?);
                Some(self.number(number))
            }
            "atob" => {
                let bytes = encode::from_base64(&text(self)?);
                let decoded = encode::to_text(&bytes, "latin1")?;
                let id = self.string(&decoded);
                Some(self.mark_decoded(id))
            }
            "btoa" => {
                let bytes = encode::to_bytes(&text(self)?, "latin1")?;
                let encoded = encode::to_text(&bytes, "base64")?;
                Some(self.string(&encoded))
            }
            "decodeURIComponent" | "decodeURI" => {
                let decoded = encode::percent_decode(&text(self)?)?;
                Some(self.string(&decoded))
            }
            "encodeURIComponent" => {
                let encoded = encode::percent_encode(&text(self)?);
                Some(self.string(&encoded))
            }
            "unescape" => {
                let decoded = encode::unescape(&text(self)?)?;
                Some(self.string(&decoded))
            }
            "eval" => {
                let code = self.as_string(*args.first()?)?;
                self.named(code.trim().trim_end_matches(';'))
            }
            "Buffer" => self.buffer_from(args),
            "structuredClone" => args.first().copied(),
            _ => None,
        }
    }

    fn fold_static(
        &mut self,
        namespace: &str,
        method: &str,
        args: &[ValueId],
        place: Place,
    ) -> Option<ValueId> {
        match (namespace, method) {
            ("Buffer", "from") => self.buffer_from(args),
            ("String", "fromCharCode" | "fromCodePoint") => {
                let codes: Option<Vec<f64>> = args.iter().map(|&arg| self.as_number(arg)).collect();
                let text = array::from_codes(&codes?, method == "fromCodePoint")?;
                let id = self.string(&text);
                Some(self.mark_decoded(id))
            }
            ("Uint8Array", "from") => match self.get(*args.first()?).clone() {
                // `Uint8Array.from(atob(text), c => c.charCodeAt(0))`
                Term::String(text) => {
                    let bytes = encode::to_bytes(&text, "latin1")?;
                    let id = self.add(Term::Bytes(bytes.into()));
                    if self.is_decoded(args[0]) {
                        self.mark_decoded(id);
                    }
                    Some(id)
                }
                _ => self.buffer_from(args.get(..1)?),
            },
            ("JSON", "parse") if self.is_written(args) => self.unwritten(args),
            ("JSON", "parse") => {
                let text = self.as_string(*args.first()?)?;
                super::json::parse(self, &text)
            }
            ("JSON", "stringify") if args.len() == 1 => {
                let text = super::json::stringify(self, args[0])?;
                Some(self.string(&text))
            }
            ("Promise", "resolve") => args.first().copied(),
            ("Promise", "all") => args.first().copied(),
            ("Promise", "allSettled") => self.settled(*args.first()?),
            ("Promise", "race" | "any") => {
                let all = *args.first()?;
                Some(self.item(all, place))
            }
            ("Object", "freeze" | "seal" | "preventExtensions") => args.first().copied(),
            // It gives the function whose name or length it sets.
            ("Object", "defineProperty") => {
                let target = *args.first()?;
                matches!(self.get(target), Term::Function(_)).then_some(target)
            }
            ("Object", "assign") => self.merged(args),
            ("Object", "keys" | "values" | "entries") => {
                let object = *args.first()?;
                self.listed(object, method)
            }
            ("Array", "of") => Some(self.add(Term::Array(args.into(), false))),
            ("Array", "from") if args.len() == 1 => match self.get(args[0]).clone() {
                Term::Array(..) => Some(args[0]),
                Term::String(text) => {
                    let units: Vec<ValueId> = text
                        .chars()
                        .map(|c| self.string(c.encode_utf8(&mut [0; 4])))
                        .collect();
                    Some(self.add(Term::Array(units.into(), false)))
                }
                Term::Bytes(bytes) => {
                    let numbers: Vec<ValueId> =
                        bytes.iter().map(|&b| self.number(f64::from(b))).collect();
                    Some(self.add(Term::Array(numbers.into(), false)))
                }
                _ => None,
            },
            ("Reflect", "get") => {
                let (&object, &key) = (args.first()?, args.get(1)?);
                Some(self.index(object, key))
            }
            ("globalThis", _) => self.fold_global(method, args),
            _ => None,
        }
    }

    fn fold_module(&mut self, module: &str, method: &str, args: &[ValueId]) -> Option<ValueId> {
        match (module, method) {
            ("path" | "path.posix" | "path.win32", _) => paths::fold(self, method, args),
            ("util", "promisify") => args.first().copied(),
            ("util", "format") => string::formatted(self, args),
            ("buffer", "Buffer") => self.buffer_from(args),
            (_, helper) if is_interop(helper) || is_interop_module(module, helper) => {
                args.first().copied()
            }
            ("url", "fileURLToPath") if self.is_own_url(*args.first()?) => {
                Some(self.global("__filename"))
            }
            ("url", "fileURLToPath") => args.first().copied(),
            _ => None,
        }
    }

    /// The object in `JSON.parse(JSON.stringify(object))`.
    fn unwritten(&self, args: &[ValueId]) -> Option<ValueId> {
        match self.get(*args.first()?) {
            Term::Call(_, inner, _) => inner.first().copied(),
            _ => None,
        }
    }

    fn is_written(&self, args: &[ValueId]) -> bool {
        let writer = match args.first().map(|&text| self.get(text)) {
            Some(Term::Call(writer, ..)) => *writer,
            _ => return false,
        };
        matches!(self.get(writer), Term::Member(of, key) if &**key == "stringify"
            && matches!(self.get(*of), Term::Global(name) if &**name == "JSON"))
    }

    /// What `Promise.allSettled` gives: for each item its state, and the item.
    fn settled(&mut self, all: ValueId) -> Option<ValueId> {
        let Term::Array(items, open) = self.get(all).clone() else {
            return Some(all);
        };
        let states = ["fulfilled", "rejected"].map(|state| self.string(state));
        let state = self.one_of(&states);
        let mut settled = Vec::with_capacity(items.len());
        for &item in items.iter() {
            let parts = [
                (Key::from("status"), state),
                (Key::from("value"), item),
                (Key::from("reason"), item),
            ];
            settled.push(self.add(Term::Object(parts.into(), false)));
        }
        Some(self.add(Term::Array(settled.into(), open)))
    }

    fn merged(&mut self, args: &[ValueId]) -> Option<ValueId> {
        let mut all: Vec<(Key, ValueId)> = Vec::new();
        let mut is_open = false;
        for &arg in args {
            match self.get(arg) {
                Term::Object(properties, open) => {
                    is_open |= open;
                    all.extend_from_slice(properties);
                }
                _ => {
                    is_open = true;
                    all.push((Key::from("..."), arg));
                }
            }
        }
        Some(self.add(Term::Object(all.into(), is_open)))
    }

    fn listed(&mut self, object: ValueId, method: &str) -> Option<ValueId> {
        let Term::Object(properties, false) = self.get(object).clone() else {
            return None;
        };
        let mut items = Vec::with_capacity(properties.len());
        for (key, value) in properties.iter() {
            let name = self.string(key);
            items.push(match method {
                "keys" => name,
                "values" => *value,
                _ => self.add(Term::Array(Arc::from([name, *value]), false)),
            });
        }
        Some(self.add(Term::Array(items.into(), false)))
    }

    /// `Buffer.from(…)` of constants.
    fn buffer_from(&mut self, args: &[ValueId]) -> Option<ValueId> {
        let mut is_decoded = false;
        let bytes: Vec<u8> = match self.get(*args.first()?).clone() {
            Term::String(text) => {
                let encoding = match args.get(1) {
                    Some(&encoding) => self.as_string(encoding)?,
                    None => Key::from("utf8"),
                };
                is_decoded = encoding.starts_with("base64") || &*encoding == "hex";
                encode::to_bytes(&text, &encoding)?
            }
            Term::Array(items, false) => items
                .iter()
                .map(|&item| Some(number::to_i32(self.as_number(item)?) as u8))
                .collect::<Option<_>>()?,
            Term::Bytes(_) => return args.first().copied(),
            _ => return None,
        };
        let id = self.add(Term::Bytes(bytes.into()));
        if is_decoded {
            self.mark_decoded(id);
        }
        Some(id)
    }

    fn fold_method(
        &mut self,
        receiver: ValueId,
        method: &str,
        args: &[ValueId],
        place: Place,
    ) -> Option<ValueId> {
        match self.get(receiver).clone() {
            Term::New(maker, ..) => {
                let coder = match self.get(maker) {
                    Term::Global(name) => Key::clone(name),
                    _ => return None,
                };
                let one = *args.first()?;
                match (&*coder, method, self.get(one)) {
                    ("TextDecoder", "decode", Term::Bytes(bytes)) => {
                        let text = encode::to_text(bytes, "utf8")?;
                        let id = self.string(&text);
                        if self.is_decoded(one) {
                            self.mark_decoded(id);
                        }
                        Some(id)
                    }
                    ("TextEncoder", "encode", Term::String(_)) => self.buffer_from(&[one]),
                    _ => None,
                }
            }
            Term::String(text) => {
                let id = string::method(self, &text, method, args)?;
                if self.is_decoded(receiver) {
                    self.mark_decoded(id);
                }
                Some(id)
            }
            Term::Array(items, open) => array::method(self, &items, open, method, args, place),
            Term::Bytes(bytes) if method == "toString" => {
                let encoding = match args.first() {
                    Some(&encoding) => self.as_string(encoding)?,
                    None => Key::from("utf8"),
                };
                let text = encode::to_text(&bytes, &encoding)?;
                let id = self.string(&text);
                if self.is_decoded(receiver) {
                    self.mark_decoded(id);
                }
                Some(id)
            }
            Term::Number(bits) if method == "toString" => {
                let radix = args
                    .first()
                    .map_or(Some(10.0), |&arg| self.as_number(arg))?;
                let text = number::to_radix(f64::from_bits(bits), radix as u32)?;
                Some(self.string(&text))
            }
            Term::Concat(_) if matches!(method, "toString" | "valueOf" | "trim" | "normalize") => {
                Some(receiver)
            }
            Term::Concat(parts) if matches!(method, "slice" | "substring" | "substr") => {
                let start = self.as_string(*parts.first()?)?;
                let start_only = string::is_before(self, &start, method, args);
                start_only.then(|| string::method(self, &start, method, args))?
            }
            Term::Concat(parts) if method == "split" => string::split_parts(self, &parts, args),
            Term::Concat(parts) if method == "concat" => {
                let mut all = parts.to_vec();
                all.extend_from_slice(args);
                Some(self.concat(&all))
            }
            _ => None,
        }
    }
}

/// Names of the functions that compilers put around `require`: what they give is what they got,
/// or an object with it as `default`.
pub(super) fn is_interop(name: &str) -> bool {
    matches!(
        name,
        "__importStar"
            | "__importDefault"
            | "__toESM"
            | "__toModule"
            | "_interopRequireDefault"
            | "_interopRequireWildcard"
            | "_interopDefault"
            | "_interopDefaultLegacy"
            | "_interopDefaultCompat"
            | "_interopNamespace"
            | "_interopNamespaceDefault"
            | "_interopNamespaceCompat"
            | "_interop_require_default"
            | "_interop_require_wildcard"
            | "interopRequireDefault"
            | "interopRequireWildcard"
    )
}

/// `require("@swc/helpers/_/_interop_require_default")._`
fn is_interop_module(module: &str, method: &str) -> bool {
    matches!(method, "_" | "default") && module.rsplit('/').next().is_some_and(is_interop)
}
