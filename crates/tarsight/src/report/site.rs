//! Places in the package's text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A place in the package's text.
///
/// Lines and columns start at 1. Columns count UTF-16 units, as editors and SARIF do.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub struct Site {
    /// Path inside the package.
    pub file: String,
    /// First line; inside the innermost layer if there are layers.
    pub line: u32,
    /// First column, in UTF-16 units.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// One past the last column, in UTF-16 units.
    pub end_column: u32,
    /// First byte; of the innermost layer's text if there are layers.
    pub offset: u32,
    /// Number of bytes.
    pub length: u32,
    /// The text, cut at 160 characters, with what cannot be seen written `\u{202E}`.
    pub excerpt: String,
    /// The layers around the place, outermost first; empty for text of the file itself.
    pub layers: Vec<Layer>,
    /// The line around the place, for showing; only if [`ScanOptions::frames`] asked for it, and
    /// never on the wire.
    ///
    /// [`ScanOptions::frames`]: crate::ScanOptions::frames
    #[serde(skip)]
    pub frame: Option<Frame>,
}

/// The first line of a place in three parts, each safe to show and at most 400 bytes of text.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Frame {
    /// What stands before the place; it starts with `…` if the line is longer.
    pub before: String,
    /// The place itself, up to the end of its line.
    pub marked: String,
    /// What stands behind it.
    pub after: String,
}

/// Code found inside a value: where the value stands and what turns it into code.
#[derive(
    Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "camelCase")]
pub struct Layer {
    /// What wraps the code: `base64`, `eval`, `node -e`, …
    pub kind: String,
    /// Path of the file that holds the value.
    pub file: String,
    /// Line of the value; inside the layer before it if there is one.
    pub line: u32,
    /// Column of the value, in UTF-16 units.
    pub column: u32,
}

impl Site {
    /// `file:line:column`, as editors and terminals understand it.
    ///
    /// A site inside a layer stands where its outermost layer stands in the file.
    #[must_use]
    pub fn place(&self) -> String {
        match self.layers.first() {
            Some(outer) => format!("{}:{}:{}", outer.file, outer.line, outer.column),
            None => format!("{}:{}:{}", self.file, self.line, self.column),
        }
    }

    /// Whether both stand for the same bytes, whatever the excerpt.
    #[must_use]
    pub fn same_place(&self, other: &Self) -> bool {
        (&self.file, self.offset, self.length, &self.layers)
            == (&other.file, other.offset, other.length, &other.layers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_inside_a_layer_is_shown_where_the_layer_stands() {
        let mut site = Site {
            file: "a.js".to_owned(),
            line: 1,
            column: 9,
            ..Site::default()
        };
        assert_eq!(site.place(), "a.js:1:9");
        site.layers.push(Layer {
            kind: "base64".to_owned(),
            file: "a.js".to_owned(),
            line: 40,
            column: 2,
        });
        assert_eq!(site.place(), "a.js:40:2");
    }

    #[test]
    fn an_excerpt_does_not_tell_two_places_apart() {
        let site = Site {
            file: "a.js".to_owned(),
            offset: 4,
            length: 2,
            ..Site::default()
        };
        let mut other = site.clone();
        other.excerpt = "other words".to_owned();
        assert!(site.same_place(&other));
        other.offset = 5;
        assert!(!site.same_place(&other));
    }
}
