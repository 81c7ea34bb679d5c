//! Places as reports show them: line, column, excerpt.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::archive::Archive;
use crate::model::Span;
use crate::report::{self, Site};
use crate::source::{Layer, Layers, LineIndex, Text, decode, excerpt};
use crate::value::Place;

/// The sites of places, each file read once.
pub(super) struct Sites {
    known: FxHashMap<Place, Site>,
}

impl Sites {
    pub(super) fn new(archive: &Archive, layers: &Layers, places: &BTreeSet<Place>) -> Self {
        // Where each layer stands is a place as well.
        let mut places = places.clone();
        let mut around: Vec<&Layer> = places
            .iter()
            .flat_map(|place| layers.around(place.file))
            .collect();
        around.dedup();
        places.extend(around.into_iter().map(holder));
        let mut known = FxHashMap::default();
        let mut rest = places.iter().peekable();
        while let Some(first) = rest.next() {
            let mut of_file = vec![*first];
            while let Some(next) = rest.next_if(|next| next.file == first.file) {
                of_file.push(*next);
            }
            match layers.get(first.file) {
                Some(layer) => {
                    let home = archive.path(layers.home(first.file));
                    let text = decode(layer.text.as_bytes());
                    read(&text, home, &of_file, &mut known);
                }
                // Whole files, machine code among them, need no lines.
                None if of_file.iter().all(|place| place.span == Span::default()) => {
                    let site = Site {
                        file: archive.path(first.file).to_owned(),
                        line: 1,
                        column: 1,
                        end_line: 1,
                        end_column: 1,
                        ..Site::default()
                    };
                    known.insert(*first, site);
                }
                None => {
                    let text = decode(archive.bytes(first.file));
                    read(&text, archive.path(first.file), &of_file, &mut known);
                }
            }
        }
        for place in &places {
            let around = layers.around(place.file).into_iter();
            let wire: Vec<report::Layer> = around
                .map(|layer| {
                    let site = known.get(&holder(layer)).cloned().unwrap_or_default();
                    report::Layer {
                        kind: layer.kind.to_owned(),
                        file: site.file,
                        line: site.line,
                        column: site.column,
                    }
                })
                .collect();
            if let Some(site) = known.get_mut(place) {
                site.layers = wire;
            }
        }
        Self { known }
    }

    /// The site of a place that was given to [`Sites::new`].
    pub(super) fn of(&self, place: Place) -> Site {
        self.known.get(&place).cloned().unwrap_or_default()
    }
}

/// Where the value stands that a layer is.
fn holder(layer: &Layer) -> Place {
    Place {
        file: layer.file,
        span: layer.span,
    }
}

fn read(decoded: &Text<'_>, path: &str, places: &[Place], known: &mut FxHashMap<Place, Site>) {
    let text: &str = &decoded.text;
    let lines = LineIndex::new(text);
    for &place in places {
        let start = lines.position(place.span.start);
        let end = lines.position(place.span.end);
        let offset = decoded.file_offset(place.span.start);
        let site = Site {
            file: path.to_owned(),
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
