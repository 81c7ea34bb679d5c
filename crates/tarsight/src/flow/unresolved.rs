//! Code, modules and members that the package decides and that stay unknown all the same.
//!
//! What a caller, the environment or another machine decides is no evasion: those have origins
//! of their own. This is about values made of nothing but the package's own constants.

use super::package::Package;
use super::target::Target;
use super::uses::Effect;
use crate::api::{self, AimKind, Api};
use crate::value::{Term, ValueId};

/// The row of a member whose name is not known, of something whose members matter.
pub(super) fn member(package: &Package<'_>, callee: ValueId) -> Option<&'static Api> {
    let Term::Index(of, key) = *package.terms.get(callee) else {
        return None;
    };
    if !package.terms.is_unresolved(key) || !package.terms.is_tracked(of) {
        return None;
    }
    api::lookup("unresolved.member")
}

/// One more effect for a use whose code or module is not known.
pub(super) fn effect(package: &mut Package<'_>, effects: &[Effect]) -> Option<Effect> {
    for known in effects {
        for target in &known.targets {
            let id = match target.kind {
                AimKind::Code => "evasion.unresolved-code",
                AimKind::Module => "evasion.unresolved-module",
                _ => continue,
            };
            let Some(value) = target.value else { continue };
            let value = package.close(value);
            if package.terms.is_unresolved(value) {
                let target = Target {
                    text: None,
                    ..target.clone()
                };
                return Some(Effect {
                    behaviour: api::behaviour(id)?,
                    targets: vec![target],
                });
            }
        }
    }
    None
}
