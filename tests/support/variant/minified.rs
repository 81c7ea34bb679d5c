//! Files as a minifier writes them, and with other names for what they declare.

use oxc_allocator::Allocator;
use oxc_ast::ast::Program;
use oxc_codegen::{Codegen, CodegenOptions};
use oxc_mangler::{MangleOptions, Mangler};
use oxc_minifier::{CompressOptions, Minifier, MinifierOptions};
use oxc_parser::Parser;
use oxc_span::SourceType;

use super::{is_javascript, text};
use crate::File;

/// Every file of JavaScript that can be read, minified; the others as they are.
pub(super) fn files(files: &[File]) -> Vec<File> {
    let of = |(path, bytes): &File| {
        let short = is_javascript(path)
            .then(|| text(bytes))
            .flatten()
            .and_then(|text| minified(path, text));
        let bytes = short.map_or_else(|| bytes.clone(), String::into_bytes);
        (path.clone(), bytes)
    };
    files.iter().map(of).collect()
}

fn minified(path: &str, text: &str) -> Option<String> {
    with_program(path, text, |allocator, program| {
        let options = MinifierOptions {
            mangle: Some(MangleOptions::default()),
            mangle_properties: None,
            compress: Some(CompressOptions::smallest()),
        };
        let done = Minifier::new(options).minify(allocator, program);
        let codegen = Codegen::new().with_options(CodegenOptions::minify());
        let codegen = match done.class_private_mappings {
            Some(mappings) => codegen.with_private_member_mappings(Some(mappings)),
            None => codegen,
        };
        codegen.with_scoping(done.scoping).build(program).code
    })
}

/// The same code, with `word` and a number for each name that it declares.
pub(super) fn with_names(path: &str, text: &str, word: &str) -> Option<String> {
    let code = with_program(path, text, |_, program| {
        let options = MangleOptions {
            debug: true,
            ..MangleOptions::default()
        };
        let names = Mangler::new().with_options(options).build(program);
        Codegen::new()
            .with_private_member_mappings(Some(names.class_private_mappings))
            .with_scoping(Some(names.scoping))
            .build(program)
            .code
    })?;
    Some(code.replace("slot_", word))
}

/// What `with` makes of the program in a text; `None` if it cannot be read.
fn with_program(
    path: &str,
    text: &str,
    with: impl for<'a> Fn(&'a Allocator, &mut Program<'a>) -> String,
) -> Option<String> {
    let kinds = match path.ends_with(".mjs") {
        true => &[SourceType::mjs()][..],
        false => &[SourceType::cjs(), SourceType::mjs()],
    };
    kinds.iter().find_map(|&kind| {
        let allocator = Allocator::default();
        let mut parsed = Parser::new(&allocator, text, kind).parse();
        if parsed.panicked || !parsed.diagnostics.is_empty() {
            return None;
        }
        Some(with(&allocator, &mut parsed.program))
    })
}
