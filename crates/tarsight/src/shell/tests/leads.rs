//! Which files a line leads to.

use super::{Dialect, leads, meaning};

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
    assert_eq!(leads("node${IFS}a.js"), ["a.js"]);
    assert_eq!(leads("flock /tmp/lock node a.js"), ["a.js"]);
    assert_eq!(leads("parallel node ::: a lib/b"), ["a.js", "lib/b.js"]);
    assert_eq!(leads("turbo run build:one"), ["a.js"]);
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
fn scripts_of_a_nested_package() {
    assert_eq!(leads("npm --prefix sub run build"), ["lib/b.js"]);
    assert_eq!(leads("npm -C ./sub run build"), ["lib/b.js"]);
    assert_eq!(leads("cd sub && yarn build"), ["lib/b.js"]);
    assert_eq!(leads("cd sub/deeper && pnpm run build"), ["lib/b.js"]);
    assert_eq!(leads("cd lib && npm run build"), ["a.js", "lib/b.js"]);
    assert_eq!(leads("npm --prefix /elsewhere run build"), [""; 0]);
    assert_eq!(leads("cd sub && npm install"), ["cli.js"]);
    assert_eq!(leads("npm i ./sub"), ["cli.js"]);
    assert_eq!(leads("npm install --prefix sub"), ["cli.js"]);
    assert_eq!(leads("npm install file:sub other"), ["cli.js"]);
}

#[test]
fn settings_and_tests_that_tools_run() {
    assert_eq!(leads("gulp"), ["gulpfile.js"]);
    assert_eq!(leads("npx gulp --silent build"), ["gulpfile.js"]);
    assert_eq!(leads("rollup -c my.config.js"), ["my.config.js"]);
    assert_eq!(leads("rollup --config=my.config.js"), ["my.config.js"]);
    assert_eq!(leads("webpack"), [""; 0]);
    assert_eq!(leads("mocha"), ["a.js"]);
    assert_eq!(leads("mocha -r ./cli lib/b.js"), ["cli.js", "lib/b.js"]);
    assert_eq!(leads("nyc mocha lib/b.js"), ["lib/b.js"]);
    assert_eq!(leads("node --test"), ["a.js"]);
    assert_eq!(leads("node --test lib/b.js"), ["lib/b.js"]);
}

#[test]
fn programs_behind_names_and_arrays() {
    assert_eq!(leads("alias n='node'; n a.js"), ["a.js"]);
    assert_eq!(leads("x=no; x+=de; $x a.js"), ["a.js"]);
    assert_eq!(leads("x=(node a.js); \"${x[@]}\""), ["a.js"]);
    assert_eq!(leads("x=(a no b); ${x[1]}de ${x[0]}.js"), ["a.js"]);
    assert_eq!(leads("x=(node); x+=(a.js); ${x[*]}"), ["a.js"]);
    assert_eq!(leads("x[1]=node; ${x[1]} a.js"), ["a.js"]);
    assert_eq!(leads("x=n_o_d_e; ${x//_/} a.js"), ["a.js"]);
    assert_eq!(leads("x=noXe; ${x/X/d} a.js"), ["a.js"]);
    assert_eq!(leads("x=1.node.2; y=${x#*.}; ${y%.*} a.js"), ["a.js"]);
    assert_eq!(leads("x=a.js.bak; node ${x%.bak}"), ["a.js"]);
    assert_eq!(leads("x=NODE; ${x,,} a.js"), ["a.js"]);
    assert_eq!(leads("x=enode; ${x: -4} a.js"), ["a.js"]);
    assert_eq!(leads("x=nodejunk; ${x::4} a.js"), ["a.js"]);
    assert_eq!(leads("x=nodejunk; ${x:0:-4} a.js"), ["a.js"]);
    assert_eq!(leads("set XY=xnodex& %XY:~1,4% a.js"), ["a.js"]);
    assert_eq!(leads("set XY=nozzde& %XY:zz=% a.js"), ["a.js"]);
}
