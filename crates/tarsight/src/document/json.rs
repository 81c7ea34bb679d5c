//! JSON as editors read it: comments, trailing commas, single quotes.

use jsonc_parser::tokens::Token;
use jsonc_parser::{Scanner, ScannerOptions};

use super::{Builder, Document, Kind};
use crate::model::Span;

/// The parser of `jsonc_parser` recurses; its scanner does not.
pub(super) fn read(text: &str) -> Result<Document, String> {
    let mut scanner = Scanner::new(text, &ScannerOptions::default());
    let mut builder = Builder::new();
    while let Some(token) = scanner.scan().map_err(|e| e.to_string())? {
        let span = span(scanner.token_start(), scanner.token_end());
        let closed = builder.open.is_empty() && builder.root.is_some();
        match token {
            Token::CommentLine(_) | Token::CommentBlock(_) => {}
            _ if closed => {
                return Err(format!("more text after the value, at byte {}", span.start));
            }
            Token::OpenBrace => builder.begin(Kind::Map(Vec::new()), span)?,
            Token::OpenBracket => builder.begin(Kind::List(Vec::new()), span)?,
            Token::CloseBrace | Token::CloseBracket => {
                builder.end(span.end)?;
            }
            // Editors forgive a missing or a doubled one; so does this, to miss nothing.
            Token::Comma | Token::Colon => {}
            other => {
                builder.text(other.as_str().to_owned(), span)?;
            }
        }
    }
    builder.finish()
}

fn span(start: usize, end: usize) -> Span {
    let at = |at| u32::try_from(at).unwrap_or(u32::MAX);
    Span::new(at(start), at(end))
}
