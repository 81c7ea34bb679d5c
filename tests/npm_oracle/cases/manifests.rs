//! package.json, as far as it decides whether npm takes the archive.

use super::Cases;
use crate::blocks::Tape;

pub(crate) fn add(cases: &mut Cases) {
    let mut with = |name: &str, text: &[u8]| {
        let tape = Tape::default().file("package/package.json", text);
        cases.add(
            &format!("manifest-{name}"),
            tape.file("package/index.js", "code"),
        );
    };
    let ok = r#""name":"p","version":"1.0.0""#;
    let object = |more: &str| format!("{{{ok}{more}}}").into_bytes();
    with("bom", &[b"\xef\xbb\xbf".to_vec(), object("")].concat());
    with(
        "two-boms",
        &[b"\xef\xbb\xbf\xef\xbb\xbf".to_vec(), object("")].concat(),
    );
    with(
        "utf16",
        &String::from_utf8(object(""))
            .expect("text")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect::<Vec<u8>>(),
    );
    with("comment", &object(r#","main":"index.js" /* a */"#));
    with("trailing-comma", &object(","));
    with("single-quotes", b"{'name':'p','version':'1.0.0'}");
    with("empty", b"");
    with("spaces", b"  \n ");
    with("array", b"[]");
    with("null", b"null");
    with("text", b"\"p\"");
    with("number", b"7");
    with("duplicate-key", &object(r#","name":"q","name":"p""#));
    with(
        "duplicate-scripts",
        &object(r#","scripts":{"test":"a"},"scripts":{"test":"b"}"#),
    );
    with("escaped-key", &object(r#","\u0073cripts":{"test":"a"}"#));
    with("proto", &object(r#","__proto__":{"scripts":{"test":"a"}}"#));
    with(
        "huge-number",
        &object(r#","n":1e999,"m":123456789012345678901234567890"#),
    );
    with(
        "deep-1000",
        &object(&format!(r#","d":{}{}"#, "[".repeat(1000), "]".repeat(1000))),
    );
    with(
        "deep-7000",
        &object(&format!(r#","d":{}{}"#, "[".repeat(7000), "]".repeat(7000))),
    );
    with("scripts-text", &object(r#","scripts":"node index.js""#));
    with("scripts-array", &object(r#","scripts":["node index.js"]"#));
    with("scripts-null", &object(r#","scripts":null"#));
    with(
        "scripts-numbers",
        &object(r#","scripts":{"test":7,"prepare":null,"x":{}}"#),
    );
    with("bin-text", &object(r#","bin":"index.js""#));
    with("bin-array", &object(r#","bin":["index.js"]"#));
    with("bin-number", &object(r#","bin":7"#));
    with("bin-outside", &object(r#","bin":{"p":"../../index.js"}"#));
    with("bin-missing", &object(r#","bin":{"p":"none.js"}"#));
    with("dependencies-text", &object(r#","dependencies":"x""#));
    with("dependencies-array", &object(r#","dependencies":[]"#));
    with("name-missing", br#"{"version":"1.0.0"}"#);
    with("name-number", br#"{"name":7,"version":"1.0.0"}"#);
    with("name-odd", br#"{"name":"../p","version":"1.0.0"}"#);
    with("name-upper", br#"{"name":"P","version":"1.0.0"}"#);
    with("name-other", br#"{"name":"q","version":"1.0.0"}"#);
    with("version-missing", br#"{"name":"p"}"#);
    with("version-odd", br#"{"name":"p","version":"one"}"#);
    with("version-v", br#"{"name":"p","version":"v1.0"}"#);
    with(
        "not-utf8",
        &[b"{\"name\":\"p\",\"version\":\"1.0.0\",\"d\":\"\xff\"}".to_vec()].concat(),
    );
    with("nul-after", &[object(""), vec![0]].concat());
    with("control-in-text", &object(",\"d\":\"a\tb\""));
    with("conflict-markers", b"<<<<<<< a\n{\"name\":\"p\",\"version\":\"1.0.0\"}\n=======\n{\"name\":\"q\"}\n>>>>>>> b\n");

    cases.add(
        "manifest-missing",
        Tape::default().file("package/index.js", "code"),
    );
    let nested = |root: &str| {
        Tape::default()
            .file(
                "package/lib/package.json",
                r#"{"name":"n","version":"2.0.0"}"#,
            )
            .file(root, r#"{"name":"p","version":"1.0.0"}"#)
    };
    cases.add("manifest-nested-first", nested("package/package.json"));
    cases.add(
        "manifest-nested-only",
        Tape::default()
            .file("package/lib/package.json", "{}")
            .file("package/index.js", "code"),
    );
    cases.add("manifest-upper-case", nested("package/Package.json"));
    cases.add(
        "manifest-twice",
        nested("package/package.json").file(
            "package/package.json",
            r#"{"name":"p","version":"1.0.0","main":"b.js"}"#,
        ),
    );
    cases.add(
        "manifest-is-a-folder",
        Tape::default().file("package/package.json/index.js", "code"),
    );
    cases.add("manifest-from-another-root", nested("other/package.json"));
    cases.add(
        "manifest-shrinkwrap",
        nested("package/package.json")
            .file("package/npm-shrinkwrap.json", "{}")
            .file("package/package-lock.json", "{}"),
    );
    cases.add(
        "manifest-bundled-folder",
        nested("package/package.json")
            .file(
                "package/node_modules/q/package.json",
                r#"{"name":"q","version":"1.0.0"}"#,
            )
            .file("package/node_modules/q/index.js", "q"),
    );
    cases.add(
        "manifest-bin-folder",
        nested("package/package.json")
            .file("package/node_modules/.bin/q", "q")
            .file("package/.npmrc", "x=y"),
    );
}
