//! What is said of whole groups of ids, for somebody who knows npm and not security.

use crate::model::{Capability, CoverageKind};

/// Three paragraphs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Words {
    pub(super) why: &'static str,
    pub(super) harmless: &'static str,
    pub(super) advice: &'static str,
}

/// What to do about something that a package does.
pub(super) fn of_capability(capability: Capability) -> &'static str {
    match capability {
        Capability::Network => {
            "Look at the host, at what is sent, and at when it happens: on install it needs a reason, in a function it is the caller's business."
        }
        Capability::Filesystem => {
            "Look at the path. Inside the package or the project it is usual; in a home folder or a system folder ask why."
        }
        Capability::Process => {
            "Look at the program and its arguments, and at who chooses them. An install script that only compiles starts node-gyp or a compiler."
        }
        Capability::Environment => {
            "Look at which variables it is about. Names that end in TOKEN, KEY or SECRET deserve a look at where the value goes."
        }
        Capability::DynamicCode => {
            "Look at where the text comes from. Text that is written in the package is as good as code; text from outside is not."
        }
        Capability::NativeCode => {
            "Machine code cannot be read here. Ask who built it, from which source, and whether you could build it yourself."
        }
        Capability::Credential => {
            "Follow the value: the report shows where it goes. If it leaves the process and you did not ask for that, revoke the secret."
        }
        Capability::Obfuscation => {
            "Ask why it is hidden, and read what it becomes before you let it run."
        }
        Capability::Persistence => {
            "Look at the file that is written. If it already ran, look at that file on your machine."
        }
        Capability::Propagation => {
            "Only a release tool that you run yourself should publish. Don't let it near a publish token."
        }
        Capability::Destructive => "Look at what is deleted or ended, and under which condition.",
        Capability::Wallet => {
            "Ask what the package has to do with wallets. Keys and signatures should stay with the wallet."
        }
        Capability::Ci => {
            "Read the workflow as a program that runs with your repository's secrets."
        }
        Capability::AiAgent => {
            "Read the file as an agent would obey it. Instructions and servers belong to your project, not to a dependency."
        }
        Capability::Manifest => {
            "Look at what the setting makes the package manager do, and whether it counts where you install."
        }
        Capability::Evasion => {
            "Read that code by hand. What it calls could not be named, and that may be its purpose."
        }
    }
}

/// What an anomaly of the archive or of package.json means to a reader.
pub(super) fn of_anomaly(id: &str) -> Words {
    if id.starts_with("manifest.") {
        return Words {
            why: "Tools read package.json in different ways. Where they differ, the package that was reviewed is not the one that is installed.",
            harmless: "A hand-made or generated package.json has a slip that npm forgives.",
            advice: "Compare what npm makes of it (the report) with what you see in an editor. If the difference changes scripts, entry points or dependencies, ask why.",
        };
    }
    Words {
        why: "npm, other package managers, editors and scanners read tarballs in different ways. Where they differ, somebody can show a reviewer one file and install another.",
        harmless: "The tarball was made by an unusual tool rather than by npm, and every reader comes to the same files.",
        advice: "Compare `tarsight ls` with what your own tools list. If a file that runs differs between them, take the package for hostile.",
    }
}

/// What it means that something was not looked at.
pub(super) fn of_reason(kind: CoverageKind) -> Words {
    match kind {
        CoverageKind::NotExamined => Words {
            why: "What was not read may do anything. A package with such code on a path that runs is at least medium.",
            harmless: "It is a template, a test file or data under the name of code, and nothing loads it.",
            advice: "Look at the file yourself, or raise the limit that is named and scan again.",
        },
        CoverageKind::NotResolved => Words {
            why: "The code was read, but one value in it could not be told: a name that is put together, or what a caller gives.",
            harmless: "Plug-ins, configuration and arguments are decided by whoever uses the package.",
            advice: "Nothing, unless it happens on install: then read the place that is named.",
        },
        CoverageKind::Opaque => Words {
            why: "Machine code can do anything that the process may do, and nobody can review it by reading.",
            harmless: "The package wraps a native library, and its binaries come from its own releases.",
            advice: "Ask who built it, prefer packages that publish with provenance, or build it from source.",
        },
    }
}

/// What a signal of a diff means.
pub(super) const SIGNAL: Words = Words {
    why: "Attacks on packages that people trust come as a new version that does something which the version before did not do.",
    harmless: "The change log or the commit of the release says so, and it fits what the package is for.",
    advice: "Read the place that the diff names, then the change log. If they don't fit, stay on the old version.",
};

