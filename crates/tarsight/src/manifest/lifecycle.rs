//! The scripts that package managers run by themselves.

use super::Manifest;
use crate::archive::Archive;
use crate::model::SurfaceKind;

/// The hooks in the order in which npm runs them.
///
/// The later ones run only where the package is built before use: a dependency from a
/// repository or a folder.
pub(crate) const LIFECYCLE: &[(&str, SurfaceKind)] = &[
    ("preinstall", SurfaceKind::Install),
    ("install", SurfaceKind::Install),
    ("postinstall", SurfaceKind::Install),
    ("dependencies", SurfaceKind::Prepare),
    ("prepublish", SurfaceKind::Prepare),
    ("preprepare", SurfaceKind::Prepare),
    ("prepare", SurfaceKind::Prepare),
    ("postprepare", SurfaceKind::Prepare),
    // By pnpm and Yarn, not by npm.
    ("prepack", SurfaceKind::Prepare),
];

/// What npm runs for a `binding.gyp` without a script of its own.
pub(crate) const IMPLICIT_GYP: &str = "node-gyp rebuild";

/// A script that a package manager runs by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LifecycleScript {
    /// Its name, as `postinstall`.
    pub hook: &'static str,
    /// When it runs.
    pub surface: SurfaceKind,
    /// The command.
    pub command: String,
    /// Whether package.json does not name it: the command comes from a `binding.gyp`.
    pub implicit: bool,
}

impl Manifest {
    /// A script by its name; an empty one counts as none, as in npm.
    #[must_use]
    pub(crate) fn script(&self, name: &str) -> Option<&str> {
        self.scripts
            .iter()
            .find(|(known, command)| known == name && !command.is_empty())
            .map(|(_, command)| command.as_str())
    }

    /// The scripts that run by themselves, in run order.
    #[must_use]
    pub(crate) fn lifecycle(&self, archive: &Archive) -> Vec<LifecycleScript> {
        let gyp = self.builds_gyp(archive);
        LIFECYCLE
            .iter()
            .filter_map(|&(hook, surface)| {
                let implicit = hook == "install" && gyp;
                let command = if implicit {
                    IMPLICIT_GYP
                } else {
                    self.script(hook)?
                };
                Some(LifecycleScript {
                    hook,
                    surface,
                    command: command.to_owned(),
                    implicit,
                })
            })
            .collect()
    }

    /// Whether npm compiles the package at install although no script says so.
    #[must_use]
    pub(crate) fn builds_gyp(&self, archive: &Archive) -> bool {
        archive.find("binding.gyp").is_some()
            && self.gypfile != Some(false)
            && self.script("install").is_none()
            && self.script("preinstall").is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::tests::package;

    fn hooks(manifest: &str, files: &[(&str, &str)]) -> Vec<(&'static str, String, bool)> {
        let archive = package(manifest, files);
        super::super::read(&archive)
            .lifecycle(&archive)
            .into_iter()
            .map(|script| (script.hook, script.command, script.implicit))
            .collect()
    }

    #[test]
    fn in_run_order() {
        let json = r#"{"scripts":{"test":"x","prepare":"p","postinstall":"b","preinstall":"a","install":""}}"#;
        assert_eq!(
            hooks(json, &[]),
            [
                ("preinstall", "a".to_owned(), false),
                ("postinstall", "b".to_owned(), false),
                ("prepare", "p".to_owned(), false),
            ]
        );
    }

    #[test]
    fn a_binding_gyp_is_an_install_script() {
        let gyp = [("binding.gyp", "{}")];
        let expected = vec![("install", IMPLICIT_GYP.to_owned(), true)];
        assert_eq!(hooks("{}", &gyp), expected);
        assert_eq!(hooks(r#"{"gypfile":"no"}"#, &gyp), expected);
        assert_eq!(hooks(r#"{"gypfile":false}"#, &gyp), []);
        assert_eq!(hooks("{}", &[("sub/binding.gyp", "{}")]), []);
        let own = hooks(r#"{"scripts":{"install":"make"}}"#, &gyp);
        assert_eq!(own, [("install", "make".to_owned(), false)]);
    }
}
