//! From compressed bytes to one buffer, never more than the limits allow.

use std::io::{Read, Write};

use flate2::bufread::GzDecoder;
use memchr::memmem;

use super::{Anomaly, AnomalyId, Cut};
use crate::Error;
use crate::budget::{Budget, Over};
use crate::limits::Limit;

/// What came out of a compressed archive.
pub(super) struct Inflated {
    /// The decompressed bytes.
    pub(super) buffer: Vec<u8>,
    /// Where readers could disagree.
    pub(super) anomalies: Vec<Anomaly>,
    /// Why there are not more bytes.
    pub(super) cut: Option<Cut>,
}

/// npm gives up where more comes out of one compressed byte.
const NPM_RATIO: usize = 1000;

const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Formats that are recognised to say what they are.
const OTHERS: &[(&[u8], &str)] = &[
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"PK\x03\x04", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "7-zip"),
];

/// Decompresses gzip; takes anything else as a plain tar.
pub(super) fn inflate(bytes: &[u8], budget: &mut Budget<'_>) -> Result<Inflated, Error> {
    if bytes.is_empty() {
        return Err(Error::Empty);
    }
    budget.take(Limit::CompressedBytes, bytes.len() as u64)?;
    if bytes.starts_with(b"\x28\xb5\x2f\xfd") {
        return Err(Error::UnsupportedCompression { format: "zstd" });
    }
    if let Some((_, format)) = OTHERS.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Err(Error::NotAnArchive {
            detail: format!("it is {format}; npm packages are gzip or plain tar"),
        });
    }
    if !bytes.starts_with(&MAGIC) {
        return Ok(plain(bytes, budget));
    }
    let (most, limit) = budget.inflated(bytes.len());
    let mut inflated = match whole(bytes, most) {
        Some(buffer) => Inflated {
            buffer,
            anomalies: Vec::new(),
            cut: None,
        },
        None => streamed(bytes, most, limit),
    };
    budget.take(Limit::UnpackedBytes, inflated.buffer.len() as u64)?;
    let ratio = inflated.buffer.len() / bytes.len();
    let cut_by_ratio =
        matches!(&inflated.cut, Some(Cut::Limit(over)) if over.limit == Limit::Ratio);
    if ratio > NPM_RATIO || (ratio == NPM_RATIO && cut_by_ratio) {
        let detail = format!("more than {NPM_RATIO} bytes for each compressed one");
        let refused = Anomaly::whole(AnomalyId::Refused, detail);
        inflated.anomalies.push(refused);
    }
    Ok(inflated)
}

fn plain(bytes: &[u8], budget: &mut Budget<'_>) -> Inflated {
    let cut = budget.take(Limit::UnpackedBytes, bytes.len() as u64).err();
    let most = match cut {
        None => bytes.len(),
        Some(_) => budget.take_each(Limit::UnpackedBytes, bytes.len()),
    };
    Inflated {
        buffer: bytes.get(..most).unwrap_or(bytes).to_vec(),
        anomalies: Vec::new(),
        cut: cut.map(Cut::Limit),
    }
}

/// One call for a single member that fills the input exactly. `None` leaves it to [`streamed`].
fn whole(bytes: &[u8], most: usize) -> Option<Vec<u8>> {
    // The decoder does not check the checksum of the header.
    const HEADER_CRC: u8 = 2;
    if bytes.get(3)? & HEADER_CRC != 0 {
        return None;
    }
    let trailer = bytes.len().checked_sub(8)?;
    let size = bytes.get(trailer + 4..)?.try_into().ok()?;
    let size = usize::try_from(u32::from_le_bytes(size)).ok()?;
    if size == 0 || size > most {
        return None;
    }
    let mut buffer = vec![0; size];
    let written = libdeflater::Decompressor::new()
        .gzip_decompress(bytes, &mut buffer)
        .ok()?;
    if written != size {
        return None;
    }
    // The decoder does not say where the member ended. It has checked that checksum and size of
    // the output stand right behind it, so if they stand at the end only, nothing is left over.
    let mut mark = [0; 8];
    mark[..4].copy_from_slice(&libdeflater::crc32(&buffer).to_le_bytes());
    mark[4..].copy_from_slice(bytes.get(trailer + 4..)?);
    (memmem::find(bytes, &mark) == Some(trailer)).then_some(buffer)
}

