//! The entry loop, as node-tar runs it.

use super::header::{self, Block, Header, Kind, WRONG_CHECKSUM};
use super::pax::{Extension, Target, cut_at_nul};
use super::tree::{Found, Notes, Tree, shown};
use super::{Anomaly, AnomalyId};
use crate::budget::Over;

/// How the loop ended.
#[derive(Default)]
pub(super) struct Walked {
    /// Whether any header was valid.
    pub(super) valid: bool,
    /// The entry whose body the buffer does not hold whole.
    pub(super) truncated: Option<String>,
    /// Whether node-tar takes the archive for cut: it ends inside an entry, be it in the padding
    /// behind the body, or after an extended header whose body was not read as one.
    pub(super) cut: bool,
    /// Whether the end mark was reached.
    pub(super) ended: bool,
    /// The limit that stopped it.
    pub(super) full: Option<Over>,
}

const BLOCK: usize = 512;
/// Blocks of an extended header: 1 MiB.
const MAX_META_BLOCKS: u64 = 2048;

/// Reads every entry of `buffer` into `tree`.
pub(super) fn walk(buffer: &[u8], tree: &mut Tree<'_, '_>) -> Walked {
    let mut walk = Walk {
        buffer,
        local: Extension::default(),
        global: Extension::default(),
        bad: None,
        out: Walked::default(),
    };
    let mut at: usize = 0;
    let mut null_before = false;
    let mut ended = false;
    while let Some(block) = buffer.get(at..at.saturating_add(BLOCK)) {
        let start = at;
        at += BLOCK;
        match header::decode(block, &walk.local, &walk.global) {
            Block::Null => {
                if null_before {
                    ended = true;
                    break;
                }
                null_before = true;
                continue;
            }
            Block::Bad { why, had_null } => {
                walk.bad(start, why);
                null_before &= had_null;
                continue;
            }
            other => {
                walk.flush_bad(&mut tree.notes);
                if null_before {
                    let detail = format!("before the header at byte {start}");
                    tree.notes
                        .push(Anomaly::whole(AnomalyId::LoneNullBlock, detail));
                }
                null_before = false;
                match other {
                    Block::Entry(header) => match walk.entry(header, at, tree) {
                        Ok(next) => at = next,
                        Err(over) => {
                            walk.out.full = Some(over);
                            return walk.out;
                        }
                    },
                    Block::LinkNameOnFile { path, target } => tree.notes.push(Anomaly::at(
                        AnomalyId::LinkNameOnFile,
                        shown(&path),
                        format!("with the target {}", shown(&target)),
                    )),
                    Block::Null | Block::Bad { .. } => {}
                }
            }
        }
    }
    walk.flush_bad(&mut tree.notes);
    walk.out.ended = ended;
    walk.end(at, &mut tree.notes);
    walk.out
}

struct Walk<'a> {
    buffer: &'a [u8],
    local: Extension,
    global: Extension,
    /// Start, length and cause of a run of blocks that are no headers.
    bad: Option<(usize, usize, &'static str)>,
    out: Walked,
}

