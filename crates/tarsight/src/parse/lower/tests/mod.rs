//! Tests of the lowering and the binder over whole snippets.

mod binder;
mod chains;
mod coverage;
mod shapes;

use oxc_allocator::Allocator;

use crate::parse::check::check;
use crate::parse::ir::Ir;
use crate::parse::{Dialect, parse_into};

/// Lowers a snippet that must parse, and checks the rules of the result.
fn lowered(text: &str, dialect: Dialect) -> Ir {
    let mut ir = Ir::default();
    let result = parse_into(&mut ir, &Allocator::default(), text, dialect);
    assert_eq!(result, Ok(()), "{text}");
    assert_eq!(check(&ir, text), Ok(()), "{text}");
    ir
}

/// The same on a thread with a stack of so many MiB.
fn lowered_deep(text: &str, stack: usize) -> usize {
    std::thread::scope(|scope| {
        std::thread::Builder::new()
            .stack_size(stack << 20)
            .spawn_scoped(scope, || lowered(text, Dialect::Any).nodes.len())
            .unwrap()
            .join()
            .unwrap()
    })
}
