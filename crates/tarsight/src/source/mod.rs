//! What a file is, as text where it is text, and places in it.

mod concealment;
pub(crate) mod digest;
mod disguise;
mod excerpt;
mod hidden;
mod kind;
mod layer;
mod lines;
mod text;

pub(crate) use concealment::conceals;
pub(crate) use disguise::disguise;
pub(crate) use excerpt::excerpt;
pub(crate) use hidden::{hidden_run, hidden_text, is_lookalike};
pub(crate) use kind::{Kind, is_code, kind_of};
pub(crate) use layer::{ENCODED, Layer, Layers, NODE_EVAL};
pub(crate) use lines::{LineIndex, line_shape};
pub(crate) use text::{Text, decode};
