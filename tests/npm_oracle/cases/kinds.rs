//! Type flags: links, devices, folders with bodies, types that npm skips.

use super::Cases;
use crate::blocks::{Tape, header, package};

const INDEX: &str = "package/index.js";

pub(crate) fn add(cases: &mut Cases) {
    let good = || package().file(INDEX, "good");
    let hidden = || Tape::default().file(INDEX, "evil").bytes();
    for (name, code) in [
        ("nul", 0),
        ("0", b'0'),
        ("3-character-device", b'3'),
        ("4-block-device", b'4'),
        ("5-folder", b'5'),
        ("6-pipe", b'6'),
        ("7-contiguous", b'7'),
        ("8", b'8'),
        ("9", b'9'),
        ("space", b' '),
        ("minus", b'-'),
        ("high", 0xff),
        ("upper-a-acl", b'A'),
        ("upper-d-dump-folder", b'D'),
        ("upper-i-inode", b'I'),
        ("upper-m-continued", b'M'),
        ("upper-s-sparse", b'S'),
        ("upper-v-volume", b'V'),
        ("upper-z", b'Z'),
        ("a", b'a'),
    ] {
        cases.add(
            &format!("type-{name}"),
            package()
                .entry(code, INDEX, "text")
                .file("package/late.js", "late"),
        );
        cases.add(
            &format!("type-{name}-with-a-header-as-body"),
            good().entry(code, "package/x", hidden()),
        );
    }
    cases.add(
        "type-nul-trailing-slash",
        package()
            .entry(0, "package/index.js/", "text")
            .file("package/late.js", "late"),
    );
    cases.add(
        "type-0-trailing-slash",
        package()
            .entry(b'0', "package/index.js/", "text")
            .file("package/late.js", "late"),
    );
    cases.add(
        "type-0-trailing-slash-hides",
        good().entry(b'0', "package/d/", hidden()),
    );
    cases.add(
        "type-7-trailing-slash",
        package().entry(b'7', "package/index.js/", "text"),
    );
    cases.add("type-7-over-0", good().entry(b'7', INDEX, "evil"));
    cases.add("type-nul-over-0", good().entry(0, INDEX, "evil"));
    cases.add("type-v7", package().put(header(INDEX).v7(), "text"));
    cases.add(
        "type-v7-nul",
        package().put(header(INDEX).v7().kind(0), "text"),
    );
    cases.add(
        "type-v7-folder-by-slash",
        package().put(header("package/d/").v7().kind(0), ""),
    );

    for (name, code) in [("hard", b'1'), ("symbolic", b'2')] {
        let link = |target: &str| header("package/l.js").kind(code).link(target);
        let case = |what: &str| format!("link-{name}{what}");
        cases.add(&case(""), good().put(link("index.js"), ""));
        cases.add(&case("-outside"), good().put(link("../../../etc/x"), ""));
        cases.add(&case("-absolute"), good().put(link("/etc/x"), ""));
        cases.add(&case("-without-target"), good().put(link(""), hidden()));
        cases.add(&case("-with-body"), good().put(link("index.js"), hidden()));
        cases.add(
            &case("-over-file"),
            package()
                .file("package/l.js", "file")
                .put(link("index.js"), ""),
        );
        cases.add(
            &case("-then-file"),
            package()
                .put(link("other.js"), "")
                .file("package/l.js", "file"),
        );
        cases.add(
            &case("-as-folder"),
            package()
                .put(header("package/l").kind(code).link("../.."), "")
                .file("package/l/a.js", "inside"),
        );
        cases.add(
            &case("-trailing-slash"),
            good().put(header("package/l/").kind(code).link("t"), ""),
        );
    }
    for (name, code) in [
        ("file", b'0'),
        ("old-file", 0),
        ("contiguous", b'7'),
        ("folder", b'5'),
        ("pipe", b'6'),
        ("sparse", b'S'),
    ] {
        let case = format!("link-name-on-{name}");
        cases.add(
            &case,
            good().put(header("package/x").kind(code).link("t"), hidden()),
        );
    }
    cases.add(
        "link-name-of-a-space",
        package().put(header(INDEX).link(" "), "text"),
    );
    cases.add(
        "link-name-nul-then-text",
        package().put(header(INDEX).link("\0t"), "text"),
    );
    cases.add(
        "link-name-nul-line-text",
        package().put(header(INDEX).link("\0\nt"), "text"),
    );
    cases.add(
        "folder-with-body",
        good().entry(b'5', "package/d/", hidden()),
    );
    cases.add(
        "folder-with-text",
        good()
            .entry(b'5', "package/d/", "text")
            .file("package/late.js", "late"),
    );
    cases.add(
        "folder-dump-with-body",
        good().entry(b'D', "package/d/", hidden()),
    );
    cases.add(
        "folder-of-the-package",
        Tape::default()
            .entry(b'5', "package/", "")
            .file("package/package.json", "{}")
            .entry(b'5', "package", ""),
    );
    cases.add(
        "sparse-gnu",
        good()
            .put(
                header("package/s.js").kind(b'S').at(257, "ustar  \0"),
                "text",
            )
            .file("package/late.js", "late"),
    );
}
