//! Parses a text in the dialect it is written in and lowers it.
//!
//! The common path is one parse. Only a file with errors is tried in other dialects, JSX among
//! them, and only those for which the caller's stack is enough.

use oxc_allocator::Allocator;
use oxc_parser::{ParseOptions, Parser, ParserReturn};
use oxc_span::SourceType;

use super::ir::{COOKED, Ir};
use super::lower::lower;

/// How a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// JavaScript, a module if it has `import` or `export`, else a script.
    Any,
    /// A JavaScript module: strict, with `await` at the top level.
    Module,
    /// CommonJS or the text of `eval`: sloppy, `await` is a name, `return` at the top level.
    Script,
    /// JavaScript with JSX, module or script.
    Jsx,
    /// TypeScript without JSX.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// A `.d.ts` file.
    Definition,
}

impl Dialect {
    fn source_type(self) -> SourceType {
        match self {
            Self::Any => SourceType::unambiguous(),
            Self::Module => SourceType::mjs(),
            Self::Script => SourceType::cjs(),
            Self::Jsx => SourceType::unambiguous().with_jsx(true),
            Self::TypeScript => SourceType::ts(),
            Self::Tsx => SourceType::tsx(),
            Self::Definition => SourceType::d_ts(),
        }
    }
}

/// How a file was parsed in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ParsedAs {
    /// The dialect that fitted best.
    pub dialect: Dialect,
    /// What the parser disliked, though it could read the whole file. Node may accept it.
    pub complaint: Option<ParseFailure>,
}

/// Why a text could not be parsed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} at byte {offset}")]
pub(crate) struct ParseFailure {
    /// The parser's words.
    pub message: String,
    /// Where, in bytes.
    pub offset: u32,
}

/// How far into a file an `@flow` pragma is looked for.
const PRAGMA_BYTES: usize = 1024;

/// Parses a text in one dialect and lowers it into `ir`, which is emptied first.
///
/// What the parser merely dislikes is no failure; see [`parse_file`] for a choice of dialects.
///
/// # Errors
///
/// If the parser cannot read the text to its end. `ir` is empty then.
#[cfg(test)]
pub(crate) fn parse_into(
    ir: &mut Ir,
    allocator: &Allocator,
    text: &str,
    dialect: Dialect,
) -> Result<(), ParseFailure> {
    first_that_fits(ir, allocator, text, &[dialect], &|_| true).map(|_| ())
}

/// Parses a file in the dialects that its path and content suggest and lowers it into `ir`,
/// which is emptied first. A dialect without errors wins, else the first that was read to
/// the end. Dialects that `allow` refuses are left out: each needs a stack of its own size.
///
/// # Errors
///
/// If no dialect can read the text to its end. `ir` is empty then.
pub(crate) fn parse_file(
    ir: &mut Ir,
    allocator: &Allocator,
    text: &str,
    path: &str,
    allow: &dyn Fn(Dialect) -> bool,
) -> Result<ParsedAs, ParseFailure> {
    first_that_fits(ir, allocator, text, dialects(text, path), allow)
}

/// Parses code that code made, on a stack that is not empty any more; `None` for a text that is
/// no script, or nests too deep for what is left.
pub(crate) fn parse_small(text: &str) -> Option<Box<Ir>> {
    if !super::guard::is_shallow(text) {
        return None;
    }
    let allocator = Allocator::default();
    let mut ir = Box::new(Ir::default());
    let dialects = [Dialect::Script, Dialect::Module];
    first_that_fits(&mut ir, &allocator, text, &dialects, &|_| true)
        .ok()
        .filter(|parsed| parsed.complaint.is_none())
        .map(|_| ir)
}

/// In the order in which they are tried.
fn dialects(text: &str, path: &str) -> &'static [Dialect] {
    use Dialect::{Any, Definition, Jsx, Module, Script, Tsx, TypeScript};
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, ""));
    let head = &text.as_bytes()[..text.len().min(PRAGMA_BYTES)];
    let is_flow = memchr::memmem::find(head, b"@flow").is_some();
    match extension {
        "ts" | "mts" | "cts" if stem.ends_with(".d") => &[Definition, TypeScript, Any],
        "ts" | "mts" | "cts" => &[TypeScript, Tsx, Any],
        "tsx" => &[Tsx, TypeScript, Any],
        "mjs" if is_flow => &[Module, Script, Tsx],
        "mjs" => &[Module, Script, Jsx],
        "cjs" if is_flow => &[Script, Module, Tsx],
        "cjs" => &[Script, Module, Jsx],
        "jsx" => &[Jsx, Any],
        _ if is_flow => &[Any, Module, Script, Tsx, TypeScript],
        _ => &[Any, Module, Script, Jsx],
    }
}

