//! Reading, writing and listing properties.

use super::convert::to_u32;
use super::object::{Element, Key, Kind, ObjId, Prop, Slot, Val, View};
use super::{MOST_LENGTH, Machine, Run};

/// Longest prototype chain, and most proxies in a row.
const MOST_CHAIN: usize = 64;

impl<'a> Machine<'a> {
    /// A value as a property key.
    pub(super) fn to_key(&mut self, value: &Val) -> Run<Key> {
        Ok(match value {
            Val::Num(number) if *number >= 0.0 && number.fract() == 0.0 && *number < 4e9 => {
                Key::Index(to_u32(*number))
            }
            Val::Str(text) => self.key_of(text),
            Val::Sym(symbol) => Key::Name(*symbol),
            value => {
                let primitive = self.to_primitive(value, "string")?;
                if let Val::Sym(symbol) = primitive {
                    return Ok(Key::Name(symbol));
                }
                let text = self.to_text(&primitive)?;
                self.key_of(&text)
            }
        })
    }

    /// The property of any value. What is outside gives what is known of its member.
    pub(super) fn get(&mut self, object: &Val, key: Key) -> Run {
        let start = match object {
            Val::Obj(id) => return self.get_from(*id, key, object),
            Val::Host(id) => return self.host_member(*id, key),
            Val::Undefined | Val::Hole | Val::Null => {
                let name = self.key_text(key).lossy();
                let what = if matches!(object, Val::Null) {
                    "null"
                } else {
                    "undefined"
                };
                let message = format!("Cannot read properties of {what} (reading '{name}')");
                return self.type_error(&message);
            }
            Val::Str(text) => {
                match key {
                    Key::Index(at) => {
                        let units = text.units();
                        if let Some(&unit) = units.get(at as usize) {
                            return Ok(Val::of_units(&[unit]));
                        }
                    }
                    Key::Name(name) if name == self.realm.length => {
                        return Ok(Val::Num(text.len() as f64));
                    }
                    Key::Name(_) => {}
                }
                self.realm.string
            }
            Val::Num(_) => self.realm.number,
            Val::Bool(_) => self.realm.boolean,
            Val::Big(_) => self.realm.bigint,
            Val::Sym(_) => self.realm.symbol,
        };
        match start {
            Some(proto) => self.get_from(proto, key, object),
            None => Ok(Val::Undefined),
        }
    }

    /// The property of an object, with getters called on `this`.
    pub(super) fn get_from(&mut self, id: ObjId, key: Key, this: &Val) -> Run {
        let mut at = Some(id);
        for _ in 0..MOST_CHAIN {
            let Some(id) = at else { break };
            if let Some(prop) = self.own(id, key) {
                return match prop.slot {
                    Slot::Value(value) => Ok(value),
                    Slot::Accessor { get, .. } => match get {
                        Val::Undefined => Ok(Val::Undefined),
                        get => self.call(&get, this.clone(), Vec::new()),
                    },
                };
            }
            match &self.at(id).kind {
                Kind::Proxy { target, handler } => {
                    let (target, handler) = (target.clone(), handler.clone());
                    let trap = self.key("get");
                    let trap = self.get(&handler, trap)?;
                    if trap.is_nullish() {
                        return self.get(&target, key);
                    }
                    let name = self.key_value(key);
                    return self.call(&trap, handler, vec![target, name, this.clone()]);
                }
                Kind::Outside(value) => return self.host_member(*value, key),
                Kind::Choice(values) => {
                    let values = values.clone();
                    return self.with_each(&values, |machine, value| machine.get(value, key));
                }
                _ => {}
            }
            if key == Key::Name(self.realm.proto) {
                return Ok(match self.at(id).proto {
                    Some(proto) => Val::Obj(proto),
                    None => Val::Null,
                });
            }
            at = self.at(id).proto;
        }
        Ok(Val::Undefined)
    }

    pub(super) fn get_named(&mut self, object: &Val, name: &str) -> Run {
        let key = self.key(name);
        self.get(object, key)
    }

    /// A key as code sees it.
    pub(super) fn key_value(&self, key: Key) -> Val {
        match key {
            Key::Name(atom) if atom.is_symbol() => Val::Sym(atom),
            key => Val::Str(self.key_text(key)),
        }
    }

