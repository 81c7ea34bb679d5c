//! The floor: what any scanner of JavaScript has to do at least.
//!
//! Inflate the archive, walk its entries, parse each JavaScript file once. One thread; the
//! output buffer and the arena are used again.

use std::io::Cursor;
use std::ops::Range;

use libdeflater::{DecompressionError, Decompressor};
use oxc_allocator::Allocator;
use oxc_parser::Parser;
use oxc_span::SourceType;

/// What a floor's run has met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// JavaScript files.
    pub files: usize,
    /// Their bytes.
    pub bytes: usize,
    /// Those of them that did not parse to the end.
    pub refused: usize,
}

/// The floor, with what it uses again for the next package.
pub struct Floor {
    inflate: Decompressor,
    unpacked: Vec<u8>,
    arena: Allocator,
}

impl Default for Floor {
    fn default() -> Self {
        Self {
            inflate: Decompressor::new(),
            unpacked: Vec::new(),
            arena: Allocator::default(),
        }
    }
}

impl Floor {
    /// One run over a gzipped tarball.
    ///
    /// # Panics
    /// If the tarball is damaged; the bench has no use for such.
    pub fn run(&mut self, tarball: &[u8]) -> Counts {
        let size = self.unpack(tarball);
        let archive = &self.unpacked[..size];
        let mut counts = Counts::default();
        for (range, source_type) in javascript(archive) {
            let Ok(text) = std::str::from_utf8(&archive[range]) else {
                continue;
            };
            let parsed = Parser::new(&self.arena, text, source_type).parse();
            counts.files += 1;
            counts.bytes += text.len();
            counts.refused += usize::from(parsed.panicked);
            drop(parsed);
            self.arena.reset();
        }
        counts
    }

    /// Fills the front of `unpacked`, which never shrinks; returns how much of it.
    fn unpack(&mut self, tarball: &[u8]) -> usize {
        // The last four bytes of a gzip member are its size.
        let size = tarball
            .last_chunk::<4>()
            .map_or(0, |tail| u32::from_le_bytes(*tail) as usize);
        if self.unpacked.len() < size {
            self.unpacked.resize(size, 0);
        }
        loop {
            match self.inflate.gzip_decompress(tarball, &mut self.unpacked) {
                Ok(written) => return written,
                Err(DecompressionError::InsufficientSpace) => {
                    let more = self.unpacked.len().max(1 << 16) * 2;
                    self.unpacked.resize(more, 0);
                }
                Err(error) => panic!("the tarball is damaged: {error}"),
            }
        }
    }
}

/// The JavaScript entries of a tar archive: their ranges, and as what they are parsed.
fn javascript(archive: &[u8]) -> Vec<(Range<usize>, SourceType)> {
    let mut found = Vec::new();
    let mut archive_reader = tar::Archive::new(Cursor::new(archive));
    let entries = archive_reader
        .entries()
        .unwrap_or_else(|e| panic!("the tarball is damaged: {e}"));
    for entry in entries {
        let entry = entry.unwrap_or_else(|e| panic!("the tarball is damaged: {e}"));
        let path = entry.path_bytes();
        let Some(source_type) = source_type(&path) else {
            continue;
        };
        let start = usize::try_from(entry.raw_file_position()).unwrap_or(usize::MAX);
        let size = usize::try_from(entry.size()).unwrap_or(usize::MAX);
        found.push((start..start.saturating_add(size), source_type));
    }
    found
}

fn source_type(path: &[u8]) -> Option<SourceType> {
    let dot = path.iter().rposition(|&byte| byte == b'.')?;
    match path.get(dot + 1..)? {
        b"js" => Some(SourceType::unambiguous()),
        b"mjs" => Some(SourceType::mjs()),
        b"cjs" => Some(SourceType::cjs()),
        b"jsx" => Some(SourceType::jsx()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_javascript_is_parsed() {
        let mut builder = tar::Builder::new(Vec::new());
        for (name, text) in [
            ("package/a.js", "var a = 1;"),
            ("package/b.mjs", "export default 1;"),
            ("package/c.js", "var = ;"),
            ("package/README.md", "# no code"),
        ] {
            let mut header = tar::Header::new_ustar();
            header.set_size(text.len() as u64);
            builder
                .append_data(&mut header, name, text.as_bytes())
                .unwrap();
        }
        let tar = builder.into_inner().unwrap();
        let mut gzip = vec![0; tar.len() + 1_000];
        let size = libdeflater::Compressor::default()
            .gzip_compress(&tar, &mut gzip)
            .unwrap();
        let counts = Floor::default().run(&gzip[..size]);
        assert_eq!((counts.files, counts.bytes, counts.refused), (3, 34, 1));
    }
}
