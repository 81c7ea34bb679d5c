//! Programs that talk to other machines.

use super::programs::{Call, joined};
use super::run::Shell;
use super::table::Role;
use super::value::{TaintKind, Value};
use crate::api::AimKind;
use crate::model::Origin;

impl Shell<'_> {
    /// `curl`, `wget`, `Invoke-WebRequest`: asks addresses, sends what it is told to.
    pub(super) fn fetch(&mut self, call: &Call<'_>, into_file: bool) -> Value {
        let mut payload: Vec<Value> = Vec::new();
        for value in call.of(Role::Data) {
            payload.push(self.data(&value, call));
        }
        for value in call.of(Role::Upload) {
            payload.push(match value.text.as_str() {
                "-" | "." => call.input.clone(),
                _ => self.content(&value, call.span),
            });
        }
        payload.extend(call.of(Role::Sent));
        for path in call.of(Role::Path) {
            self.content(&path, call.span);
        }
        let mut urls = call.of(Role::Url);
        urls.retain(|url| !is_odd(&url.text));
        let mut answer = Value::default();
        for url in &urls {
            let url = &with_scheme(url);
            let (id, kind) = match url.text.split_once("://") {
                Some(("ws" | "wss", _)) => ("network.websocket", AimKind::Url),
                Some(("file", path)) => {
                    let path = url.with_text(path);
                    let content = self.content(&path, call.span);
                    answer.push(&content);
                    continue;
                }
                _ => ("network.http", AimKind::Url),
            };
            self.act(id, kind, url, call.span);
            let mut sent: Vec<&Value> = payload.iter().collect();
            sent.push(url);
            // A socket client sends what it reads.
            if id == "network.websocket" {
                sent.push(call.input);
            }
            self.sends(id, url, &sent, call.span);
            let place = self.place(call.span);
            answer.push(&Value::from_source(TaintKind::Remote, url.target(), place));
        }
        if urls.is_empty() {
            return Value::default();
        }
        answer.text = "<?>".to_owned();
        self.keep(call, into_file, &urls, answer)
    }

    /// Where an answer goes: files, or what is printed.
    fn keep(&mut self, call: &Call<'_>, into_file: bool, urls: &[Value], answer: Value) -> Value {
        let mut outs = call.of(Role::Out);
        if outs
            .iter()
            .any(|out| matches!(out.text.as_str(), "-" | "/dev/stdout"))
        {
            return answer;
        }
        let prints_help = call.found.has("spider") || call.found.has("version");
        let named = call.found.has("O") && call.name.starts_with("curl")
            || call.found.has("remote-name")
            || call.found.has("remote-name-all");
        if outs.is_empty() && (into_file || named) && !prints_help {
            let folder = call.first(Role::Folder);
            let names = urls.iter().map(|url| {
                let path = url.text.split(['?', '#']).next().unwrap_or("");
                let name = path.trim_end_matches('/').rsplit('/').next().unwrap_or("");
                let name = if name.is_empty() { "index.html" } else { name };
                match &folder {
                    Some(folder) => url.with_text(format!("{}/{name}", folder.text)),
                    None => url.with_text(name),
                }
            });
            outs.extend(names);
        }
        if outs.is_empty() {
            return answer;
        }
        for mut out in outs {
            // The path is not what was answered.
            out.taints.clear();
            self.writes(&out, &answer, call.span);
        }
        Value::default()
    }

    /// `-d text`, `-d @file`, `-F name=@file`, `-d @-`.
    fn data(&mut self, value: &Value, call: &Call<'_>) -> Value {
        let text = value.text.as_str();
        let path = text.strip_prefix('@').or_else(|| {
            let (_, rest) = text.split_once('=')?;
            // A part that is not known is written in the same brackets.
            let is_open = |path: &&str| !path.split('/').next().unwrap_or("").contains('>');
            rest.strip_prefix('@')
                .or_else(|| rest.strip_prefix('<').filter(is_open))
        });
        let path = path.or_else(|| {
            // `--data-urlencode name@file`.
            let (name, path) = text.split_once('@')?;
            let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric());
            (is_name && !path.contains('.') || path.starts_with(['/', '~', '-'])).then_some(path)
        });
        match path.map(|path| path.split(';').next().unwrap_or(path)) {
            Some("-") => call.input.clone(),
            Some(path) => {
                let path = value.with_text(path);
                self.content(&path, call.span)
            }
            None => value.clone(),
        }
    }

    /// `nc HOST PORT`, `ssh HOST COMMAND`, `telnet`, `socat`.
    pub(super) fn connect(&mut self, call: &Call<'_>) -> Value {
        let to = match call.name {
            "socat" | "openssl-client" => socat(call),
            _ => call.first(Role::Host),
        };
        let Some(host) = to else {
            return Value::default();
        };
        if call.found.has("l") && matches!(call.name, "nc" | "ncat" | "netcat") {
            self.act("network.listen", AimKind::Host, &host, call.span);
            return Value::default();
        }
        let mut to = host;
        if let Some(port) = call.first(Role::Port) {
            to.push_text(":");
            to.push(&port);
        }
        let id = if is_mail(call.name) {
            "network.mail"
        } else {
            "network.socket"
        };
        self.act(id, AimKind::Host, &to, call.span);
        let mut payload = vec![call.input.clone()];
        for upload in call.of(Role::Upload) {
            payload.push(self.content(&upload, call.span));
        }
        payload.extend(call.of(Role::Command));
        payload.extend(call.after().iter().cloned());
        payload.push(to.clone());
        let payload: Vec<&Value> = payload.iter().collect();
        self.sends(id, &to, &payload, call.span);
        let answer = Value::from_source(TaintKind::Remote, to.target(), self.place(call.span));
        let serves = call.of(Role::Serve);
        for program in serves
            .iter()
            .filter(|_| matches!(call.name, "nc" | "ncat" | "netcat"))
        {
            self.runs(&answer, &program.text, false, call.span);
        }
        if call.name == "socat"
            && joined(call.words)
                .text
                .to_ascii_lowercase()
                .contains("exec:")
        {
            self.runs(&answer, &joined(call.words).text, false, call.span);
        }
        answer
    }

    /// `scp`, `rsync`: paths with a colon are on another machine.
    pub(super) fn remote_copy(&mut self, call: &Call<'_>) -> Value {
        let paths = call.of(Role::Path);
        let remote = |path: &Value| {
            let text = &path.text;
            text.contains("://")
                || text
                    .split_once(':')
                    .is_some_and(|(host, _)| host.len() > 1 && !host.contains('/'))
        };
        let Some((to, from)) = paths.split_last() else {
            return Value::default();
        };
        for path in from {
            if remote(path) {
                let host = path.with_text(path.text.split(':').next().unwrap_or(""));
                self.act("network.socket", AimKind::Host, &host, call.span);
                let answer =
                    Value::from_source(TaintKind::Remote, path.target(), self.place(call.span));
                self.writes(to, &answer, call.span);
            } else if remote(to) {
                let content = self.content(path, call.span);
                let host = to.with_text(to.text.split(':').next().unwrap_or(""));
                self.act("network.socket", AimKind::Host, &host, call.span);
                self.sends("network.socket", &host, &[&content], call.span);
            } else {
                let content = self.content(path, call.span);
                self.writes(to, &content, call.span);
            }
        }
        Value::default()
    }

    /// `dig NAME`, `ping HOST`: the name itself may carry data.
    pub(super) fn dns(&mut self, call: &Call<'_>) -> Value {
        let mut answer = Value::default();
        for host in call.of(Role::Host) {
            let is_name = host.text.contains('.') && !host.text.starts_with(['+', '@'])
                || !host.taints.is_empty();
            if !is_name {
                if host.text.starts_with('@') {
                    let server = host.with_text(host.text.trim_start_matches('@'));
                    self.act("network.dns-server", AimKind::Host, &server, call.span);
                }
                continue;
            }
            self.act("network.dns", AimKind::Host, &host, call.span);
            self.sends("network.dns", &host, &[&host], call.span);
            let place = self.place(call.span);
            answer.push(&Value::from_source(TaintKind::Remote, host.target(), place));
        }
        // A ping answers nothing that could be run.
        if call.name.starts_with("ping") {
            Value::default()
        } else {
            answer
        }
    }

    /// `git clone`, `hg clone`: what is fetched is code.
    pub(super) fn version_control(&mut self, call: &Call<'_>) -> Value {
        let words = call.of(Role::Rest);
        let verb = words.first().map_or("", |word| word.text.as_str());
        let mut words = words
            .get(1..)
            .unwrap_or(&[])
            .iter()
            .filter(|word| !word.text.starts_with('-'));
        match verb {
            "clone" => {
                if let Some(url) = words.next() {
                    self.act("network.http", AimKind::Url, url, call.span);
                    let place = self.place(call.span);
                    self.unpacked = Value::from_source(TaintKind::Remote, url.target(), place);
                }
            }
            "push" | "fetch" | "pull" | "ls-remote" => {
                if let Some(url) =
                    words.find(|word| word.text.contains("://") || word.text.contains('@'))
                {
                    self.act("network.http", AimKind::Url, url, call.span);
                    self.sends("network.http", url, &[url], call.span);
                }
            }
            "config" => self.git_config(call),
            "credential" => return self.secret(call),
            _ => {}
        }
        Value::unknown(Origin::Unknown)
    }

    fn git_config(&mut self, call: &Call<'_>) {
        let line = joined(call.words).text;
        let sets = [
            "core.hookspath",
            "init.templatedir",
            "core.fsmonitor",
            "core.sshcommand",
            "core.editor",
            "alias.",
        ];
        let lower = line.to_ascii_lowercase();
        // In a repository of its own that is how hooks are set up.
        let is_global = call.found.has("global") || call.found.has("system");
        if is_global && sets.iter().any(|key| lower.contains(key)) && call.of(Role::Rest).len() > 2
        {
            self.act_of("fs.write", AimKind::Path, "~/.gitconfig", call.span);
        }
    }
}

/// What stands where an address is expected, and is none.
fn is_odd(text: &str) -> bool {
    text.is_empty() || text.bytes().all(|b| b.is_ascii_digit()) || text == "-"
}

/// An address as curl takes it: without a scheme it is HTTP.
fn with_scheme(url: &Value) -> Value {
    let text = url.text.trim();
    if text.contains("://") || text.starts_with('<') {
        return url.with_text(text);
    }
    url.with_text(format!("http://{text}"))
}

/// `TCP:host:port` among the words of socat.
fn socat(call: &Call<'_>) -> Option<Value> {
    call.words.iter().find_map(|word| {
        let (kind, rest) = word.text.split_once(':')?;
        let kind = kind.to_ascii_lowercase();
        let is_client =
            (kind.starts_with("tcp") || kind.starts_with("udp") || kind.starts_with("openssl"))
                && !kind.contains("listen");
        is_client.then(|| word.with_text(rest.split(',').next().unwrap_or(rest)))
    })
}

fn is_mail(name: &str) -> bool {
    matches!(
        name,
        "mail" | "mailx" | "sendmail" | "mutt" | "msmtp" | "swaks"
    )
}