fn first_that_fits(
    ir: &mut Ir,
    allocator: &Allocator,
    text: &str,
    dialects: &[Dialect],
    allow: &dyn Fn(Dialect) -> bool,
) -> Result<ParsedAs, ParseFailure> {
    ir.clear();
    if text.len() >= COOKED as usize {
        let message = "the text is longer than 2 GiB".to_owned();
        return Err(ParseFailure { message, offset: 0 });
    }
    let text = after_mark(allocator, text);
    let mut readable = None;
    let mut failure = None;
    for (at, &dialect) in dialects.iter().enumerate() {
        // The lane was chosen for the first.
        if at > 0 && !allow(dialect) {
            continue;
        }
        let parsed = parse(allocator, text, dialect);
        let Some(complaint) = complaint(&parsed) else {
            lower(ir, text, &parsed.program);
            return Ok(ParsedAs {
                dialect,
                complaint: None,
            });
        };
        if parsed.panicked {
            failure.get_or_insert(complaint);
        } else if readable.is_none() {
            readable = Some((parsed, complaint, dialect));
        }
    }
    if let Some((parsed, complaint, dialect)) = readable {
        lower(ir, text, &parsed.program);
        return Ok(ParsedAs {
            dialect,
            complaint: Some(complaint),
        });
    }
    Err(failure.unwrap_or(ParseFailure {
        message: "no dialect to try".to_owned(),
        offset: 0,
    }))
}

fn parse<'a>(allocator: &'a Allocator, text: &'a str, dialect: Dialect) -> ParserReturn<'a> {
    let options = ParseOptions {
        allow_return_outside_function: true,
        preserve_parens: false,
        // Names are interned by the lowering, with a hash of its own.
        enable_ident_hashes: false,
        ..ParseOptions::default()
    };
    Parser::new(allocator, text, dialect.source_type())
        .with_options(options)
        .parse()
}

fn complaint(parsed: &ParserReturn<'_>) -> Option<ParseFailure> {
    let error = parsed.diagnostics.errors().next();
    if error.is_none() && !parsed.panicked {
        return None;
    }
    let message = error.map_or_else(
        || "unreadable".to_owned(),
        |error| error.message.to_string(),
    );
    let offset = error
        .and_then(|error| error.labels.first())
        .map_or(0, |label| label.offset());
    Some(ParseFailure { message, offset })
}

/// The parser wants a hashbang at the very start, Node drops a byte order mark before it: give
/// the parser a comment of the same length instead.
fn after_mark<'a>(allocator: &'a Allocator, text: &'a str) -> &'a str {
    match text.strip_prefix("\u{feff}#!") {
        Some(rest) => allocator.alloc_concat_strs_array(["//   ", rest]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str, path: &str) -> Result<ParsedAs, ParseFailure> {
        parse_file(
            &mut Ir::default(),
            &Allocator::default(),
            text,
            path,
            &|_| true,
        )
    }

    fn dialect(text: &str, path: &str) -> Dialect {
        let parsed = parsed(text, path).unwrap();
        assert_eq!(parsed.complaint, None, "{text}");
        parsed.dialect
    }

    #[test]
    fn plain_files_take_the_first_dialect() {
        for text in [
            "return 1",
            "import a from 'a'; await a",
            "var await = 1; with (a) {}",
            "#!/usr/bin/env node\nlet a",
            "\u{feff}let a",
            "\u{feff}#!/usr/bin/env node\nlet a",
            "<!-- html\nlet a\n--> html",
            "a < b > c",
        ] {
            assert_eq!(dialect(text, "lib/a.js"), Dialect::Any, "{text}");
        }
        assert_eq!(dialect("const a = <b c={1}>d</b>", "a.jsx"), Dialect::Jsx);
        assert_eq!(dialect("await 1", "a.mjs"), Dialect::Module);
        assert_eq!(dialect("return new.target", "a.cjs"), Dialect::Script);
        assert_eq!(
            dialect("let a: number = <any>b", "a.ts"),
            Dialect::TypeScript
        );
        assert_eq!(dialect("let a: b = <c>{d}</c>", "a.tsx"), Dialect::Tsx);
        assert_eq!(
            dialect("export const a: number", "a.d.ts"),
            Dialect::Definition
        );
    }

    #[test]
    fn other_dialects_are_tried_on_errors() {
        assert_eq!(dialect("const a = <b c={1}>d</b>", "a.js"), Dialect::Jsx);
        assert_eq!(dialect("await a", "a.cjs"), Dialect::Module);
        assert_eq!(dialect("with (a) {}\nvar await", "a.mjs"), Dialect::Script);
        assert_eq!(
            dialect("// @flow\nconst a: number = 1", "a.js"),
            Dialect::Tsx
        );
        assert!(parsed("const a: number = 1", "a.js").is_err());
        assert_eq!(dialect("let a = <b>c</b>", "a.ts"), Dialect::Tsx);
    }

    #[test]
    fn failures_say_where() {
        let failure = parsed("let a = 1;\nlet b = = 2", "a.js").unwrap_err();
        assert_eq!(failure.offset, 19);
        assert!(!failure.message.is_empty());
    }

    #[test]
    fn a_readable_file_with_complaints_is_kept() {
        let mut ir = Ir::default();
        let text = "const a; b(a)";
        let parsed = parse_file(&mut ir, &Allocator::default(), text, "a.js", &|_| true).unwrap();
        assert!(parsed.complaint.is_some());
        assert_eq!((parsed.dialect, ir.calls.len()), (Dialect::Any, 1));
    }
}
