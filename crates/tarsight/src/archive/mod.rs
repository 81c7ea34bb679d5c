//! The tarball as npm would extract it.

mod anomaly;
#[cfg(test)]
pub(crate) mod build;
mod collide;
mod gzip;
mod header;
mod name;
mod pax;
#[cfg(test)]
mod properties;
mod tar;
mod tree;

pub(crate) use anomaly::{Anomaly, AnomalyId};

use std::ops::Range;

use tree::{Found, Notes, Tree};

use crate::Error;
use crate::budget::{Budget, Over};
use crate::limits::Limit;
use crate::model::{FileId, Reason, Unanalysed};

/// The files that npm would write, over one decompressed buffer.
#[derive(Debug, Default)]
pub(crate) struct Archive {
    /// The decompressed tar, or the concatenated files of a folder.
    pub buffer: Vec<u8>,
    /// Sorted by path, one per path; the index is the [`FileId`].
    pub entries: Vec<Entry>,
    /// Places where two readers could disagree, sorted.
    pub anomalies: Vec<Anomaly>,
    /// What could not be read.
    pub unanalysed: Vec<Unanalysed>,
}

/// A file that npm would write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Path inside the package, first component stripped, `/` between components.
    pub path: String,
    /// Its bytes in [`Archive::buffer`].
    pub range: Range<usize>,
    /// Whether the header gives it an executable bit.
    pub executable: bool,
}

impl Archive {
    /// The bytes of a file; empty for an id that is not of this archive.
    #[must_use]
    pub(crate) fn bytes(&self, file: FileId) -> &[u8] {
        self.entries
            .get(file.index())
            .and_then(|entry| self.buffer.get(entry.range.clone()))
            .unwrap_or(&[])
    }

    /// The file at exactly this path.
    #[must_use]
    pub(crate) fn find(&self, path: &str) -> Option<FileId> {
        let index = self
            .entries
            .binary_search_by(|entry| entry.path.as_str().cmp(path))
            .ok()?;
        u32::try_from(index).ok().map(FileId)
    }

    /// The path of a file; empty for an id that is not of this archive.
    #[must_use]
    pub(crate) fn path(&self, file: FileId) -> &str {
        self.entries
            .get(file.index())
            .map_or("", |entry| entry.path.as_str())
    }
}

/// Without this file there is nothing to say about a package.
const MANIFEST: &str = "package.json";

/// Why the buffer is not all there is.
enum Cut {
    /// More comes than this allows.
    Limit(Over),
    /// The compressed bytes are damaged.
    Damage(String),
}

/// Reads a tarball, compressed by gzip or not.
///
/// Odd entries are told as anomalies and damage as unanalysed, as long as anything is left to
/// read.
///
/// # Errors
/// If the bytes are no archive or are damaged before the first entry, or if a limit was reached
/// before package.json could be read.
pub(crate) fn read(bytes: &[u8], budget: &mut Budget<'_>) -> Result<Archive, Error> {
    let inflated = gzip::inflate(bytes, budget)?;
    let notes = Notes::new(budget, inflated.anomalies);
    let mut tree = Tree::new(budget, notes, true);
    let walked = tar::walk(&inflated.buffer, &mut tree);
    if !walked.valid {
        return Err(match inflated.cut {
            Some(Cut::Limit(over)) => over.into(),
            Some(Cut::Damage(detail)) => Error::Damaged { detail },
            None => Error::NotAnArchive {
                detail: "no tar header was found; give an npm tarball (.tgz or .tar)".to_owned(),
            },
        });
    }
    let mut unanalysed = Vec::new();
    let stopped = match inflated.cut {
        _ if walked.full.is_some() => walked.full,
        Some(Cut::Limit(over)) if !walked.ended => Some(over),
        _ => None,
    };
    if inflated.cut.is_none() && walked.cut {
        let detail = "the archive ends inside an entry";
        tree.notes.push(Anomaly::whole(AnomalyId::Refused, detail));
    } else if inflated.cut.is_none() && !walked.ended {
        let detail = "without two empty blocks";
        tree.notes.push(Anomaly::whole(AnomalyId::NoEnd, detail));
    }
    let truncated = walked
        .truncated
        .map(|path| name::resolve(&path, true).path());
    if let (Some(over), Some(Some(path))) = (stopped, &truncated)
        && path == MANIFEST
    {
        return Err(over.into());
    }
    if stopped.is_none() && (truncated.is_some() || damaged(&inflated.cut, walked.ended)) {
        let detail = match &inflated.cut {
            Some(Cut::Damage(detail)) => detail.clone(),
            _ => "the archive ends inside this entry".to_owned(),
        };
        unanalysed.push(Unanalysed {
            path: truncated.flatten(),
            reason: Reason::ArchiveTruncated,
            detail,
        });
    }
    finish(tree, inflated.buffer, stopped, unanalysed)
}

