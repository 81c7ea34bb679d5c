//! Headers that describe the next entry: PAX, global PAX, GNU.

use super::Cases;
use crate::blocks::{Tape, header, package, record};

const INDEX: &str = "package/index.js";
const OTHER: &str = "package/other.js";

pub(crate) fn add(cases: &mut Cases) {
    let good = || package().file(INDEX, "good");
    let pax = |records: &[(&str, &str)]| good().pax(b'x', records).file("package/short", "evil");
    cases.add("pax-path", pax(&[("path", INDEX)]));
    cases.add("pax-path-twice", pax(&[("path", OTHER), ("path", INDEX)]));
    cases.add(
        "pax-path-twice-back",
        pax(&[("path", INDEX), ("path", OTHER)]),
    );
    cases.add(
        "pax-two-headers",
        good()
            .pax(b'x', &[("path", OTHER)])
            .pax(b'x', &[("path", INDEX)])
            .file("package/s", "evil"),
    );
    cases.add(
        "pax-two-headers-merged",
        good()
            .pax(b'x', &[("path", INDEX)])
            .pax(b'x', &[("comment", "a")])
            .file("package/s", "evil"),
    );
    cases.add(
        "pax-old-type",
        good()
            .pax(b'X', &[("path", INDEX)])
            .file("package/s", "evil"),
    );
    cases.add(
        "pax-old-type-with-link",
        good()
            .put(header("x").kind(b'X').link("l"), record("path", INDEX))
            .file("package/s", "evil"),
    );
    cases.add(
        "pax-with-link-name",
        good()
            .put(header("x").kind(b'x').link("l"), record("path", INDEX))
            .file("package/s", "evil"),
    );
    cases.add(
        "pax-then-gnu",
        good()
            .pax(b'x', &[("path", OTHER)])
            .gnu(b'L', "package/index.js\0")
            .file("package/s", "evil"),
    );
    cases.add(
        "gnu-then-pax",
        good()
            .gnu(b'L', "package/other.js\0")
            .pax(b'x', &[("path", INDEX)])
            .file("package/s", "evil"),
    );
    cases.add(
        "gnu-path",
        good()
            .gnu(b'L', "package/index.js\0")
            .file("package/s", "evil"),
    );
    cases.add(
        "gnu-path-no-nul",
        good().gnu(b'L', INDEX).file("package/s", "evil"),
    );
    cases.add(
        "gnu-path-cut-at-nul",
        good()
            .gnu(b'L', "package/index.js\0.md\0")
            .file("package/s", "evil"),
    );
    cases.add(
        "gnu-path-line-after-nul",
        good()
            .gnu(b'L', "package/index\0gone\n.js")
            .file("package/s", "evil"),
    );
    cases.add(
        "gnu-path-nul-line-nul",
        good()
            .gnu(b'L', "package/index\0gone\n.js\0")
            .file("package/s", "evil"),
    );
    cases.add(
        "gnu-path-empty",
        good().gnu(b'L', "").file("package/s", "evil"),
    );
    cases.add(
        "gnu-path-nul-only",
        good().gnu(b'L', "\0").file("package/s", "evil"),
    );
    cases.add(
        "gnu-path-twice",
        good()
            .gnu(b'L', OTHER)
            .gnu(b'L', INDEX)
            .file("package/s", "evil"),
    );
    cases.add(
        "gnu-old-path",
        good().gnu(b'N', INDEX).file("package/s", "evil"),
    );
    cases.add(
        "gnu-link",
        good().gnu(b'K', "x\0").file("package/s", "evil"),
    );
    cases.add(
        "gnu-link-escapes",
        good().gnu(b'K', "../../x\0").file("package/s", "evil"),
    );
    cases.add(
        "gnu-link-and-path",
        good()
            .gnu(b'K', "x\0")
            .gnu(b'L', OTHER)
            .entry(b'2', "package/s", ""),
    );
    cases.add(
        "gnu-link-on-link",
        good()
            .gnu(b'K', "index.js\0")
            .put(header("package/l").kind(b'2').link("t"), ""),
    );
    cases.add(
        "gnu-path-with-link-name",
        good()
            .put(header("x").kind(b'L').link("l"), INDEX)
            .file("package/s", "evil"),
    );
    cases.add("gnu-path-alone-at-end", good().gnu(b'L', OTHER));
    cases.add(
        "gnu-path-over-bad-block",
        good()
            .gnu(b'L', INDEX)
            .raw(header("package/j").at(148, "1\0").unsealed())
            .file("package/s", "evil"),
    );
    cases.add(
        "gnu-path-over-null-block",
        good().gnu(b'L', INDEX).nulls(1).file("package/s", "evil"),
    );
    cases.add(
        "pax-over-skipped-entry",
        good()
            .pax(b'x', &[("path", INDEX)])
            .entry(b'V', "volume", "")
            .file("package/s", "s"),
    );
    cases.add(
        "pax-over-folder",
        good()
            .pax(b'x', &[("path", INDEX)])
            .entry(b'5', "package/d", "")
            .file("package/s", "s"),
    );
    cases.add(
        "pax-over-link",
        good()
            .pax(b'x', &[("path", INDEX)])
            .put(header("package/l").kind(b'2').link("t"), "")
            .file("package/s", "s"),
    );

    cases.add("pax-path-is-folder", pax(&[("path", "package/dir/")]));
    cases.add("pax-path-empty", pax(&[("path", "")]));
    cases.add(
        "pax-path-empty-with-prefix",
        good()
            .pax(b'x', &[("path", "")])
            .put(header("s").prefix("package"), "evil"),
    );
    cases.add(
        "pax-path-with-prefix",
        good()
            .pax(b'x', &[("path", INDEX)])
            .put(header("s").prefix("package"), "evil"),
    );
    cases.add(
        "pax-path-slash-with-prefix",
        good()
            .pax(b'x', &[("path", "package/d/")])
            .put(header("s").prefix("package"), "evil"),
    );
    cases.add("pax-path-nul", pax(&[("path", "package/index.js\0.md")]));
    cases.add("pax-path-equals", pax(&[("path", "package/a=b=c.js")]));
    cases.add("pax-path-line-break", pax(&[("path", "package/a\nb.js")]));
    cases.add("pax-path-return", pax(&[("path", "package/a\rb.js")]));
    cases.add(
        "pax-path-separator",
        pax(&[("path", "package/a\0x\u{2028}b.js")]),
    );
    cases.add(
        "pax-path-escapes",
        pax(&[("path", "package/../../index.js")]),
    );
    cases.add("pax-linkpath", pax(&[("linkpath", "x")]));
    cases.add("pax-linkpath-empty", pax(&[("linkpath", "")]));
    cases.add("pax-linkpath-escapes", pax(&[("linkpath", "../../x")]));
    cases.add(
        "pax-linkpath-escapes-deep",
        good()
            .pax(b'x', &[("linkpath", "../../../x")])
            .file("package/a/b/c.js", "evil"),
    );
    cases.add(
        "pax-linkpath-inside",
        good()
            .pax(b'x', &[("linkpath", "../x")])
            .file("package/a/b/c.js", "evil"),
    );
    cases.add(
        "pax-linkpath-equal",
        good()
            .pax(b'x', &[("linkpath", "short")])
            .file("package/short", "evil"),
    );
    cases.add(
        "pax-linkpath-own-folder",
        good()
            .pax(b'x', &[("linkpath", "a")])
            .file("package/a/short", "evil"),
    );
    cases.add(
        "pax-linkpath-below",
        good()
            .pax(b'x', &[("linkpath", "short/x")])
            .file("package/short", "evil")
            .file("package/late.js", "late"),
    );
    for (name, path, link) in [
        ("below-by-case", "a/B", "A/b/c"),
        ("below-by-accents", "caf\u{e9}", "cafe\u{301}/x"),
        ("below-by-climbing", "a", "b/../a/c"),
        ("below-by-dots", "a", "./a//b"),
        ("above-by-slash", "a/b", "a/"),
        ("beside", "a/b", "a/c"),
        ("longer-name", "a", "ab/c"),
        ("of-a-dot", "a/b", "."),
    ] {
        let tape = good()
            .pax(b'x', &[("linkpath", link)])
            .file(format!("package/{path}"), "evil");
        cases.add(
            &format!("pax-linkpath-{name}"),
            tape.file("package/late.js", "late"),
        );
    }
    cases.add("pax-linkpath-absolute", pax(&[("linkpath", "/etc/x")]));
    cases.add("pax-linkpath-absolute-climb", pax(&[("linkpath", "/../x")]));
    cases.add(
        "pax-linkpath-on-link",
        good()
            .pax(b'x', &[("linkpath", "")])
            .put(header("package/l").kind(b'2').link("t"), ""),
    );
    cases.add("pax-type", pax(&[("type", "Directory")]));
    cases.add(
        "pax-type-link",
        good()
            .pax(b'x', &[("type", "File")])
            .put(header("package/l").kind(b'2').link("t"), "evil"),
    );
    cases.add(
        "pax-mode-over-bad-mode",
        good()
            .pax(b'x', &[("mode", "420")])
            .put(header("package/s").at(100, [0x81; 8]), "evil"),
    );
    cases.add(
        "pax-uid-over-bad-uid",
        good()
            .pax(b'x', &[("uid", "0")])
            .put(header("package/s").at(108, [0x81; 8]), "evil"),
    );
    cases.add(
        "pax-uid-text-over-bad-uid",
        good()
            .pax(b'x', &[("uid", "me")])
            .put(header("package/s").at(108, [0x81; 8]), "evil"),
    );
    cases.add(
        "pax-gid-over-bad-gid",
        good()
            .pax(b'x', &[("gid", "0")])
            .put(header("package/s").at(116, [0x81; 8]), "evil"),
    );
    cases.add(
        "pax-mtime-over-bad-mtime",
        good()
            .pax(b'x', &[("mtime", "1.5")])
            .put(header("package/s").at(136, [0x81; 12]), "evil"),
    );
    cases.add("pax-mtime-text", pax(&[("mtime", "yesterday")]));
    cases.add(
        "pax-atime-over-bad-atime",
        good()
            .pax(b'x', &[("atime", "1")])
            .put(header("package/s").at(476, [0x81; 12]), "evil"),
    );
    cases.add(
        "pax-dev-over-bad-device",
        good()
            .pax(b'x', &[("SCHILY.dev", "1")])
            .put(header("package/s").at(329, [0x81; 8]), "evil"),
    );
    cases.add(
        "pax-unknown-keys",
        pax(&[("VENDOR.thing", "1"), ("path", INDEX)]),
    );
    cases.add(
        "pax-gnu-sparse",
        good()
            .pax(
                b'x',
                &[
                    ("GNU.sparse.major", "1"),
                    ("GNU.sparse.minor", "0"),
                    ("GNU.sparse.name", INDEX),
                    ("GNU.sparse.realsize", "4"),
                ],
            )
            .file("package/s", "1\n0\n4\nevil"),
    );
    cases.add(
        "pax-charset",
        pax(&[("hdrcharset", "BINARY"), ("path", INDEX)]),
    );
    cases.add("pax-key-empty", pax(&[("", "x"), ("path", INDEX)]));

    let raw = |body: &[u8]| good().entry(b'x', "x", body).file("package/s", "evil");
    cases.add("pax-length-short", raw(b"24 path=package/index.js\n"));
    cases.add("pax-length-long", raw(b"26 path=package/index.js\n"));
    cases.add("pax-length-right", raw(b"25 path=package/index.js\n"));
    cases.add("pax-length-zeros", raw(b"0025 path=package/index.js\n"));
    cases.add(
        "pax-length-zeros-right",
        raw(b"027 path=package/index.js\n"),
    );
    cases.add(
        "pax-length-zeros-counted",
        raw(b"026 path=package/index.js\n"),
    );
    cases.add("pax-length-plus", raw(b"+26 path=package/index.js\n"));
    cases.add("pax-length-space", raw(b" 26 path=package/index.js\n"));
    cases.add("pax-length-hex", raw(b"0x19 path=package/index.js\n"));
    cases.add("pax-length-exponent", raw(b"25e0 path=package/index.js\n"));
    cases.add("pax-no-line-end", raw(b"25 path=package/index.js"));
    cases.add(
        "pax-line-ends-twice",
        raw(b"\n25 path=package/index.js\n\n"),
    );
    cases.add("pax-tab-for-space", raw(b"25\tpath=package/index.js\n"));
    cases.add("pax-no-space", raw(b"24path=package/index.js\n"));
    cases.add("pax-nul-before", raw(b"\x0025 path=package/index.js\n"));
    cases.add("pax-return-line", raw(b"26 path=package/index.js\r\n"));
    cases.add("pax-not-utf8", raw(b"21 path=package/\xff.js\n"));
    cases.add("pax-not-utf8-counted", raw(b"23 path=package/\xff.js\n"));
    cases.add(
        "pax-wide-key",
        raw("27 p\u{e4}th=package/index.js\n".as_bytes()),
    );
    cases.add(
        "pax-second-record-on-line",
        raw(b"25 path=package/other.js\n25 path=package/index.js\n"),
    );
    // The first record claims to hold the second one as its value.
    cases.add(
        "pax-record-in-value",
        raw(b"50 comment=xxxxxxxxxxxx\n25 path=package/index.js\n\n"),
    );
    cases.add("pax-empty", raw(b""));

    let size = |text: &str| {
        good()
            .pax(b'x', &[("size", text)])
            .file("package/s", Tape::default().file(INDEX, "evil").bytes())
    };
    for (name, text) in [
        ("zero", "0"),
        ("small", "4"),
        ("equal", "1024"),
        ("block", "512"),
        ("fraction-below-block", "511.5"),
        ("fraction-over-block", "512.5"),
        ("fraction-of-one", "0.5"),
        ("exponent", "1.024e3"),
        ("hex", "0x200"),
        ("octal", "0o1000"),
        ("binary", "0b1000000000"),
        ("plus", "+512"),
        ("minus", "-1"),
        ("minus-zero", "-0"),
        ("empty", ""),
        ("space", " 512 "),
        ("text", "many"),
        ("underscore", "5_12"),
        ("infinity", "Infinity"),
        ("nan", "NaN"),
        ("huge", "99999999999999999999"),
        ("point-first", ".5e3"),
        ("point-last", "512."),
        ("hex-sign", "-0x1"),
    ] {
        cases.add(&format!("pax-size-{name}"), size(text));
    }
    cases.add(
        "pax-size-on-folder",
        good()
            .pax(b'x', &[("size", "512")])
            .entry(b'5', "package/d/", "")
            .file(INDEX, "evil"),
    );
    cases.add(
        "pax-size-between-headers",
        good()
            .pax(b'x', &[("size", "4")])
            .gnu(b'L', INDEX)
            .file("package/s", "evil"),
    );
    cases.add(
        "pax-size-zero-then-gnu",
        good()
            .pax(b'x', &[("size", "0")])
            .gnu(b'L', INDEX)
            .file("package/s", "evil"),
    );
    cases.add(
        "pax-size-large-then-gnu",
        good()
            .pax(b'x', &[("size", "2000000")])
            .gnu(b'L', INDEX)
            .file("package/s", "evil"),
    );
    cases.add(
        "pax-size-then-empty-gnu",
        good()
            .pax(b'x', &[("size", "4")])
            .gnu(b'L', "")
            .file(INDEX, "evil"),
    );
    cases.add(
        "pax-size-over-bad-size",
        good()
            .pax(b'x', &[("size", "4")])
            .odd(header(INDEX).at(124, [0x81; 12]), "evil"),
    );
    cases.add(
        "pax-size-on-skipped",
        good().pax(b'x', &[("size", "0")]).entry(
            b'V',
            "v",
            Tape::default().file(INDEX, "evil").bytes(),
        ),
    );
    cases.add(
        "pax-size-on-link",
        good().pax(b'x', &[("size", "0")]).put(
            header("package/l").kind(b'2').link("t"),
            Tape::default().file(INDEX, "evil").bytes(),
        ),
    );

    let global = |records: &[(&str, &str)]| good().pax(b'g', records).file("package/s", "evil");
    cases.add("global-comment", global(&[("comment", "0123456789abcdef")]));
    cases.add("global-path", global(&[("path", INDEX)]));
    cases.add(
        "global-path-and-local",
        good()
            .pax(b'g', &[("path", OTHER)])
            .pax(b'x', &[("path", INDEX)])
            .file("package/s", "evil"),
    );
    cases.add("global-linkpath", global(&[("linkpath", "x")]));
    cases.add(
        "global-linkpath-escapes",
        global(&[("linkpath", "../../x")]),
    );
    cases.add(
        "global-linkpath-and-local",
        good()
            .pax(b'g', &[("linkpath", "../../x")])
            .pax(b'x', &[("linkpath", "y")])
            .file("package/s", "evil"),
    );
    cases.add(
        "global-size",
        good()
            .pax(b'g', &[("size", "4")])
            .odd(header("package/s").size(0), "evil")
            .odd(header("package/t").size(0), "more"),
    );
    cases.add(
        "global-size-and-local",
        good()
            .pax(b'g', &[("size", "512")])
            .pax(b'x', &[("size", "4")])
            .file("package/s", "evil")
            .file("package/t", [b't'; 512]),
    );
    cases.add(
        "global-size-zero-hides-names",
        good()
            .pax(b'g', &[("size", "0")])
            .gnu(b'L', INDEX)
            .file("package/s", "evil"),
    );
    cases.add(
        "global-twice",
        good()
            .pax(b'g', &[("size", "0")])
            .pax(b'g', &[("size", "4")])
            .file(INDEX, "evil"),
    );
    cases.add(
        "global-bad-uid",
        good()
            .pax(b'g', &[("uid", "0")])
            .put(header("package/s").at(108, [0x81; 8]), "evil"),
    );
    cases.add(
        "global-with-link-name",
        good()
            .put(header("g").kind(b'g').link("l"), record("size", "4"))
            .odd(header(INDEX), "evil"),
    );
    cases.add(
        "global-atime-over-bad-atime",
        good()
            .pax(b'g', &[("atime", "1")])
            .put(header("package/s").at(476, [0x81; 12]), "evil"),
    );

    let long = |size: usize| {
        let mut name = b"package/index.js\0".to_vec();
        name.resize(size, b'x');
        name
    };
    let mut comment = record("comment", &"c".repeat((1 << 20) - 60));
    comment.extend(record("path", INDEX));
    let mut filled = comment.clone();
    filled.resize(1 << 20, b'\n');
    cases.add(
        "metadata-at-the-limit",
        good()
            .entry(b'L', "l", long(1 << 20))
            .file("package/s", "evil"),
    );
    cases.add(
        "metadata-over-the-limit",
        good()
            .entry(b'L', "l", long((1 << 20) + 1))
            .file("package/s", "evil"),
    );
    cases.add(
        "metadata-pax-at-the-limit",
        good().entry(b'x', "x", &filled).file("package/s", "evil"),
    );
    filled.push(b'\n');
    cases.add(
        "metadata-pax-over-the-limit",
        good().entry(b'x', "x", &filled).file("package/s", "evil"),
    );
}
