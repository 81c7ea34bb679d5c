//! Calling builtins.

use super::builtin::{Call, Native};
use super::object::Val;
use super::{Machine, Run, Stop};
use crate::value::terms::{Term, ValueId};

impl Machine<'_> {
    /// Calls a builtin; what it cannot do with something outside stays symbolic.
    pub(super) fn native(
        &mut self,
        native: &'static Native,
        this: &Val,
        args: &[Val],
        new: Option<&Val>,
    ) -> Run {
        // Whichever of several things it is, its own method is meant.
        if new.is_none()
            && native.path.contains(".prototype.")
            && let Some(choices) = self.choices_of(this)
        {
            let choices = choices.to_vec();
            return self.with_each(&choices, |machine, this| {
                machine.native(native, this, args, None)
            });
        }
        self.spend(u64::from(native.cost))?;
        self.deeper()?;
        let call = Call {
            this,
            args,
            new,
            native,
        };
        let done = (native.run)(self, &call);
        self.depth -= 1;
        match done {
            Err(Stop::Opaque) => match self.native_of_each(native, this, args, new) {
                Some(done) => done,
                None => Ok(self.opaque_native(native.path, this, args)),
            },
            Ok(value) => {
                self.note_decoded(native, this, &value);
                Ok(value)
            }
            done => done,
        }
    }

    /// A builtin that gets one of a few constants: what it gives for each.
    fn native_of_each(
        &mut self,
        native: &'static Native,
        this: &Val,
        args: &[Val],
        new: Option<&Val>,
    ) -> Option<Run> {
        const MOST: usize = 4;
        let few = |machine: &Self, arg: &Val| -> Option<Vec<ValueId>> {
            let Val::Host(id) = arg else { return None };
            let Term::OneOf(choices) = machine.term(*id) else {
                return None;
            };
            let is_known = choices.iter().all(|&one| machine.terms.is_constant(one));
            (choices.len() <= MOST && is_known).then(|| choices.to_vec())
        };
        let (at, choices) = (0..)
            .zip(args)
            .find_map(|(at, arg)| Some((at, few(self, arg)?)))?;
        let choices: Vec<Val> = choices.into_iter().map(|one| self.concrete(one)).collect();
        Some(self.with_each(&choices, |machine, one| {
            let mut args = args.to_vec();
            args[at] = one.clone();
            machine.native(native, this, &args, new)
        }))
    }
}