fn damaged(cut: &Option<Cut>, ended: bool) -> bool {
    matches!(cut, Some(Cut::Damage(_))) && !ended
}

/// Takes the files of an unpacked package: paths from its folder on, with `/`.
///
/// # Errors
/// If a limit was reached before package.json could be read.
pub(crate) fn from_files(
    files: impl IntoIterator<Item = (String, Vec<u8>)>,
    budget: &mut Budget<'_>,
) -> Result<Archive, Error> {
    let notes = Notes::new(budget, Vec::new());
    let mut tree = Tree::new(budget, notes, false);
    let mut buffer = Vec::new();
    let mut stopped = None;
    for (path, bytes) in files {
        let start = buffer.len();
        let size = bytes.len() as u64;
        if let Err(over) = tree.budget.take(Limit::UnpackedBytes, size) {
            stopped = Some(over);
            break;
        }
        buffer.extend_from_slice(&bytes);
        let found = Found {
            path,
            lossy: false,
            link: None,
            range: start..buffer.len(),
            executable: false,
        };
        if let Err(over) = tree.add(found, &buffer) {
            stopped = Some(over);
            break;
        }
    }
    finish(tree, buffer, stopped, Vec::new())
}

/// Without package.json a limit is an error, with it the rest is unanalysed.
fn finish(
    tree: Tree<'_, '_>,
    buffer: Vec<u8>,
    stopped: Option<Over>,
    mut unanalysed: Vec<Unanalysed>,
) -> Result<Archive, Error> {
    let manifest = tree.size(MANIFEST);
    if let Some(size) = manifest {
        tree.admit(size)?;
    }
    if let Some(over) = stopped {
        if manifest.is_none() {
            return Err(over.into());
        }
        unanalysed.push(Unanalysed {
            path: None,
            reason: Reason::ArchiveLimit,
            detail: format!("what follows is over {over}"),
        });
    }
    Ok(tree.finish(buffer, unanalysed))
}

#[cfg(test)]
mod tests {
    use super::build::{Tar, gzip, limits};
    use super::*;
    use crate::Limits;

    fn good() -> Tar {
        Tar::default().file("package.json", "{}")
    }

    fn unpack(bytes: &[u8]) -> Archive {
        read(bytes, &mut Budget::new(&Limits::default())).expect("an archive")
    }

    fn files(archive: &Archive) -> Vec<(&str, &[u8])> {
        archive
            .entries
            .iter()
            .map(|entry| (entry.path.as_str(), &archive.buffer[entry.range.clone()]))
            .collect()
    }

    fn ids(archive: &Archive) -> Vec<&str> {
        archive.anomalies.iter().map(|a| a.id.as_str()).collect()
    }

    #[test]
    fn a_plain_package() {
        let archive = unpack(&good().file("lib/a.js", "1").file("b.js", "22").tgz());
        assert_eq!(
            files(&archive),
            [
                ("b.js", &b"22"[..]),
                ("lib/a.js", b"1"),
                ("package.json", b"{}")
            ]
        );
        assert!(archive.anomalies.is_empty() && archive.unanalysed.is_empty());
        let id = archive.find("b.js").expect("there");
        assert_eq!((archive.path(id), archive.bytes(id)), ("b.js", &b"22"[..]));
    }