/// Member after member, in growing steps, up to `most` bytes.
fn streamed(bytes: &[u8], most: usize, limit: Over) -> Inflated {
    let mut out = Inflated {
        buffer: Vec::with_capacity(measure(bytes, most)),
        anomalies: Vec::new(),
        cut: None,
    };
    let mut rest = bytes;
    let mut members = 0_usize;
    while !rest.is_empty() {
        // zlib, as npm uses it, takes a zero byte as padding and ignores all that follows.
        if members > 0 && rest.first() == Some(&0) {
            let hidden = rest.iter().filter(|&&byte| byte != 0).count();
            if hidden > 0 {
                out.anomalies.push(Anomaly::whole(
                    AnomalyId::GzipTrailing,
                    format!(
                        "{hidden} bytes that are not zero at {}",
                        bytes.len() - rest.len()
                    ),
                ));
            }
            break;
        }
        let start = bytes.len() - rest.len();
        if members > 0 && !rest.starts_with(&MAGIC) {
            let detail = format!("{} bytes at {start} that are no gzip stream", rest.len());
            for id in [AnomalyId::GzipTrailing, AnomalyId::Refused] {
                out.anomalies.push(Anomaly::whole(id, detail.clone()));
            }
            break;
        }
        let mut decoder = GzDecoder::new(rest);
        let room = most.saturating_sub(out.buffer.len());
        match fill(&mut decoder, &mut out.buffer, room) {
            Ok(true) => {}
            Ok(false) => {
                out.cut = Some(Cut::Limit(limit));
                break;
            }
            Err(error) => {
                let detail = format!("{error}, in the gzip stream at byte {start}");
                for id in [AnomalyId::GzipDamaged, AnomalyId::Refused] {
                    out.anomalies.push(Anomaly::whole(id, detail.clone()));
                }
                out.cut = Some(Cut::Damage(detail));
                break;
            }
        }
        members += 1;
        rest = decoder.into_inner();
    }
    if members > 1 {
        out.anomalies.push(Anomaly::whole(
            AnomalyId::GzipMembers,
            format!("{members} gzip streams"),
        ));
    }
    out
}

