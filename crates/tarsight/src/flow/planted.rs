//! Files that code writes where another program obeys them, read the way that program does: a
//! start file of a shell, a schedule, a service, a hook, the settings of an editor or an agent.

use super::layers::{push_written, texts};
use super::lines::{self, MOST_LINES};
use super::package::Package;
use super::render::render;
use super::uses::{Use, arguments_at};
use crate::api::targets;
use crate::shell::{Dialect, Setting};
use crate::tool::{self, Act, Door, Leads, Planted};
use crate::value::ValueId;

/// Files of one package that are read so.
const MOST_FILES: usize = 256;
/// Keys of services and of programs that start with the desktop that name commands.
const STARTS: [&str; 8] = [
    "Exec",
    "ExecCondition",
    "ExecReload",
    "ExecStart",
    "ExecStartPost",
    "ExecStartPre",
    "ExecStop",
    "ExecStopPost",
];
/// Folders of scripts that a schedule runs.
const FOLDERS: [&str; 4] = [
    "cron.daily/",
    "cron.hourly/",
    "cron.monthly/",
    "cron.weekly/",
];
/// Acts of one of them that are kept.
const MOST_ACTS: usize = 256;
/// Longest text of one.
const MOST_BYTES: usize = 1 << 20;

/// Reads what the uses write to such places.
pub(super) fn follow(package: &mut Package<'_>, uses: &[Use]) {
    package.planted.clear();
    let mut left = MOST_FILES;
    for one in uses {
        let writes = one.effects.iter().filter(|e| e.behaviour.id == "fs.write");
        let targets = writes.flat_map(|effect| &effect.targets);
        let paths = targets.filter_map(|target| target.text.as_deref());
        let places: Vec<(&str, &str)> = paths
            .filter(|path| !path.starts_with("<package>"))
            .filter_map(|path| Some((path, targets::persistence_path(path)?.id)))
            .collect();
        if places.is_empty() {
            continue;
        }
        let texts = contents(package, one);
        for &(path, class) in &places {
            for text in &texts {
                if text.len() > MOST_BYTES {
                    unread(
                        package,
                        one,
                        path,
                        "larger than what is read of a file that is written",
                    );
                    continue;
                }
                if left == 0 || !package.steps_for(text.len()) {
                    unread(
                        package,
                        one,
                        path,
                        "too many files are written for other tools",
                    );
                    return;
                }
                left -= 1;
                read(package, one, path, class, text);
            }
        }
    }
}