    #[test]
    fn without_gzip_and_with_the_entries_of_gnu_and_pax() {
        let long = format!("package/{}/long.js", "d".repeat(120));
        let bytes = good()
            .entry("././@LongLink", b'L', format!("{long}\0"))
            .entry("package/short", b'0', "gnu")
            .pax(b'x', &[("path", "package/pax.js")])
            .entry("package/short", b'0', "pax")
            .tar();
        let archive = unpack(&bytes);
        let paths: Vec<_> = archive.entries.iter().map(|e| e.path.as_str()).collect();
        assert_eq!(paths, [&long[8..], "package.json", "pax.js"]);
        assert!(archive.anomalies.is_empty());
    }

    /// The seven archives in which a plain reader sees another `index.js` than npm installs.
    #[test]
    fn what_npm_installs() {
        let evil_at = |tar: Tar| unpack(&tar.tgz());
        let mut unsigned = build::header("package/x", b'0', 0);
        unsigned[0] = b'q';
        let mut file_with_link = build::header("package/x", b'0', 1024);
        file_with_link[157] = b'l';
        build::sign(&mut file_with_link);
        let index = |body| Tar::default().file("index.js", body).open();
        let cases = [
            (
                "archive.pax-path-twice",
                good()
                    .pax(
                        b'x',
                        &[("path", "package/ok.js"), ("path", "package/index.js")],
                    )
                    .entry("package/y", b'0', "evil"),
            ),
            (
                "archive.pax-path-twice",
                good()
                    .pax(b'x', &[("path", "package/ok.js")])
                    .pax(b'x', &[("path", "package/index.js")])
                    .entry("package/y", b'0', "evil"),
            ),
            (
                "archive.ambiguous-name",
                good()
                    .entry("././@LongLink", b'L', "package/ok.js\0")
                    .pax(b'x', &[("path", "package/index.js")])
                    .entry("package/y", b'0', "evil"),
            ),
            (
                "archive.ambiguous-name",
                good()
                    .entry("././@LongLink", b'L', "package/index.js\0.md\0")
                    .entry("package/y", b'0', "evil"),
            ),
            (
                "archive.lone-null-block",
                good().raw([0; 512]).raw(index("evil")),
            ),
            (
                "archive.bad-checksum",
                good().raw(unsigned).raw(index("evil")),
            ),
            (
                "archive.link-name-on-file",
                good().raw(file_with_link).raw(index("evil")),
            ),
        ];
        for (id, tar) in cases {
            let archive = evil_at(tar);
            assert!(files(&archive).contains(&("index.js", b"evil")), "{id}");
            assert!(ids(&archive).contains(&id), "{id}: {:?}", archive.anomalies);
        }
    }

    #[test]
    fn data_after_the_end_is_told_and_not_read() {
        let archive = unpack(&gzip(
            &[good().tar(), Tar::default().file("x.js", "1").tar()].concat(),
        ));
        assert_eq!(archive.entries.len(), 1);
        assert_eq!(ids(&archive), ["archive.data-after-end"]);
        assert!(
            unpack(&gzip(&[good().tar(), vec![0; 9000]].concat()))
                .anomalies
                .is_empty()
        );
    }

    #[test]
    fn what_npm_drops() {
        let mut link = build::header("package/l", b'2', 0);
        link[157] = b'x';
        build::sign(&mut link);
        let archive = unpack(
            &good()
                .raw(link)
                .entry("package/fifo", b'6', "")
                .entry("package/sparse", b'S', "body")
                .entry("package/dir/", b'5', "")
                .entry("package/../x", b'0', "")
                .entry("x", b'0', "")
                .tgz(),
        );
        assert_eq!(archive.entries.len(), 1);
        assert_eq!(
            ids(&archive),
            [
                "archive.link",
                "archive.path-escapes",
                "archive.root-entry",
                "archive.special-entry",
                "archive.special-entry",
            ]
        );
    }

    #[test]
    fn sizes_of_extended_headers_count() {
        let archive = unpack(
            &good()
                .pax(b'x', &[("size", "0")])
                .entry(
                    "package/a.js",
                    b'0',
                    Tar::default().file("b.js", "evil").open(),
                )
                .tgz(),
        );
        assert!(files(&archive).contains(&("b.js", b"evil")));
        assert_eq!(ids(&archive), ["archive.ambiguous-size"]);
    }

