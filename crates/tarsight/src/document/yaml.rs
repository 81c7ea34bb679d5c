//! YAML from events: an alias of a simple value is that value, other aliases are followed a few
//! times only, so that a small text cannot become a large tree.

use rustc_hash::FxHashMap;
use saphyr_parser::{Event, Parser};

use super::{Builder, Document, Kind};
use crate::model::Span;

/// Aliases of lists and maps that are followed.
const MOST_ALIASES: usize = 64;

pub(super) fn read(text: &str) -> Result<Document, String> {
    let places = Places::new(text);
    let mut builder = Builder::new();
    let mut anchors: FxHashMap<usize, u32> = FxHashMap::default();
    let mut open: Vec<usize> = Vec::new();
    let mut aliases = 0;
    for event in Parser::new_from_str(text) {
        let (event, at) = event.map_err(|e| e.to_string())?;
        let span = Span::new(places.byte(at.start.index()), places.byte(at.end.index()));
        match event {
            Event::Scalar(value, _, anchor, _) => {
                let is_key = builder.wants_key();
                let node = builder.text(value.into_owned(), span)?;
                if anchor != 0 && !is_key {
                    anchors.insert(anchor, node);
                }
            }
            Event::SequenceStart(anchor, _) => {
                builder.begin(Kind::List(Vec::new()), span)?;
                open.push(anchor);
            }
            Event::MappingStart(anchor, _) => {
                builder.begin(Kind::Map(Vec::new()), span)?;
                open.push(anchor);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let node = builder.end(span.start)?;
                if let Some(anchor) = open.pop().filter(|&anchor| anchor != 0) {
                    anchors.insert(anchor, node);
                }
            }
            Event::Alias(anchor) => {
                aliases += 1;
                let known = anchors.get(&anchor).filter(|_| aliases <= MOST_ALIASES);
                match known {
                    Some(&node) if !builder.wants_key() => builder.put(node),
                    _ => {
                        builder.text(String::new(), span)?;
                    }
                }
            }
            Event::DocumentEnd => break,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) => {}
        }
    }
    builder.finish()
}

/// Bytes of characters: the parser counts characters.
struct Places(Option<Vec<u32>>);

impl Places {
    fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self(None);
        }
        let starts = text.char_indices().map(|(at, _)| at).chain([text.len()]);
        Self(Some(
            starts.filter_map(|at| u32::try_from(at).ok()).collect(),
        ))
    }

    fn byte(&self, index: usize) -> u32 {
        let plain = u32::try_from(index).unwrap_or(u32::MAX);
        match &self.0 {
            None => plain,
            Some(starts) => {
                let last = starts.last().copied().unwrap_or(0);
                starts.get(index).copied().unwrap_or(last)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Node;
    use super::*;

    #[test]
    fn aliases_are_followed_a_few_times() {
        let text = "a: &a\n  x: 1\nb: *a\nc: &s text\nd: *s\n";
        let document = read(text).expect("it is YAML");
        let root = document.root().expect("a map");
        assert_eq!(root.at(&["b", "x"]).and_then(Node::text), Some("1"));
        assert_eq!(root.text_at("d"), Some("text"));
        let bomb = "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n".to_owned() + &"- *c\n".repeat(3);
        assert!(read(&bomb).is_err() || read(&bomb).is_ok_and(|d| d.nodes.len() < 50));
    }

    #[test]
    fn places_are_bytes() {
        let text = "é: ü\nrun: |\n  één\n  two\nx: last\n";
        let document = read(text).expect("it is YAML");
        let root = document.root().expect("a map");
        let x = root.get("x").expect("the last key");
        assert_eq!(x.span().text(text), "last");
        let run = root.get("run").expect("the block");
        assert_eq!(run.text(), Some("één\ntwo\n"));
        assert!(run.span().text(text).contains("één"), "{:?}", run.span());
    }
}
