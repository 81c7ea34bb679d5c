//! JSON with comments, YAML and TOML as one kind of tree, every value with its place.
//!
//! Files that configure other tools come in these forms. The tree is a flat list: no recursion,
//! neither to build nor to drop it. What is too large or nested too deep is refused, and the
//! caller says so.

mod json;
mod toml;
mod yaml;

use crate::model::Span;

/// Largest text that is read.
const MOST_BYTES: usize = 1 << 20;
/// Values of one document.
const MOST_NODES: usize = 100_000;
/// Levels of nesting. Real files stay below 20.
const MOST_DEPTH: usize = 64;

/// How a document is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// JSON, with comments and trailing commas.
    Json,
    /// YAML; of several documents the first.
    Yaml,
    /// TOML.
    Toml,
}

/// The values of one text.
#[derive(Debug, Default)]
pub(crate) struct Document {
    nodes: Vec<Data>,
}

#[derive(Debug)]
struct Data {
    span: Span,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    /// A string; numbers, booleans and null as written.
    Text(String),
    List(Vec<u32>),
    /// Key, its place, value; in the order written.
    Map(Vec<(String, Span, u32)>),
}

/// One value of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node<'d> {
    document: &'d Document,
    at: u32,
}

/// Reads a text; the error says what is wrong.
pub(crate) fn read(format: Format, text: &str) -> Result<Document, String> {
    if text.len() > MOST_BYTES {
        return Err(format!("larger than {MOST_BYTES} bytes"));
    }
    let document = match format {
        Format::Json => json::read(text)?,
        Format::Yaml => yaml::read(text)?,
        Format::Toml => toml::read(text)?,
    };
    Ok(document)
}

impl Document {
    /// The outermost value; `None` if the text is empty.
    pub(crate) fn root(&self) -> Option<Node<'_>> {
        let last = self.nodes.len().checked_sub(1)?;
        Some(Node {
            document: self,
            at: u32::try_from(last).ok()?,
        })
    }

    /// Every value, inner ones before the one that holds them.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node<'_>> {
        (0..)
            .zip(&self.nodes)
            .map(|(at, _)| Node { document: self, at })
    }

    fn add(&mut self, kind: Kind, span: Span) -> Result<u32, String> {
        if self.nodes.len() >= MOST_NODES {
            return Err(format!("more than {MOST_NODES} values"));
        }
        self.nodes.push(Data { span, kind });
        u32::try_from(self.nodes.len() - 1).map_err(|e| e.to_string())
    }
}

impl<'d> Node<'d> {
    fn data(self) -> Option<&'d Data> {
        self.document.nodes.get(self.at as usize)
    }

    fn of(self, at: u32) -> Self {
        Self { at, ..self }
    }

    /// Where it stands.
    pub(crate) fn span(self) -> Span {
        self.data().map(|data| data.span).unwrap_or_default()
    }

    /// A string, or any other simple value as written.
    pub(crate) fn text(self) -> Option<&'d str> {
        match &self.data()?.kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a key; of equal keys the last.
    pub(crate) fn get(self, key: &str) -> Option<Self> {
        let found = self.entries().filter(|(known, ..)| *known == key).last();
        found.map(|(_, _, node)| node)
    }

    /// The value below several keys.
    pub(crate) fn at(self, keys: &[&str]) -> Option<Self> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    /// The text below a key.
    pub(crate) fn text_at(self, key: &str) -> Option<&'d str> {
        self.get(key)?.text()
    }

    /// The elements of a list; nothing for anything else.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        let items = match self.data().map(|data| &data.kind) {
            Some(Kind::List(items)) => items.as_slice(),
            _ => &[],
        };
        items.iter().map(move |&at| self.of(at))
    }

    /// The elements of a list, or the value itself if it is none.
    pub(crate) fn each(self) -> Vec<Self> {
        match self.data().map(|data| &data.kind) {
            Some(Kind::List(_)) => self.items().collect(),
            _ => vec![self],
        }
    }

    /// Keys with their places and values; nothing for anything but a map.
    pub(crate) fn entries(self) -> impl Iterator<Item = (&'d str, Span, Self)> {
        let entries = match self.data().map(|data| &data.kind) {
            Some(Kind::Map(entries)) => entries.as_slice(),
            _ => &[],
        };
        entries
            .iter()
            .map(move |(key, span, at)| (key.as_str(), *span, self.of(*at)))
    }
}

/// A container that is being filled: place, what it holds so far, the key that waits for a value.
type Open = (Span, Kind, Option<(String, Span)>);

