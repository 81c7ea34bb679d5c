//! What the commands of native builds do, the code that they hand to Node included.

use super::package::Package;
use super::uses::Use;
use crate::model::Reach;
use crate::value::Place;

/// Behaviours that a command may have which only asks where something is, or what there is.
const QUIET: [&str; 9] = [
    "process.exec",
    "process.exit",
    "process.info",
    "fs.read",
    "fs.metadata",
    "fs.list",
    "environment.read",
    "environment.host",
    "environment.locale",
];

/// A command of a build.
#[derive(Debug)]
pub(crate) struct Built {
    /// Where it stands.
    pub(crate) place: Place,
    /// What it says.
    pub(crate) text: String,
    /// When it runs.
    pub(crate) reach: Reach,
    /// Whether it is there for what it prints.
    pub(crate) expands: bool,
    /// Whether the package has anything to compile.
    pub(crate) compiles: bool,
    /// Whether what it prints is thrown away.
    pub(crate) silent: bool,
    /// Files of the package that it runs.
    pub(crate) files: Vec<String>,
    /// What it does besides asking.
    pub(crate) acts: Vec<&'static str>,
}

/// The commands of the package's builds.
pub(crate) fn builds(package: &Package<'_>, uses: &[Use]) -> Vec<Built> {
    let ran: Vec<_> = package.graph.ran().collect();
    let layers = package.graph.layers();
    let commands = package.graph.builds().iter();
    commands
        .filter_map(|command| {
            let &(meaning, reach) = ran.get(command.ran)?;
            let loud = |id: &&'static str| !QUIET.contains(id);
            let mut acts: Vec<&'static str> = meaning.acts.iter().map(|act| act.id).collect();
            acts.extend(meaning.moves.iter().map(|one| one.to.id));
            acts.retain(|id| loud(id));
            for one in uses {
                let inside = layers.around(one.file).first().is_some_and(|outer| {
                    outer.file == command.place.file && outer.span == command.place.span
                });
                if inside {
                    let ids = one.effects.iter().map(|effect| effect.behaviour.id);
                    acts.extend(ids.filter(|id| loud(id) || *id == "process.exec"));
                }
            }
            acts.sort_unstable();
            acts.dedup();
            let files = meaning.leads.iter();
            Some(Built {
                place: command.place,
                text: command.text.clone(),
                reach,
                expands: command.expands,
                compiles: command.compiles,
                silent: meaning.silent,
                files: files
                    .map(|lead| package.archive.path(lead.to).to_owned())
                    .collect(),
                acts,
            })
        })
        .collect()
}
