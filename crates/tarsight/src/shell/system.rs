//! Programs that change the system, hold secrets, or install things; and variables.

use std::rc::Rc;

use super::programs::{Call, joined};
use super::run::Shell;
use super::runtimes::By;
use super::table::Role;
use super::value::{TaintKind, Value};
use crate::api::AimKind;
use crate::model::Origin;

/// Commands that print a secret: the program, and words that have to be among its arguments.
const SECRETS: &[(&str, &[&str])] = &[
    ("gh", &["auth", "token"]),
    ("glab", &["auth", "token"]),
    ("aws", &["configure", "get"]),
    ("aws", &["get-session-token"]),
    ("aws", &["get-secret-value"]),
    ("aws", &["get-parameter"]),
    ("aws", &["get-login-password"]),
    ("aws", &["export-credentials"]),
    ("gcloud", &["print-access-token"]),
    ("gcloud", &["print-identity-token"]),
    ("gcloud", &["secrets", "access"]),
    ("az", &["get-access-token"]),
    ("az", &["keyvault", "show"]),
    ("heroku", &["auth:token"]),
    ("op", &["read"]),
    ("op", &["item", "get"]),
    ("vault", &["read"]),
    ("vault", &["kv", "get"]),
    ("security", &["find-generic-password"]),
    ("security", &["find-internet-password"]),
    ("security", &["dump-keychain"]),
    ("secret-tool", &["lookup"]),
    ("pass", &["show"]),
    ("bw", &["get"]),
    ("lpass", &["show"]),
    ("cmdkey", &["/list"]),
    ("vaultcmd", &["/listcreds"]),
    ("keyctl", &["print"]),
    ("gpg", &["--export-secret-keys"]),
    ("sops", &["-d"]),
    ("git", &["credential"]),
];

