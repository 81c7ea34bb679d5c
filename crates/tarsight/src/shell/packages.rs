//! Package managers, and what runs scripts of package.json.

use super::programs::{Call, joined};
use super::read::Dialect;
use super::run::{Here, Shell, base};
use super::runtimes::By;
use super::table::Role;
use super::value::{TaintKind, Value};
use crate::api::AimKind;
use crate::model::Origin;
use crate::value::Place;

/// Settings that make a package manager run, trust or fetch something else.
const STEERING: [&str; 5] = ["registry", "script-shell", "node-options", "_auth", "git"];

/// Scripts of one pattern that are followed.
const MOST_SCRIPTS: usize = 32;

impl Shell<'_> {
    /// `npx`: a command of the package, or of another one that is fetched.
    pub(super) fn fetched(&mut self, call: &Call<'_>) -> Value {
        if let Some(line) = call.first(Role::Line) {
            return self.any_line(&line, call);
        }
        let words = call.from(Role::Command).to_vec();
        self.fetched_words(&words, call)
    }

    pub(super) fn fetched_words(&mut self, words: &[Value], call: &Call<'_>) -> Value {
        let Some(first) = words.first() else {
            return Value::default();
        };
        let is_known = super::table::program(&base(&first.text)).is_some();
        if is_known || self.world.command(&base(&first.text)).is_some() {
            return self.program(words.to_vec(), call.input, call.span);
        }
        self.act("module.install", AimKind::Module, first, call.span);
        Value::unknown(Origin::Unknown)
    }

    pub(super) fn manager(&mut self, call: &Call<'_>) -> Value {
        let words = call.of(Role::Rest);
        let Some(verb) = words.first().map(|word| word.text.as_str()) else {
            if call.name.starts_with("yarn") {
                self.install(call);
            }
            return Value::default();
        };
        let name = words.get(1).map(|word| word.text.clone());
        match verb {
            "run" | "run-script" | "rum" | "urn" => {
                if let Some(name) = name {
                    self.scripts_of(call, &name);
                }
            }
            "t" | "tst" => self.scripts_of(call, "test"),
            "restart" => ["stop", "restart", "start"]
                .iter()
                .for_each(|name| self.scripts_of(call, name)),
            "exec" | "x" | "dlx" | "explore" => {
                let at = call
                    .words
                    .iter()
                    .position(|word| word.text == verb)
                    .unwrap_or(0)
                    + 1;
                let mut rest: Vec<Value> = call.words.get(at..).unwrap_or(&[]).to_vec();
                if verb == "explore" && !rest.is_empty() {
                    rest.remove(0);
                }
                while rest.first().is_some_and(|word| word.text.starts_with('-')) {
                    rest.remove(0);
                }
                return self.fetched_words(&rest, call);
            }
            "install" | "i" | "in" | "add" | "ci" | "it" | "link" | "ln" | "update" | "up"
            | "upgrade" | "import" | "install-test" | "rebuild" | "create" | "init" | "global" => {
                self.nested_hooks(call, words.get(1..).unwrap_or(&[]));
                return self.install(call);
            }
            "publish" => {
                let what = words.get(1).map_or(".", |word| word.text.as_str());
                self.act_of("module.publish", AimKind::Other, what, call.span);
            }
            "token" | "whoami" | "profile" => {
                let kind = if verb == "token" {
                    TaintKind::Secret
                } else {
                    TaintKind::Host
                };
                let what = joined(call.words).text;
                return Value::from_source(kind, Some(what), self.place(call.span));
            }
            "config" | "set" => {
                let sets = verb == "set" || words.iter().any(|word| word.text == "set");
                let is_risky = words
                    .iter()
                    .any(|word| STEERING.iter().any(|key| word.text.contains(key)));
                if sets && is_risky {
                    self.act_of("fs.write", AimKind::Path, "~/.npmrc", call.span);
                } else if let Some(key) = words.get(2).filter(|key| key.text.contains("_auth")) {
                    let what = format!("{} {}", call.name, key.text);
                    return Value::from_source(
                        TaintKind::Secret,
                        Some(what),
                        self.place(call.span),
                    );
                }
            }
            name => self.scripts_of(call, name),
        }
        Value::unknown(Origin::Unknown)
    }

    /// The scripts of a name where a package manager works: the nearest package.json at or above
    /// the folder that it is told, or in which it stands.
    fn scripts_of(&mut self, call: &Call<'_>, name: &str) {
        let told = call.first(Role::Folder);
        let folder = match &told {
            Some(folder) => self.absolute(folder).text,
            None => self.cwd.clone(),
        };
        let mut above = folder.as_str();
        while above.starts_with("<package>/") {
            if let Some(scripts) = self.world.scripts_in(above) {
                return self.follow_scripts(&scripts, name, above);
            }
            above = above.rsplit_once('/').map_or("", |(above, _)| above);
        }
        if told.is_none() || folder == "<package>" || folder.starts_with("<package>/") {
            self.named_scripts(name);
        }
    }

    /// The install scripts of folders of the package that are installed as packages.
    fn nested_hooks(&mut self, call: &Call<'_>, named: &[Value]) {
        let mut folders: Vec<Value> = named
            .iter()
            .filter_map(|word| match word.text.strip_prefix("file:") {
                Some(path) => Some(word.with_text(path)),
                None => word.text.starts_with(['.', '<', '/']).then(|| word.clone()),
            })
            .collect();
        if folders.is_empty() {
            let here = Value::literal(self.cwd.clone());
            folders.push(call.first(Role::Folder).unwrap_or(here));
        }
        for folder in folders {
            let folder = self.absolute(&folder).text;
            if !folder.starts_with("<package>/") {
                continue;
            }
            let Some(scripts) = self.world.scripts_in(&folder) else {
                continue;
            };
            for hook in ["install", "prepare"] {
                self.follow_scripts(&scripts, hook, &folder);
            }
        }
    }

    pub(super) fn scripts(&mut self, call: &Call<'_>) -> Value {
        for name in call.of(Role::Script) {
            self.named_scripts(&name.text);
        }
        Value::default()
    }

    /// Scripts of package.json by a name or a pattern, with the hooks around each.
    pub(super) fn named_scripts(&mut self, pattern: &str) {
        let names = match pattern.contains('*') {
            true => self.world.scripts(),
            false => ["pre", "", "post"]
                .map(|hook| format!("{hook}{pattern}"))
                .into(),
        };
        let scripts: Vec<(String, String, Place)> = names
            .into_iter()
            .filter_map(|name| {
                let (line, place) = self.world.script(&name)?;
                Some((name, line, place))
            })
            .collect();
        self.follow_scripts(&scripts, pattern, "<package>");
    }

    fn follow_scripts(&mut self, scripts: &[(String, String, Place)], pattern: &str, folder: &str) {
        let names: Vec<&str> = match pattern.split_once('*') {
            None => vec![pattern],
            Some((before, after)) => {
                let after = after.trim_start_matches('*');
                let fits = |name: &&str| {
                    name.starts_with(before) && name.ends_with(after) && name.len() > before.len()
                };
                let names = scripts.iter().map(|(name, ..)| name.as_str());
                names.filter(fits).take(MOST_SCRIPTS).collect()
            }
        };
        for name in names {
            for hook in ["pre", "", "post"] {
                let name = format!("{hook}{name}");
                let Some((_, line, place)) = scripts.iter().find(|(known, ..)| *known == name)
                else {
                    continue;
                };
                if !self.charge() {
                    return;
                }
                let here = Here {
                    file: place.file,
                    whole: Some(place.span),
                    dialect: Dialect::Either,
                };
                let outer = std::mem::replace(&mut self.cwd, folder.to_owned());
                let key = format!("script {name} of {folder}");
                self.elsewhere(key, line, here, None, &Value::default());
                self.cwd = outer;
            }
        }
    }

    /// `make`: every recipe of the makefile.
    pub(super) fn make(&mut self, call: &Call<'_>) -> Value {
        let command = joined(call.words).text;
        let folder = call
            .first(Role::Folder)
            .map_or(String::new(), |folder| format!("{}/", folder.text));
        let named = call.first(Role::Path).map(|path| path.text);
        let names = match &named {
            Some(name) => vec![name.as_str()],
            None => vec!["GNUmakefile", "makefile", "Makefile"],
        };
        for name in names {
            let path = Value::literal(format!("{folder}{name}"));
            let full = self.absolute(&path);
            if self.world.find(&full.text).is_some() {
                return self.file(
                    &path,
                    Vec::new(),
                    &command,
                    By::Itself,
                    call.input,
                    call.span,
                );
            }
        }
        Value::default()
    }
}
