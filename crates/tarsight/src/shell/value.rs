//! What a word or a stream holds: text as far as it is known, and where it comes from.

use super::word::hole;
use crate::model::{Origin, OriginSet};
use crate::value::Place;

/// Longest text that is kept.
pub(super) const MOST_TEXT: usize = 1 << 17;
/// Sources that one value remembers.
const MOST_TAINTS: usize = 16;

/// Text, as far as it is known. Unknown parts are `<?>`, or say what they are: `<env:CI>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) text: String,
    pub(super) taints: Vec<Taint>,
    pub(super) origin: OriginSet,
}

/// Something that went into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Taint {
    pub(super) kind: TaintKind,
    /// Path, variable, address.
    pub(super) target: Option<String>,
    pub(super) at: Place,
}

/// What kind of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TaintKind {
    /// The content of a file.
    File,
    /// One variable of the environment.
    Variable,
    /// All of them.
    Environment,
    /// The machine's or the user's identity.
    Host,
    /// What a store of secrets gave.
    Secret,
    /// What a server answered.
    Remote,
    /// What a decoder made.
    Decoded,
}

impl Value {
    /// Text that stands in the script.
    pub(super) fn literal(text: impl Into<String>) -> Self {
        let text = text.into();
        let origin = origin_of(&text);
        Self {
            text,
            taints: Vec::new(),
            origin,
        }
    }

    /// Nothing known.
    pub(super) fn unknown(origin: Origin) -> Self {
        Self {
            text: "<?>".to_owned(),
            taints: Vec::new(),
            origin: OriginSet::of(origin),
        }
    }

    /// Something of which only the source is known.
    pub(super) fn from_source(kind: TaintKind, target: Option<String>, at: Place) -> Self {
        let origin = match kind {
            TaintKind::File => Origin::File,
            TaintKind::Variable | TaintKind::Environment => Origin::Environment,
            TaintKind::Host | TaintKind::Secret => Origin::Host,
            TaintKind::Remote => Origin::Remote,
            TaintKind::Decoded => Origin::Decoded,
        };
        let mut value = Self::unknown(origin);
        value.taint(Taint { kind, target, at });
        value
    }

    pub(super) fn taint(&mut self, taint: Taint) {
        if self.taints.len() < MOST_TAINTS && !self.taints.contains(&taint) {
            self.taints.push(taint);
        }
    }

    /// Puts another one behind it.
    pub(super) fn push(&mut self, other: &Self) {
        self.push_text(&other.text);
        self.origin = self.origin.with(other.origin);
        for taint in &other.taints {
            self.taint(taint.clone());
        }
    }

    pub(super) fn push_text(&mut self, text: &str) {
        if self.text.len() + text.len() <= MOST_TEXT {
            self.text.push_str(text);
        } else {
            self.text = "<?>".to_owned();
            self.origin.add(Origin::Unknown);
        }
    }

    /// The same sources, another text.
    pub(super) fn with_text(&self, text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..self.clone()
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty() && self.taints.is_empty()
    }

    /// Whether all of the text is known.
    pub(super) fn is_known(&self) -> bool {
        !has_hole(&self.text)
    }

    pub(super) fn has(&self, kind: TaintKind) -> bool {
        self.taints.iter().any(|taint| taint.kind == kind)
    }

    /// The text as a target; `None` if nothing of it is known.
    pub(super) fn target(&self) -> Option<String> {
        let known = self.text.trim() != "<?>" && !self.text.is_empty();
        known.then(|| self.text.clone())
    }
}

/// Whether some part of a text is not known.
pub(super) fn has_hole(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        let rest = text.get(at..).unwrap_or("");
        hole(rest).is_some_and(|hole| !is_place(hole))
    })
}

/// Holes that name a folder: enough is known of these.
fn is_place(hole: &str) -> bool {
    matches!(hole, "<tmp>" | "<package>" | "<cwd>")
}

/// Where the parts of a text come from.
fn origin_of(text: &str) -> OriginSet {
    let mut origin = OriginSet::EMPTY;
    let mut holes = 0;
    for (at, _) in text.match_indices('<') {
        let Some(hole) = hole(text.get(at..).unwrap_or("")) else {
            continue;
        };
        holes += usize::from(!is_place(hole)) * hole.len();
        origin.add(match hole {
            "<param>" => Origin::Parameter,
            "<?>" => Origin::Unknown,
            "<platform>" | "<arch>" => Origin::Host,
            hole if hole.starts_with("<env:") => Origin::Environment,
            _ => Origin::Literal,
        });
    }
    if text.len() > holes {
        origin.add(Origin::Literal);
    }
    origin
}
