//! Surfaces of files that other tools read: what their commands lead to.

use super::resolve::Resolver;
use super::surfaces::Surface;
use super::world::{Inside, Names};
use crate::model::{FileId, Reach, SurfaceKind, Trigger};
use crate::shell::{Dialect, Lead, Meaning, Setting, understand};
use crate::tool::{Act, Door, Leads};
use crate::value::Place;

/// Surfaces for single commands; the files of further ones are on their tool's first surface.
const MOST_COMMANDS: usize = 256;

/// How tools spell the folder that they work in.
const HERE: [&str; 10] = [
    "\"$CLAUDE_PROJECT_DIR\"",
    "${CLAUDE_PROJECT_DIR}",
    "$CLAUDE_PROJECT_DIR",
    "%CLAUDE_PROJECT_DIR%",
    "${containerWorkspaceFolder}",
    "${localWorkspaceFolder}",
    "${workspaceFolder}",
    "${workspaceRoot}",
    "${{ github.workspace }}",
    "$GITHUB_WORKSPACE",
];

/// A surface for each tool with its files, then one for each command that leads to a file or
/// runs by itself; and what the commands do, with when.
pub(super) fn surfaces(
    resolver: &mut Resolver,
    names: &Names,
    doors: &[Door],
) -> (Vec<Surface>, Vec<(Reach, Meaning)>) {
    let mut found: Vec<Surface> = Vec::new();
    let mut meanings = Vec::new();
    let mut commands = 0;
    for of_tool in doors.chunk_by(|a, b| a.tool == b.tool) {
        let Some(first) = of_tool.first() else {
            continue;
        };
        let mut surface = Surface::named(SurfaceKind::Tool, first.tool);
        surface.entries = of_tool.iter().map(|door| door.file).collect();
        if first.waits {
            surface.trigger = Trigger::Call;
        }
        let at = found.len();
        found.push(surface);
        let acts = of_tool
            .iter()
            .flat_map(|door| door.acts.iter().map(move |act| (door.file, act)));
        for (file, act) in acts {
            let meaning = meaning(resolver, names, file, act);
            let mut files: Vec<FileId> = Vec::new();
            for lead in meaning.leads.iter().filter(|lead| lead.at.file == file) {
                if !files.contains(&lead.to) {
                    files.push(lead.to);
                }
            }
            meanings.push((Reach::of(SurfaceKind::Tool, act.trigger), meaning));
            let by_itself = act.trigger == Trigger::Load && act.leads != Leads::Nowhere;
            if files.is_empty() && !by_itself {
                continue;
            }
            commands += 1;
            if commands > MOST_COMMANDS
                && let Some(first) = found.get_mut(at)
            {
                first.entries.extend(files);
                first.trigger = first.trigger.max(act.trigger);
                continue;
            }
            let mut surface = Surface::named(SurfaceKind::Tool, first.tool);
            surface.hook = Some(act.event.clone());
            surface.command = Some(act.target.clone());
            surface.entries = files;
            surface.trigger = act.trigger;
            found.push(surface);
        }
    }
    (found, meanings)
}

fn meaning(resolver: &mut Resolver, names: &Names, file: FileId, act: &Act) -> Meaning {
    let at = Place {
        file,
        span: act.span,
    };
    match act.leads {
        Leads::Nowhere => Meaning::default(),
        Leads::Line => {
            let setting = Setting {
                dialect: Dialect::Either,
                file,
                whole: Some(act.span),
                folder: "<package>".to_owned(),
                own: None,
                made: Vec::new(),
            };
            let mut inside = Inside { resolver, names };
            let line = from_here(&act.target);
            let mut meaning = understand(&line, &setting, &mut inside);
            // The line itself is said by the door.
            let is_line = |one: &str| one.trim() == act.target.trim();
            meaning.acts.retain(|one| {
                one.id != "process.exec" || !one.target.as_deref().is_some_and(is_line)
            });
            meaning
        }
        Leads::File => {
            let to = resolver.relative("", &from_here(&act.target));
            let lead = to.map(|to| Lead {
                to,
                at,
                is_code: false,
            });
            Meaning {
                leads: lead.into_iter().collect(),
                ..Meaning::default()
            }
        }
    }
}

/// A line in which the tool's own folder is the package's root.
fn from_here(line: &str) -> String {
    let mut line = line.to_owned();
    for spelt in HERE {
        if line.contains(spelt) {
            line = line.replace(spelt, ".");
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest;
    use crate::manifest::tests::package;
    use crate::tool::doors;

    #[test]
    fn commands_lead_to_files_of_the_package() {
        let archive = package(
            "{}",
            &[
                (
                    ".claude/settings.json",
                    r#"{"hooks":{"SessionStart":[{"hooks":[{"type":"command","command":"node \"$CLAUDE_PROJECT_DIR\"/.claude/a.mjs"}]}]}}"#,
                ),
                (".claude/a.mjs", ""),
                (
                    ".github/workflows/a.yml",
                    "on: push\njobs: {a: {steps: [{run: node b.js}, {run: npm ci}]}}",
                ),
                ("b.js", ""),
            ],
        );
        let manifest = manifest::read(&archive);
        let names = Names::new(&archive, &manifest);
        let (found, _) = surfaces(
            &mut Resolver::new(&archive),
            &names,
            &doors(&archive, &manifest),
        );
        let lines: Vec<String> = found
            .iter()
            .map(|one| {
                let entries: Vec<&str> =
                    one.entries.iter().map(|&file| archive.path(file)).collect();
                let hook = one.hook.as_deref().unwrap_or("-");
                let name = one.name.as_deref().unwrap_or("-");
                format!("{name} {hook} {:?} {}", one.trigger, entries.join(" "))
            })
            .collect();
        assert_eq!(
            lines,
            [
                "claude-settings - Load .claude/settings.json",
                "claude-settings SessionStart Load .claude/a.mjs",
                "github-workflows - Call .github/workflows/a.yml",
                "github-workflows push Call b.js",
            ]
        );
    }
}
