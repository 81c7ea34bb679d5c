//! What makes a change risky: one row for each signal, with its points by moment.
//!
//! The points are those of a report's risk: 25 is medium, 50 high, 80 critical. The ranks behind
//! them come from attacks: what was almost never harmless is high by itself, what a reviewer
//! would want to know is medium, the rest is context.

use crate::model::{Reach, Severity, SurfaceKind, Trigger};
use crate::report::RiskLevel;

/// When code runs, from the worst to the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Moment {
    Install,
    Load,
    Command,
    Call,
    Dormant,
}

impl Moment {
    /// The worst moment of a reach.
    pub(super) fn of(reach: Reach) -> Self {
        if reach.loads_on(SurfaceKind::Install) {
            Self::Install
        } else if reach.loads_on(SurfaceKind::Import) || reach.loads_on(SurfaceKind::Tool) {
            Self::Load
        } else if reach.loads_on(SurfaceKind::Bin) {
            Self::Command
        } else if reach.is_dormant() || reach == Reach::of(SurfaceKind::Tool, Trigger::Call) {
            // What a tool does where somebody moves the file and asks for it.
            Self::Dormant
        } else {
            // What runs for git dependencies only is as rare as a call.
            Self::Call
        }
    }

    /// The same, in words.
    pub(super) fn phrase(self) -> &'static str {
        match self {
            Self::Install => "when the package is installed",
            Self::Load => "as soon as something loads it",
            Self::Command => "when its command is run",
            Self::Call => "once somebody calls a function",
            Self::Dormant => "on no path that is known",
        }
    }
}

/// A signal.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Signal {
    /// Its id on the wire.
    pub(crate) id: &'static str,
    /// Points on install, on import, on a command, on a call, dormant.
    points: [u8; 5],
    /// What it means, in a sentence.
    pub(crate) why: &'static str,
}

impl Signal {
    /// What it is worth at each moment, from the worst on.
    pub(crate) fn worth(&self) -> impl Iterator<Item = (&'static str, u8)> {
        let moments = [
            Moment::Install,
            Moment::Load,
            Moment::Command,
            Moment::Call,
            Moment::Dormant,
        ];
        moments
            .into_iter()
            .map(|moment| (moment.phrase(), self.points(moment)))
    }

    /// What it makes of a change where it is worst; `None` for context.
    pub(crate) fn severity(&self) -> Option<Severity> {
        match RiskLevel::of(self.points(Moment::Install)) {
            RiskLevel::None => None,
            RiskLevel::Low => Some(Severity::Low),
            RiskLevel::Medium => Some(Severity::Medium),
            RiskLevel::High => Some(Severity::High),
            RiskLevel::Critical => Some(Severity::Critical),
        }
    }

    pub(super) fn points(&self, moment: Moment) -> u8 {
        self.points.get(moment as usize).copied().unwrap_or(0)
    }
}

macro_rules! signals {
    ($($name:ident $id:literal [$($points:literal),+] $why:literal;)+) => {
        $(pub(super) const $name: &Signal = &Signal {
            id: $id,
            points: signals!(@points $($points),+),
            why: $why,
        };)+

        /// Every signal.
        pub(crate) const ALL: &[&Signal] = &[$($name),+];
    };
    (@points $all:literal) => { [$all; 5] };
    (@points $a:literal, $b:literal, $c:literal, $d:literal, $e:literal) => { [$a, $b, $c, $d, $e] };
}

