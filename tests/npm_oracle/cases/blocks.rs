//! Where blocks begin and end: checksums, null blocks, what follows the end, what is cut.

use super::Cases;
use crate::blocks::{BLOCK, Tape, header, package};

const INDEX: &str = "package/index.js";

pub(crate) fn add(cases: &mut Cases) {
    let good = || package().file(INDEX, "good");
    let hidden = || Tape::default().file(INDEX, "evil").bytes();
    cases.add("plain", good());
    cases.add("plain-two-files", good().file("package/lib/a.js", "a"));
    cases.add("null-one", good().nulls(1).raw(hidden()));
    cases.add("null-two", good().nulls(2).raw(hidden()));
    cases.add("null-three", good().nulls(3).raw(hidden()));
    cases.add("null-first", Tape::default().nulls(1).raw(good().bytes()));
    cases.add(
        "null-two-first",
        Tape::default().nulls(2).raw(good().bytes()),
    );
    cases.open("null-none-at-end", good());
    cases.open("null-one-at-end", good().nulls(1));
    cases.open("null-half-at-end", good().raw([0; 100]));
    cases.add(
        "null-pairs-apart",
        good()
            .nulls(1)
            .raw(hidden())
            .nulls(1)
            .file("package/b", "b"),
    );
    // Two null blocks with a block between them that is no header.
    let junk = || header("package/junk").at(148, "0000001\0").unsealed();
    cases.add(
        "null-junk-null",
        good().nulls(1).raw(junk()).nulls(1).raw(hidden()),
    );
    // A block whose numbers cannot be decoded does not count as a block at all.
    let broken = || header("package/x").at(108, [0x81; 8]).sealed();
    cases.add(
        "null-broken-null",
        good().nulls(1).raw(broken()).nulls(1).raw(hidden()),
    );
    // Empty but for what the checksum does not see.
    let mut almost = vec![0; BLOCK];
    almost[150] = b'x';
    cases.add(
        "null-with-letters-in-checksum",
        good().raw(&almost).raw(&almost).raw(hidden()),
    );
    let mut almost = vec![0; BLOCK];
    almost[150] = b'7';
    cases.add(
        "null-with-nul-then-digit",
        good().raw(&almost).raw(&almost).raw(hidden()),
    );
    let mut almost = vec![0; BLOCK];
    almost[148] = b'7';
    cases.add(
        "null-with-a-checksum",
        good().raw(&almost).raw(&almost).raw(hidden()),
    );
    let mut almost = vec![0; BLOCK];
    almost[511] = 1;
    cases.add(
        "null-with-one-byte",
        good().raw(&almost).raw(&almost).raw(hidden()),
    );
    let mut almost = vec![0; BLOCK];
    almost[148..152].copy_from_slice(b"0400");
    cases.add(
        "null-with-its-own-checksum",
        good().raw(&almost).raw(&almost).raw(hidden()),
    );

    cases.add("checksum-wrong", good().raw(junk()).raw(hidden()));
    cases.add(
        "checksum-wrong-with-body",
        good().raw(junk()).body("not a header").raw(hidden()),
    );
    let mut first = junk();
    first.extend(good().bytes());
    cases.add("checksum-wrong-first", Tape::default().raw(first));
    cases.add(
        "checksum-wrong-only",
        Tape::default().raw(junk()).raw(junk()),
    );
    let spaces = |text: &str| {
        let sealed = header(INDEX).size(4).sealed();
        let sum: u32 =
            u32::from_str_radix(std::str::from_utf8(&sealed[148..154]).expect("octal"), 8)
                .expect("octal");
        let mut block = sealed;
        let text = text.replace("SUM", &format!("{sum:o}"));
        block[148..156].fill(b' ');
        block[148..148 + text.len()].copy_from_slice(text.as_bytes());
        block
    };
    cases.add(
        "checksum-no-nul",
        package().raw(spaces("  SUM ")).body("text"),
    );
    cases.add(
        "checksum-spaces-first",
        package().raw(spaces("   SUM")).body("text"),
    );
    cases.add(
        "checksum-nul-first",
        package().raw(spaces("\0SUM")).body("text"),
    );
    // Without an end the number runs on into type and link name.
    cases.add(
        "checksum-runs-into-type",
        package().raw(spaces("000SUM")).body("text"),
    );
    cases.add(
        "checksum-sign",
        package().raw(spaces("+SUM\0")).body("text"),
    );
    cases.add(
        "checksum-minus",
        package().raw(spaces("-SUM\0")).body("text"),
    );

    cases.add("after-end", good().nulls(2).raw(hidden()).nulls(2));
    cases.open("after-end-junk", good().nulls(2).raw("some text"));
    let text = || header("package/a.txt").size(1000).sealed();
    cases.open("cut-in-body", good().raw(text()).raw([b'a'; 600]));
    cases.open(
        "cut-in-last-body-block",
        good().raw(text()).raw([b'a'; 900]),
    );
    cases.open("cut-in-padding", good().raw(text()).raw([b'a'; 1000]));
    cases.open(
        "cut-in-padding-late",
        good().raw(text()).raw([b'a'; 1000]).raw([0; 23]),
    );
    cases.open("cut-after-header", good().raw(text()));
    cases.open("cut-in-header", good().raw(&text()[..300]));
    cases.open(
        "cut-in-dropped-entry",
        good().raw(header("package/l").kind(b'2').link("x").size(700).sealed()),
    );
    cases.open(
        "cut-in-pax",
        good()
            .raw(header("x").kind(b'x').size(100).sealed())
            .raw("20 path=package/z"),
    );
    cases.open(
        "cut-before-all",
        Tape::default().raw(&header(INDEX).sealed()[..400]),
    );
    cases.open("empty-tar", Tape::default().nulls(2));
    cases.open("empty-tar-long", Tape::default().nulls(20));
    cases.open("only-a-header", package());
    cases.file("plain-tar", "tar", good().ended());
    cases.file("plain-tar-open", "tar", good().bytes());
    cases.file("plain-tar-cut", "tar", good().raw(text()).bytes());
    cases.file(
        "text",
        "tgz",
        b"this is no archive, whatever its name says".to_vec(),
    );
    cases.file(
        "text-long",
        "tar",
        b"this is no archive, whatever its name says ".repeat(40),
    );
    cases.add(
        "padding-is-not-zero",
        package().odd(header(INDEX).size(4), "goodevil"),
    );
    // The padding holds a whole header, which only a reader that does not skip it sees.
    let mut body = vec![b'a'; 512];
    body.extend(hidden());
    cases.add(
        "size-covers-a-header",
        good().put(header("package/a"), body),
    );
    let mut body = vec![b'a'; 512];
    body.extend(hidden());
    cases.add(
        "size-ends-before-a-header",
        good().odd(header("package/a").size(512), body),
    );
}
