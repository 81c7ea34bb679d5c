//! What holds for any bytes.

use proptest::prelude::*;

use super::build::{Tar, gzip, limits};
use super::{Archive, read};
use crate::budget::Budget;

fn check(archive: &Archive) {
    for entry in &archive.entries {
        assert!(archive.buffer.get(entry.range.clone()).is_some());
        assert!(!entry.path.is_empty() && !entry.path.starts_with('/'));
        assert!(
            entry
                .path
                .split('/')
                .all(|part| !matches!(part, "" | "." | ".."))
        );
    }
    for pair in archive.entries.windows(2) {
        assert!(pair[0].path < pair[1].path, "sorted and unique");
        assert!(!pair[1].path.starts_with(&format!("{}/", pair[0].path)));
    }
    assert!(archive.anomalies.is_sorted());
}

fn try_read(bytes: &[u8]) {
    let limits = limits(&[("unpacked-bytes", 1 << 20)]);
    if let Ok(archive) = read(bytes, &mut Budget::new(&limits)) {
        check(&archive);
    }
}

fn seed() -> Vec<u8> {
    Tar::default()
        .file("package.json", "{}")
        .pax(b'g', &[("comment", "x")])
        .pax(b'x', &[("path", "package/lib/a.js"), ("size", "3")])
        .entry("package/a", b'0', "abc")
        .entry("././@LongLink", b'L', "package/lib/b.js\0")
        .entry("package/b", b'0', vec![b'b'; 700])
        .file("lib", "a file where a folder is")
        .tar()
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..2048)) {
        try_read(&bytes);
        try_read(&[&[0x1f, 0x8b, 8, 0][..], &bytes].concat());
        try_read(&gzip(&bytes));
    }

    #[test]
    fn any_mutation(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12), sign in any::<bool>()) {
        let mut tar = seed();
        for (at, byte) in &edits {
            let at = at.index(tar.len());
            tar[at] = *byte;
            // Signed again, the edit gets past the checksum.
            let block = at / 512 * 512;
            if sign && tar[block + 257..].starts_with(b"ustar") {
                super::build::sign(&mut tar[block..block + 512]);
            }
        }
        try_read(&tar);
        let mut packed = gzip(&seed());
        for (at, byte) in edits {
            let at = at.index(packed.len());
            packed[at] = byte;
        }
        try_read(&packed);
    }

    #[test]
    fn any_cut(at in any::<prop::sample::Index>()) {
        let tar = seed();
        try_read(&tar[..at.index(tar.len())]);
        let packed = gzip(&tar);
        try_read(&packed[..at.index(packed.len())]);
    }

    #[test]
    fn any_names(names in prop::collection::vec("[a/.\\\\C:]{0,12}", 1..12)) {
        let mut tar = Tar::default();
        for name in &names {
            tar = tar.entry(name, b'0', "x");
        }
        try_read(&tar.tar());
    }
}