    #[test]
    fn a_link_target_for_a_file() {
        for (target, kept) in [("../../x", false), ("x", true)] {
            let tar = good().pax(b'x', &[("linkpath", target)]);
            let archive = unpack(&tar.entry("package/a.js", b'0', "1").tgz());
            assert_eq!(archive.find("a.js").is_some(), kept);
            assert!(ids(&archive).contains(&"archive.extended-link"));
        }
    }

    #[test]
    fn large_metadata_is_ignored() {
        let archive = unpack(
            &good()
                .entry("././@LongLink", b'L', vec![b'x'; (1 << 20) + 1])
                .file("a.js", "")
                .tgz(),
        );
        assert!(archive.find("a.js").is_some());
        assert_eq!(ids(&archive), ["archive.metadata-too-large"]);
    }

    #[test]
    fn damage_is_told_and_the_rest_is_read() {
        let mut bytes = good().file("a.js", "1").tgz();
        let whole = bytes.len();
        bytes[whole - 6] ^= 1;
        let archive = unpack(&bytes);
        assert_eq!(archive.entries.len(), 2);
        assert_eq!(ids(&archive), ["archive.gzip-damaged", "archive.refused"]);
        assert!(archive.unanalysed.is_empty());

        let cut = good().file("a.js", vec![b'x'; 4096]).open();
        let archive = unpack(&cut[..cut.len() - 1024]);
        assert_eq!(archive.unanalysed[0].path.as_deref(), Some("a.js"));
        assert_eq!(archive.unanalysed[0].reason, Reason::ArchiveTruncated);
        assert_eq!(archive.entries[0].range.len(), 3072);
    }

    #[test]
    fn what_is_no_archive() {
        for (bytes, code) in [
            (&b""[..], "empty"),
            (b"hello", "not-an-archive"),
            (b"\x1f\x8bnonsense", "damaged-archive"),
            (&[0; 2048], "not-an-archive"),
        ] {
            let error = read(bytes, &mut Budget::new(&Limits::default())).expect_err(code);
            assert_eq!(error.code(), code);
        }
    }

    #[test]
    fn limits_before_and_after_the_manifest() {
        let first = good().file("z.js", vec![b'z'; 2000]).tar();
        let last = Tar::default()
            .file("z.js", vec![b'z'; 2000])
            .file("package.json", "{}")
            .tar();
        for (name, value) in [("entries", 1), ("unpacked-bytes", 1536)] {
            let limits = limits(&[(name, value)]);
            let archive = read(&first, &mut Budget::new(&limits)).expect("package.json is there");
            assert_eq!(archive.unanalysed[0].reason, Reason::ArchiveLimit, "{name}");
            assert_eq!(
                read(&last, &mut Budget::new(&limits)).expect_err(name),
                Error::OverLimit {
                    limit: name_of(name),
                    value
                }
            );
        }
        let mut limits = limits(&[("entry-bytes", 1999)]);
        let archive = read(&first, &mut Budget::new(&limits)).expect("package.json is there");
        assert_eq!(archive.entries.len(), 1);
        assert_eq!(archive.unanalysed[0].path.as_deref(), Some("z.js"));
        limits.entry_bytes = 1;
        assert!(read(&first, &mut Budget::new(&limits)).is_err());
        // Cut inside package.json, which then cannot be read.
        let limits = build::limits(&[("unpacked-bytes", 513)]);
        assert!(read(&first, &mut Budget::new(&limits)).is_err());
    }

    fn name_of(name: &str) -> &'static str {
        Limits::NAMES
            .iter()
            .find(|known| **known == name)
            .expect("known")
    }

    #[test]
    fn a_folder() {
        let files_in = [
            ("src//b.js".to_owned(), b"b".to_vec()),
            ("package.json".to_owned(), b"{}".to_vec()),
            ("../x".to_owned(), b"x".to_vec()),
        ];
        let archive =
            from_files(files_in.clone(), &mut Budget::new(&Limits::default())).expect("small");
        assert_eq!(
            files(&archive),
            [("package.json", &b"{}"[..]), ("src/b.js", b"b")]
        );
        assert_eq!(
            ids(&archive),
            ["archive.non-canonical-path", "archive.path-escapes"]
        );
        let limits = limits(&[("entries", 1)]);
        assert!(from_files(files_in, &mut Budget::new(&limits)).is_err());
    }
}
