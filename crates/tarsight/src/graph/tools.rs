//! Files that other tools execute, or take commands from, when they meet them in a folder.

use super::paths::{files_under, folder};
use crate::archive::Archive;
use crate::model::FileId;

/// How a row names its files, from the root of the package.
#[derive(Clone, Copy)]
enum At {
    /// This path.
    Path(&'static str),
    /// Every file in this folder.
    Folder(&'static str),
    /// Files in this folder whose name starts like this and ends in a script's extension.
    Script(&'static str),
}

use At::{Folder, Path, Script};

/// Surface name → files.
const TOOLS: &[(&str, &[At])] = &[
    ("vscode-tasks", &[Path(".vscode/tasks.json")]),
    ("vscode-launch", &[Path(".vscode/launch.json")]),
    ("vscode-settings", &[Path(".vscode/settings.json")]),
    ("vscode-mcp", &[Path(".vscode/mcp.json")]),
    (
        "claude-settings",
        &[
            Path(".claude/settings.json"),
            Path(".claude/settings.local.json"),
        ],
    ),
    ("claude-hooks", &[Folder(".claude/hooks/")]),
    ("mcp", &[Path(".mcp.json"), Path("mcp.json")]),
    (
        "cursor",
        &[
            Path(".cursor/mcp.json"),
            Path(".cursor/hooks.json"),
            Folder(".cursor/hooks/"),
        ],
    ),
    ("gemini-settings", &[Path(".gemini/settings.json")]),
    ("codex-config", &[Path(".codex/config.toml")]),
    ("idea", &[Folder(".idea/runConfigurations/")]),
    (
        "devcontainer",
        &[Path(".devcontainer.json"), Folder(".devcontainer/")],
    ),
    ("direnv", &[Path(".envrc")]),
    (
        "pnpmfile",
        &[
            Path(".pnpmfile.cjs"),
            Path(".pnpmfile.mjs"),
            Path("pnpmfile.js"),
        ],
    ),
    (
        "yarn",
        &[
            Path(".yarnrc.yml"),
            Path(".yarnrc"),
            Folder(".yarn/plugins/"),
            Folder(".yarn/releases/"),
        ],
    ),
    (
        "git-hooks",
        &[
            Folder(".husky/"),
            Folder(".githooks/"),
            Folder(".git/hooks/"),
        ],
    ),
    ("git-config", &[Path(".git/config"), Path(".gitmodules")]),
    (
        "pre-commit",
        &[Path(".pre-commit-config.yaml"), Path("lefthook.yml")],
    ),
    (
        "github-workflows",
        &[
            Folder(".github/workflows/"),
            Path("action.yml"),
            Path("action.yaml"),
        ],
    ),
    ("gitlab-ci", &[Path(".gitlab-ci.yml")]),
    ("circleci", &[Path(".circleci/config.yml")]),
    (
        "build-config",
        &[
            Script("babel.config."),
            Script(".babelrc."),
            Script("webpack.config."),
            Script("rollup.config."),
            Script("vite.config."),
            Script("vitest.config."),
            Script("jest.config."),
            Script("karma.conf."),
            Script("postcss.config."),
            Script("tailwind.config."),
            Script("next.config."),
            Script("nuxt.config."),
            Script("svelte.config."),
            Script("astro.config."),
            Script("eslint.config."),
            Script(".eslintrc."),
            Script("prettier.config."),
            Script(".prettierrc."),
            Script("gulpfile."),
            Script("Gruntfile."),
        ],
    ),
];

const SCRIPTS: [&str; 6] = ["js", "cjs", "mjs", "ts", "cts", "mts"];

/// The tools that have files in the package, in the order of the table.
pub(super) fn tools(archive: &Archive) -> impl Iterator<Item = (&'static str, Vec<FileId>)> + '_ {
    TOOLS
        .iter()
        .map(|&(name, rows)| {
            let files = rows.iter().flat_map(|&at| files(archive, at));
            (name, files.collect::<Vec<_>>())
        })
        .filter(|(_, files)| !files.is_empty())
}

fn files(archive: &Archive, at: At) -> Vec<FileId> {
    match at {
        Path(path) => archive.find(path).into_iter().collect(),
        Folder(prefix) => files_under(archive, prefix).map(|(file, _)| file).collect(),
        Script(prefix) => files_under(archive, prefix)
            .filter(|(_, path)| {
                let rest = path.get(prefix.len()..).unwrap_or("");
                folder(path).is_empty() && SCRIPTS.contains(&rest)
            })
            .map(|(file, _)| file)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::tests::archive;

    #[test]
    fn files_of_tools_are_found_at_the_root_only() {
        let archive = archive(&[
            (".husky/pre-commit", ""),
            (".vscode/tasks.json", ""),
            ("lib/.vscode/tasks.json", ""),
            ("vite.config.d.ts", ""),
            ("vite.config.ts", ""),
            ("vite.config.js/x.js", ""),
        ]);
        let found: Vec<_> = tools(&archive)
            .map(|(name, files)| {
                (
                    name,
                    files.iter().map(|&f| archive.path(f)).collect::<Vec<_>>(),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("vscode-tasks", vec![".vscode/tasks.json"]),
                ("git-hooks", vec![".husky/pre-commit"]),
                ("build-config", vec!["vite.config.ts"]),
            ]
        );
    }
}