signals! {
    // Where it talks to.
    HOST_NOTABLE "host-notable" [75, 60, 60, 55, 20]
        "It talks to a host of a kind that attacks use: a place that takes anything from anybody, an IP address without a name, a machine's metadata.";
    HOST_FIRST "host-first" [70, 60, 55, 50, 10]
        "It talks to a host that the package itself chose; until now it chose none.";
    HOST_NEW "host-new" [60, 50, 40, 30, 5]
        "It talks to one more host that the package itself chose.";
    HOST_REGISTRY "host-registry" [40, 30, 25, 15, 5]
        "It talks to a package registry.";
    HOST_OWN "host-own" [30, 10, 5, 5, 0]
        "It talks to one more host of the package's own domain.";
    HOST_LOCAL "host-local" [10, 3, 3, 3, 0]
        "It talks to the machine that it runs on.";
    NETWORK_HIDDEN "network-hidden" [75, 65, 60, 60, 25]
        "Whom it talks to is decoded or fetched first.";
    NETWORK_REMOTE "network-remote" [60, 50, 35, 20, 5]
        "Whom it talks to is told by a response.";
    NETWORK_FIRST "network-first" [70, 55, 40, 30, 5]
        "The package talks to the network; until now it did not, or not so early.";
    NETWORK_UNKNOWN "network-unknown" [50, 30, 10, 5, 0]
        "It talks to a destination that is not resolved.";
    NETWORK_PATH "network-path" [10, 3, 3, 3, 0]
        "It asks a known host for something else.";
    // What it starts.
    PROCESS_HIDDEN "process-hidden" [75, 65, 60, 60, 25]
        "What it starts is decoded or fetched first.";
    PROCESS_FIRST "process-first" [70, 60, 55, 50, 10]
        "The package starts processes; until now it did not, or not so early.";
    PROCESS_NEW "process-new" [55, 35, 15, 10, 3]
        "It starts another program.";
    PROCESS_KNOWN "process-known" [40, 10, 5, 5, 0]
        "It starts a program that it started before, with other arguments.";
    HOOK_COMMAND "hook-command" [10, 5, 5, 5, 0]
        "This is the command of the hook itself.";
    // What it runs as code.
    CODE_HIDDEN "code-hidden" [80, 70, 65, 65, 35]
        "What it runs as code is decoded or fetched first.";
    CODE_FIRST "code-first" [60, 40, 30, 25, 5]
        "The package runs text as code; until now it did not, or not so early.";
    CODE_NEW "code-new" [40, 10, 5, 5, 0]
        "It runs other text as code.";
    CODE_LITERAL "code-literal" [30, 10, 5, 5, 0]
        "It runs text as code that stands in the file.";
    WORKER_FIRST "worker-first" [50, 40, 30, 30, 5]
        "The package starts workers; until now it did not, or not so early.";
    MODULES_FIRST "module-hook-first" [55, 45, 30, 25, 5]
        "The package changes how modules load; until now it did not, or not so early.";
    NATIVE_CALL "native-call-first" [50, 40, 30, 30, 5]
        "The package loads compiled code; until now it did not, or not so early.";
    // What it takes and leaves.
    SECRET_PATH "secret-path" [70, 60, 50, 50, 20]
        "It touches a place where secrets lie.";
    SECRET_VARIABLE "secret-variable" [50, 30, 20, 20, 5]
        "It reads an environment variable that holds a secret.";
    PERSISTENCE "persistence-path" [75, 60, 50, 50, 20]
        "It writes to a place that other programs obey.";
    WRITE_FIRST "write-first" [30, 20, 10, 10, 0]
        "The package changes files; until now it did not, or not so early.";
    SEVERE_FIRST "severe-first" [70, 60, 55, 50, 20]
        "The package does something of a class that few packages have a reason for; until now it did not.";
    GRAVE_FIRST "capability-first" [55, 40, 30, 30, 10]
        "The package does something of a class that it did not touch until now.";
    PLAIN "ordinary" [10, 3, 2, 1, 0]
        "It does something ordinary that it did not do before.";
    // What both versions do, in another way.
    MOVED_EARLIER "runs-earlier" [65, 50, 40, 20, 0]
        "It runs earlier than it did: less has to happen before.";
    MOVED_PLAIN "ordinary-runs-earlier" [25, 5, 3, 1, 0]
        "Something ordinary runs earlier than it did.";
    UNRESOLVED_NOW "no-longer-resolved" [30, 10, 5, 3, 0]
        "The same thing is done to a target that is no longer resolved.";
    ONE_BUILD "one-build-only" [60, 55, 55, 55, 10]
        "Only one build of the package does this; the builds beside it have not changed.";
    STALE_MAP "not-in-the-source-map" [60, 55, 55, 55, 10]
        "The built file does this, and the source map beside it has not changed.";
    // Flows; findings have points of their own.
    FLOW "flow" [24, 15, 12, 10, 3]
        "Data takes a way that it did not take before.";
    FINDING "finding" [0]
        "A judgement over the new version that did not hold for the old one.";
    FINDING_EARLIER "finding-earlier" [60, 40, 30, 15, 0]
        "What was judged in the old version, too, runs earlier than it did.";
    FINDING_DORMANT "finding-in-a-new-file" [50]
        "A new file that nothing leads to would do this if anything ran it.";
    // Ways to run.
    HOOK_ADDED "hook-added" [40]
        "Installing the package runs a command; until now it ran none at this hook.";
    HOOK_CHANGED "hook-changed" [30]
        "Installing the package runs another command than it did.";
    GYP_ADDED "gyp-added" [60]
        "Installing the package runs binding.gyp, which may run commands; the package had no sources to compile.";
    GYP_BUILD "gyp-build" [35]
        "Installing the package now compiles its sources.";
    PREPARE_ADDED "prepare-added" [8]
        "A hook runs where the package is installed from its repository.";
    BIN_ADDED "bin-added" [10]
        "The package puts one more command on the path.";
    BIN_RETARGETED "bin-retargeted" [20]
        "A command runs another file than it did.";
    IMPORT_ADDED "import-added" [2]
        "One more path can be imported.";
    IMPORT_RETARGETED "import-retargeted" [10]
        "An import leads to another file than it did.";
    TOOL_RUNS "tool-runs" [55]
        "A file that editors, agents or package managers obey without asking came into the package.";
    TOOL_ADDED "tool-added" [20]
        "A file that other tools read came into the package.";
    // Dependencies.
    DEPENDENCY_GIT "dependency-git" [60]
        "A dependency comes from a repository: whoever can push there decides what is installed, and its hooks run.";
    DEPENDENCY_URL "dependency-url" [60]
        "A dependency comes from an address outside the registry: it can change at any time.";
    DEPENDENCY_UNUSED "dependency-unused" [55]
        "A new dependency that no code imports: only its own hooks would give it a purpose.";
    DEPENDENCY_ALIAS "dependency-alias" [55]
        "A new dependency that no code imports, under another name than it has in the registry.";
    DEPENDENCY_FILE "dependency-file" [20]
        "A dependency comes from a path on the machine.";
    DEPENDENCY_SIBLING "dependency-sibling" [8]
        "A new dependency from the same scope or family as the package, or types only.";
    DEPENDENCY_USED "dependency-used" [8]
        "A new dependency that the code imports.";
    DEPENDENCY_ASIDE "dependency-aside" [1]
        "A new dependency that is not installed with the package.";
    DEPENDENCY_RANGE "dependency-range" [0]
        "The package asks for another range of a dependency.";
    // The rest of package.json.
    SCRIPTS_GONE "scripts-gone" [15]
        "All scripts are gone from package.json: it was not published the way it used to be.";
    REPOSITORY_GONE "repository-gone" [20]
        "package.json no longer says where the sources are.";
    REPOSITORY_CHANGED "repository-changed" [15]
        "package.json names another repository.";
    DEVELOPMENT_GONE "development-gone" [10]
        "All development dependencies are gone from package.json: it was not published the way it used to be.";
    // Files.
    NATIVE_FIRST "native-first" [60]
        "The package brings compiled code, which nobody can read; until now it brought none.";
    NATIVE_NEW "native-new" [15]
        "One more file of compiled code.";
    WASM_FIRST "wasm-first" [30]
        "The package brings WebAssembly; until now it brought none.";
    BELIES "type-belies-name" [60]
        "The file is not what its name says.";
    HIDDEN_FOLDER "hidden-folder" [45]
        "Code in a hidden folder that no known tool uses.";
    LINE_INJECTED "long-line" [50]
        "A readable file got one very long line; the rest stayed readable.";
    PACKED_DORMANT "packed-file" [30]
        "A large file in one line that nothing leads to.";
    PACKED "packed-file-used" [12]
        "A large file in one line.";
    PAYLOAD_SHAPE "payload-shape" [55]
        "A new file that nothing leads to has all that an attack needs.";
    SIZE_JUMP "size-jump" [10]
        "The file is several times as large as it was.";
    SCRIPT_FILE "script-file" [8]
        "A script in another language.";
    OPAQUE_FILE "opaque-file" [5]
        "A file that holds neither text nor a known format.";
    CODE_FILE "code-file" [0]
        "A file of code that was not there before.";
    // What could not be compared.
    ANOMALY "anomaly" [0]
        "Readers of the package could disagree here; in the old version they could not.";
    UNEXAMINED "unexamined" [60, 40, 35, 30, 5]
        "This was not examined; what it does may be new.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_words_are_there() {
        let ids: BTreeSet<&str> = ALL.iter().map(|signal| signal.id).collect();
        assert_eq!(ids.len(), ALL.len());
        for signal in ALL {
            assert!(signal.why.ends_with('.'), "{}", signal.id);
        }
    }

    #[test]
    fn what_runs_earlier_never_counts_less() {
        for signal in ALL {
            assert!(
                signal.points.is_sorted_by(|a, b| a >= b),
                "{}: {:?}",
                signal.id,
                signal.points
            );
        }
    }
}
