//! Valid archives with header fields changed at random, signed again or not.

use super::Cases;
use crate::blocks::{BLOCK, Tape, header, package, packed, record};

/// How many stand in the corpus.
const COUNT: u64 = 120;

pub(crate) fn add(cases: &mut Cases) {
    for seed in 0..COUNT {
        cases.file(&format!("mutant-{seed:03}"), "tgz", packed(&mutant(seed)));
    }
}

/// Small and good enough to choose fields.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() % most as u64).expect("it came from one")
    }

    fn of<'a, T: ?Sized>(&mut self, list: &[&'a T]) -> &'a T {
        list[self.below(list.len())]
    }
}

const FIELDS: [(usize, usize); 14] = [
    (0, 100),
    (100, 8),
    (108, 8),
    (116, 8),
    (124, 12),
    (136, 12),
    (148, 8),
    (156, 1),
    (157, 100),
    (257, 8),
    (329, 8),
    (337, 8),
    (345, 131),
    (475, 37),
];

const TYPES: &[u8] = b"0\x001234567xXgLNKDSVAIM?";

const WORDS: [&[u8]; 18] = [
    b"package/index.js",
    b"package/lib/a.js",
    b"package/lib",
    b"package/.gitignore",
    b"package/.npmignore",
    b"other/index.js",
    b"index.js",
    b"../x",
    b"00000002000\0",
    b"0000004\0",
    b"\x80\0\0\0\0\0\0\0\0\0\x02\0",
    b"-1\0",
    b"ustar\x0000",
    b"ustar  \0",
    b"package/lib/",
    b"\0\n/b.js",
    b"1024",
    b"package//./b.js",
];

const PATHS: [&str; 9] = [
    "package/index.js",
    "package/lib/a.js",
    "package/lib",
    "package/lib/",
    "package/b/c/d.js",
    "package/b",
    "package/./lib//a.js",
    "package/.gitignore",
    "x/index.js",
];

/// An archive that depends on the number alone.
pub(crate) fn mutant(seed: u64) -> Vec<u8> {
    let mut random = Random(seed);
    let mut tape = package();
    for at in 0..2 + random.below(5) {
        tape = entry(&mut random, tape, at);
    }
    let mut bytes = tape.ended();
    let start = 2 * BLOCK;
    for _ in 0..random.below(4) {
        let block = start + random.below((bytes.len() - start) / BLOCK) * BLOCK;
        change(&mut random, &mut bytes[block..block + BLOCK]);
    }
    if random.below(12) == 0 {
        let cut = start + random.below(bytes.len() - start);
        bytes.truncate(cut);
    }
    bytes
}

fn entry(random: &mut Random, tape: Tape, at: usize) -> Tape {
    let path = random.of(&PATHS);
    let mut body = format!("body {at}").into_bytes();
    match random.below(10) {
        0 => tape.gnu(b'L', path),
        1 => tape.pax(b'x', &[("path", path)]),
        2 => tape.pax(
            b'x',
            &[("size", random.of(&["0", "4", "512", "600", "1024"]))],
        ),
        3 => tape.pax(b'g', &[(random.of(&["size", "comment", "linkpath"]), "6")]),
        4 => tape.entry(b'5', path, ""),
        5 => tape.nulls(1),
        6 => {
            body.resize(BLOCK, 0);
            body.extend(header("package/index.js").size(6).sealed());
            body.extend(b"hidden");
            tape.file(path, body)
        }
        7 => tape.entry(
            b'x',
            "x",
            [record("linkpath", "t"), record("path", path)].concat(),
        ),
        _ => tape.file(path, body),
    }
}

/// Changes fields of a block.
fn change(random: &mut Random, block: &mut [u8]) {
    for _ in 0..1 + random.below(2) {
        let (offset, len) = FIELDS[random.below(FIELDS.len())];
        let field = &mut block[offset..offset + len];
        match random.below(4) {
            0 => {
                let at = random.below(field.len());
                field[at] = random.next().to_le_bytes()[0];
            }
            1 => field.fill(0),
            _ if len == 1 => field[0] = TYPES[random.below(TYPES.len())],
            _ => {
                let word: &[u8] = random.of(&WORDS);
                let most = word.len().min(field.len());
                field.fill(0);
                field[..most].copy_from_slice(&word[..most]);
            }
        }
    }
    // Two of three are signed again, so that the change gets past the checksum.
    if random.below(3) > 0 {
        block[148..156].fill(b' ');
        let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    }
}
