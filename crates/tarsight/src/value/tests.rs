//! What expressions come to, seen through the engine: `PROBE(x)` is a call whose report shows
//! its argument.

use std::collections::BTreeMap;

use super::terms::{Place, Terms};
use crate::engine::{Engine, ScanOptions};
use crate::limits::Limits;

const PROBE: &str = "require(\"v8\").setFlagsFromString";

/// Behaviours of each file: `id target`.
fn scan(codes: &[&str], extension: &str) -> BTreeMap<String, Vec<String>> {
    let mut exports = Vec::new();
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (at, code) in codes.iter().enumerate() {
        let name = format!("f{at}.{extension}");
        exports.push(format!("\"./{name}\":\"./{name}\""));
        files.push((name, code.replace("PROBE", PROBE).into_bytes()));
    }
    let manifest = format!("{{\"name\":\"a\",\"exports\":{{{}}}}}", exports.join(","));
    files.push(("package.json".to_owned(), manifest.into_bytes()));
    // Many files do the same: every place counts.
    let options = ScanOptions {
        limits: Some(Limits {
            sites: 100_000,
            ..Limits::default()
        }),
        ..ScanOptions::default()
    };
    let report = Engine::new()
        .scan_tree_with(files, &options)
        .expect("a package is scanned");
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for behaviour in report.behaviours {
        let target = behaviour.target.unwrap_or_default();
        for site in behaviour.sites {
            let text = format!("{} {target}", behaviour.id);
            found.entry(site.file).or_default().push(text);
        }
    }
    found
}