/// What a kind of target means.
pub(super) fn of_target(id: &str) -> Words {
    let (family, kind) = id.split_once('.').unwrap_or((id, ""));
    match family {
        "persistence" | "ci" => Words {
            why: "Other programs run or obey these files: what is written there lives on after the package is gone.",
            harmless: "A setup command that you run yourself writes it, and says so.",
            advice: "If a package wrote there by itself, look at the file and take out what is not yours.",
        },
        "ai-agent" => Words {
            why: "Coding agents obey these files, or keep their logins and histories in them.",
            harmless: "A setup command for an agent writes its own part, when you ask it to.",
            advice: "Look at the file as the agent would obey it, and renew its keys if they were read.",
        },
        "wallet" => Words {
            why: "Whoever has these files or keys has the money, and nobody can take it back.",
            harmless: "A wallet, or a development tool for a chain, works on its own files.",
            advice: "If something else read them, move what they hold to new keys.",
        },
        "host" => of_host(kind),
        "gate" => Words {
            why: "Attacks ask these variables where they are and act only where it pays: in CI, on a developer's machine, in one country.",
            harmless: "Most packages ask for CI or NODE_ENV to choose colours, logs or builds.",
            advice: "Look at what depends on the answer.",
        },
        "steer" => Words {
            why: "Setting these variables changes what other programs load, run or trust.",
            harmless: "A command sets them for a program that it starts itself.",
            advice: "Look at which program gets them, and whether the change outlives it.",
        },
        _ => Words {
            why: "Whoever has it can act in its owner's name: publish, pay, log in, read.",
            harmless: "The official client of that service reads its own login, when you run it.",
            advice: "If it was sent anywhere else, revoke it and make a new one.",
        },
    }
}

fn of_host(kind: &str) -> Words {
    match kind {
        "metadata" | "metadata-credential" | "cluster" | "local-service" => Words {
            why: "It answers whoever is on the machine, often with keys of the machine's role.",
            harmless: "An official client of that cloud or service asks, when its user calls it.",
            advice: "If a package asked by itself, renew the role's keys and read their log.",
        },
        kind if kind.starts_with("forge")
            || kind.starts_with("registry")
            || kind == "vendor-files" =>
        {
            Words {
                why: "Much traffic goes there, so a request stands out little; anybody can put files there.",
                harmless: "An installer fetches its own releases, pinned to a version and checked.",
                advice: "Look at the whole path: whose project it is, and whether the download is checked.",
            }
        }
        _ => Words {
            why: "Anybody can be behind an address of that kind, without a name and at no cost.",
            harmless: "The package is a client of that very service, and its user chose the address.",
            advice: "Ask whose address it is. If nobody can say, don't let the package talk to it.",
        },
    }
}

/// Why a finding matters, in words that need no knowledge of attacks.
pub(super) fn of_finding(id: &str) -> &'static str {
    let why = WHY.iter().find(|(known, _)| *known == id);
    why.map_or(
        "It is among the things that attacks through packages have done, and that ordinary packages do not do.",
        |(_, why)| why,
    )
}