    /// An object's own property, those that its kind makes up among them.
    pub(super) fn own(&self, id: ObjId, key: Key) -> Option<Prop> {
        let object = self.at(id);
        match (&object.kind, key) {
            (Kind::Array(items) | Kind::Arguments(items), Key::Index(at)) => {
                match items.get(at as usize) {
                    Some(Val::Hole) | None => {}
                    Some(value) => {
                        let mut prop = Prop::plain(value.clone());
                        prop.writable = !object.frozen;
                        prop.configurable = !object.frozen;
                        return Some(prop);
                    }
                }
            }
            (Kind::Array(items) | Kind::Arguments(items), Key::Name(name))
                if name == self.realm.length =>
            {
                let mut prop = Prop::hidden(Val::Num(items.len() as f64));
                prop.configurable = false;
                return Some(prop);
            }
            (Kind::Boxed(Val::Str(text)), Key::Index(at)) => {
                if let Some(&unit) = text.units().get(at as usize) {
                    return Some(Prop::plain(Val::of_units(&[unit])));
                }
            }
            (Kind::Boxed(Val::Str(text)), Key::Name(name)) if name == self.realm.length => {
                return Some(Prop::hidden(Val::Num(text.len() as f64)));
            }
            (Kind::View(view), Key::Index(at)) if view.element != Element::DataView => {
                return element(view, at as usize).map(Prop::plain);
            }
            _ => {}
        }
        object.props.get(&key).cloned()
    }

    pub(super) fn set(&mut self, object: &Val, key: Key, value: Val) -> Run<()> {
        match object {
            Val::Obj(id) => self.set_on(*id, key, value, object),
            Val::Host(_) => Ok(()),
            Val::Undefined | Val::Hole | Val::Null => {
                self.type_error("Cannot set properties of undefined or null")
            }
            _ => Ok(()),
        }
    }

    fn set_on(&mut self, id: ObjId, key: Key, value: Val, this: &Val) -> Run<()> {
        if let Kind::Choice(values) = &self.at(id).kind {
            let values = values.clone();
            return self
                .with_each(&values, |machine, one| {
                    machine.set(one, key, value.clone())?;
                    Ok(Val::Undefined)
                })
                .map(drop);
        }
        if self.set_element(id, key, &value)? {
            return Ok(());
        }
        let mut at = Some(id);
        for _ in 0..MOST_CHAIN {
            let Some(holder) = at else { break };
            if let Some(prop) = self.at(holder).props.get(&key) {
                match &prop.slot {
                    Slot::Accessor { set, .. } => {
                        let set = set.clone();
                        if set.is_undefined() {
                            return Ok(());
                        }
                        return self.call(&set, this.clone(), vec![value]).map(drop);
                    }
                    Slot::Value(_) if !prop.writable => return Ok(()),
                    Slot::Value(_) => break,
                }
            }
            if let Kind::Proxy { target, handler } = &self.at(holder).kind {
                let (target, handler) = (target.clone(), handler.clone());
                let trap = self.key("set");
                let trap = self.get(&handler, trap)?;
                if trap.is_nullish() {
                    return self.set(&target, key, value);
                }
                let name = self.key_value(key);
                let args = vec![target, name, value, this.clone()];
                return self.call(&trap, handler, args).map(drop);
            }
            at = self.at(holder).proto;
        }
        if key == Key::Name(self.realm.proto) {
            match value {
                Val::Obj(proto) if proto != id => self.at_mut(id).proto = Some(proto),
                Val::Null => self.at_mut(id).proto = None,
                _ => {}
            }
            return Ok(());
        }
        self.memory = self.memory.saturating_add(48);
        self.note_property(id, key);
        let object = self.at_mut(id);
        match object.props.get_mut(&key) {
            Some(_) if object.frozen => {}
            Some(prop) => prop.slot = Slot::Value(value),
            None if object.extensible => {
                object.props.insert(key, Prop::plain(value));
            }
            None => {}
        }
        Ok(())
    }

