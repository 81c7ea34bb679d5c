//! Compiled files of the package that code starts, loads or compiles.

use super::package::Package;
use super::uses::Use;
use crate::model::FileId;
use crate::source::Kind;
use crate::value::{Term, ValueId, normalize};

/// How the flow writes the package's own folder.
const OWN: &str = "<package>/";

/// Compiled files run when the code does that starts or compiles them.
pub(crate) fn reach_compiled(package: &mut Package<'_>, kinds: &[Kind], uses: &[Use]) {
    if !kinds.iter().any(|kind| kind.is_native()) {
        return;
    }
    for one in uses {
        let mut files = started(package, kinds, one);
        files.extend(assembled(package, kinds, one));
        for file in files {
            package.graph.reaches(file, one.reach);
        }
    }
}

/// Programs and addons that a use starts or loads: by their path, or by that of a copy.
pub(crate) fn started(package: &Package<'_>, kinds: &[Kind], one: &Use) -> Vec<FileId> {
    let mut found = Vec::new();
    let runs = one.effects.iter();
    for effect in runs.filter(|effect| effect.behaviour.id.starts_with("process.")) {
        for target in &effect.targets {
            let text = target.text.as_deref().unwrap_or("");
            let program = text.trim_start_matches(['"', '\'']);
            let program = program.split(['"', '\'', ' ']).next().unwrap_or(program);
            let originals = package.channels.originals(program).iter();
            for path in originals.map(|path| &**path).chain([program]) {
                let path = path.strip_prefix(OWN).map(normalize);
                found.extend(path.and_then(|path| compiled_at(package, kinds, &path)));
            }
        }
    }
    found
}

/// WebAssembly that a use takes from a file that it reads.
fn assembled(package: &Package<'_>, kinds: &[Kind], one: &Use) -> Vec<FileId> {
    let compiles = one.effects.iter();
    let targets = compiles
        .filter(|effect| effect.behaviour.id == "code.wasm")
        .flat_map(|effect| &effect.targets);
    let files = targets.filter_map(|target| package.file_behind(target.value?));
    files
        .filter(|file| kinds.get(file.index()) == Some(&Kind::Wasm))
        .collect()
}

impl Package<'_> {
    /// The file of the package whose reading a value is.
    pub(super) fn file_behind(&self, value: ValueId) -> Option<FileId> {
        match self.terms.get(value) {
            Term::Call(callee, args, _) => self.file_read_by(*callee, args),
            _ => None,
        }
    }
}

/// The compiled file at a path; where a part of it is not resolved, the first one that fits.
pub(crate) fn compiled_at(package: &Package<'_>, kinds: &[Kind], path: &str) -> Option<FileId> {
    let native = |file: FileId| kinds.get(file.index()).is_some_and(|kind| kind.is_native());
    if !path.contains('<') {
        return package.archive.find(path).filter(|&file| native(file));
    }
    // Some part must be known, or any program would fit.
    if path.split('/').all(|part| part.contains('<')) {
        return None;
    }
    let count = u32::try_from(package.archive.entries.len()).unwrap_or(u32::MAX);
    (0..count)
        .map(FileId)
        .find(|&file| native(file) && fits(package.archive.path(file), path))
}

/// Whether a path has the parts of a pattern; of a part that is not resolved, its two ends.
fn fits(path: &str, pattern: &str) -> bool {
    let mut parts = path.split('/');
    let alike = pattern.split('/').all(|want| {
        let Some(part) = parts.next() else {
            return false;
        };
        match (want.split_once('<'), want.rsplit_once('>')) {
            (Some((before, _)), Some((_, after))) => {
                part.len() >= before.len() + after.len()
                    && part.starts_with(before)
                    && part.ends_with(after)
            }
            _ => part == want,
        }
    });
    alike && parts.next().is_none()
}
