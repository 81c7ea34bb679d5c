//! The compressed stream: members, padding, garbage, damage, other formats.

use super::Cases;
use crate::blocks::{Tape, member, package, packed};

const INDEX: &str = "package/index.js";

pub(crate) fn add(cases: &mut Cases) {
    let good = || package().file(INDEX, "good");
    let tar = good().ended();
    let evil = Tape::default().file(INDEX, "evil").ended();
    let mut gzip = |name: &str, bytes: Vec<u8>| cases.file(name, "tgz", bytes);
    gzip("gzip-stored", member(&tar).bytes());
    gzip(
        "gzip-two-members",
        [member(&good().bytes()).bytes(), member(&evil).bytes()].concat(),
    );
    gzip(
        "gzip-two-members-cut-in-block",
        [member(&tar[..700]).bytes(), member(&tar[700..]).bytes()].concat(),
    );
    gzip(
        "gzip-three-members",
        [
            member(&good().bytes()).bytes(),
            member(b"").bytes(),
            member(&evil).bytes(),
        ]
        .concat(),
    );
    gzip(
        "gzip-second-after-end",
        [member(&tar).bytes(), member(&evil).bytes()].concat(),
    );
    gzip(
        "gzip-zeros-after",
        [member(&tar).bytes(), vec![0; 700]].concat(),
    );
    gzip(
        "gzip-zero-then-member",
        [
            member(&good().bytes()).bytes(),
            vec![0],
            member(&evil).bytes(),
        ]
        .concat(),
    );
    gzip(
        "gzip-zeros-then-garbage",
        [member(&tar).bytes(), vec![0; 20], b"garbage".to_vec()].concat(),
    );
    gzip(
        "gzip-garbage-after",
        [member(&tar).bytes(), b"garbage".to_vec()].concat(),
    );
    gzip(
        "gzip-one-byte-after",
        [member(&tar).bytes(), b"x".to_vec()].concat(),
    );
    gzip(
        "gzip-magic-byte-after",
        [member(&tar).bytes(), vec![0x1f]].concat(),
    );
    gzip(
        "gzip-magic-after",
        [member(&tar).bytes(), vec![0x1f, 0x8b]].concat(),
    );
    gzip(
        "gzip-header-after",
        [
            member(&tar).bytes(),
            vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3],
        ]
        .concat(),
    );
    gzip(
        "gzip-tar-after",
        [member(&good().bytes()).bytes(), evil.clone()].concat(),
    );
    gzip("gzip-in-gzip", member(&packed(&tar)).bytes());
    gzip("gzip-crc-wrong", {
        let mut m = member(&tar);
        m.crc_off = 1;
        m.bytes()
    });
    gzip("gzip-size-wrong", {
        let mut m = member(&tar);
        m.size_off = 1;
        m.bytes()
    });
    gzip("gzip-second-crc-wrong", {
        let mut m = member(&evil);
        m.crc_off = 1;
        [member(&good().bytes()).bytes(), m.bytes()].concat()
    });
    let whole = member(&tar).bytes();
    gzip("gzip-no-trailer", whole[..whole.len() - 8].to_vec());
    gzip("gzip-half-trailer", whole[..whole.len() - 3].to_vec());
    gzip("gzip-cut-in-data", whole[..whole.len() - 700].to_vec());
    gzip("gzip-cut-in-header", whole[..7].to_vec());
    gzip("gzip-header-only", whole[..10].to_vec());
    gzip("gzip-empty", member(b"").bytes());
    gzip("gzip-method-wrong", {
        let mut w = whole.clone();
        w[2] = 7;
        w
    });
    gzip("gzip-flags-reserved", {
        let mut w = whole.clone();
        w[3] = 0x20;
        w
    });
    gzip("gzip-block-type-wrong", {
        let mut w = whole.clone();
        w[10] = 7;
        w
    });
    gzip("gzip-stored-length-wrong", {
        let mut w = whole.clone();
        w[13] ^= 1;
        w
    });
    let with = |flags: u8, extra: &[u8]| {
        let mut m = member(&tar);
        m.flags = flags;
        m.extra = extra.to_vec();
        m.bytes()
    };
    gzip("gzip-name", with(8, b"package.tar\0"));
    gzip("gzip-comment", with(16, b"comment\0"));
    gzip("gzip-extra", with(4, b"\x06\0ABCDEF"));
    gzip(
        "gzip-extra-name-comment",
        with(4 | 8 | 16, b"\x02\0ABname\0comment\0"),
    );
    gzip("gzip-text-flag", with(1, b""));
    gzip("gzip-header-crc", {
        let head = [0x1f, 0x8b, 8, 2, 0, 0, 0, 0, 0, 3];
        let mut crc = flate2::Crc::new();
        crc.update(&head);
        let [a, b, ..] = crc.sum().to_le_bytes();
        with(2, &[a, b])
    });
    gzip("gzip-header-crc-wrong", with(2, b"\0\0"));
    gzip("gzip-second-with-name", {
        let mut m = member(&evil);
        m.flags = 8;
        m.extra = b"n\0".to_vec();
        [member(&good().bytes()).bytes(), m.bytes()].concat()
    });
    gzip(
        "zlib-stream",
        [vec![0x78, 0x01], whole[10..].to_vec()].concat(),
    );
    gzip(
        "bzip2-magic",
        [b"BZh91AY&SY".to_vec(), vec![0; 600]].concat(),
    );
    gzip("zip-magic", [b"PK\x03\x04".to_vec(), vec![0; 600]].concat());
    gzip(
        "zstd-magic-broken",
        [b"\x28\xb5\x2f\xfd".to_vec(), vec![0; 600]].concat(),
    );
    gzip("zero-bytes", Vec::new());
    gzip("one-byte", vec![0x1f]);
    // npm gives up where more than a thousand bytes come out of one.
    let zeros = |count| good().file("package/zeros", vec![0; count]).ended();
    gzip("gzip-ratio-high", packed(&zeros(900_000)));
    gzip("gzip-ratio-too-high", packed(&zeros(9_000_000)));
}
