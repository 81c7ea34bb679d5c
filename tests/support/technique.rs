//! The rows that cases of the corpus follow: `corpus/techniques.tsv`.

use std::fs;

use crate::root;

/// A shape that must be seen, or one that must be left alone.
#[derive(Clone, Debug)]
pub struct Technique {
    /// Its number, such as `T07`.
    pub id: String,
    /// Whether it is an attack.
    pub is_hostile: bool,
    /// How the code gets to run.
    pub way: String,
    /// Family of attacks, or class of look-alikes.
    pub family: String,
    /// One sentence.
    pub shape: String,
}

/// All rows, in order.
///
/// # Panics
/// If the table cannot be read, or a row has not its five cells.
#[must_use]
pub fn techniques() -> Vec<Technique> {
    let path = root().join("corpus/techniques.tsv");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let [id, side, way, family, shape] = cells.as_slice() else {
            panic!("techniques.tsv: {line:?} has no 5 cells");
        };
        Technique {
            id: (*id).to_owned(),
            is_hostile: *side == "hostile",
            way: (*way).to_owned(),
            family: (*family).to_owned(),
            shape: (*shape).to_owned(),
        }
    })
    .collect()
}
