//! No text crashes the parser, whatever its shape, and what is refused says why.

mod shapes;

use crate::limits::Limits;
use crate::model::{CoverageKind, Reason};
use crate::parse::arena::Workspace;
use crate::parse::guard::{ARENA_BESIDE, ARENA_PER_BYTE, Lane, lane_of, may_parse};
use crate::parse::lanes::Lanes;
use crate::parse::program::parse_file;
use shapes::{Dialect, HEADED, SHAPES};

struct Case {
    name: String,
    dialect: Dialect,
    text: String,
}

impl Case {
    fn path(&self) -> &'static str {
        match self.dialect {
            Dialect::Script => "a.cjs",
            Dialect::Module => "a.mjs",
            Dialect::Jsx => "a.jsx",
            Dialect::Ts => "a.ts",
        }
    }
}

/// The one place that parses: as the engine does, lowering and binding included.
fn parse(case: &Case, lane: &Lane, limits: &Limits, workspace: &mut Workspace) {
    let Workspace { allocator, ir } = workspace;
    let allocator = &*allocator;
    let allow = |dialect| {
        let used = allocator.used_bytes();
        may_parse(dialect, case.path(), &case.text, used, lane, limits)
    };
    let parsed = parse_file(ir, allocator, &case.text, case.path(), &allow);
    assert_eq!(parsed.is_err(), ir.nodes.is_empty());
}

/// Parses all cases behind the guards and gives how many were parsed and how many refused.
fn run(cases: Vec<Case>) -> (usize, usize) {
    let lanes = Lanes::new(2).expect("threads start");
    let limits = Limits::default();
    let names: Vec<String> = cases.iter().map(|case| case.name.clone()).collect();
    let results = lanes.map(
        cases,
        |case| (lane_of(case.path(), &case.text, &limits), case.text.len()),
        |case, lane, workspace| {
            // A fresh arena, so that its size is this text's.
            *workspace = Workspace::new();
            parse(&case, lane, &limits, workspace);
            let used = workspace.allocator.used_bytes();
            assert!(
                used <= ARENA_PER_BYTE * case.text.len() + ARENA_BESIDE,
                "{used} bytes of arena for {} of text, {} times",
                case.text.len(),
                used / case.text.len().max(1)
            );
        },
        || false,
    );
    let mut refused = 0;
    let mut wrong = Vec::new();
    for (name, result) in names.iter().zip(&results) {
        if let Err(error) = result {
            let expected = [
                Reason::NestingTooDeep,
                Reason::AmbiguousNesting,
                Reason::FileTooLarge,
            ];
            if !expected.contains(&error.reason) {
                wrong.push(format!("{name}: {error:?}"));
            }
            assert_eq!(error.reason.kind(), CoverageKind::NotExamined);
            refused += 1;
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    (results.len() - refused, refused)
}

/// Every shape, from `make`, as script and module where it is either.
fn cases(depth: usize, make: impl Fn(&str, &str, &str, &str, &str) -> String) -> Vec<Case> {
    let plain = SHAPES
        .iter()
        .map(|s| (s.dialect, "", s.open, s.middle, s.close, s.end));
    let headed = HEADED.iter().map(|&(d, a, o, m, c)| (d, a, o, m, c, ""));
    plain
        .chain(headed)
        .flat_map(|(dialect, begin, open, middle, close, end)| {
            let both = match dialect {
                Dialect::Script => vec![Dialect::Script, Dialect::Module],
                one => vec![one],
            };
            both.into_iter()
                .map(|dialect| Case {
                    name: format!("{dialect:?} {begin:?} {open:?} {depth}"),
                    dialect,
                    text: make(begin, open, middle, close, end),
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

fn nested(n: usize) -> impl Fn(&str, &str, &str, &str, &str) -> String {
    move |begin, open, middle, close, end| {
        [begin, &open.repeat(n), middle, &close.repeat(n), end].concat()
    }
}

#[test]
fn nested_shapes() {
    for depth in [10, 100, 1000, 10_000, 100_000] {
        let (parsed, refused) = run(cases(depth, nested(depth)));
        assert!(
            parsed > refused || depth > 100,
            "{depth}: {parsed} parsed, {refused} refused"
        );
    }
}

#[test]
fn unclosed_shapes() {
    for depth in [10, 100, 1000, 10_000, 100_000] {
        let mut all = cases(depth, |begin, open, _, _, _| {
            [begin, &open.repeat(depth)].concat()
        });
        // Errors are the same in a module.
        all.retain(|case| case.dialect != Dialect::Module);
        run(all);
    }
}

#[test]
fn repeated_shapes() {
    for (turn, depth) in [10, 100, 1000, 10_000, 100_000].into_iter().enumerate() {
        let make = nested(depth);
        // In small batches: all texts of a batch are in memory.
        let mut all = cases(depth, |begin, open, middle, close, end| {
            make(begin, open, middle, close, end) + "\n;\n"
        });
        // A module reads these as a script does: once is enough at this size.
        all.retain(|case| case.dialect != Dialect::Module);
        // A third of the shapes at each depth, others each time.
        let mut at = turn;
        all.retain(|_| {
            at += 1;
            at % 3 == 0
        });
        assert!(all.len() >= 40);
        while !all.is_empty() {
            let batch = all.split_off(all.len().saturating_sub(40));
            run(batch
                .into_iter()
                .map(|case| Case {
                    text: case.text.repeat(((2 << 20) / case.text.len()).max(1)),
                    ..case
                })
                .collect());
        }
    }
}

#[test]
fn shapes_meet() {
    // Every pair of openings, in turn, so that what one gives back the other has to keep.
    let opens: Vec<(Dialect, &str)> = SHAPES.iter().map(|s| (s.dialect, s.open)).collect();
    for (skip, depth) in [(1, 3000), (7, 3000), (23, 20_000)] {
        let all = opens
            .iter()
            .zip(opens.iter().cycle().skip(skip))
            .map(|(&(dialect, a), &(_, b))| Case {
                name: format!("{dialect:?} {a:?} {b:?} {depth}"),
                dialect,
                text: [a, b].concat().repeat(depth),
            })
            .collect();
        run(all);
    }
}
