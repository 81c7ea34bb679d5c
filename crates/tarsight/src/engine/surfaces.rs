//! What surfaces are, and which package manager runs their hooks: for `explain`.

use std::fmt::Write as _;

use crate::manifest::{LIFECYCLE, managers};
use crate::model::{Managers, Outcome, SurfaceKind};
use crate::tool;

/// A surface by its name, or a hook by its own.
pub(super) fn explain(id: &str) -> Option<String> {
    if let Some(surface) = SurfaceKind::ALL.into_iter().find(|one| one.as_str() == id) {
        return Some(of_surface(surface));
    }
    if let Some((hook, managers)) = managers::hooks().find(|(hook, _)| *hook == id) {
        return Some(format!("{hook} (hook)\n\n{}", of_managers(&managers)));
    }
    let files = tool::files_of(id)?;
    let mut text = format!("{id} (surface)\n\nRead by a tool: {}.\n", files.join(", "));
    if let Some(managers) = managers::of_file(id) {
        // Writing to a string does not fail.
        let _ = write!(text, "\nIn a dependency: {}", of_managers(&managers));
    }
    Some(text)
}

fn of_surface(surface: SurfaceKind) -> String {
    let name = surface.as_str();
    let mut text = format!("{name} (surface)\n\n{}\n", surface.explanation());
    let mut first = true;
    for (hook, _) in LIFECYCLE.iter().filter(|(_, kind)| *kind == surface) {
        if let Some(managers) = managers::of_hook(surface, Some(hook)) {
            text.push_str(if first { "\n" } else { "" });
            first = false;
            // Writing to a string does not fail.
            let _ = write!(text, "{hook}: {}", of_managers(&managers));
        }
    }
    text
}

/// What runs at once, what waits to be approved, what never runs.
fn of_managers(managers: &Managers) -> String {
    let list = managers.list();
    let parts = [
        (Outcome::Runs, "runs at once with"),
        (Outcome::Blocked, "blocked until approved by"),
        (Outcome::Never, "never run by"),
    ];
    let parts = parts.iter().filter_map(|(outcome, words)| {
        let same = list.iter().filter(|(_, of)| of == outcome);
        let names: Vec<&str> = same.map(|(name, _)| *name).collect();
        (!names.is_empty()).then(|| format!("{words} {}", names.join(", ")))
    });
    parts.collect::<Vec<_>>().join("; ") + ".\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hooks_say_who_runs_them() {
        let text = explain("postinstall").expect("the hook is there");
        assert!(
            text.contains("runs at once with npm 11, Yarn 1; blocked until approved by npm 12"),
            "{text}"
        );
        let text = explain("prepare").expect("the surface is there");
        assert!(
            text.contains("\npreprepare: ") && text.contains("never run by"),
            "{text}"
        );
        assert!(explain("bin").is_some_and(|text| !text.contains("npm 11")));
        let text = explain("npmrc").expect("the file is there");
        assert!(
            text.contains("Read by a tool: .npmrc.") && text.contains("In a dependency"),
            "{text}"
        );
        assert!(explain("vscode-tasks").is_some_and(|text| !text.contains("dependency")));
        assert_eq!(explain("nothing"), None);
    }
}
