//! Places as reports show them: line, column, excerpt.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::archive::Archive;
use crate::model::Span;
use crate::report::{self, Frame, Site, clean_text};
use crate::source::{Layer, Layers, LineIndex, Text, decode, excerpt};
use crate::value::Place;

/// The sites of places, each file read once.
#[derive(Default)]
pub(super) struct Sites {
    known: FxHashMap<Place, Site>,
}

impl Sites {
    pub(super) fn new(
        archive: &Archive,
        layers: &Layers,
        places: &BTreeSet<Place>,
        frames: bool,
    ) -> Self {
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
                    read(&text, home, &of_file, frames, &mut known);
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
                    read(
                        &text,
                        archive.path(first.file),
                        &of_file,
                        frames,
                        &mut known,
                    );
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

fn read(
    decoded: &Text<'_>,
    path: &str,
    places: &[Place],
    frames: bool,
    known: &mut FxHashMap<Place, Site>,
) {
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
            frame: frames.then(|| frame(text, place.span)),
        };
        known.insert(place, site);
    }
}

/// Bytes of one part of a frame.
const PART: usize = 400;

/// The first line of a place, as far as a window goes: lines of bundles have no end.
fn frame(text: &str, span: Span) -> Frame {
    let start = text.floor_char_boundary(span.start as usize);
    let end = text.floor_char_boundary(span.end as usize).max(start);
    let is_end = |c| c == '\n' || c == '\r';
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    let first = |text: &str| text.split(is_end).next().unwrap_or_default().len();
    let window = text.floor_char_boundary(start.saturating_sub(PART));
    let before = part(window, start);
    let (before, cut) = match before.rfind(is_end) {
        Some(at) => (part(window + at + 1, start), false),
        None => (before, window > 0),
    };
    let most = text.floor_char_boundary(start + PART).min(end);
    let marked = part(start, start + first(part(start, most)));
    let after = if start + marked.len() == end {
        let most = text.floor_char_boundary(end + PART);
        part(end, end + first(part(end, most)))
    } else {
        ""
    };
    let shown = |text: &str| clean_text(&text.replace('\t', "  "), usize::MAX);
    let mark = if cut { "…" } else { "" };
    Frame {
        before: format!("{mark}{}", shown(before)),
        marked: shown(marked),
        after: shown(after),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str, marked: &str) -> [String; 3] {
        let start = text.find(marked).expect("it is in the text");
        let span = Span::new(start as u32, (start + marked.len()) as u32);
        let frame = frame(text, span);
        [frame.before, frame.marked, frame.after]
    }

    #[test]
    fn a_frame_is_the_first_line_around_a_place() {
        assert_eq!(parts("a\n\tget(x);\nb", "get(x)"), ["  ", "get(x)", ";"]);
        assert_eq!(parts("get(\n x) + 1", "get(\n x)"), ["", "get(", ""]);
        assert_eq!(parts("é = get", "get"), ["é = ", "get", ""]);
        assert_eq!(parts("", ""), ["", "", ""]);
    }

    #[test]
    fn a_frame_is_a_window_of_a_long_line_and_obeys_nothing() {
        let text = format!("{}eval(\u{202E}x){}", "é".repeat(900), "b".repeat(900));
        let [before, marked, after] = parts(&text, "eval(\u{202E}x)");
        assert_eq!(before, format!("…{}", "é".repeat(200)));
        assert_eq!(marked, "eval(\\u{202E}x)");
        assert_eq!(after.len(), 400);
    }
}