/// Room for all that comes out, where that is much: while a block grows, some allocators hold the
/// old one beside the new one.
fn measure(bytes: &[u8], most: usize) -> usize {
    const SMALL: usize = 1 << 16;
    /// Counts what is written.
    struct Count(usize);
    impl Write for Count {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    if bytes.len() < SMALL {
        return 0;
    }
    let mut count = Count(0);
    let mut rest = bytes;
    while count.0 < most && rest.starts_with(&MAGIC) {
        let mut decoder = GzDecoder::new(rest);
        let room = most.saturating_sub(count.0) as u64;
        if std::io::copy(&mut decoder.by_ref().take(room), &mut count).is_err() {
            break;
        }
        rest = decoder.into_inner();
    }
    // Behind the last byte there is room for one more read.
    count.0.saturating_add(STEP)
}

/// Bytes that are read at a time.
const STEP: usize = 1 << 20;

/// Reads to the end of the member: `true`, or until `room` bytes came: `false`.
///
/// What came before an error stays in `buffer`.
fn fill(decoder: &mut impl Read, buffer: &mut Vec<u8>, room: usize) -> std::io::Result<bool> {
    let mut left = room as u64;
    loop {
        if left == 0 {
            // Only a byte more tells a member that just fits from one that does not.
            return Ok(decoder.read(&mut [0])? == 0);
        }
        let step = left.min(STEP as u64);
        if buffer.capacity() - buffer.len() < usize::try_from(step).unwrap_or(usize::MAX) {
            // Twice as much at a time, but never more than the limit has left.
            let more = left.min(step.max(buffer.len() as u64)).saturating_add(32);
            buffer.reserve_exact(usize::try_from(more).unwrap_or(0));
        }
        let read = decoder.by_ref().take(step).read_to_end(buffer)? as u64;
        left = left.saturating_sub(read);
        if read < step {
            return Ok(true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::archive::build::{gzip, limits};

    fn limited(bytes: &[u8], limits: &Limits) -> Result<Inflated, Error> {
        inflate(bytes, &mut Budget::new(limits))
    }

    fn run(bytes: &[u8]) -> Inflated {
        limited(bytes, &Limits::default()).expect("gzip")
    }

    fn over(inflated: Inflated) -> Option<String> {
        match inflated.cut? {
            Cut::Limit(over) => Some(over.to_string()),
            Cut::Damage(_) => None,
        }
    }

    fn ids(inflated: &Inflated) -> Vec<AnomalyId> {
        inflated.anomalies.iter().map(|a| a.id).collect()
    }

    #[test]
    fn one_member_is_decoded_at_once() {
        let packed = gzip(b"hello");
        assert_eq!(whole(&packed, 100).as_deref(), Some(&b"hello"[..]));
        assert_eq!(whole(&packed, 4), None);
    }

    #[test]
    fn a_second_member_of_the_same_size_is_not_lost() {
        let packed = [gzip(b"first"), gzip(b"other")].concat();
        assert_eq!(whole(&packed, 100), None);
        let inflated = run(&packed);
        assert_eq!(inflated.buffer, b"firstother");
        assert_eq!(ids(&inflated), [AnomalyId::GzipMembers]);
    }

    #[test]
    fn a_copied_trailer_does_not_hide_a_member() {
        let first = gzip(b"first");
        let trailer = first[first.len() - 8..].to_vec();
        let packed = [first, gzip(b"other"), trailer].concat();
        let inflated = run(&packed);
        assert_eq!(inflated.buffer, b"firstother");
        assert!(ids(&inflated).contains(&AnomalyId::GzipTrailing));
    }

    #[test]
    fn zeros_are_padding_and_hide_what_follows() {
        let inflated = run(&[gzip(b"first"), vec![0; 10]].concat());
        assert_eq!(
            (inflated.buffer.as_slice(), inflated.anomalies.len()),
            (&b"first"[..], 0)
        );
        let inflated = run(&[gzip(b"first"), vec![0; 10], gzip(b"other")].concat());
        assert_eq!(inflated.buffer, b"first");
        assert_eq!(ids(&inflated), [AnomalyId::GzipTrailing]);
    }

    #[test]
    fn damage_keeps_what_came_before() {
        let mut packed = gzip(&[b'x'; 5000]);
        let end = packed.len();
        packed[end - 5] ^= 1;
        let inflated = run(&packed);
        assert_eq!(inflated.buffer.len(), 5000);
        assert_eq!(ids(&inflated), [AnomalyId::GzipDamaged, AnomalyId::Refused]);
        assert!(matches!(inflated.cut, Some(Cut::Damage(_))));

        let inflated = run(&packed[..end - 8]);
        assert_eq!(inflated.buffer.len(), 5000);
        assert!(matches!(inflated.cut, Some(Cut::Damage(_))));
    }

    #[test]
    fn no_more_than_the_limits_allow() {
        let packed = gzip(&vec![0; 1 << 20]);
        let mut limits = limits(&[("unpacked-bytes", 1000)]);
        let inflated = limited(&packed, &limits).expect("gzip");
        assert_eq!(inflated.buffer.len(), 1000);
        assert_eq!(over(inflated).as_deref(), Some("unpacked-bytes = 1000"));
        limits.unpacked_bytes = 1 << 20;
        assert!(limited(&packed, &limits).expect("gzip").cut.is_none());
        limits.ratio = 2;
        let inflated = limited(&packed, &limits).expect("gzip");
        assert_eq!(inflated.buffer.len(), packed.len() * 2);
        assert_eq!(over(inflated).as_deref(), Some("ratio = 2"));
        limits.compressed_bytes = 3;
        assert!(matches!(
            limited(&packed, &limits),
            Err(Error::OverLimit {
                limit: "compressed-bytes",
                ..
            })
        ));
    }

    #[test]
    fn what_is_streamed_grows_once() {
        // Noise, so that there is enough of it compressed.
        let noise: Vec<u8> = (0_u32..3 << 20)
            .map(|at| at.wrapping_mul(2_654_435_761).to_le_bytes()[3])
            .collect();
        let packed = [gzip(&noise), gzip(&noise), gzip(&noise)].concat();
        let inflated = run(&packed);
        assert_eq!(inflated.buffer.len(), 3 * noise.len());
        assert!(inflated.buffer.capacity() <= inflated.buffer.len() + 2 * STEP);
        let limits = limits(&[("unpacked-bytes", 5 << 20)]);
        let cut = limited(&packed, &limits).expect("gzip");
        assert_eq!(cut.buffer.len(), 5 << 20);
        assert!(cut.buffer.capacity() <= cut.buffer.len() + 2 * STEP);
    }

    #[test]
    fn a_streamed_member_that_just_fits_is_whole() {
        let packed = [gzip(b"first"), gzip(b"other")].concat();
        let mut limits = limits(&[("unpacked-bytes", 10)]);
        assert!(limited(&packed, &limits).expect("gzip").cut.is_none());
        limits.unpacked_bytes = 9;
        let inflated = limited(&packed, &limits).expect("gzip");
        assert_eq!(inflated.buffer, b"firstothe");
        assert!(inflated.cut.is_some());
    }

    #[test]
    fn other_formats_are_named() {
        let limits = Limits::default();
        assert!(matches!(
            limited(b"\x28\xb5\x2f\xfdxxxx", &limits),
            Err(Error::UnsupportedCompression { format: "zstd" })
        ));
        for magic in [&b"BZh9"[..], b"\xfd7zXZ\0", b"PK\x03\x04"] {
            assert!(matches!(
                limited(magic, &limits),
                Err(Error::NotAnArchive { .. })
            ));
        }
        assert_eq!(limited(b"", &limits).err(), Some(Error::Empty));
    }
}
