//! Which files which tools read.

use super::{Reader, agent, continuous, devcontainer, editor, git, make, npm, prose, python, yarn};
use crate::archive::{Archive, Entry};
use crate::model::FileId;

/// How a row names its files, from the root of the package.
#[derive(Clone, Copy)]
enum At {
    /// This path.
    Path(&'static str),
    /// Every file in this folder and below it.
    Folder(&'static str),
    /// Files in this folder, not below it, whose name starts like this and ends in a script's
    /// extension.
    Script(&'static str),
    /// Files of this name below this folder.
    Named(&'static str, &'static str),
    /// Files anywhere outside bundled packages whose name ends like this.
    Ending(&'static str),
}

use At::{Ending, Folder, Named, Path, Script};

/// Tool, files, and how they are read; without a reader a file is code of its own.
type Row = (&'static str, &'static [(At, Option<Reader>)]);

const ROWS: &[Row] = &[
    ("npmrc", &[(Path(".npmrc"), Some(npm::npmrc))]),
    (
        "npm-extension",
        &[
            (Path(".npm-extension.mjs"), Some(npm::loaded)),
            (Path(".npm-extension.cjs"), Some(npm::loaded)),
            (Path(".npm-extension.js"), Some(npm::loaded)),
        ],
    ),
    ("patches", &[(Ending(".patch"), Some(npm::patch))]),
    (
        "pnpmfile",
        &[
            (Path(".pnpmfile.cjs"), Some(npm::loaded)),
            (Path(".pnpmfile.mjs"), Some(npm::loaded)),
            (Path("pnpmfile.js"), Some(npm::loaded)),
        ],
    ),
    (
        "pnpm-workspace",
        &[(Path("pnpm-workspace.yaml"), Some(npm::workspace))],
    ),
    (
        "yarn",
        &[
            (Path(".yarnrc.yml"), Some(yarn::berry)),
            (Path(".yarnrc"), Some(yarn::classic)),
            (Folder(".yarn/plugins/"), None),
            (Folder(".yarn/releases/"), None),
        ],
    ),
    ("bunfig", &[(Path("bunfig.toml"), Some(yarn::bun))]),
    (
        "vscode-tasks",
        &[(Path(".vscode/tasks.json"), Some(editor::tasks))],
    ),
    (
        "vscode-launch",
        &[(Path(".vscode/launch.json"), Some(editor::launch))],
    ),
    (
        "vscode-settings",
        &[(Path(".vscode/settings.json"), Some(editor::settings))],
    ),
    (
        "vscode-mcp",
        &[(Path(".vscode/mcp.json"), Some(agent::json))],
    ),
    (
        "claude-settings",
        &[
            (Path(".claude/settings.json"), Some(agent::json)),
            (Path(".claude/settings.local.json"), Some(agent::json)),
        ],
    ),
    ("claude-hooks", &[(Folder(".claude/hooks/"), None)]),
    (
        "mcp",
        &[
            (Path(".mcp.json"), Some(agent::json)),
            (Path("mcp.json"), Some(agent::json)),
        ],
    ),
    (
        "cursor",
        &[
            (Path(".cursor/mcp.json"), Some(agent::json)),
            (Path(".cursor/hooks.json"), Some(agent::json)),
            (Folder(".cursor/hooks/"), None),
        ],
    ),
    (
        "gemini-settings",
        &[(Path(".gemini/settings.json"), Some(agent::json))],
    ),
    (
        "codex-config",
        &[(Path(".codex/config.toml"), Some(agent::toml))],
    ),
    (
        "windsurf",
        &[(Path(".windsurf/mcp.json"), Some(agent::json))],
    ),
    (
        "agent-instructions",
        &[
            (Path("CLAUDE.md"), Some(prose::instructions)),
            (Path("CLAUDE.local.md"), Some(prose::instructions)),
            (Path("AGENTS.md"), Some(prose::instructions)),
            (Path("AGENT.md"), Some(prose::instructions)),
            (Path("GEMINI.md"), Some(prose::instructions)),
            (Path(".cursorrules"), Some(prose::instructions)),
            (Path(".windsurfrules"), Some(prose::instructions)),
            (Path(".clinerules"), Some(prose::instructions)),
            (
                Path(".github/copilot-instructions.md"),
                Some(prose::instructions),
            ),
            (Folder(".cursor/rules/"), Some(prose::instructions)),
            (Folder(".windsurf/rules/"), Some(prose::instructions)),
            (Folder(".clinerules/"), Some(prose::instructions)),
            (Folder(".claude/commands/"), Some(prose::instructions)),
            (Folder(".claude/agents/"), Some(prose::instructions)),
            (Folder(".github/instructions/"), Some(prose::instructions)),
            (
                Named(".claude/skills/", "SKILL.md"),
                Some(prose::instructions),
            ),
            (Named("skills/", "SKILL.md"), Some(prose::instructions)),
        ],
    ),
    (
        "devcontainer",
        &[
            (Path(".devcontainer.json"), Some(devcontainer::commands)),
            (Folder(".devcontainer/"), Some(devcontainer::commands)),
        ],
    ),
    ("idea", &[(Folder(".idea/runConfigurations/"), None)]),
    ("direnv", &[(Path(".envrc"), None)]),
    (
        "git-hooks",
        &[
            (Folder(".husky/"), None),
            (Folder(".githooks/"), None),
            (Folder(".git/hooks/"), None),
            (Path("lefthook.yml"), Some(git::lefthook)),
            (Path(".lefthook.yml"), Some(git::lefthook)),
            (Path("lefthook.yaml"), Some(git::lefthook)),
        ],
    ),
    (
        "git-config",
        &[
            (Path(".git/config"), Some(git::config)),
            (Path(".gitconfig"), Some(git::config)),
        ],
    ),
    (
        "pre-commit",
        &[(Path(".pre-commit-config.yaml"), Some(git::pre_commit))],
    ),
    (
        "github-workflows",
        &[(Folder(".github/workflows/"), Some(continuous::github))],
    ),
    (
        "github-action",
        &[
            (Path("action.yml"), Some(continuous::action)),
            (Path("action.yaml"), Some(continuous::action)),
        ],
    ),
    (
        "gitlab-ci",
        &[(Path(".gitlab-ci.yml"), Some(continuous::gitlab))],
    ),
    (
        "circleci",
        &[(Path(".circleci/config.yml"), Some(continuous::circle))],
    ),
    ("travis", &[(Path(".travis.yml"), Some(continuous::travis))]),
    (
        "python-path",
        &[
            (Ending(".pth"), Some(python::path_file)),
            (Path("sitecustomize.py"), None),
            (Path("usercustomize.py"), None),
        ],
    ),
    (
        "make",
        &[
            (Path("Makefile"), Some(make::makefile)),
            (Path("makefile"), Some(make::makefile)),
            (Path("GNUmakefile"), Some(make::makefile)),
        ],
    ),
    (
        "build-config",
        &[
            (Script("babel.config."), None),
            (Script(".babelrc."), None),
            (Script("webpack.config."), None),
            (Script("rollup.config."), None),
            (Script("vite.config."), None),
            (Script("vitest.config."), None),
            (Script("jest.config."), None),
            (Script("karma.conf."), None),
            (Script("postcss.config."), None),
            (Script("tailwind.config."), None),
            (Script("next.config."), None),
            (Script("nuxt.config."), None),
            (Script("svelte.config."), None),
            (Script("astro.config."), None),
            (Script("eslint.config."), None),
            (Script(".eslintrc."), None),
            (Script("prettier.config."), None),
            (Script(".prettierrc."), None),
            (Script("gulpfile."), None),
            (Script("Gruntfile."), None),
        ],
    ),
];

const SCRIPTS: [&str; 6] = ["js", "cjs", "mjs", "ts", "cts", "mts"];

/// Tool, file and reader of every file that a row names, in the order of the table; each file
/// once.
pub(super) fn find(archive: &Archive) -> Vec<(&'static str, FileId, Option<Reader>)> {
    // One look at each path for the rows that name no place.
    let endings: Vec<FileId> = ids(archive)
        .filter(|(_, path)| path.ends_with(".pth") || path.ends_with(".patch"))
        .filter(|(_, path)| !path.contains("node_modules/"))
        .map(|(file, _)| file)
        .collect();
    let mut found = Vec::new();
    for &(tool, places) in ROWS {
        for &(at, reader) in places {
            let files: Vec<FileId> = match at {
                Path(path) => archive.find(path).into_iter().collect(),
                Folder(prefix) => under(archive, prefix).map(|(file, _)| file).collect(),
                Script(prefix) => under(archive, prefix)
                    .filter(|(_, path)| SCRIPTS.contains(&path.get(prefix.len()..).unwrap_or("")))
                    .map(|(file, _)| file)
                    .collect(),
                Named(prefix, name) => under(archive, prefix)
                    .filter(|(_, path)| path.rsplit('/').next() == Some(name))
                    .map(|(file, _)| file)
                    .collect(),
                Ending(end) => endings
                    .iter()
                    .copied()
                    .filter(|&file| archive.path(file).ends_with(end))
                    .collect(),
            };
            found.extend(files.into_iter().map(|file| (tool, file, reader)));
        }
    }
    found
}

/// The tool that reads a file of this path, in whatever folder its project lies, and how; if it
/// is more than code that the tool runs.
pub(super) fn reader(path: &str) -> Option<(&'static str, Reader)> {
    let ends_in = |end: &str| {
        let before = path.strip_suffix(end);
        before.is_some_and(|before| before.is_empty() || before.ends_with(['/', '\\']))
    };
    let lies_in = |folder: &str| {
        let mut places = path.match_indices(folder);
        places.any(|(at, _)| {
            path.get(..at)
                .is_some_and(|b| b.is_empty() || b.ends_with('/'))
        })
    };
    ROWS.iter().find_map(|&(tool, places)| {
        let fits = |at: &At| match *at {
            Path(name) => ends_in(name),
            Folder(folder) => lies_in(folder),
            Named(folder, name) => lies_in(folder) && ends_in(name),
            Ending(end) => path.ends_with(end),
            Script(_) => false,
        };
        let (_, reader) = places.iter().find(|(at, _)| fits(at))?;
        reader.map(|reader| (tool, reader))
    })
}

/// The files of a tool as the table names them, `*` for what may differ; `None` if it has no row.
pub(crate) fn files_of(tool: &str) -> Option<Vec<String>> {
    let row = ROWS.iter().find(|(known, _)| *known == tool)?;
    let names = row.1.iter().map(|&(at, _)| match at {
        Path(path) => path.to_owned(),
        Folder(prefix) => format!("{prefix}*"),
        Script(prefix) => format!("{prefix}{{{}}}", SCRIPTS.join(",")),
        Named(prefix, name) => format!("{prefix}**/{name}"),
        Ending(end) => format!("**/*{end}"),
    });
    Some(names.collect())
}

fn ids(archive: &Archive) -> impl Iterator<Item = (FileId, &str)> {
    let files = (0..).zip(&archive.entries);
    files.map(|(at, entry)| (FileId(at), entry.path.as_str()))
}

/// The files whose path starts with `prefix`; the entries are sorted.
fn under<'a>(archive: &'a Archive, prefix: &str) -> impl Iterator<Item = (FileId, &'a str)> {
    let before = |entry: &Entry| entry.path.as_str() < prefix;
    let start = archive.entries.partition_point(before);
    let rest = archive.entries.get(start..).unwrap_or(&[]);
    let count = rest.partition_point(|entry| entry.path.starts_with(prefix));
    let first = u32::try_from(start).unwrap_or(u32::MAX);
    (first..)
        .zip(rest.get(..count).unwrap_or(&[]))
        .map(|(at, entry)| (FileId(at), entry.path.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::tests::package;

    #[test]
    fn files_of_tools_are_found_where_their_tool_looks() {
        let files = [
            (".husky/pre-commit", ""),
            (".vscode/tasks.json", ""),
            ("lib/.vscode/tasks.json", ""),
            ("vite.config.d.ts", ""),
            ("vite.config.ts", ""),
            ("vite.config.js/x.js", ""),
            ("deep/a.pth", ""),
            ("node_modules/x/a.pth", ""),
            ("skills/a/SKILL.md", ""),
            ("skills/a/other.md", ""),
        ];
        let archive = package("{}", &files);
        let found: Vec<String> = find(&archive)
            .iter()
            .map(|&(tool, file, _)| format!("{tool} {}", archive.path(file)))
            .collect();
        assert_eq!(
            found,
            [
                "vscode-tasks .vscode/tasks.json",
                "agent-instructions skills/a/SKILL.md",
                "git-hooks .husky/pre-commit",
                "python-path deep/a.pth",
                "build-config vite.config.ts",
            ]
        );
    }
}
