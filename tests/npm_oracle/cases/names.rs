//! Paths: roots, climbs, empty components, what Windows and macOS read differently, long ones.

use super::Cases;
use crate::blocks::{Tape, header, package};

pub(crate) fn add(cases: &mut Cases) {
    let good = || package().file("package/index.js", "good");
    let mut path = |name: &str, path: &str| {
        let tape = if path.len() < 100 {
            good().file(path, "text")
        } else {
            good().pax(b'x', &[("path", path)]).file("s", "text")
        };
        cases.add(
            &format!("path-{name}"),
            tape.file("package/late.js", "late"),
        );
    };
    path("other-root", "other/index.js");
    path("dot-root", "./index.js");
    path("dot-root-then-package", "./package/a.js");
    path("empty-root", "/index.js");
    path("empty-root-then-package", "/package/a.js");
    path("two-slashes-first", "//package/a.js");
    path("three-slashes-first", "///package/a.js");
    path("no-root", "index.js");
    path("root-is-package-json", "package.json/index.js");
    path("root-is-parent", "../index.js");
    path("root-is-two-parents", "../../index.js");
    path("root-is-drive", "C:/index.js");
    path("root-with-backslash", "package\\index.js");
    path("root-with-backslash-deeper", "package\\a/index.js");
    path("just-package", "package");
    path("just-slash", "package/");
    path("dot-after-root", "package/.");
    path("dot-slash-after-root", "package/./");
    path("parent-in-the-middle", "package/a/../index.js");
    path("parent-at-end", "package/a/..");
    path("parent-over-root", "package/../../index.js");
    path("parent-back-in", "package/../package/index.js");
    path("parent-like", "package/..a/b../...");
    path("parent-backslash", "package/a\\..\\index.js");
    path("parent-drive", "package/C:../index.js");
    path("parent-space", "package/.. /index.js");
    path("parent-root", "package//../index.js");
    path("dot-in-the-middle", "package/./index.js");
    path("dots-in-the-middle", "package/././a/./b.js");
    path("empty-component", "package//index.js");
    path("empty-components", "package/a///b.js");
    path("trailing-dot-component", "package/index.js/.");
    path("trailing-dot", "package/a.js.");
    path("trailing-space", "package/a.js ");
    path("trailing-dots-and-spaces", "package/a.js . .");
    path("leading-space", "package/ a.js");
    path("only-space", "package/ ");
    path("only-dots", "package/...");
    path("drive", "package/C:/a.js");
    path("drive-relative", "package/c:a.js");
    path("drive-twice", "package/c:d:/a.js");
    path("drive-only", "package/C:");
    path("drive-like", "package/CC:/a.js");
    path("drive-digit", "package/1:/a.js");
    path("stream", "package/a.js:hidden");
    path("backslash", "package/a\\b.js");
    path("backslash-first", "package/\\a.js");
    path("backslash-twice-first", "package/\\\\server\\share\\a.js");
    path("server-with-slashes", "package///server/share/a.js");
    path("server-without-share", "package/\\\\server");
    path("server-without-share-slash", "package/\\\\server\\");
    path("server-three", "package/\\\\\\server\\share\\a.js");
    path("device-path", "package/\\\\?\\C:\\a.js");
    path("device-path-slashes", "package///?/C:/a.js");
    path("device-path-only", "package///?/");
    path("device-path-dot", "package/\\\\.\\C:\\a.js");
    path("windows-device", "package/nul.js");
    path("windows-characters", "package/a<b>c|d?e*f\".js");
    path("control-character", "package/a\u{1}b.js");
    path("line-break", "package/a\nb.js");
    path("escape-character", "package/\u{1b}[2Ka.js");
    path("direction", "package/\u{202E}sj.a");
    path("zero-width", "package/index\u{200B}.js");
    path("byte-order-mark", "package/\u{FEFF}a.js");
    path("wide", "package/\u{1F600}.js");
    path("quotes", "package/'a'\"b\"`c`$d.js");
    path("percent", "package/%2e%2e/a.js");
    path("hidden", "package/.hidden/.a.js");
    path("git-folder", "package/.git/hooks/pre-commit");
    path("component-255", &format!("package/{}.js", "x".repeat(252)));
    path("component-256", &format!("package/{}.js", "x".repeat(253)));
    path(
        "component-255-wide",
        &format!("package/{}.js", "\u{e4}".repeat(126)),
    );
    path(
        "component-256-wide",
        &format!("package/{}a.js", "\u{e4}".repeat(126)),
    );
    path("folder-255", &format!("package/{}/a.js", "x".repeat(255)));
    path("folder-256", &format!("package/{}/a.js", "x".repeat(256)));
    path(
        "folder-256-below",
        &format!("package/a/{}/a.js", "x".repeat(256)),
    );
    path(
        "length-3000",
        &format!("package/{}a.js", "0123456789/".repeat(272)),
    );
    path(
        "length-6000",
        &format!("package/{}a.js", "0123456789/".repeat(545)),
    );
    path("depth-1024", &format!("package/{}a", "b/".repeat(1023)));
    path("depth-1025", &format!("package/{}a", "b/".repeat(1024)));
    path(
        "depth-by-dots",
        &format!("package/{}a.js", "./".repeat(1023)),
    );
    path(
        "depth-by-dots-over",
        &format!("package/{}a.js", "./".repeat(1024)),
    );

    let raw = |name: &[u8]| good().file(name, "text").file("package/late.js", "late");
    cases.add("path-not-utf8", raw(b"package/\xff.js"));
    cases.add(
        "path-not-utf8-twice",
        raw(b"package/\xff.js").file(b"package/\xfe.js", "other"),
    );
    cases.add("path-cut-utf8", raw(b"package/a\xe2\x82.js"));
    cases.add("path-surrogate", raw(b"package/\xed\xa0\x80.js"));
    cases.add("path-overlong", raw(b"package/\xc0\xae\xc0\xae/a.js"));
    cases.add("path-overlong-slash", raw(b"package\xc0\xafa.js"));
    cases.add("path-five-bytes", raw(b"package/\xf8\x88\x80\x80\x80.js"));
    cases.add("path-nul-inside", raw(b"package/a.js\0.md"));
    cases.add("path-nul-line", raw(b"package/a\0gone\n.js"));
    cases.add("path-nul-line-nul", raw(b"package/a\0gone\n.js\0more\n"));
    cases.add("path-nul-first", raw(b"\0package/a.js"));
    cases.add(
        "path-full-100",
        raw(format!("package/{}.js", "x".repeat(89)).as_bytes()),
    );
    cases.add("path-empty", raw(b""));

    cases.add(
        "prefix",
        good().put(header("a.js").prefix("package/lib"), "text"),
    );
    cases.add(
        "prefix-alone",
        good().put(header("").prefix("package"), "text"),
    );
    cases.add(
        "prefix-trailing-slash",
        good().put(header("a.js").prefix("package/"), "text"),
    );
    cases.add(
        "prefix-root",
        good().put(header("package/a.js").prefix("other"), "text"),
    );
    cases.add(
        "prefix-climbs",
        good().put(header("a.js").prefix("package/.."), "text"),
    );
    cases.add(
        "prefix-nul-inside",
        good().put(header("a.js").prefix("package\0more"), "text"),
    );
    cases.add(
        "prefix-name-with-slash-end",
        good()
            .put(header("a/").prefix("package"), "text")
            .file("package/late.js", "late"),
    );
    let long = format!("package/{}", "d".repeat(140));
    cases.add(
        "prefix-155",
        good().put(header("a.js").prefix(&long), "text"),
    );
    cases.add(
        "prefix-130-and-times",
        good().put(
            header("a.js")
                .prefix("package/lib")
                .at(476, "00000000001\0")
                .at(488, "00000000001\0"),
            "text",
        ),
    );
    cases.add(
        "prefix-131-cut",
        good().put(
            header("a.js").prefix(&format!("package/{}", "d".repeat(123))),
            "text",
        ),
    );
    cases.add(
        "prefix-byte-475",
        good().put(header("a.js").prefix("package").at(475, "x"), "text"),
    );
    cases.add(
        "prefix-without-magic",
        good().put(
            header("package/a.js").prefix("other").at(257, [0; 8]),
            "text",
        ),
    );
    cases.add(
        "prefix-gnu-magic",
        good().put(
            header("package/a.js").prefix("other").at(257, "ustar  \0"),
            "text",
        ),
    );
    cases.add(
        "prefix-other-version",
        good().put(header("package/a.js").prefix("other").at(263, "01"), "text"),
    );
    cases.add("prefix-v7", good().put(header("package/a.js").v7(), "text"));
    cases.add(
        "roots-two",
        package().file("other/a.js", "a").file("third/b.js", "b"),
    );
    cases.add(
        "roots-same-file",
        package()
            .file("package/index.js", "good")
            .file("x/index.js", "evil"),
    );
    cases.add(
        "roots-manifest",
        Tape::default()
            .file("x/package.json", r#"{"name":"p","version":"1.0.0"}"#)
            .file("package/index.js", "code"),
    );
}