impl Walk<'_> {
    /// Takes one valid header whose body starts at `at`; returns where the next header starts.
    fn entry(&mut self, header: Header, at: usize, tree: &mut Tree<'_, '_>) -> Result<usize, Over> {
        self.out.valid = true;
        self.out.cut = false;
        if header.kind.is_meta() {
            return Ok(self.meta(&header, at, tree));
        }
        let local = std::mem::take(&mut self.local);
        let (body, next) = self.body(&header, at);
        let link = self.global.link.as_ref().or(local.link.as_ref());
        self.tell(&header, &local, link, &mut tree.notes);
        match header.kind {
            Kind::File => {
                let found = Found {
                    path: header.path,
                    lossy: header.lossy,
                    link: link.cloned(),
                    range: body,
                    executable: header.executable,
                };
                tree.add(found, self.buffer)?;
            }
            Kind::Link => tree.notes.push(Anomaly::at(
                AnomalyId::Link,
                shown(&header.path),
                "a link, which npm drops",
            )),
            Kind::Special | Kind::Skipped => {
                let code = char::from(header.code).escape_default();
                tree.notes.push(Anomaly::at(
                    AnomalyId::SpecialEntry,
                    shown(&header.path),
                    format!("of type '{code}', which npm drops"),
                ));
            }
            _ => {}
        }
        Ok(next)
    }

    /// What other readers may read differently in this entry.
    fn tell(&self, header: &Header, local: &Extension, link: Option<&Target>, notes: &mut Notes) {
        let mut note =
            |id, detail: String| notes.push(Anomaly::at(id, shown(&header.path), detail));
        if let Some(other) = &local.other_path {
            let id = if local.pax_twice {
                AnomalyId::PaxPathTwice
            } else {
                AnomalyId::AmbiguousName
            };
            note(id, format!("also named {}", shown(other)));
        }
        if let Some(record) = &local.malformed {
            note(AnomalyId::MalformedExtension, format!("record {record:?}"));
        }
        if let Some(link) = link.filter(|_| header.kind == Kind::File) {
            let detail = format!("the target {}", link.shown);
            note(AnomalyId::ExtendedLink, detail);
        }
        let extended = local.size.or(self.global.size).map(|size| size.bytes);
        if header.kind == Kind::Folder {
            if header.own_size > 0 {
                let detail = format!("of {} bytes", header.own_size);
                note(AnomalyId::DirectoryBody, detail);
            }
        } else if extended.is_some_and(|size| size != header.own_size) {
            let detail = format!(
                "{} bytes, but {} in the header",
                header.size.bytes, header.own_size
            );
            note(AnomalyId::AmbiguousSize, detail);
        }
    }

    /// An extended header.
    fn meta(&mut self, header: &Header, at: usize, tree: &mut Tree<'_, '_>) -> usize {
        // A pending size does not change how long this body is, but node-tar asks it whether
        // there is a body at all.
        let asked = self.global.size.or(self.local.size).unwrap_or(header.size);
        if asked.blocks > MAX_META_BLOCKS {
            let detail = format!("of {} bytes at byte {at}", header.size.bytes);
            tree.notes
                .push(Anomaly::whole(AnomalyId::MetadataTooLarge, detail));
            return self.body(header, at).1;
        }
        if asked.blocks == 0 {
            self.out.cut = header.size.blocks > 0;
            return at;
        }
        let (body, next) = self.body(header, at);
        if self.out.truncated.is_some() {
            return next;
        }
        let bytes = self.buffer.get(body).unwrap_or(&[]);
        let text = || {
            let text = String::from_utf8_lossy(bytes);
            let hidden = text.trim_end_matches('\0').contains('\0');
            (cut_at_nul(&text).into_owned(), hidden)
        };
        match header.kind {
            Kind::Pax | Kind::OldPax => self.local.add_pax(bytes),
            Kind::GlobalPax => {
                self.global.add_pax(bytes);
                if self.global.path.is_some()
                    || self.global.size.is_some()
                    || self.global.link.is_some()
                {
                    let detail = format!("at byte {at}");
                    tree.notes
                        .push(Anomaly::whole(AnomalyId::GlobalOverride, detail));
                }
            }
            Kind::LongPath => {
                let (path, hidden) = text();
                self.local.set_path(path, false);
                if hidden {
                    self.local.other_path = Some(shown(&String::from_utf8_lossy(bytes)));
                }
            }
            Kind::LongLink => self.local.link = Some(Target::of(&text().0)),
            _ => {}
        }
        next
    }

    /// The body's range, cut at the end of the buffer, and where the next header starts.
    fn body(&mut self, header: &Header, at: usize) -> (std::ops::Range<usize>, usize) {
        let have = self.buffer.len().saturating_sub(at);
        let size = usize::try_from(header.size.bytes).unwrap_or(usize::MAX);
        let padded = usize::try_from(header.size.blocks.saturating_mul(BLOCK as u64));
        let padded = padded.unwrap_or(usize::MAX);
        if size > have {
            self.out.truncated = Some(shown(&header.path));
        }
        self.out.cut = padded > have;
        (
            at..at.saturating_add(size.min(have)),
            at.saturating_add(padded),
        )
    }

    fn bad(&mut self, start: usize, why: &'static str) {
        self.bad.get_or_insert((start, 0, why)).1 += 1;
    }

    fn flush_bad(&mut self, notes: &mut Notes) {
        if let Some((start, count, why)) = self.bad.take() {
            let detail = format!("{why} at byte {start}; {count} blocks skipped");
            let id = if why == WRONG_CHECKSUM {
                AnomalyId::BadChecksum
            } else {
                AnomalyId::BadHeader
            };
            notes.push(Anomaly::whole(id, detail));
        }
    }

    /// What stands behind the last entry.
    fn end(&self, at: usize, notes: &mut Notes) {
        if !self.out.ended {
            return;
        }
        let rest = self.buffer.get(at..).unwrap_or(&[]);
        if let Some(first) = rest.iter().position(|&byte| byte != 0) {
            let detail = format!("{} bytes from byte {}", rest.len() - first, at + first);
            notes.push(Anomaly::whole(AnomalyId::DataAfterEnd, detail));
        }
    }
}