/// The texts that a use may write; parts that are not known are `<?>`.
fn contents(package: &mut Package<'_>, one: &Use) -> Vec<String> {
    let places = one.row.data.iter();
    let data: Vec<ValueId> = places
        .flat_map(|&place| arguments_at(package, place, &one.args))
        .collect();
    let mut all = Vec::new();
    for value in data {
        let known = texts(package, value);
        if known.is_empty() {
            let rendered = render(package, value);
            all.extend(rendered.known.then_some(rendered.text));
        }
        all.extend(known.iter().map(|text| text.to_string()));
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn read(package: &mut Package<'_>, one: &Use, path: &str, class: &str, text: &str) {
    let first = text.lines().next().unwrap_or("");
    let is_node = first.starts_with("#!") && first.contains("node");
    let is_code = [".js", ".cjs", ".mjs"]
        .iter()
        .any(|end| path.ends_with(end));
    if is_code || is_node {
        let code = if is_node {
            text.strip_prefix(first)
        } else {
            None
        };
        return push_written(package, one, code.unwrap_or(text));
    }
    if let Some((tool, mut acts)) = tool::planted(path, text) {
        for act in &mut acts {
            act.span = one.span;
            // What an agent is told to do it may do.
            if act.leads == Leads::Line && act.does == "process.exec" {
                line(package, one, Dialect::Value, &act.target);
            }
        }
        if acts.len() > MOST_ACTS {
            acts.truncate(MOST_ACTS);
            unread(
                package,
                one,
                path,
                "more commands and settings than are kept",
            );
        }
        keep(package, door(one, tool, path, acts));
        return;
    }
    let dialect = match path.rsplit('.').next().unwrap_or("") {
        "bat" | "cmd" => Dialect::Batch,
        "ps1" => Dialect::PowerShell,
        _ => Dialect::Value,
    };
    match class {
        "persistence.shell-start" | "persistence.git-hook" | "persistence.init" => {
            line(package, one, dialect, text);
        }
        "persistence.autostart" if dialect != Dialect::Value => line(package, one, dialect, text),
        "persistence.autostart" | "persistence.systemd" => {
            let whole = text.replace("\\\n", " ");
            for command in settings(&whole, &STARTS) {
                line(package, one, dialect, command);
            }
        }
        "persistence.cron" if FOLDERS.iter().any(|folder| path.contains(folder)) => {
            line(package, one, dialect, text);
        }
        "persistence.cron" => {
            // Those of the machine say for whom, too.
            let fields = 5 + usize::from(path.starts_with("/etc/"));
            for command in text.lines().filter_map(|line| scheduled(line, fields)) {
                line(package, one, dialect, command);
            }
        }
        "persistence.launch-agent" => {
            let words = strings_after(text, "ProgramArguments");
            if !words.is_empty() {
                let setting = setting(one, dialect);
                let meaning = package.graph.understand_words(words, &setting);
                package.graph.follow(&meaning, one.reach);
                package.lines.push((meaning, one.reach));
            }
        }
        _ => {}
    }
}

fn door(one: &Use, tool: &'static str, path: &str, acts: Vec<Act>) -> Door {
    Door {
        tool,
        file: one.file,
        waits: false,
        acts,
        unread: None,
        planted: Some(Planted {
            path: path.to_owned(),
            reach: one.reach,
        }),
    }
}

/// Tells that a file that is written was not read, or not as a whole.
fn unread(package: &mut Package<'_>, one: &Use, path: &str, why: &str) {
    let mut door = door(one, "planted", path, Vec::new());
    door.unread = Some(format!("{path}: {why}"));
    package.planted.push(door);
}

/// One door for each file that a use may write: its texts differ in what is not known of them.
fn keep(package: &mut Package<'_>, door: Door) {
    let last = package.planted.last_mut();
    let same = last.filter(|last| {
        last.tool == door.tool && last.file == door.file && last.planted == door.planted
    });
    match same {
        Some(last) => {
            for act in door.acts {
                if last.acts.len() < MOST_ACTS && !last.acts.contains(&act) {
                    last.acts.push(act);
                }
            }
        }
        None => package.planted.push(door),
    }
}

/// What runs later is read as what runs at once is.
fn setting(one: &Use, dialect: Dialect) -> Setting {
    Setting {
        dialect,
        ..lines::setting(one, Vec::new())
    }
}

fn line(package: &mut Package<'_>, one: &Use, dialect: Dialect, text: &str) {
    if package.lines.len() >= MOST_LINES || !package.step() {
        return;
    }
    let meaning = package.graph.understand(text, &setting(one, dialect));
    package.graph.follow(&meaning, one.reach);
    package.lines.push((meaning, one.reach));
}

/// The values of these keys, in files of `key=value`.
fn settings<'a>(text: &'a str, keys: &'a [&str]) -> impl Iterator<Item = &'a str> {
    text.lines().filter_map(|line| {
        let (key, value) = line.split_once('=')?;
        let is_wanted = keys.contains(&key.trim());
        // Signs before a command steer how systemd takes its end.
        is_wanted.then(|| value.trim().trim_start_matches(['-', '@', '+', '!', ':']))
    })
}

/// The command of a line of a schedule, after so many fields: `@reboot` stands for five.
fn scheduled(line: &str, fields: usize) -> Option<&str> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let fields = if line.starts_with('@') {
        fields - 4
    } else {
        fields
    };
    let mut rest = line;
    for _ in 0..fields {
        let (_, after) = rest.split_once([' ', '\t'])?;
        rest = after.trim_start();
    }
    Some(rest)
}

/// The strings of the list that follows a key of a property list.
fn strings_after(text: &str, key: &str) -> Vec<String> {
    // What stands in comments is not read.
    let mut pieces = text.split("<!--");
    let mut plain = pieces.next().unwrap_or("").to_owned();
    for piece in pieces {
        plain.push_str(piece.split_once("-->").map_or("", |(_, rest)| rest));
    }
    let Some((_, rest)) = plain.split_once(key) else {
        return Vec::new();
    };
    let list = rest.split("</array>").next().unwrap_or(rest);
    let items = list.split("<string>").skip(1);
    items
        .filter_map(|item| item.split("</string>").next())
        .map(|item| {
            item.replace("&quot;", "\"")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
        })
        .map(|item| item.replace("&apos;", "'").replace("&amp;", "&"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_schedules_services_and_property_lists() {
        let all: Vec<_> = "# x\n*/5 * * * * sh a.sh\n@reboot  b c\n\nshort\n"
            .lines()
            .filter_map(|line| scheduled(line, 5))
            .collect();
        assert_eq!(all, ["sh a.sh", "b c"]);
        assert_eq!(scheduled("@daily root a", 6), Some("a"));
        let unit = "[Service]\nExecStart=-/bin/sh a\nRestart=always\n";
        let all: Vec<_> = settings(unit, &["ExecStart"]).collect();
        assert_eq!(all, ["/bin/sh a"]);
        let list = "<key>ProgramArguments</key><array><string>sh</string><string>-c</string>\
            <string>a &amp;&amp; b</string></array><key>K</key><string>no</string>";
        assert_eq!(
            strings_after(list, "ProgramArguments"),
            ["sh", "-c", "a && b"]
        );
    }
}