impl Shell<'_> {
    /// A command that prints a secret, or an ordinary one of the same program.
    pub(super) fn vault(&mut self, call: &Call<'_>) -> Value {
        let says = |word: &&str| {
            call.words
                .iter()
                .any(|given| given.text.eq_ignore_ascii_case(word))
        };
        let is_secret = SECRETS
            .iter()
            .any(|(name, words)| *name == call.name && words.iter().all(&says));
        if is_secret {
            return self.secret(call);
        }
        if call.name == "aws" && says(&"s3") {
            return self.remote_paths(call);
        }
        Value::unknown(Origin::Unknown)
    }

    pub(super) fn secret(&mut self, call: &Call<'_>) -> Value {
        let what = joined(call.words).text;
        self.act_of("credential.store", AimKind::Command, &what, call.span);
        Value::from_source(TaintKind::Secret, Some(what), self.place(call.span))
    }

    /// `aws s3 cp file s3://bucket`.
    fn remote_paths(&mut self, call: &Call<'_>) -> Value {
        let paths = call.of(Role::Rest);
        let Some(to) = paths
            .iter()
            .rev()
            .find(|path| path.text.starts_with("s3://"))
        else {
            return Value::default();
        };
        self.act("network.http", AimKind::Url, to, call.span);
        for path in paths
            .iter()
            .skip(2)
            .filter(|path| !path.text.starts_with("s3://"))
        {
            let content = match path.text.as_str() {
                "-" => call.input.clone(),
                _ => self.content(path, call.span),
            };
            self.sends("network.http", to, &[&content], call.span);
        }
        Value::default()
    }

    /// A program that matters by its name, and by some of its words.
    pub(super) fn tool(&mut self, call: &Call<'_>) -> Value {
        let words = call.of(Role::Rest);
        let first = words.first().map_or("", |word| word.text.as_str());
        match call.name {
            "git" | "hg" | "svn" => return self.version_control(call),
            "node-gyp" | "node-gyp-build" | "node-pre-gyp" | "prebuild" | "prebuild-install"
            | "cmake-js" => {
                return self.native_build(call);
            }
            "lerna" | "turbo" | "nx" if first == "run" => {
                for name in words.iter().skip(1) {
                    self.named_scripts(&name.text);
                }
            }
            "cargo" if first == "install" => return self.install(call),
            "go" if first == "install" || first == "get" => return self.install(call),
            "launchctl" => {
                if let Some(path) = words.iter().find(|word| word.text.ends_with(".plist")) {
                    let name = path.text.rsplit('/').next().unwrap_or("");
                    let path = format!("~/Library/LaunchAgents/{name}");
                    self.act_of("fs.write", AimKind::Path, &path, call.span);
                }
            }
            "systemctl" | "service" | "update-rc.d" => {
                if matches!(first, "enable" | "start" | "restart")
                    && let Some(unit) = words.get(1)
                {
                    let folder = if call.found.has("user") {
                        "~/.config/systemd/user"
                    } else {
                        "/etc/systemd/system"
                    };
                    let path = format!("{folder}/{}", unit.text);
                    self.act_of("fs.read", AimKind::Path, &path, call.span);
                }
            }
            "reg" => self.registry(call),
            "set-itemproperty" | "new-itemproperty" => self.registry(call),
            "chpasswd" | "useradd" | "adduser" | "usermod" | "visudo" => {
                let path = if call.name == "visudo" {
                    "/etc/sudoers"
                } else {
                    "/etc/passwd"
                };
                self.act_of("fs.write", AimKind::Path, path, call.span);
            }
            _ => {}
        }
        let mut printed = Value::unknown(Origin::Unknown);
        for value in call.everything() {
            for taint in &value.taints {
                printed.taint(taint.clone());
            }
        }
        printed
    }

    /// A build of native code reads its instructions, and runs the commands in them.
    fn native_build(&mut self, call: &Call<'_>) -> Value {
        let path = match call.first(Role::Folder) {
            Some(folder) => Value::literal(format!("{}/binding.gyp", folder.text)),
            None => Value::literal("binding.gyp"),
        };
        let full = self.absolute(&path);
        if self.world.find(&full.text).is_some() {
            let command = joined(call.words).text;
            self.file(
                &path,
                Vec::new(),
                &command,
                By::Itself,
                call.input,
                call.span,
            );
        }
        Value::unknown(Origin::Unknown)
    }

    /// A key of the registry from which Windows starts programs.
    fn registry(&mut self, call: &Call<'_>) {
        let line = joined(call.words).text.to_ascii_lowercase();
        let adds = line.contains(" add ") || call.name != "reg";
        if adds && line.contains("\\currentversion\\run") {
            let path =
                "~/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup/registry-run";
            self.act_of("fs.write", AimKind::Path, path, call.span);
        }
    }

    pub(super) fn kill(&mut self, call: &Call<'_>) -> Value {
        let what = joined(&call.of(Role::Rest)).text;
        self.act_of("process.signal", AimKind::Other, &what, call.span);
        Value::default()
    }

    /// `crontab FILE`, `… | crontab -`, `schtasks /create`, `at`.
    pub(super) fn schedule(&mut self, call: &Call<'_>) -> Value {
        let lines = call.of(Role::Line);
        for line in &lines {
            self.any_line(line, call);
        }
        match call.name {
            "crontab" => {
                let path = call.first(Role::Path);
                if let Some(path) = &path
                    && path.text != "-"
                {
                    self.content(path, call.span);
                }
                if path.is_some() && !call.found.has("l") {
                    let table = Value::literal("/var/spool/cron/<?>");
                    self.writes(&table, call.input, call.span);
                }
                if call.found.has("l") {
                    return Value::unknown(Origin::File);
                }
            }
            "schtasks" | "register-scheduledtask" => {
                if call.name != "schtasks" || call.found.has("create") {
                    let name = call
                        .first(Role::To)
                        .map_or("<?>".to_owned(), |name| name.text);
                    let task = format!("C:/Windows/System32/Tasks/{name}");
                    self.act_of("fs.write", AimKind::Path, &task, call.span);
                }
            }
            _ => {
                self.runs(call.input, call.name, false, call.span);
                let text = call.input.text.clone();
                if call.input.is_known() && !text.trim().is_empty() {
                    self.line(&text, &Value::default(), call.span);
                }
            }
        }
        Value::default()
    }

    /// Packages that are installed while this one is.
    pub(super) fn install(&mut self, call: &Call<'_>) -> Value {
        let words = call.of(if call.name == "bun" {
            Role::Run
        } else {
            Role::Rest
        });
        let mut words: Vec<Value> = words;
        if call.name == "bun" {
            words.extend(
                call.after()
                    .iter()
                    .filter(|word| !word.text.starts_with('-'))
                    .cloned(),
            );
        }
        let verb = words.first().map_or("", |word| word.text.as_str());
        let asks = matches!(
            verb,
            "list"
                | "ls"
                | "show"
                | "info"
                | "search"
                | "config"
                | "--version"
                | "help"
                | "freeze"
                | "exec"
                | "run"
                | "env"
                | "uninstall"
                | "remove"
                | "cache"
        );
        if asks {
            return Value::unknown(Origin::Unknown);
        }
        let named: Vec<&Value> = words.iter().skip(1).collect();
        if named.is_empty() {
            self.act_on(
                "module.install",
                AimKind::Module,
                None,
                Value::literal(".").origin,
                call.span,
            );
        }
        for one in named {
            self.act("module.install", AimKind::Module, one, call.span);
        }
        Value::default()
    }

    /// `regsvr32 x.dll`, `rundll32 x.dll,main`, `msiexec /i URL`.
    pub(super) fn load(&mut self, call: &Call<'_>) -> Value {
        /// Libraries of Windows that open an address with whatever the user has for it.
        const OPENERS: [&str; 3] = ["fileprotocolhandler", "openurl", "shellexec_rundll"];
        let command = joined(call.words).text;
        let first = call.words.get(1).map_or("", |word| word.text.as_str());
        let entry = first.rsplit(',').next().unwrap_or("").to_ascii_lowercase();
        if OPENERS.contains(&entry.as_str()) {
            return Value::default();
        }
        for path in call.of(Role::Path) {
            let path = path.with_text(path.text.split(',').next().unwrap_or(""));
            if path.text.contains("://") {
                self.act("network.http", AimKind::Url, &path, call.span);
                let answer =
                    Value::from_source(TaintKind::Remote, path.target(), self.place(call.span));
                self.runs(&answer, &command, false, call.span);
                continue;
            }
            let full = self.absolute(&path);
            self.act("process.native", AimKind::Path, &full, call.span);
            self.file(
                &path,
                Vec::new(),
                &command,
                By::Itself,
                call.input,
                call.span,
            );
        }
        Value::default()
    }

    /// `export A=b`, `set A=b`, and the same without anything: prints the environment.
    pub(super) fn set(&mut self, call: &Call<'_>) -> Value {
        let words = call.words.get(1..).unwrap_or(&[]);
        let mut sets = false;
        for word in words {
            if let Some((name, value)) = word.text.split_once('=') {
                sets = true;
                if call.name == "alias" {
                    self.alias(name, value);
                    continue;
                }
                let name = name.trim_start_matches('"').to_owned();
                let value = value.trim_end_matches('"');
                let value = word.with_text(value);
                self.variables.insert(name, value);
            }
        }
        let asks = words
            .iter()
            .all(|word| matches!(word.text.as_str(), "-p" | "-x" | "-px"));
        if asks && !sets && matches!(call.name, "export" | "set" | "declare" | "setenv") {
            return self.whole_environment(call.span);
        }
        Value::default()
    }

    /// A name for a command: a function that passes its arguments on.
    fn alias(&mut self, name: &str, text: &str) {
        if !self.pay_for(text) {
            return;
        }
        let body = self.read(&format!("{text} \"$@\""));
        self.functions.insert(name.to_owned(), Rc::new(body.nodes));
        self.called.push(name.to_owned());
    }

    pub(super) fn read_variables(&mut self, call: &Call<'_>) -> Value {
        let mut names = call.of(Role::Rest);
        if names.is_empty() {
            names.push(Value::literal("REPLY"));
        }
        for name in names {
            let value = if call.input.is_empty() {
                Value::unknown(Origin::Unknown)
            } else {
                call.input.clone()
            };
            self.variables.insert(name.text, value);
        }
        Value::default()
    }
}
