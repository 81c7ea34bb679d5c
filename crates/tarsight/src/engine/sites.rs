//! Places as reports show them: line, column, excerpt.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::archive::Archive;
use crate::model::FileId;
use crate::report::Site;
use crate::source::{LineIndex, decode, excerpt};
use crate::value::Place;

/// The sites of places, each file read once.
pub(super) struct Sites {
    known: FxHashMap<Place, Site>,
}

impl Sites {
    pub(super) fn new(archive: &Archive, places: &BTreeSet<Place>) -> Self {
        let mut known = FxHashMap::default();
        let mut rest = places.iter().peekable();
        while let Some(first) = rest.next() {
            let mut of_file = vec![*first];
            while let Some(next) = rest.next_if(|next| next.file == first.file) {
                of_file.push(*next);
            }
            read(archive, first.file, &of_file, &mut known);
        }
        Self { known }
    }

    /// The site of a place that was given to [`Sites::new`].
    pub(super) fn of(&self, place: Place) -> Site {
        self.known.get(&place).cloned().unwrap_or_default()
    }
}

fn read(archive: &Archive, file: FileId, places: &[Place], known: &mut FxHashMap<Place, Site>) {
    let decoded = decode(archive.bytes(file));
    let text: &str = &decoded.text;
    let lines = LineIndex::new(text);
    for &place in places {
        let start = lines.position(place.span.start);
        let end = lines.position(place.span.end);
        let offset = decoded.file_offset(place.span.start);
        let site = Site {
            file: archive.path(file).to_owned(),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            offset,
            length: decoded.file_offset(place.span.end).saturating_sub(offset),
            excerpt: excerpt(text, place.span),
            layers: Vec::new(),
        };
        known.insert(place, site);
    }
}