    /// Writes what an object's kind keeps elsewhere; whether it did.
    fn set_element(&mut self, id: ObjId, key: Key, value: &Val) -> Run<bool> {
        let length = Key::Name(self.realm.length);
        let is_view = matches!(self.at(id).kind, Kind::View(_));
        if is_view && let Key::Index(at) = key {
            return self.set_in_view(id, at as usize, value).map(|()| true);
        }
        if !matches!(self.at(id).kind, Kind::Array(_) | Kind::Arguments(_)) {
            return Ok(false);
        }
        if key == length {
            let wanted = self.to_number(value)?;
            let wanted = to_u32(wanted) as usize;
            if wanted > MOST_LENGTH {
                return Err(super::Stop::End);
            }
            self.pay(wanted.saturating_sub(self.items(id).len()))?;
            if let Kind::Array(items) | Kind::Arguments(items) = &mut self.at_mut(id).kind {
                items.resize(wanted, Val::Hole);
            }
            return Ok(true);
        }
        let Key::Index(at) = key else {
            return Ok(false);
        };
        let at = at as usize;
        let len = self.items(id).len();
        if at >= len {
            // Far beyond the end it is a property like any other.
            if at > len.saturating_add(100_000) {
                return Ok(false);
            }
            self.pay(at - len + 1)?;
        }
        let object = self.at_mut(id);
        if object.frozen || (!object.extensible && at >= len) {
            return Ok(true);
        }
        if object.props.contains_key(&key) {
            return Ok(false);
        }
        if let Kind::Array(items) | Kind::Arguments(items) = &mut object.kind {
            if at >= items.len() {
                items.resize(at + 1, Val::Hole);
            }
            items[at] = value.clone();
        }
        Ok(true)
    }

    fn set_in_view(&mut self, id: ObjId, at: usize, value: &Val) -> Run<()> {
        let view = match &self.at(id).kind {
            Kind::View(view) => view.clone(),
            _ => return Ok(()),
        };
        match self.store(&view, at, value) {
            Err(super::Stop::Opaque) => {
                let got = self.to_term(value);
                self.lose(&Val::Obj(id), got);
                Ok(())
            }
            done => done,
        }
    }

    /// The items of an array, or none.
    pub(super) fn items(&self, id: ObjId) -> &[Val] {
        match &self.at(id).kind {
            Kind::Array(items) | Kind::Arguments(items) => items,
            _ => &[],
        }
    }

    pub(super) fn has(&mut self, id: ObjId, key: Key) -> Run<bool> {
        let mut at = Some(id);
        for _ in 0..MOST_CHAIN {
            let Some(id) = at else { return Ok(false) };
            if self.own(id, key).is_some() {
                return Ok(true);
            }
            match &self.at(id).kind {
                Kind::Proxy { target, handler } => {
                    let (target, handler) = (target.clone(), handler.clone());
                    let trap = self.get_named(&handler, "has")?;
                    if trap.is_nullish() {
                        return match target {
                            Val::Obj(target) => self.has(target, key),
                            _ => Ok(false),
                        };
                    }
                    let name = self.key_value(key);
                    let found = self.call(&trap, handler, vec![target, name])?;
                    return Ok(self.truth(&found).unwrap_or(true));
                }
                Kind::Outside(_) | Kind::Choice(_) => return Err(super::Stop::Opaque),
                _ => {}
            }
            at = self.at(id).proto;
        }
        Ok(false)
    }

    pub(super) fn delete(&mut self, id: ObjId, key: Key) -> bool {
        let object = self.at_mut(id);
        if object.frozen {
            return false;
        }
        if let (Kind::Array(items) | Kind::Arguments(items), Key::Index(at)) =
            (&mut object.kind, key)
            && let Some(item) = items.get_mut(at as usize)
        {
            *item = Val::Hole;
            return true;
        }
        if object
            .props
            .get(&key)
            .is_some_and(|prop| !prop.configurable)
        {
            return false;
        }
        object.props.shift_remove(&key);
        true
    }

    /// An object's own keys: whole numbers ascending, names in the order made, then symbols.
    pub(super) fn own_keys(&self, id: ObjId) -> Vec<Key> {
        let object = self.at(id);
        let mut numbers: Vec<u32> = Vec::new();
        let count = |len: usize| u32::try_from(len).unwrap_or(u32::MAX);
        match &object.kind {
            Kind::Array(items) | Kind::Arguments(items) => {
                numbers.extend(
                    (0..count(items.len())).filter(|&at| !matches!(items[at as usize], Val::Hole)),
                );
            }
            Kind::Boxed(Val::Str(text)) => numbers.extend(0..count(text.len())),
            Kind::View(view) if view.element != Element::DataView => {
                numbers.extend(0..count(view.len / view.element.size()));
            }
            _ => {}
        }
        let mut names = Vec::new();
        let mut symbols = Vec::new();
        for &key in object.props.keys() {
            match key {
                Key::Index(at) => numbers.push(at),
                Key::Name(name) if name.is_symbol() => symbols.push(key),
                Key::Name(_) => names.push(key),
            }
        }
        numbers.sort_unstable();
        numbers.dedup();
        let mut keys: Vec<Key> = numbers.into_iter().map(Key::Index).collect();
        keys.append(&mut names);
        keys.append(&mut symbols);
        keys
    }

