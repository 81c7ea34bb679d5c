//! What one entry does to the files of others: duplicates, files and folders, ignore files,
//! names that only some systems tell apart.

use super::Cases;
use crate::blocks::package;

pub(crate) fn add(cases: &mut Cases) {
    let file = b'0';
    let folder = b'5';
    let mut tree = |name: &str, entries: &[(u8, &str)]| {
        let mut tape = package();
        for (at, (code, path)) in entries.iter().enumerate() {
            let body = if *code == folder {
                String::new()
            } else {
                format!("body {at}")
            };
            tape = tape.entry(*code, format!("package/{path}"), body);
        }
        cases.add(&format!("tree-{name}"), tape);
    };
    tree("twice", &[(file, "a.js"), (file, "a.js")]);
    tree(
        "thrice",
        &[
            (file, "a.js"),
            (file, "b.js"),
            (file, "a.js"),
            (file, "a.js"),
        ],
    );
    tree("twice-by-dots", &[(file, "a.js"), (file, "./a.js")]);
    tree(
        "twice-by-slashes",
        &[(file, "lib//a.js"), (file, "lib/a.js")],
    );
    tree("twice-by-root", &[(file, "a.js"), (file, "/a.js")]);
    tree("twice-by-drive", &[(file, "a.js"), (file, "C:/a.js")]);
    tree(
        "file-then-below",
        &[(file, "a"), (file, "a/b.js"), (file, "late.js")],
    );
    tree(
        "below-then-file",
        &[(file, "a/b.js"), (file, "a"), (file, "late.js")],
    );
    tree(
        "file-then-folder",
        &[(file, "a"), (folder, "a/"), (file, "late.js")],
    );
    tree(
        "file-then-folder-then-below",
        &[(file, "a"), (folder, "a/"), (file, "a/b.js")],
    );
    tree(
        "file-then-folder-below",
        &[(file, "a"), (folder, "a/b/"), (file, "late.js")],
    );
    tree(
        "folder-then-file",
        &[(folder, "a/"), (file, "a"), (file, "late.js")],
    );
    tree(
        "folder-then-file-then-below",
        &[(folder, "a/"), (file, "a"), (file, "a/b.js")],
    );
    tree(
        "folders-then-file",
        &[(folder, "a/b/"), (file, "a"), (file, "late.js")],
    );
    tree(
        "folders-then-file-below",
        &[
            (folder, "a/b/c/"),
            (file, "a/b"),
            (file, "a/b/c"),
            (file, "late.js"),
        ],
    );
    tree(
        "folder-twice",
        &[(folder, "a/"), (folder, "a"), (file, "a/b.js")],
    );
    tree(
        "folder-over-full",
        &[(file, "a/b.js"), (folder, "a/"), (file, "a/c.js")],
    );
    tree(
        "dump-folder-over-file",
        &[(file, "a"), (b'D', "a/"), (file, "late.js")],
    );
    tree(
        "dump-folder-over-full",
        &[(file, "a/b.js"), (b'D', "a/"), (file, "late.js")],
    );
    tree(
        "dump-folder-over-empty",
        &[(folder, "a/"), (b'D', "a/"), (file, "a/b.js")],
    );
    tree(
        "folder-over-manifest",
        &[(folder, "package.json/"), (file, "late.js")],
    );
    tree(
        "old-file-over-folder",
        &[(folder, "a/"), (0, "a"), (file, "late.js")],
    );
    tree(
        "old-file-over-file",
        &[(file, "a"), (0, "a"), (b'7', "a"), (file, "a")],
    );
    tree(
        "pipe-over-file",
        &[(file, "a"), (b'6', "a"), (file, "late.js")],
    );
    tree(
        "dropped-makes-no-folder",
        &[(b'6', "a/b"), (file, "a"), (file, "late.js")],
    );
    tree(
        "file-then-below-then-file",
        &[(file, "a"), (file, "a/b"), (file, "a"), (file, "a/c")],
    );
    let long = "x".repeat(256);
    let mut tape = package()
        .pax(b'x', &[("path", &format!("package/a/b/{long}"))])
        .file("s", "dropped");
    tape = tape.file("package/a", "file").file("package/a/b", "file");
    cases.add("tree-failed-file-makes-folders", tape);
    let mut tape = package()
        .pax(b'x', &[("path", &format!("package/a/{long}/b"))])
        .file("s", "dropped");
    tape = tape.file("package/a", "file");
    cases.add("tree-failed-folder-makes-folders", tape);

    let mut tree = |name: &str, entries: &[&str]| {
        let mut tape = package();
        for (at, path) in entries.iter().enumerate() {
            tape = tape.file(format!("package/{path}"), format!("body {at}"));
        }
        cases.add(&format!("tree-{name}"), tape);
    };
    tree("gitignore", &[".gitignore"]);
    tree("gitignore-then-npmignore", &[".gitignore", ".npmignore"]);
    tree("npmignore-then-gitignore", &[".npmignore", ".gitignore"]);
    tree(
        "npmignore-of-another-folder",
        &[".npmignore", "lib/.gitignore", "lib/sub/.gitignore"],
    );
    tree("npmignore-by-dots", &["./.npmignore", ".gitignore"]);
    tree("gitignore-twice", &[".gitignore", ".gitignore"]);
    tree(
        "gitignore-three",
        &[".npmignore", ".gitignore", ".npmignore"],
    );
    tree("gitignore-below", &[".gitignore/a.js"]);
    tree(
        "gitignore-like",
        &["a.gitignore", "gitignore", ".gitignore.js", ".Gitignore"],
    );
    tree("gitignore-trailing-dot", &[".gitignore/."]);
    tree("case", &["Readme.md", "README.md", "readme.md"]);
    tree("case-of-folders", &["Lib/a.js", "lib/b.js", "LIB/a.js"]);
    tree(
        "case-wide",
        &["\u{c4}.js", "\u{e4}.js", "stra\u{df}e.js", "STRASSE.js"],
    );
    tree(
        "case-dotless-i",
        &["I.js", "\u{131}.js", "i.js", "\u{130}.js"],
    );
    tree("unicode-forms", &["caf\u{e9}.js", "cafe\u{301}.js"]);
    tree("unicode-ligature", &["\u{fb01}le.js", "file.js"]);
    tree("unicode-folders", &["caf\u{e9}/a.js", "cafe\u{301}/b.js"]);
    tree("windows-trailing", &["a.js", "a.js.", "a.js ", "a.js.."]);
    tree("windows-backslash", &["lib/a.js", "lib\\a.js"]);
    tree(
        "windows-devices",
        &["con", "aux.js", "lib/NUL", "com1.txt", "console.js"],
    );
    tree("windows-stream", &["a.js", "a.js:x", "a.js::$DATA"]);
    tree("windows-short-names", &["PACKAG~1.JSO", "a.js"]);
}
