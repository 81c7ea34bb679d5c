//! Tar and gzip, written block by block.
//!
//! No library decides here what a field may hold, so a case can say exactly what it means.

use std::io::Write;

use flate2::write::GzEncoder;
use flate2::{Compression, Crc};

/// The bytes of one tar block.
pub(crate) const BLOCK: usize = 512;

/// A header block in the making. `sealed` signs it.
#[derive(Clone)]
pub(crate) struct Header(Vec<u8>);

/// A ustar header of a file of this name, still without size.
pub(crate) fn header(name: impl AsRef<[u8]>) -> Header {
    let header = Header(vec![0; BLOCK])
        .at(0, name)
        .at(100, "0000644\0")
        .at(108, "0000000\0")
        .at(116, "0000000\0")
        .at(136, "03560116604\0")
        .at(257, "ustar\x0000");
    header.size(0).kind(b'0')
}

impl Header {
    /// Puts bytes at an offset.
    pub(crate) fn at(mut self, offset: usize, bytes: impl AsRef<[u8]>) -> Self {
        let bytes = bytes.as_ref();
        self.0[offset..offset + bytes.len()].copy_from_slice(bytes);
        self
    }

    /// The type flag.
    pub(crate) fn kind(self, code: u8) -> Self {
        self.at(156, [code])
    }

    /// The size, in octal.
    pub(crate) fn size(self, size: usize) -> Self {
        self.at(124, format!("{size:011o}\0"))
    }

    /// The name of a link's target.
    pub(crate) fn link(self, target: &str) -> Self {
        self.at(157, target)
    }

    /// The ustar prefix.
    pub(crate) fn prefix(self, prefix: &str) -> Self {
        self.at(345, prefix)
    }

    /// No magic and no fields behind it, as before ustar.
    pub(crate) fn v7(self) -> Self {
        self.at(257, [0; 255])
    }

    /// The block with its checksum.
    pub(crate) fn sealed(self) -> Vec<u8> {
        let blank = self.at(148, [b' '; 8]);
        let sum: u32 = blank.0.iter().map(|&byte| u32::from(byte)).sum();
        blank.at(148, format!("{sum:06o}\0 ")).0
    }

    /// The block without a new checksum.
    pub(crate) fn unsealed(self) -> Vec<u8> {
        self.0
    }
}

/// A tar archive in the making.
#[derive(Clone, Default)]
pub(crate) struct Tape(Vec<u8>);

/// An archive that begins with a package.json.
pub(crate) fn package() -> Tape {
    Tape::default().file("package/package.json", r#"{"name":"p","version":"1.0.0"}"#)
}

impl Tape {
    /// A file at its whole path.
    pub(crate) fn file(self, path: impl AsRef<[u8]>, body: impl AsRef<[u8]>) -> Self {
        self.entry(b'0', path, body)
    }

    /// An entry of any type.
    pub(crate) fn entry(self, code: u8, path: impl AsRef<[u8]>, body: impl AsRef<[u8]>) -> Self {
        self.put(header(path).kind(code), body)
    }

    /// A header that gets the body's size, and the body.
    pub(crate) fn put(self, header: Header, body: impl AsRef<[u8]>) -> Self {
        let size = body.as_ref().len();
        self.raw(header.size(size).sealed()).body(body)
    }

    /// A header as it is, and a body that it need not describe.
    pub(crate) fn odd(self, header: Header, body: impl AsRef<[u8]>) -> Self {
        self.raw(header.sealed()).body(body)
    }

    /// Any bytes, filled up to a block.
    pub(crate) fn body(mut self, body: impl AsRef<[u8]>) -> Self {
        self.0.extend(body.as_ref());
        self.0.resize(self.0.len().next_multiple_of(BLOCK), 0);
        self
    }

    /// Any bytes.
    pub(crate) fn raw(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.0.extend(bytes.as_ref());
        self
    }

    /// Empty blocks.
    pub(crate) fn nulls(self, count: usize) -> Self {
        self.raw(vec![0; BLOCK * count])
    }

    /// A PAX header of type `code` with these records.
    pub(crate) fn pax(self, code: u8, records: &[(&str, &str)]) -> Self {
        let body: Vec<u8> = records.iter().flat_map(|(k, v)| record(k, v)).collect();
        self.entry(code, "PaxHeader/x", body)
    }

    /// A GNU header with a name: `L` for a path, `K` for a link.
    pub(crate) fn gnu(self, code: u8, text: &str) -> Self {
        self.entry(code, "././@LongLink", text)
    }

    /// The bytes so far.
    pub(crate) fn bytes(self) -> Vec<u8> {
        self.0
    }

    /// The archive with its end mark.
    pub(crate) fn ended(self) -> Vec<u8> {
        self.nulls(2).bytes()
    }
}

/// A PAX record with its length.
pub(crate) fn record(key: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len() + 1;
    while length.to_string().len() + rest.len() != length {
        length += 1;
    }
    format!("{length}{rest}").into_bytes()
}

/// One gzip member, compressed.
pub(crate) fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(9));
    encoder.write_all(bytes).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

/// A gzip member in the making, with its data not compressed.
pub(crate) struct Member {
    /// The flags byte.
    pub(crate) flags: u8,
    /// What follows the fixed header.
    pub(crate) extra: Vec<u8>,
    /// What is packed.
    pub(crate) data: Vec<u8>,
    /// Added to the right checksum.
    pub(crate) crc_off: u32,
    /// Added to the right length.
    pub(crate) size_off: u32,
}

/// A plain member of these bytes.
pub(crate) fn member(data: &[u8]) -> Member {
    Member {
        flags: 0,
        extra: Vec::new(),
        data: data.to_vec(),
        crc_off: 0,
        size_off: 0,
    }
}

impl Member {
    /// Its bytes.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = vec![0x1f, 0x8b, 8, self.flags, 0, 0, 0, 0, 0, 3];
        out.extend(&self.extra);
        let mut blocks = self.data.chunks(0xffff).peekable();
        if self.data.is_empty() {
            out.extend([1, 0, 0, 0xff, 0xff]);
        }
        while let Some(block) = blocks.next() {
            out.push(u8::from(blocks.peek().is_none()));
            let size = u16::try_from(block.len()).expect("a short block");
            out.extend(size.to_le_bytes());
            out.extend((!size).to_le_bytes());
            out.extend(block);
        }
        let mut crc = Crc::new();
        crc.update(&self.data);
        let size = u32::try_from(self.data.len()).expect("a small case");
        out.extend(crc.sum().wrapping_add(self.crc_off).to_le_bytes());
        out.extend(size.wrapping_add(self.size_off).to_le_bytes());
        out
    }
}
