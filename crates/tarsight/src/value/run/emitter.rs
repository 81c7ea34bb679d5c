//! Node's `events`, which hands what one part of a program says to another: as code that runs
//! like the rest.

use super::object::Val;
use super::{Machine, Run};

/// What the module gives, in as much JavaScript as it takes. Listeners stay: what one of them
/// would have been told later counts as well.
const SOURCE: &str = include_str!("events.js");

impl Machine<'_> {
    /// What `require("events")` gives.
    pub(super) fn emitter(&mut self, specifier: &str) -> Option<Run> {
        let name = specifier.strip_prefix("node:").unwrap_or(specifier);
        if name != "events" {
            return None;
        }
        if let Some(known) = &self.emitter {
            return Some(Ok(known.clone()));
        }
        let unit = self.units.len();
        let made = self.run_text(SOURCE, None, Val::Undefined);
        self.library = Some(unit);
        if let Ok(value) = &made {
            self.emitter = Some(value.clone());
        }
        Some(made)
    }
}
