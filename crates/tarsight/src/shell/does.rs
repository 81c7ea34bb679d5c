//! What kinds of program there are.

use super::value::TaintKind;

/// What a program does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Does {
    /// Nothing that matters; what a shell does itself.
    Nothing,
    /// A program of its own that matters only by its name.
    Tool,
    /// The same, but it runs settings or tests of the package.
    Configured,
    /// Runs the command that follows.
    Wrap,
    /// Runs a package's command: from the package, else fetched.
    Fetched,
    /// Runs each argument as a line.
    Lines,
    /// Runs its arguments as one line.
    Eval,
    /// A shell.
    Shell,
    /// The command line of Windows.
    Cmd,
    /// `start`.
    Start,
    /// PowerShell.
    PowerShell,
    /// Runs JavaScript.
    JavaScript,
    /// Runs another language.
    Foreign,
    /// A package manager.
    Manager,
    /// Runs scripts of package.json by name.
    Scripts,
    /// `make`.
    Make,
    /// `.` and `source`.
    Source,
    /// Asks servers.
    Fetch,
    /// The same, into a file named like the address.
    FetchFile,
    /// Opens a connection.
    Connect,
    /// Copies files to or from another machine.
    RemoteCopy,
    /// Asks the DNS.
    Dns,
    /// Reads files or its input, and prints that, perhaps changed.
    Filter,
    /// Prints what its arguments say.
    Echo,
    /// Reads files and writes others.
    Copy,
    /// Copies its input to files and prints it.
    Tee,
    /// Does these things to its paths.
    Files(&'static [&'static str]),
    /// The same, with options of Windows.
    Windows(&'static [&'static str]),
    /// Unpacks or packs.
    Archive,
    /// Looks for files, and may run a command on each.
    Find,
    /// Makes command lines of its input.
    Xargs,
    /// Does this, whatever its arguments.
    Acts(&'static str),
    /// Prints facts of this kind.
    Prints(TaintKind, &'static str),
    /// `env` and its kin: prints the environment, or runs a command in another one.
    Environment,
    /// Changes the folder.
    Cd,
    /// Sets variables.
    Set,
    /// Reads its input into variables.
    Read,
    /// Ends processes.
    Kill,
    /// Writes schedules.
    Schedule,
    /// Installs packages of another kind.
    Install,
    /// May hand out a secret; which words make it do that is a table of its own.
    Vault,
    /// Loads or starts a file in the way of Windows.
    Load,
}
