//! What a worker keeps from file to file.

use oxc_allocator::Allocator;

use super::ir::Ir;

/// An arena over this size is dropped rather than reset.
const ARENA_KEPT: usize = 64 << 20;

/// IR buffers over this size, together, are dropped rather than emptied.
const IR_KEPT: usize = 64 << 20;

/// Reusable memory of one worker.
pub(crate) struct Workspace {
    /// Holds the AST of the file at hand.
    pub allocator: Allocator,
    /// Holds its lowering.
    pub ir: Ir,
}

impl Workspace {
    /// An empty one.
    #[must_use]
    pub(crate) fn new() -> Self {
        let mut ir = Ir::default();
        ir.clear();
        Self {
            allocator: Allocator::new(),
            ir,
        }
    }

    /// Empties it for the next file. What one file blew up is given back, so that it does not
    /// fatten a worker for good.
    pub(crate) fn recycle(&mut self) {
        if self.allocator.capacity() > ARENA_KEPT {
            self.allocator = Allocator::new();
        } else {
            self.allocator.reset();
        }
        if ir_bytes(&self.ir) > IR_KEPT {
            self.ir = Ir::default();
        }
        self.ir.clear();
    }
}

impl Default for Workspace {
    fn default() -> Self {
        Self::new()
    }
}

/// Memory that the big buffers of an IR hold.
fn ir_bytes(ir: &Ir) -> usize {
    fn of<T>(buffer: &Vec<T>) -> usize {
        buffer.capacity() * size_of::<T>()
    }
    of(&ir.nodes)
        + of(&ir.lists)
        + ir.cooked.capacity()
        + of(&ir.functions)
        + of(&ir.classes)
        + of(&ir.bindings)
        + of(&ir.defs)
        + of(&ir.returns)
        + of(&ir.imports)
        + of(&ir.exports)
        + of(&ir.guards)
        + of(&ir.calls)
        + of(&ir.writes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_arena_is_kept_and_a_big_one_is_not() {
        let mut workspace = Workspace::new();
        workspace.allocator.alloc_str(&"x".repeat(1 << 20));
        workspace.recycle();
        assert!(workspace.allocator.capacity() >= 1 << 20);
        workspace.allocator.alloc_str(&"x".repeat(ARENA_KEPT + 1));
        workspace.recycle();
        assert!(workspace.allocator.capacity() < 1 << 20);
    }

    #[test]
    fn a_big_ir_is_not_kept() {
        let mut workspace = Workspace::new();
        workspace.ir.lists.reserve(1000);
        workspace.recycle();
        assert!(workspace.ir.lists.capacity() >= 1000);
        workspace.ir.lists.reserve(IR_KEPT / 4 + 1);
        workspace.recycle();
        assert!(workspace.ir.lists.capacity() < 1000);
        assert_eq!(workspace.ir.lists, [0]);
    }
}