    /// Own enumerable string keys, as `Object.keys` gives them.
    pub(super) fn enumerable_keys(&mut self, id: ObjId) -> Run<Vec<Key>> {
        if let Kind::Proxy { target, .. } = &self.at(id).kind {
            return match target {
                Val::Obj(target) => {
                    let target = *target;
                    self.enumerable_keys(target)
                }
                _ => Err(super::Stop::Opaque),
            };
        }
        if let Kind::Outside(_) | Kind::Choice(_) = &self.at(id).kind {
            return Err(super::Stop::Opaque);
        }
        let keys = self.own_keys(id);
        self.spend(keys.len() as u64)?;
        Ok(keys
            .into_iter()
            .filter(|&key| match key {
                Key::Name(name) if name.is_symbol() => false,
                key => self.own(id, key).is_some_and(|prop| prop.enumerable),
            })
            .collect())
    }
}

impl Element {
    /// Bytes of one element.
    pub(super) fn size(self) -> usize {
        match self {
            Self::I8 | Self::U8 | Self::Clamped | Self::Buffer | Self::DataView => 1,
            Self::I16 | Self::U16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::F64 | Self::I64 | Self::U64 => 8,
        }
    }

    /// Reads one element from its bytes, little-endian.
    pub(super) fn read(self, bytes: &[u8]) -> Val {
        let mut eight = [0_u8; 8];
        let len = bytes.len().min(8);
        eight[..len].copy_from_slice(&bytes[..len]);
        let [a, b, c, d, ..] = eight;
        Val::Num(match self {
            Self::I8 => f64::from(a.cast_signed()),
            Self::U8 | Self::Clamped | Self::Buffer | Self::DataView => f64::from(a),
            Self::I16 => f64::from(i16::from_le_bytes([a, b])),
            Self::U16 => f64::from(u16::from_le_bytes([a, b])),
            Self::I32 => f64::from(i32::from_le_bytes([a, b, c, d])),
            Self::U32 => f64::from(u32::from_le_bytes([a, b, c, d])),
            Self::F32 => f64::from(f32::from_le_bytes([a, b, c, d])),
            Self::F64 => f64::from_le_bytes(eight),
            Self::I64 => {
                return Val::Big(num_bigint::BigInt::from(i64::from_le_bytes(eight)).into());
            }
            Self::U64 => {
                return Val::Big(num_bigint::BigInt::from(u64::from_le_bytes(eight)).into());
            }
        })
    }

    /// The bytes of a number as one element, little-endian.
    pub(super) fn write(self, number: f64) -> Vec<u8> {
        let whole = super::convert::to_i32(number);
        match self {
            Self::Clamped => {
                let clamped = if number.is_nan() {
                    0.0
                } else {
                    number.clamp(0.0, 255.0)
                };
                // In range by the clamp.
                vec![clamped.round_ties_even() as u8]
            }
            Self::F32 => (number as f32).to_le_bytes().to_vec(),
            Self::F64 => number.to_le_bytes().to_vec(),
            Self::I64 | Self::U64 => i64::from(whole).to_le_bytes().to_vec(),
            small => whole.to_le_bytes()[..small.size()].to_vec(),
        }
    }
}

fn element(view: &View, at: usize) -> Option<Val> {
    let size = view.element.size();
    let start = at.checked_mul(size)?;
    if start + size > view.len {
        return None;
    }
    let bytes = view.bytes.borrow();
    let bytes = bytes.get(view.start + start..view.start + start + size)?;
    Some(view.element.read(bytes))
}

impl Machine<'_> {
    /// Writes one element of a view.
    pub(super) fn store(&mut self, view: &View, at: usize, value: &Val) -> Run<()> {
        let size = view.element.size();
        let bytes = match (view.element, value) {
            (Element::I64 | Element::U64, Val::Big(big)) => {
                let low = super::operate::low_u64(big);
                low.to_le_bytes().to_vec()
            }
            _ => view.element.write(self.to_number(value)?),
        };
        let Some(start) = at
            .checked_mul(size)
            .filter(|start| start + size <= view.len)
        else {
            return Ok(());
        };
        let mut all = view.bytes.borrow_mut();
        if let Some(slot) = all.get_mut(view.start + start..view.start + start + size) {
            slot.copy_from_slice(&bytes);
        }
        Ok(())
    }
}