#[track_caller]
fn check(cases: &[(&str, &str)], extension: &str, id: &str) {
    let codes: Vec<&str> = cases.iter().map(|(code, _)| *code).collect();
    let found = scan(&codes, extension);
    let mut wrong = Vec::new();
    for (at, (code, wanted)) in cases.iter().enumerate() {
        let wanted = format!("{id}{wanted}");
        let here = found.get(&format!("f{at}.{extension}"));
        let here = here.map_or(&[][..], Vec::as_slice);
        if !here.contains(&wanted) {
            wrong.push(format!("{code}\n    wants {wanted:?}, has {here:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn expressions_come_to_constants() {
    check(
        &[
            // Text and arithmetic.
            ("PROBE('a' + 'b' + 1 + 2)", "ab12"),
            ("PROBE(1 + 2 + 'a')", "3a"),
            ("const h = 'x'; PROBE(`a${h}c${1}`)", "axc1"),
            ("PROBE(['a', 'b'].join('-'))", "a-b"),
            ("PROBE('cba'.split('').reverse().join(''))", "abc"),
            ("PROBE(['a', 'b'].map(c => c + '!').join(''))", "a!b!"),
            (
                "PROBE([97, 98].map(c => String.fromCharCode(c)).join(''))",
                "ab",
            ),
            ("PROBE(String.fromCharCode(97, 98, 0x63))", "abc"),
            ("PROBE(String.fromCharCode(...[97, 98]))", "ab"),
            ("PROBE(String.fromCharCode.apply(null, [97, 98]))", "ab"),
            ("PROBE(String.fromCharCode('b'.charCodeAt(0) - 1))", "a"),
            ("PROBE(String.fromCharCode(97 ^ 3, (100 << 1) >> 1))", "bd"),
            ("PROBE([1, 2, 3].slice(1).concat([4]).join(''))", "234"),
            ("PROBE(parseInt('ff', 16) + '')", "255"),
            ("PROBE((255).toString(16))", "ff"),
            ("PROBE('a,b'.split(',')[1])", "b"),
            ("PROBE('abc'.slice(1).toUpperCase())", "BC"),
            ("PROBE('axb'.replace('x', '-'))", "a-b"),
            ("PROBE('a-b-c'.replace(/-/g, ''))", "abc"),
            ("PROBE('a-b'.split(/-/).join('+'))", "a+b"),
            ("PROBE('abc'[1] + 'abc'.charAt(2) + 'abc'.at(-3))", "bca"),
            ("PROBE('a'.concat('b', 'c').padStart(5, '0'))", "00abc"),
            ("PROBE('ab'.repeat(2).substring(1, 3))", "ba"),
            ("PROBE('\\x61\\u0062\\u{63}')", "abc"),
            (
                "PROBE(unescape('%61%62') + decodeURIComponent('%63'))",
                "abc",
            ),
            ("PROBE(JSON.parse('{\"a\":{\"b\":\"c\"}}').a.b)", "c"),
            ("PROBE(JSON.stringify({ a: 'b' }))", "{\"a\":\"b\"}"),
            // Decoders.
            ("PROBE(Buffer.from('YWJj', 'base64').toString())", "abc"),
            (
                "PROBE(Buffer.from('616263', 'hex').toString('utf8'))",
                "abc",
            ),
            ("PROBE(new Buffer('YWJj', 'base64') + '')", "abc"),
            ("PROBE(Buffer.from([97, 98]).toString('ascii'))", "ab"),
            (
                "const { Buffer: B } = require('buffer'); PROBE(B.from('YWJj', 'base64').toString())",
                "abc",
            ),
            ("PROBE(atob('YWJj'))", "abc"),
            (
                "PROBE(new TextDecoder().decode(new Uint8Array([97, 98])))",
                "ab",
            ),
            // Choice.
            ("PROBE(true ? 'a' : 'b')", "a"),
            ("PROBE(null ?? 'a')", "a"),
            ("PROBE('' || 'a')", "a"),
            ("PROBE('x' && 'a')", "a"),
            ("PROBE((1, 'a'))", "a"),
            ("PROBE(process.argv[2] ? 'a' : 'b')", "b"),
            // Objects and arrays.
            ("const o = { a: { b: 'c' } }; PROBE(o.a.b)", "c"),
            ("const o = { a: 'c' }; PROBE(o['a'])", "c"),
            ("const o = {}; o.a = 'c'; PROBE(o.a)", "c"),
            ("const o = {}; o['a' + 'b'] = 'c'; PROBE(o.ab)", "c"),
            ("const o = { a: {} }; o.a.b = 'c'; PROBE(o.a.b)", "c"),
            ("const k = 'x'; const o = { [k]: 'c' }; PROBE(o.x)", "c"),
            ("const a = ['x', 'y']; PROBE(a[1])", "y"),
            ("const a = []; a.push('x'); a.push('y'); PROBE(a[0])", "x"),
            ("const o = { get a() { return 'c' } }; PROBE(o.a)", "c"),
            ("const o = { a: 'x', ...{ b: 'c' } }; PROBE(o.b)", "c"),
            ("const o = Object.assign({}, { a: 'c' }); PROBE(o.a)", "c"),
            (
                "PROBE(Object.keys({ a: 1 })[0] + Object.values({ a: 'c' })[0])",
                "ac",
            ),
            ("PROBE([...['a'], 'b'].join(''))", "ab"),
            ("PROBE({ a: { b: 'c' } }?.a?.b)", "c"),
            // Destructuring.
            ("const { a: { b: x } } = { a: { b: 'c' } }; PROBE(x)", "c"),
            ("const { a = 'c' } = {}; PROBE(a)", "c"),
            ("const { a, ...r } = { a: 1, b: 'c' }; PROBE(r.b)", "c"),
            ("const [, x] = ['a', 'c']; PROBE(x)", "c"),
            ("const [x, ...r] = ['a', 'b', 'c']; PROBE(r[1])", "c"),
            ("let x; ({ a: x } = { a: 'c' }); PROBE(x)", "c"),
            ("let x, y; [x, y] = ['a', 'c']; PROBE(y)", "c"),
            ("for (const x of ['c']) PROBE(x)", "c"),
            ("['c'].forEach(x => PROBE(x))", "c"),
            (
                "for (const [k, v] of Object.entries({ a: 'c' })) PROBE(k + v)",
                "ac",
            ),
        ],
        "js",
        "process.inspect ",
    );
}

#[test]
fn functions_and_classes_are_followed() {
    check(
        &[
            ("function f() { return 'c' } PROBE(f())", "c"),
            ("const f = () => 'c'; PROBE(f())", "c"),
            ("const f = x => x + 'c'; PROBE(f('a'))", "ac"),
            ("function f(x = 'c') { return x } PROBE(f())", "c"),
            ("function f({ a }) { return a } PROBE(f({ a: 'c' }))", "c"),
            ("function f(...a) { return a[1] } PROBE(f('a', 'c'))", "c"),
            ("function f() { return arguments[0] } PROBE(f('c'))", "c"),
            ("function f(x) { return () => x } PROBE(f('c')())", "c"),
            (
                "const f = (a, b) => a + b; const g = f.bind(null, 'a'); PROBE(g('c'))",
                "ac",
            ),
            ("const f = x => x; PROBE(f.call(null, 'c'))", "c"),
            ("const f = x => x; PROBE(f.apply(null, ['c']))", "c"),
            (
                "const f = x => x; PROBE(Reflect.apply(f, null, ['c']))",
                "c",
            ),
            ("const f = x => x; PROBE(f?.('c'))", "c"),
            ("const f = x => x; PROBE((0, f)('c'))", "c"),
            ("const f = x => x; PROBE(f(...['c']))", "c"),
            ("(function (x) { PROBE(x) })('c')", "c"),
            ("((x) => { PROBE(x) }).call(this, 'c')", "c"),
            ("!function (x) { PROBE(x) }('c')", "c"),
            ("function f(x) { PROBE(x) } f('c')", "c"),
            (
                "function f(x) { g(x) } function g(y) { PROBE(y) } f('c')",
                "c",
            ),
            ("function f(cb) { cb('c') } f(x => PROBE(x))", "c"),
            ("const o = { f() { return 'c' } }; PROBE(o.f())", "c"),
            (
                "const o = { a: 'c', f() { return this.a } }; PROBE(o.f())",
                "c",
            ),
            ("const o = { f(x) { PROBE(x) } }; o.f('c')", "c"),
            (
                "class A { x = 'c'; f() { return this.x } } PROBE(new A().f())",
                "c",
            ),
            (
                "class A { constructor() { this.x = 'c' } f() { PROBE(this.x) } }",
                "c",
            ),
            (
                "class A { constructor(x) { this.x = x } f() { PROBE(this.x) } } new A('c').f()",
                "c",
            ),
            ("class A { static x = 'c' } PROBE(A.x)", "c"),
            ("class A { get x() { return 'c' } } PROBE(new A().x)", "c"),
            ("class A { #x = 'c'; f() { PROBE(this.#x) } }", "c"),
            (
                "class A { f() { return 'c' } } class B extends A {} PROBE(new B().f())",
                "c",
            ),
            (
                "async function f() { return 'c' } (async () => PROBE(await f()))()",
                "c",
            ),
            ("Promise.resolve('c').then(x => PROBE(x))", "c"),
            (
                "Promise.resolve('a').then(x => x + 'c').then(x => PROBE(x))",
                "ac",
            ),
            ("Promise.all(['a', 'c']).then(([x, y]) => PROBE(y))", "c"),
            ("new Promise(r => r('c')).then(x => PROBE(x))", "c"),
            (
                "let s = ''; for (const c of ['a', 'b']) s += c; PROBE('-')",
                "-",
            ),
            ("switch (1) { case 1: PROBE('c') }", "c"),
            ("try { throw 1 } catch (e) { PROBE('c') } finally { }", "c"),
        ],
        "js",
        "process.inspect ",
    );
}

#[test]
fn places_and_variables_are_named() {
    check(
        &[
            (
                "const p = require('path'); PROBE(p.join('a', '..', 'b', 'c'))",
                "b/c",
            ),
            (
                "const p = require('path'); PROBE(p.resolve('/a', 'b'))",
                "/a/b",
            ),
            (
                "const p = require('path'); PROBE(p.resolve('b'))",
                "<cwd>/b",
            ),
            ("const p = require('path'); PROBE(p.dirname('/a/b'))", "/a"),
            (
                "const p = require('path'); PROBE(p.basename('/a/b.js', '.js'))",
                "b",
            ),
            (
                "const { join } = require('path').posix; PROBE(join('a', 'b'))",
                "a/b",
            ),
            (
                "const os = require('os'); PROBE(os.homedir() + '/.npmrc')",
                "~/.npmrc",
            ),
            (
                "const os = require('os'), p = require('path'); PROBE(p.join(os.homedir(), '.ssh', 'id_rsa'))",
                "~/.ssh/id_rsa",
            ),
            ("PROBE(require('os').tmpdir() + '/x')", "<tmp>/x"),
            ("PROBE(process.env.HOME + '/x')", "~/x"),
            (
                "PROBE((process.env.HOME || process.env.USERPROFILE) + '/x')",
                "~/x",
            ),
            ("const { HOME } = process.env; PROBE(`${HOME}/x`)", "~/x"),
            ("PROBE('a' + process.env.CI)", "a<env:CI>"),
            (
                "const env = process.env; PROBE('a' + env['CI'])",
                "a<env:CI>",
            ),
            ("PROBE(process.cwd() + '/x')", "<cwd>/x"),
            ("PROBE(__dirname + '/x')", "<package>/x"),
            ("PROBE(__filename)", "<package>/f16.js"),
            (
                "PROBE(require('path').join(__dirname, '..', 'x'))",
                "<package>/../x",
            ),
            ("PROBE(require('path').dirname(__filename))", "<package>"),
            ("PROBE('a' + process.platform)", "a<platform>"),
            ("exports.f = (x) => PROBE('a' + x)", "a<param>"),
        ],
        "js",
        "process.inspect ",
    );
}

#[test]
fn modules_are_found_whichever_way_they_come() {
    let read = "readFileSync('/tmp/x')";
    let cases: Vec<String> = [
        "require('fs').READ",
        "require('node:fs').READ",
        "const r = require; r('fs').READ",
        "module.require('fs').READ",
        "process.mainModule.require('fs').READ",
        "require.main.require('fs').READ",
        "globalThis['req' + 'uire']('fs').READ",
        "global.require('fs').READ",
        "global.process.mainModule.require('fs').READ",
        "require('f' + 's').READ",
        "require(['f', 's'].join('')).READ",
        "require(Buffer.from('ZnM=', 'base64').toString()).READ",
        "require('module').createRequire(__filename)('fs').READ",
        "const { createRequire: c } = require('module'); const q = c(__filename); q('fs').READ",
        "process.getBuiltinModule('fs').READ",
        "require('module')._load('fs').READ",
        "module.constructor._load('fs').READ",
        "eval('require')('fs').READ",
        "Function('return process')().mainModule.require('fs').READ",
        "new Function('return this')().process.mainModule.require('fs').READ",
        "(() => {}).constructor('return process')().mainModule.require('fs').READ",
        "import('fs').then(m => m.READ)",
        "import('fs').then(({ readFileSync }) => READ)",
        "(async () => { const m = await import('fs'); m.default.READ })()",
        "const fs = require('fs'); const k = 'readFile' + 'Sync'; fs[k]('/tmp/x')",
        "const { readFileSync } = require('fs'); (0, readFileSync)('/tmp/x')",
        "const f = require('fs').readFileSync.bind(null, '/tmp/x'); f()",
        "const fs = require('fs'); fs.readFileSync.call(fs, '/tmp/x')",
        "const fs = require('fs'); Reflect.apply(fs.readFileSync, fs, ['/tmp/x'])",
        "const fs = require('fs'); fs?.readFileSync?.('/tmp/x')",
        "const fs = { ...require('fs') }; fs.READ",
        "const fs = Object.assign({}, require('fs')); fs.READ",
        "const x = { fs: require('fs') }; x.fs.READ",
        "const { promisify } = require('util'); promisify(require('fs').readFile)('/tmp/x')",
        "let fs; try { fs = require('fs') } catch { fs = null } fs.READ",
        "const load = n => require(n); load('fs').READ",
        "[require('fs')].forEach(fs => fs.READ)",
        "class A { constructor() { this.fs = require('fs') } f() { this.fs.READ } }",
        "class A { fs = require('fs'); f() { this.fs.READ } }",
        "var fs = require('fs'), f = fs.readFileSync; f('/tmp/x')",
        // What compilers put around it.
        "var __importDefault = (this && this.__importDefault) || function (mod) {
    return (mod && mod.__esModule) ? mod : { \"default\": mod };
};
const fs_1 = __importDefault(require(\"fs\"));
fs_1.default.READ",
        "var __createBinding = (this && this.__createBinding) || (Object.create ? (function(o, m, k, k2) {
    if (k2 === undefined) k2 = k;
    var desc = Object.getOwnPropertyDescriptor(m, k);
    if (!desc || (\"get\" in desc ? !m.__esModule : desc.writable || desc.configurable)) {
      desc = { enumerable: true, get: function() { return m[k]; } };
    }
    Object.defineProperty(o, k2, desc);
}) : (function(o, m, k, k2) { if (k2 === undefined) k2 = k; o[k2] = m[k]; }));
var __setModuleDefault = (this && this.__setModuleDefault) || (Object.create ? (function(o, v) {
    Object.defineProperty(o, \"default\", { enumerable: true, value: v });
}) : function(o, v) { o[\"default\"] = v; });
var __importStar = (this && this.__importStar) || (function () {
    var ownKeys = function(o) {
        ownKeys = Object.getOwnPropertyNames || function (o) {
            var ar = [];
            for (var k in o) if (Object.prototype.hasOwnProperty.call(o, k)) ar[ar.length] = k;
            return ar;
        };
        return ownKeys(o);
    };
    return function (mod) {
        if (mod && mod.__esModule) return mod;
        var result = {};
        if (mod != null) for (var k = ownKeys(mod), i = 0; i < k.length; i++) if (k[i] !== \"default\") __createBinding(result, mod, k[i]);
        __setModuleDefault(result, mod);
        return result;
    };
})();
const fs = __importStar(require(\"fs\"));
fs.READ",
        "var __importStar = (this && this.__importStar) || function (mod) {
    if (mod && mod.__esModule) return mod;
    var result = {};
    if (mod != null) for (var k in mod) if (Object.hasOwnProperty.call(mod, k)) result[k] = mod[k];
    result[\"default\"] = mod;
    return result;
};
const fs = __importStar(require(\"fs\"));
fs.READ",
        "const tslib_1 = require('tslib'); const fs = tslib_1.__importStar(require('fs')); fs.READ",
        "const tslib_1 = require('tslib'); const fs = tslib_1.__importDefault(require('fs')); fs.default.READ",
        "function _interopRequireDefault(e) { return e && e.__esModule ? e : { default: e }; }
var _fs = _interopRequireDefault(require(\"fs\"));
_fs.default.READ",
        "var _interopRequireDefault = require('@babel/runtime/helpers/interopRequireDefault');
var _fs = _interopRequireDefault(require('fs'));
_fs.default.READ",
        "function _getRequireWildcardCache(e) { if (\"function\" != typeof WeakMap) return null; var r = new WeakMap(), t = new WeakMap(); return (_getRequireWildcardCache = function (e) { return e ? t : r; })(e); }
function _interopRequireWildcard(e, r) { if (!r && e && e.__esModule) return e; if (null === e || \"object\" != typeof e && \"function\" != typeof e) return { default: e }; var t = _getRequireWildcardCache(r); if (t && t.has(e)) return t.get(e); var n = { __proto__: null }, a = Object.defineProperty && Object.getOwnPropertyDescriptor; for (var u in e) if (\"default\" !== u && {}.hasOwnProperty.call(e, u)) { var i = a ? Object.getOwnPropertyDescriptor(e, u) : null; i && (i.get || i.set) ? Object.defineProperty(n, u, i) : n[u] = e[u]; } return n.default = e, t && t.set(e, n), n; }
var fs = _interopRequireWildcard(require(\"fs\"));
fs.READ",
        "var __create = Object.create;
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __getProtoOf = Object.getPrototypeOf;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === \"object\" || typeof from === \"function\") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toESM = (mod, isNodeMode, target) => (target = mod != null ? __create(__getProtoOf(mod)) : {}, __copyProps(
  isNodeMode || !mod || !mod.__esModule ? __defProp(target, \"default\", { value: mod, enumerable: true }) : target,
  mod
));
var import_fs = __toESM(require(\"fs\"));
import_fs.default.READ; import_fs.READ",
        "var __commonJS = (cb, mod) => function () { return mod || (0, cb[Object.keys(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports; };
var require_x = __commonJS({ 'x.js'(exports, module) { var fs = require('fs'); module.exports = function () { return fs.READ; }; } });
require_x()",
    ]
    .iter()
    .map(|code| code.replace("READ", read))
    .collect();
    let cases: Vec<(&str, &str)> = cases.iter().map(|code| (code.as_str(), "/tmp/x")).collect();
    check(&cases, "js", "fs.read ");
    check(
        &[
            (
                "import { createRequire } from 'module'; const require = createRequire(import.meta.url); require('fs').readFileSync('/tmp/x')",
                "/tmp/x",
            ),
            (
                "import * as fs from 'fs'; fs.readFileSync(new URL('./x', import.meta.url))",
                "<package>/x",
            ),
            (
                "import fs from 'fs'; import path from 'path'; import { fileURLToPath as f } from 'url'; const d = path.dirname(f(import.meta.url)); fs.readFileSync(path.join(d, 'x'))",
                "<package>/x",
            ),
            (
                "import fs from 'fs'; fs.readFileSync(import.meta.dirname + '/x')",
                "<package>/x",
            ),
            (
                "const fs = await import('node:fs/promises'); await fs.readFile('/tmp/x')",
                "/tmp/x",
            ),
            (
                "import { promises as p } from 'fs'; p.readFile('/tmp/x')",
                "/tmp/x",
            ),
            (
                "import { default as fs } from 'fs'; fs.readFileSync('/tmp/x')",
                "/tmp/x",
            ),
        ],
        "mjs",
        "fs.read ",
    );
}

#[test]
fn equal_terms_are_one_however_many_there_are() {
    let mut terms = Terms::default();
    let add =
        |terms: &mut Terms| -> Vec<_> { (0..5_000).map(|n| terms.number(f64::from(n))).collect() };
    let ids = add(&mut terms);
    assert_eq!(ids, add(&mut terms));
    assert_eq!(terms.len(), 5_000);
}

#[test]
fn parts_of_an_address_are_known() {
    let mut terms = Terms::default();
    let url = terms.global("URL");
    let address = terms.string("https://u:p@Files.Example:443/a?b#c");
    let place = Place::here(crate::model::Span::default());
    let made = terms.construct(url, &[address], place);
    for (key, part) in [
        ("protocol", "https:"),
        ("host", "files.example"),
        ("hostname", "files.example"),
        ("port", ""),
        ("origin", "https://files.example"),
    ] {
        let member = terms.member(made, key);
        assert_eq!(terms.as_string(member).as_deref(), Some(part), "{key}");
    }
    let path = terms.member(made, "pathname");
    assert_eq!(terms.as_string(path), None);
}

#[test]
fn functions_with_a_name_of_their_own_get_what_their_place_gives() {
    check(
        &[
            ("(function job(x) { PROBE(x + '/a'); })('b')", "b/a"),
            (
                "['b'].forEach(function each(x) { PROBE(x + '/a'); })",
                "b/a",
            ),
            (
                "(function job(x) { PROBE(x + '/a'); }).call(null, 'b')",
                "b/a",
            ),
        ],
        "js",
        "process.inspect ",
    );
}
