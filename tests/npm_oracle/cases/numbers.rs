//! Number fields: octal as people write it, base-256, what does not fit.

use super::Cases;
use crate::blocks::{Tape, header, package};

const INDEX: &str = "package/index.js";

pub(crate) fn add(cases: &mut Cases) {
    let good = || package().file(INDEX, "good");
    // After the entry with the odd size comes a header inside what may be its body.
    let hidden = || Tape::default().file(INDEX, "evil").bytes();
    let mut size = |name: &str, field: &[u8]| {
        let odd = header("package/a.bin").at(124, [0; 12]).at(124, field);
        cases.add(&format!("size-{name}"), good().odd(odd, hidden()));
    };
    size("octal", b"00000002000\0");
    size("octal-twelve-digits", b"000000002000");
    size("octal-spaces", b"       2000 ");
    size("octal-short", b"2000\0");
    size("octal-nul-first", b"\x002000\0");
    size("octal-tab", b"\t2000\0");
    size("octal-wide-space", "\u{3000}2000\0".as_bytes());
    size("octal-order-mark", "\u{feff}2000\0".as_bytes());
    size("octal-next-line", "\u{85}2000\0".as_bytes());
    size("octal-plus", b"+2000\0");
    size("octal-minus", b"-2000\0");
    size("octal-minus-zero", b"-0\0");
    size("octal-then-text", b"2000xyz\0");
    size("octal-then-nine", b"20009\0");
    size("octal-space-inside", b"20 00\0");
    size("octal-nul-inside", b"20\x0000\0");
    size("octal-point", b"1000.5\0");
    size("decimal-digit-first", b"9000\0");
    size("hexadecimal", b"0x400\0");
    size("octal-prefix", b"0o2000\0");
    size("empty", b"");
    size("spaces", b"            ");
    size("text", b"size");
    size("not-utf8", b"\x7f2000\0");
    size("underscore", b"2_000\0");
    size("huge-octal", b"777777777777");
    let binary = |bytes: &[u8]| {
        let mut field = vec![0x80; 1];
        field.resize(12 - bytes.len(), 0);
        field.extend(bytes);
        field
    };
    size("binary", &binary(&[4, 0]));
    size("binary-zero", &binary(&[]));
    size(
        "binary-safe-most",
        &binary(&[0x1f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
    );
    size("binary-not-safe", &binary(&[0x20, 0, 0, 0, 0, 0, 0]));
    size("binary-huge", &binary(&[0xff; 11]));
    size("binary-minus-one", &[0xff; 12]);
    size(
        "binary-minus-zero",
        &[0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    );
    size("binary-81", &[0x81, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0]);
    size("binary-c0", &[0xc0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0]);
    size("binary-fe", &[0xfe; 12]);
    size("over-the-archive", b"00000100000\0");

    let mut field = |name: &str, offset: usize, bytes: &[u8]| {
        let odd = header("package/a.bin").at(offset, bytes);
        cases.add(
            &format!("number-{name}"),
            good().put(odd, hidden()).file("package/late.js", "late"),
        );
    };
    field("mode-bad", 100, &[0x81; 8]);
    field("mode-text", 100, b"rwxr-xr-");
    field("mode-zero", 100, b"0000000\0");
    field("mode-huge", 100, b"7777777\0");
    field("mode-binary", 100, &[0x80, 0, 0, 0, 0, 0, 1, 0xa4]);
    field("mode-minus", 100, &[0xff; 8]);
    field("uid-bad", 108, &[0x81; 8]);
    field("uid-minus", 108, &[0xff; 8]);
    field("uid-binary", 108, &[0x80, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    field("uid-not-safe", 108, &[0x80, 0x20, 0, 0, 0, 0, 0, 0]);
    field("gid-bad", 116, &[0x81; 8]);
    field("gid-text", 116, b"staff\0\0\0");
    field("mtime-bad", 136, &[0x81; 12]);
    field("mtime-minus", 136, &[0xff; 12]);
    field("mtime-text", 136, b"yesterday\0\0\0");
    field(
        "mtime-not-safe",
        136,
        &[
            0x80, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
        ],
    );
    field("major-bad", 329, &[0x81; 8]);
    field("minor-bad", 337, &[0x81; 8]);
    field("atime-bad", 476, &[0x81; 12]);
    field("ctime-bad", 488, &[0x81; 12]);
    field("last-bytes", 500, &[0x81; 12]);
    field("owner-bytes", 265, &[0xff; 64]);
    let v7 = |offset: usize| header("package/a.bin").v7().at(offset, [0x81; 8]);
    cases.add("number-major-bad-v7", good().put(v7(329), hidden()));
    cases.add("number-uid-bad-v7", good().put(v7(108), hidden()));
    cases.add(
        "number-uid-bad-on-pax",
        good()
            .put(
                header("x").kind(b'x').at(108, [0x81; 8]),
                "25 path=package/index.js\n",
            )
            .file("package/s", "evil"),
    );
    cases.add(
        "number-uid-bad-on-end",
        good()
            .nulls(1)
            .raw(header("").at(108, [0x81; 8]).unsealed())
            .nulls(1)
            .raw(hidden()),
    );
    // The checksum as a binary number runs over the type and the link name.
    let mut binary = header(INDEX).size(4).sealed();
    binary[148..156].copy_from_slice(&[0x80, 0, 0, 0, 0, 0, 0, 0]);
    cases.add("checksum-binary", package().raw(binary).body("text"));
    let mut text = header(INDEX).size(4).sealed();
    text[148..156].copy_from_slice(b"        ");
    cases.add("checksum-blank", package().raw(text).body("text"));
    let mut bad = header(INDEX).size(4).sealed();
    bad[148] = 0x81;
    cases.add("checksum-bad-binary", package().raw(bad).body("text"));
}
