//! Small archives for tests.

use crate::Limits;

/// The default limits with these changes.
pub(crate) fn limits(changes: &[(&str, u64)]) -> Limits {
    let mut limits = Limits::default();
    for (name, value) in changes {
        limits.set(name, *value).expect("a known limit");
    }
    limits
}

/// A tarball in the making.
#[derive(Default)]
pub(crate) struct Tar(Vec<u8>);

impl Tar {
    /// A file under `package/`.
    pub(crate) fn file(self, path: &str, body: impl AsRef<[u8]>) -> Self {
        self.entry(&format!("package/{path}"), b'0', body)
    }

    /// An entry of any type, at its whole path.
    pub(crate) fn entry(mut self, path: &str, code: u8, body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        self.0.extend(header(path, code, body.len()));
        self.0.extend(body);
        self.0.resize(self.0.len().next_multiple_of(512), 0);
        self
    }

    /// A PAX header with these records.
    pub(crate) fn pax(self, code: u8, records: &[(&str, &str)]) -> Self {
        let body: String = records
            .iter()
            .map(|(key, value)| record(key, value))
            .collect();
        self.entry("PaxHeader/x", code, body)
    }

    /// Any bytes.
    pub(crate) fn raw(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.0.extend(bytes.as_ref());
        self
    }

    /// The tar with its end mark.
    pub(crate) fn tar(self) -> Vec<u8> {
        self.raw([0; 1024]).open()
    }

    /// The tar as it is.
    pub(crate) fn open(self) -> Vec<u8> {
        self.0
    }

    /// The tar with its end mark, by gzip.
    pub(crate) fn tgz(self) -> Vec<u8> {
        gzip(&self.tar())
    }
}

/// One gzip member.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut compressor = libdeflater::Compressor::new(libdeflater::CompressionLvl::default());
    let mut out = vec![0; compressor.gzip_compress_bound(bytes.len())];
    let size = compressor.gzip_compress(bytes, &mut out).expect("it fits");
    out.truncate(size);
    out
}

/// A signed ustar header.
pub(crate) fn header(path: &str, code: u8, size: usize) -> Vec<u8> {
    let mut block = vec![0; 512];
    block[..path.len()].copy_from_slice(path.as_bytes());
    block[100..107].copy_from_slice(b"0000644");
    block[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    block[156] = code;
    block[257..265].copy_from_slice(b"ustar\x0000");
    sign(&mut block);
    block
}

/// Sets the checksum.
pub(crate) fn sign(block: &mut [u8]) {
    block[148..156].fill(b' ');
    let sum: u32 = block.iter().map(|&byte| u32::from(byte)).sum();
    block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
}

fn record(key: &str, value: &str) -> String {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len() + 1;
    while length.to_string().len() + rest.len() != length {
        length += 1;
    }
    format!("{length}{rest}")
}
