//! Development containers: commands of their life, one of them on the host.

use super::{Act, Acts, Format, Input, Node, Trigger, command_line, parse};

/// In the order in which they run; the first runs on the machine itself.
const COMMANDS: [&str; 6] = [
    "initializeCommand",
    "onCreateCommand",
    "updateContentCommand",
    "postCreateCommand",
    "postStartCommand",
    "postAttachCommand",
];

pub(super) fn commands(input: &Input<'_>) -> Acts {
    if !input.path.ends_with(".json") {
        return Ok(Vec::new());
    }
    let document = parse(Format::Json, input.text)?;
    let mut acts = Vec::new();
    let root = document.root();
    for event in COMMANDS {
        let Some(node) = root.and_then(|root| root.get(event)) else {
            continue;
        };
        // An object holds commands that run side by side.
        let sides: Vec<Node<'_>> = node.entries().map(|(_, _, side)| side).collect();
        for one in if sides.is_empty() { vec![node] } else { sides } {
            let line = match one.text() {
                Some(line) => line.to_owned(),
                None => {
                    let mut words = one.items().filter_map(Node::text);
                    let Some(program) = words.next() else {
                        continue;
                    };
                    command_line(program, words)
                }
            };
            acts.push(Act::line(line, event, Trigger::Load, one.span()));
        }
    }
    Ok(acts)
}

#[cfg(test)]
mod tests {
    use crate::tool::tests::acts;

    #[test]
    fn commands_are_text_words_or_several() {
        let json = r#"{ "image": "x", "initializeCommand": "node a.js",
            "postCreateCommand": ["npm", "ci"],
            "postStartCommand": { "db": "start db", "app": ["x", "y z"] } }"#;
        assert_eq!(
            acts(&[(".devcontainer/devcontainer.json", json)]),
            [
                "devcontainer initializeCommand: process.exec node a.js",
                "devcontainer postCreateCommand: process.exec npm ci",
                "devcontainer postStartCommand: process.exec start db",
                "devcontainer postStartCommand: process.exec x 'y z'",
            ]
        );
    }
}
