//! The tables that `build.rs` wrote.

use super::row::{
    Aim, AimKind, Api, Behaviour, Callback, Effect, Gives, Handed, Module, ModuleKind, Place, Runs,
};
use crate::model::{Capability, Origin};

include!(concat!(env!("OUT_DIR"), "/apis.rs"));
