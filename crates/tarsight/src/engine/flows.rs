//! What the ids of flows and of their sources mean.

use super::words::Words;

/// Every id of a flow, with what it says.
pub(super) const FLOWS: [(&str, &str); 19] = [
    (
        "credential-to-network",
        "A secret leaves: a token, a key, a password store, a wallet, what an agent keeps",
    ),
    (
        "decoded-to-argument",
        "Decoded text becomes an argument of a program",
    ),
    ("decoded-to-code", "Decoded text runs as code"),
    ("decoded-to-process", "Decoded text says which program runs"),
    (
        "download-to-process",
        "What was fetched is written to a file, and that file runs",
    ),
    (
        "environment-to-network",
        "All variables of the environment leave at once",
    ),
    ("file-to-network", "The content of a file leaves"),
    (
        "host-to-network",
        "What the machine and its user are called leaves",
    ),
    ("input-to-network", "What somebody types at a prompt leaves"),
    (
        "page-to-network",
        "What is typed into a page, or what it keeps in cookies and storage, leaves for a host that the package fixed",
    ),
    (
        "parameter-to-network",
        "What a caller hands over leaves for a host that the package fixed",
    ),
    (
        "remote-to-argument",
        "A response becomes an argument of a program",
    ),
    ("remote-to-code", "A response runs as code"),
    ("remote-to-file", "A response is written to a file"),
    ("remote-to-process", "A response says which program runs"),
    ("request-to-code", "A part of a web request runs as code"),
    (
        "request-to-network",
        "A part of a web request leaves for a host that the package fixed",
    ),
    (
        "request-to-process",
        "A part of a web request says which program runs",
    ),
    (
        "unpacked-to-process",
        "What the package carries in an encoding is written to a file, and that file runs",
    ),
];

/// Sources that are no behaviour and no target.
pub(super) const SOURCES: [(&str, &str); 5] = [
    (
        "decoded",
        "Text that a decoder makes of what the package carries",
    ),
    ("page.field", "What stands in a field of a page"),
    ("page.keys", "Keys that somebody presses in a page"),
    (
        "parameter",
        "What a caller of an exported function hands over",
    ),
    (
        "request",
        "A part of a web request, which whoever sends it chooses",
    ),
];

/// What to think of a flow, by where it ends.
pub(super) fn of_flow(id: &str) -> Words {
    match id.rsplit('-').next().unwrap_or("") {
        "network" => Words {
            why: "Whoever answers at that address has it from then on, and nobody can take it back.",
            harmless: "The host belongs to the service that the data are for, or whoever calls the package has chosen it.",
            advice: "Look at both ends in the report: what leaves, and whose host gets it. The steps between say how it got there.",
        },
        "code" => Words {
            why: "What runs is decided by somebody or something else than the code that you can read.",
            harmless: "A template engine or a bundler makes code of its own texts, or the package is a tool for running what its user gives it.",
            advice: "Find out who decides over the text. If that can change without a new version of the package, nobody can review it.",
        },
        "file" => Words {
            why: "A file that comes from outside may be run or believed later, by another program.",
            harmless: "Download tools and caches do this, at the address that their user names.",
            advice: "Look at the path: a file in a project or a cache is one thing, one that others execute is another.",
        },
        _ => Words {
            why: "A program with the rights of whoever started the code does what is in there.",
            harmless: "A tool passes a name or a version on, or checks what it fetched against a digest that the package carries.",
            advice: "Look at which part of the command is decided elsewhere, and at what happens if it is something else.",
        },
    }
}

/// What to think of a source.
pub(super) const SOURCE: Words = Words {
    why: "It is one end of a flow: where it goes is what counts.",
    harmless: "It stays in the process, or goes where whoever it belongs to wants it.",
    advice: "Read the flows that begin with it.",
};