const WHY: &[(&str, &str)] = &[
    (
        "agent-abuse",
        "The agent has your login, your files and your shell. With its questions switched off it does what the package asks, in your name.",
    ),
    (
        "agent-instructions",
        "Agents read such files as orders. A text that a person cannot see, or that asks for silence, is meant for the agent alone.",
    ),
    (
        "ambiguous-package",
        "A reviewer looks at one reading and npm installs the other.",
    ),
    (
        "bin-shadow",
        "npm puts a package's commands before your own in scripts: `node` or `git` there may then be this package's file.",
    ),
    (
        "build-command",
        "A binding.gyp makes npm run node-gyp even without an install script, and commands in it run before any code was compiled.",
    ),
    (
        "coin-miner",
        "It uses your processor and your power for somebody else's money, and whoever could start it could have started anything.",
    ),
    (
        "credential-exfiltration",
        "With the secret, a stranger can publish, log in or pay as you. Worms spread from package to package this way.",
    ),
    (
        "decoded-code-execution",
        "Code that is stored as a blob can be reviewed by nobody and searched by no tool. That is usually why it is stored so.",
    ),
    (
        "destructive-delete",
        "What is deleted outside the package's own folder is your work, and an install runs with your rights.",
    ),
    (
        "disguised-file",
        "An image or a font is what nobody opens in a review; if it is a program, somebody counts on that.",
    ),
    (
        "download-execute",
        "What runs is not in the package: the server decides it anew for each machine, and can give reviewers something else.",
    ),
    (
        "endless-loop",
        "Whatever loads the package never goes on: builds hang and servers don't start.",
    ),
    (
        "environment-exfiltration",
        "The environment of a build holds tokens for publishing, for clouds and for databases. Nobody needs all of it.",
    ),
    (
        "foreign-body",
        "When an account is taken over, the stolen package stays as it was and code is added: at the end of a file, off the screen, beside everything else.",
    ),
    (
        "hidden-process",
        "It goes on after the install has ended, with no window and no output, so that nobody sees what it does.",
    ),
    (
        "hidden-recipient",
        "Password resets, invoices and log-in links go through mail. Somebody else reads them all, and nothing looks broken.",
    ),
    (
        "host-identity-exfiltration",
        "Name, user and address tell a stranger whose machine it is and whether it is worth coming back to.",
    ),
    (
        "machine-role-credentials",
        "Cloud machines get keys from a local address. They open whatever that machine may do: storage, databases, other machines.",
    ),
    (
        "opaque-program",
        "Machine code runs with all your rights, and reading the package tells nothing of what it does.",
    ),
    (
        "other-package-write",
        "The code that runs is then no longer what was published, reviewed or checked, and removing the package does not undo it.",
    ),
    (
        "package-install",
        "That package stands in no manifest and no lock file: it is pinned by nobody, reviewed by nobody, and changes at any time.",
    ),
    (
        "package-manager-config",
        "These settings can point installs to another registry, switch checks off or name programs that the package manager runs.",
    ),
    (
        "page-script-injection",
        "The page's visitors run whatever that server sends today, with the page's rights: logins, forms, payments.",
    ),
    (
        "parameter-exfiltration",
        "The function works as it should, so nobody notices that the key went to a stranger as well.",
    ),
    (
        "persistence-write",
        "The code comes back with every new shell, editor, commit or login, also after the package is gone.",
    ),
    (
        "privilege-escalation",
        "With root or an administrator's rights there is nothing on the machine that it could not read or change.",
    ),
    (
        "process-memory-read",
        "Secrets that were never written to disk or to a variable, such as masked secrets of a CI job, lie in memory.",
    ),
    (
        "prompt-exfiltration",
        "People type passwords and pass phrases where a prompt asks for them; the text goes straight to a stranger.",
    ),
    (
        "python-startup",
        "Python runs such a file at every start, whatever it was started for.",
    ),
    (
        "registry-reach",
        "It can publish in your name: your packages carry it on to everybody who installs them.",
    ),
    (
        "remote-code-execution",
        "The package is only a loader. What it does is decided by a server, for each caller, at any time.",
    ),
    (
        "remote-dependency",
        "A URL or a repository can change after review; no registry checks, keeps or withdraws what it gives.",
    ),
    (
        "reverse-shell",
        "Somebody sits at your machine's command line, from the moment it connects.",
    ),
    (
        "self-deletion",
        "After an install nobody can see what ran: the script is gone, or package.json is another one.",
    ),
    (
        "self-publishing",
        "That is how a worm spreads: each infected machine publishes more infected packages.",
    ),
    (
        "system-tampering",
        "It takes away what would notice or stop the next step: a firewall, an antivirus, a name server, a log.",
    ),
    (
        "tls-check-disabled",
        "Anybody between the machine and the server can read and change what is sent, downloads of code among them.",
    ),
    (
        "tool-auto-run",
        "Opening a folder or starting an agent is enough: nobody has to install, import or run anything.",
    ),
    (
        "unexamined-code",
        "What was not read may do anything, and making code unreadable is cheap.",
    ),
    (
        "unpacked-program",
        "A program inside a blob is not seen in a review, and no scanner of files knows it.",
    ),
    (
        "unusual-host",
        "Tunnels, paste pages, chat hooks and addresses without a name cost nothing and lead to nobody. Stolen data goes there, and orders come from there.",
    ),
    (
        "wallet-interception",
        "The page shows one recipient and the wallet signs for another. The money is gone when it is noticed.",
    ),
    (
        "workflow-abuse",
        "A workflow runs with the repository's secrets and its write token. One that takes them looks like any other file in a review.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings;

    #[test]
    fn every_reason_is_of_a_finding() {
        for (id, why) in WHY {
            let known = findings::declarations().iter().any(|one| one.id == *id);
            assert!(known && why.ends_with('.'), "{id}");
        }
        assert!(WHY.is_sorted_by(|a, b| a.0 < b.0));
    }
}
