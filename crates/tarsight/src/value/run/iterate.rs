//! Going through arrays, strings, maps, generators and whatever else can be gone through.

use super::generator::Driver;
use super::object::{Key, Kind, ObjId, Val};
use super::{Machine, Run, Stop};

/// What a loop goes through.
pub(super) enum Walk {
    /// Items that are all known.
    Items(std::vec::IntoIter<Val>),
    /// The live items of an array.
    Array(ObjId, usize),
    /// An object with `next`.
    Object(Val, Val),
}

impl<'a> Machine<'a> {
    /// Fails with [`Stop::Opaque`] for what is outside.
    pub(super) fn walk(&mut self, value: &Val) -> Run<Walk> {
        match value {
            Val::Str(text) => {
                let units = text.units();
                self.pay(units.len())?;
                let mut items = Vec::with_capacity(units.len());
                let mut at = 0;
                while at < units.len() {
                    let is_pair = (0xd800..0xdc00).contains(&units[at])
                        && units
                            .get(at + 1)
                            .is_some_and(|unit| (0xdc00..0xe000).contains(unit));
                    let len = if is_pair { 2 } else { 1 };
                    items.push(Val::of_units(&units[at..at + len]));
                    at += len;
                }
                return Ok(Walk::Items(items.into_iter()));
            }
            Val::Host(_) => return Err(Stop::Opaque),
            Val::Obj(id) => {
                let id = *id;
                self.drive(id, Driver::Loop, None)?;
                let own = self.own(id, Key::Name(self.realm.iterator));
                if let Kind::Choice(values) = &self.at(id).kind {
                    let values = values.clone();
                    return self.walk_choice(&values);
                }
                match &self.at(id).kind {
                    Kind::Array(_) | Kind::Arguments(_) if own.is_none() => {
                        return Ok(Walk::Array(id, 0));
                    }
                    Kind::Map(map) if own.is_none() => {
                        let pairs: Vec<(Val, Val)> = map.values().cloned().collect();
                        self.pay(pairs.len())?;
                        let items: Vec<Val> = pairs
                            .into_iter()
                            .map(|(key, value)| self.array(vec![key, value]))
                            .collect();
                        return Ok(Walk::Items(items.into_iter()));
                    }
                    Kind::Set(set) if own.is_none() => {
                        let items: Vec<Val> = set.values().cloned().collect();
                        return Ok(Walk::Items(items.into_iter()));
                    }
                    Kind::View(view) if own.is_none() => {
                        let count = view.len / view.element.size();
                        self.pay(count)?;
                        let mut items = Vec::with_capacity(count);
                        for at in 0..count {
                            let key = Key::Index(u32::try_from(at).unwrap_or(u32::MAX));
                            items.push(self.get(value, key)?);
                        }
                        return Ok(Walk::Items(items.into_iter()));
                    }
                    Kind::Items { items, at, .. } => {
                        let rest = items.get(*at..).unwrap_or(&[]).to_vec();
                        if let Kind::Items { items, at, .. } = &mut self.at_mut(id).kind {
                            *at = items.len();
                        }
                        return Ok(Walk::Items(rest.into_iter()));
                    }
                    _ => {}
                }
            }
            _ => {}
        }
        let method = self.get(value, Key::Name(self.realm.iterator))?;
        if method.is_nullish() {
            return self.type_error("object is not iterable");
        }
        let iterator = self.call(&method, value.clone(), Vec::new())?;
        if let Val::Obj(id) = &iterator
            && let Kind::Items { .. } = self.at(*id).kind
        {
            return self.walk(&iterator);
        }
        let next = self.get_named(&iterator, "next")?;
        Ok(Walk::Object(iterator, next))
    }

    pub(super) fn next(&mut self, walk: &mut Walk) -> Run<Option<Val>> {
        self.spend(1)?;
        match walk {
            Walk::Items(items) => Ok(items.next()),
            Walk::Array(id, at) => {
                let item = self.items(*id).get(*at).cloned();
                *at += 1;
                Ok(item.map(Val::filled))
            }
            Walk::Object(iterator, next) => {
                let result = self.call(next, iterator.clone(), Vec::new())?;
                if result.is_host() {
                    return Err(Stop::Opaque);
                }
                let done = self.get_named(&result, "done")?;
                match self.truth(&done) {
                    Some(false) => Ok(Some(self.get_named(&result, "value")?)),
                    Some(true) => Ok(None),
                    None => Err(Stop::Opaque),
                }
            }
        }
    }

    /// Everything that a value gives when gone through; one unknown thing if it is outside.
    pub(super) fn all_items(&mut self, value: &Val) -> Run<Vec<Val>> {
        if let Val::Host(id) = value {
            let place = self.place;
            if let super::super::terms::Term::Array(items, _) = self.terms.get(*id) {
                let items = items.clone();
                return Ok(items.iter().map(|&item| self.concrete(item)).collect());
            }
            let item = self.terms.item(*id, place);
            return Ok(vec![self.concrete(item)]);
        }
        let mut walk = match self.walk(value) {
            Err(Stop::Opaque) => return Ok(Vec::new()),
            walk => walk?,
        };
        let mut items = Vec::new();
        while let Some(item) = self.next(&mut walk)? {
            self.memory = self.memory.saturating_add(16);
            items.push(item);
        }
        Ok(items)
    }

    pub(super) fn first_items(&mut self, value: &Val, most: usize) -> Run<Vec<Val>> {
        let mut walk = match self.walk(value) {
            Err(Stop::Opaque) => return Ok(Vec::new()),
            walk => walk?,
        };
        let mut items = Vec::new();
        while items.len() < most {
            match self.next(&mut walk)? {
                Some(item) => items.push(item),
                None => break,
            }
        }
        Ok(items)
    }

    /// An iterator over these.
    pub(super) fn iterator(&mut self, items: Vec<Val>, result: Val) -> Val {
        let proto = self.realm.items;
        self.object(
            proto,
            Kind::Items {
                items,
                at: 0,
                result,
                taker: None,
            },
        )
    }
}