/// Containers that are being filled, for readers of events.
struct Builder {
    document: Document,
    open: Vec<Open>,
    root: Option<u32>,
}

impl Builder {
    fn new() -> Self {
        Self {
            document: Document::default(),
            open: Vec::new(),
            root: None,
        }
    }

    fn begin(&mut self, kind: Kind, span: Span) -> Result<(), String> {
        if self.open.len() >= MOST_DEPTH {
            return Err(format!("nested deeper than {MOST_DEPTH} levels"));
        }
        self.open.push((span, kind, None));
        Ok(())
    }

    /// Ends the innermost container; gives its number.
    fn end(&mut self, end: u32) -> Result<u32, String> {
        let (span, kind, _) = self.open.pop().ok_or("a bracket too many")?;
        let at = self
            .document
            .add(kind, Span::new(span.start, end.max(span.start)))?;
        self.put(at);
        Ok(at)
    }

    fn text(&mut self, text: String, span: Span) -> Result<u32, String> {
        if let Some((_, Kind::Map(_), key @ None)) = self.open.last_mut() {
            *key = Some((text, span));
            return Ok(0);
        }
        let at = self.document.add(Kind::Text(text), span)?;
        self.put(at);
        Ok(at)
    }

    /// Whether what comes next is a key.
    fn wants_key(&self) -> bool {
        matches!(self.open.last(), Some((_, Kind::Map(_), None)))
    }

    fn put(&mut self, at: u32) {
        match self.open.last_mut() {
            Some((_, Kind::List(items), _)) => items.push(at),
            Some((_, Kind::Map(entries), key)) => {
                // A key that is no simple value is dropped with its value.
                if let Some((key, span)) = key.take() {
                    entries.push((key, span, at));
                } else {
                    *key = Some((String::new(), Span::default()));
                }
            }
            _ => self.root = Some(at),
        }
    }

    fn finish(self) -> Result<Document, String> {
        if !self.open.is_empty() {
            return Err("the text ends inside a value".to_owned());
        }
        Ok(self.document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(format: Format, text: &str) -> Document {
        read(format, text).unwrap_or_else(|e| panic!("{e}: {text}"))
    }

    #[test]
    fn the_forms_give_the_same_tree() {
        for (format, text) in [
            (
                Format::Json,
                "{ // note\n \"a\": { \"b\": [\"x\", 2, true,] }, /* */ \"c\": null }",
            ),
            (Format::Yaml, "# note\na:\n  b: [x, 2, true]\nc: null\n"),
            (
                Format::Toml,
                "# note\nc = \"null\"\n[a]\nb = [\"x\", 2, true]\n",
            ),
        ] {
            let document = all(format, text);
            let root = document.root().expect("a value");
            let b = root.at(&["a", "b"]).expect("the list");
            let items: Vec<_> = b.items().filter_map(Node::text).collect();
            assert_eq!(items, ["x", "2", "true"], "{format:?}");
            assert_eq!(root.text_at("c"), Some("null"), "{format:?}");
            assert_eq!(root.get("d").map(Node::span), None);
            let x = b.items().next().expect("an element").span();
            assert!(
                x.text(text).contains('x') && x.text(text).len() <= 3,
                "{format:?} {x:?}"
            );
        }
    }

    #[test]
    fn what_is_no_document_is_an_error() {
        for (format, text) in [
            (Format::Json, "{ \"a\": "),
            (Format::Json, "[1, 2"),
            (Format::Json, "]"),
            (Format::Yaml, "a: [b\nc: }"),
            (Format::Yaml, "a: \"b"),
            (Format::Toml, "a = "),
        ] {
            assert!(read(format, text).is_err(), "{format:?} {text}");
        }
        assert!(all(Format::Json, "").root().is_none());
        assert!(
            all(Format::Yaml, "")
                .root()
                .is_none_or(|root| root.entries().count() == 0)
        );
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let deep = |open: &str, close: &str| open.repeat(50_000) + &close.repeat(50_000);
        for (format, text) in [
            (Format::Json, deep("[", "]")),
            (Format::Json, deep("{\"a\":", "}")),
            (Format::Yaml, deep("[", "]")),
            (Format::Yaml, "- ".repeat(50_000)),
            (Format::Toml, format!("a = {}", deep("[", "]"))),
            (Format::Json, format!("[{}1]", "1,".repeat(200_000))),
            (Format::Yaml, "a".repeat(2 << 20)),
        ] {
            assert!(read(format, &text).is_err(), "{format:?} {}", &text[..10]);
        }
    }
}
