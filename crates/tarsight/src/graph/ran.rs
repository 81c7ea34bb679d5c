//! What commands of the package do: scripts of package.json, and files that are scripts.

use super::{ModuleGraph, world};
use crate::model::{FileId, Reach};
use crate::shell::{Meaning, Setting, understand, understand_words};
use crate::source::{Layer, NODE_EVAL};

/// What a text of commands does, and when it runs.
#[derive(Debug)]
pub(crate) struct Ran {
    /// What it does.
    pub(crate) meaning: Meaning,
    when: When,
}

#[derive(Clone, Copy, Debug)]
enum When {
    /// Whenever these surfaces run.
    Surfaces(Reach),
    /// Whenever the file runs.
    File(FileId),
}

impl ModuleGraph<'_> {
    /// Takes in what a script of package.json or a command of a tool does.
    pub(super) fn take_script(&mut self, reach: Reach, meaning: Meaning) {
        self.follow(&meaning, reach);
        self.run_by_scripts
            .extend(meaning.leads.iter().map(|lead| lead.to));
        self.ran.push(Ran {
            meaning,
            when: When::Surfaces(reach),
        });
    }

    /// Reads a file that is a script for a shell, unless a command that was followed has run it.
    pub(crate) fn run_file(&mut self, file: FileId) {
        if self.run_by_scripts.contains(&file) {
            return;
        }
        let archive = self.resolver.archive();
        let Some((text, setting)) = world::of_file(archive, file) else {
            return;
        };
        let meaning = self.understand(&text, &setting);
        self.follow(&meaning, Reach::DORMANT);
        self.take_file(file, meaning);
    }

    /// Takes in what happens whenever a file runs. Its number among all.
    pub(super) fn take_file(&mut self, file: FileId, meaning: Meaning) -> usize {
        self.ran.push(Ran {
            meaning,
            when: When::File(file),
        });
        self.ran.len() - 1
    }

    /// What a text of commands does.
    pub(crate) fn understand(&mut self, text: &str, setting: &Setting) -> Meaning {
        let mut inside = world::Inside {
            resolver: &mut self.resolver,
            names: &self.names,
        };
        understand(text, setting, &mut inside)
    }

    /// What a program does with its arguments.
    pub(crate) fn understand_words(&mut self, words: Vec<String>, setting: &Setting) -> Meaning {
        let mut inside = world::Inside {
            resolver: &mut self.resolver,
            names: &self.names,
        };
        understand_words(words, setting, &mut inside)
    }

    /// Takes in the files and the code that commands lead to. What a command in another file
    /// than package.json leads to runs when that file runs.
    pub(crate) fn follow(&mut self, meaning: &Meaning, reach: Reach) {
        for lead in &meaning.leads {
            if self.reach.join(lead.to, reach) {
                self.growth += 1;
            }
            if reach.is_dormant() {
                self.leads(lead.at.file, lead.to);
            }
        }
        for code in &meaning.code {
            let layer = Layer {
                file: code.at.file,
                span: code.at.span,
                kind: NODE_EVAL,
                text: code.text.clone(),
                is_sure: true,
            };
            let file = self.add_layer(layer, reach);
            if reach.is_dormant() {
                self.leads(code.at.file, file);
            }
        }
    }

    /// Takes in a file that a worker or another process of Node runs: by its path, seen from the
    /// package's folder or, as code that does not say where it runs means it, from its own.
    pub(crate) fn start(&mut self, from: FileId, path: &str, reach: Reach) {
        let home = self.layers.home(from);
        let own = self.resolver.archive().path(home);
        let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
        let path = path.strip_prefix("file://").unwrap_or(path);
        let found = match path.strip_prefix("<package>/") {
            Some(inside) => self.resolver.relative("", inside),
            None if path.starts_with(['/', '<', '~']) || path.contains("://") => None,
            None => {
                let found = self.resolver.relative("", path);
                found.or_else(|| self.resolver.relative(folder, path))
            }
        };
        if let Some(file) = found
            && self.reach.join(file, reach)
        {
            self.growth += 1;
        }
    }

    /// What the commands of the package do, with when they run.
    pub(crate) fn ran(&self) -> impl Iterator<Item = (&Meaning, Reach)> {
        self.ran.iter().map(|ran| {
            let reach = match ran.when {
                When::Surfaces(reach) => reach,
                When::File(file) => self.reach(file),
            };
            (&ran.meaning, reach)
        })
    }

    /// Files that a command gives to Node, whatever their names say.
    #[must_use]
    pub(crate) fn given_to_node(&self) -> Vec<FileId> {
        let leads = self.ran.iter().flat_map(|ran| &ran.meaning.leads);
        leads
            .filter(|lead| lead.is_code)
            .map(|lead| lead.to)
            .collect()
    }
}
