//! TOML through `toml_edit`, which refuses more than 80 levels.

use std::ops::Range;

use toml_edit::{Document as Toml, Item, TableLike, Value};

use super::{Builder, Document, Kind};
use crate::model::Span;

/// What is still to be copied; the last comes first.
enum Step<'t> {
    Item(&'t Item),
    Value(&'t Value),
    Map(&'t dyn TableLike, Span),
    Key(&'t str, Span),
    End(u32),
}

pub(super) fn read(text: &str) -> Result<Document, String> {
    let parsed = Toml::parse(text).map_err(|e| e.message().to_owned())?;
    let mut builder = Builder::new();
    let mut open = vec![Step::Item(parsed.as_item())];
    while let Some(step) = open.pop() {
        match step {
            Step::Key(key, span) => {
                builder.text(key.to_owned(), span)?;
            }
            Step::End(end) => {
                builder.end(end)?;
            }
            Step::Item(Item::None) => {
                builder.text(String::new(), Span::default())?;
            }
            Step::Item(Item::Value(value)) => open.push(Step::Value(value)),
            Step::Item(Item::Table(table)) => open.push(Step::Map(table, span(table.span()))),
            Step::Item(Item::ArrayOfTables(tables)) => {
                let place = span(tables.span());
                builder.begin(Kind::List(Vec::new()), place)?;
                open.push(Step::End(place.end));
                let from = open.len();
                open.extend(
                    tables
                        .iter()
                        .map(|table| Step::Map(table, span(table.span()))),
                );
                open.get_mut(from..).unwrap_or_default().reverse();
            }
            Step::Map(table, place) => {
                builder.begin(Kind::Map(Vec::new()), place)?;
                open.push(Step::End(place.end));
                let from = open.len();
                for (key, item) in table.iter() {
                    let at = table.key(key).and_then(toml_edit::Key::span);
                    open.push(Step::Key(key, span(at)));
                    open.push(Step::Item(item));
                }
                open.get_mut(from..).unwrap_or_default().reverse();
            }
            Step::Value(Value::Array(array)) => {
                let place = span(array.span());
                builder.begin(Kind::List(Vec::new()), place)?;
                open.push(Step::End(place.end));
                let from = open.len();
                open.extend(array.iter().map(Step::Value));
                open.get_mut(from..).unwrap_or_default().reverse();
            }
            Step::Value(Value::InlineTable(table)) => {
                open.push(Step::Map(table, span(table.span())));
            }
            Step::Value(value) => {
                let place = span(value.span());
                let written = value.as_str().unwrap_or_else(|| place.text(text));
                builder.text(written.to_owned(), place)?;
            }
        }
    }
    builder.finish()
}

fn span(range: Option<Range<usize>>) -> Span {
    let range = range.unwrap_or_default();
    let at = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(at(range.start), at(range.end))
}
