//! Surfaces of files that other tools read: what their commands lead to.

use super::command::{self, Context, Named};
use super::resolve::Resolver;
use super::surfaces::Surface;
use crate::model::{Reach, SurfaceKind, Trigger};
use crate::source::{Layer, NODE_EVAL};
use crate::tool::{Act, Door, Leads};

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
/// runs by itself; and the code that commands hold, with its reach.
pub(super) fn surfaces(
    resolver: &mut Resolver,
    context: &Context,
    doors: &[Door],
) -> (Vec<Surface>, Vec<(Layer, Reach)>) {
    let mut found: Vec<Surface> = Vec::new();
    let mut layers = Vec::new();
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
            let named = leads(resolver, context, act);
            let reach = Reach::of(SurfaceKind::Tool, act.trigger);
            layers.extend(named.code.into_iter().map(|text| {
                let layer = Layer {
                    file,
                    span: act.span,
                    kind: NODE_EVAL,
                    text,
                };
                (layer, reach)
            }));
            let by_itself = act.trigger == Trigger::Load && act.leads != Leads::Nowhere;
            if named.files.is_empty() && !by_itself {
                continue;
            }
            commands += 1;
            if commands > MOST_COMMANDS
                && let Some(first) = found.get_mut(at)
            {
                first.entries.extend(named.files);
                first.trigger = first.trigger.max(act.trigger);
                continue;
            }
            let mut surface = Surface::named(SurfaceKind::Tool, first.tool);
            surface.hook = Some(act.event.clone());
            surface.command = Some(act.target.clone());
            surface.entries = named.files;
            surface.trigger = act.trigger;
            found.push(surface);
        }
    }
    (found, layers)
}

fn leads(resolver: &mut Resolver, context: &Context, act: &Act) -> Named {
    match act.leads {
        Leads::Nowhere => Named::default(),
        Leads::Line => command::named(resolver, context, &from_here(&act.target)),
        Leads::File => Named {
            files: resolver
                .relative("", &from_here(&act.target))
                .into_iter()
                .collect(),
            code: Vec::new(),
        },
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
        let context = Context::new(&[], &[]);
        let (found, _) = surfaces(
            &mut Resolver::new(&archive),
            &context,
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
