//! What runs, when, and which package managers start it.

use tarsight::model::{Managers, Outcome, SurfaceKind};
use tarsight::report::{Report, Surface};

use super::page::{Page, clean, count};

/// Surfaces or files of one kind that are named without `--verbose`.
const LINES: usize = 6;
/// Files of one surface that are named.
const FILES: usize = 4;

/// The part about what runs.
pub(crate) fn runs(page: &mut Page, report: &Report, verbose: bool) {
    page.heading("What runs");
    hooks(page, report, SurfaceKind::Install, "on install");
    if of(report, SurfaceKind::Install).is_empty() {
        page.labelled(1, "on install  ", "nothing");
    }
    hooks(page, report, SurfaceKind::Prepare, "from git");
    let tools = of(report, SurfaceKind::Tool);
    let shown = if verbose { tools.len() } else { LINES };
    for surface in tools.iter().take(shown) {
        page.labelled(1, &head("by tools"), &tool(surface));
    }
    page.more(
        7,
        tools.len().saturating_sub(shown) as u64,
        "files of tools ",
    );
    if verbose {
        for surface in of(report, SurfaceKind::Import) {
            page.labelled(1, &head("on import"), &import(surface));
        }
    } else if let Some(text) = imports(report) {
        page.labelled(1, &head("on import"), &text);
    }
    let commands = commands(report, if verbose { usize::MAX } else { LINES });
    if let Some(text) = commands {
        page.labelled(1, &head("as command"), &text);
    }
}

/// What runs in one line, for a package that does nothing odd.
pub(crate) fn in_short(report: &Report) -> String {
    let mut parts = Vec::new();
    parts.extend(imports(report).map(|text| format!("on import {text}")));
    parts.extend(commands(report, 3).map(|text| format!("as command {text}")));
    parts.push("nothing on install".to_owned());
    parts.join("; ")
}

fn head(name: &str) -> String {
    format!("{name:<12}")
}

fn of(report: &Report, kind: SurfaceKind) -> Vec<&Surface> {
    let surfaces = report.surfaces.iter();
    surfaces.filter(|surface| surface.kind == kind).collect()
}

/// Hooks of package.json; what managers do with them is said once for those that follow.
fn hooks(page: &mut Page, report: &Report, kind: SurfaceKind, name: &str) {
    let surfaces = of(report, kind);
    for (at, surface) in surfaces.iter().enumerate() {
        page.labelled(1, &head(name), &hook(surface));
        let next = surfaces.get(at + 1).and_then(|next| next.managers);
        if let Some(managers) = surface.managers.filter(|_| next != surface.managers) {
            page.labelled(1, &head(""), &who(&managers));
        }
    }
}

fn hook(surface: &Surface) -> String {
    let mut text = surface.hook.as_deref().map(clean).unwrap_or_default();
    if let Some(command) = &surface.command {
        text.push_str(&format!(": {}", clean(command)));
    }
    text + &entries(surface)
}

/// The files that a surface starts, and the packages that it loads.
fn entries(surface: &Surface) -> String {
    let mut text = String::new();
    if !surface.entries.is_empty() {
        text.push_str(&format!(" → {}", named(&surface.entries, FILES)));
    }
    if !surface.uses.is_empty() {
        text.push_str(&format!(", loads {}", named(&surface.uses, FILES)));
    }
    text
}

/// Which package managers run a hook by themselves.
pub(crate) fn who(managers: &Managers) -> String {
    let that = |wanted: Outcome| {
        let list = managers.list();
        let names = list.iter().filter(|(_, outcome)| *outcome == wanted);
        names.map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    };
    let parts = [
        (that(Outcome::Runs), "unasked with"),
        (that(Outcome::Blocked), "once allowed with"),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(names, _)| !names.is_empty())
        .map(|(names, what)| format!("{what} {names}"))
        .collect();
    match parts.is_empty() {
        true => "by no package manager in a dependency".to_owned(),
        false => parts.join("; "),
    }
}

fn tool(surface: &Surface) -> String {
    let mut text = surface.name.as_deref().map(clean).unwrap_or_default();
    if let Some(event) = &surface.hook {
        text.push_str(&format!(", {}", clean(event)));
    }
    if let Some(command) = &surface.command {
        text.push_str(&format!(": {}", clean(command)));
    }
    text.push_str(&entries(surface));
    if let Some(managers) = &surface.managers {
        text.push_str(&format!(" (obeyed {})", who(managers)));
    }
    text
}

fn import(surface: &Surface) -> String {
    let mut text = surface.name.as_deref().map(clean).unwrap_or_default();
    if !surface.conditions.is_empty() {
        text.push_str(&format!(" ({})", clean(&surface.conditions.join(", "))));
    }
    text + &entries(surface)
}

/// The files that `require` and `import` of the package load, and how many more can be named.
fn imports(report: &Report) -> Option<String> {
    let (mut main, mut others): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for surface in of(report, SurfaceKind::Import) {
        let is_main = surface.name.as_deref().is_none_or(|name| name == ".");
        let files = if is_main { &mut main } else { &mut others };
        files.extend(surface.entries.iter().map(String::as_str));
    }
    main.sort_unstable();
    main.dedup();
    others.sort_unstable();
    others.dedup();
    others.retain(|file| !main.contains(file));
    if main.is_empty() {
        main = std::mem::take(&mut others);
    }
    if main.is_empty() {
        return None;
    }
    let mut text = named(&main, FILES);
    if !others.is_empty() {
        let files = count(others.len() as u64, "other file", "other files");
        text.push_str(&format!("; {files} when imported by path"));
    }
    Some(text)
}

fn commands(report: &Report, most: usize) -> Option<String> {
    let commands = of(report, SurfaceKind::Bin);
    let mut names: Vec<String> = commands
        .iter()
        .take(most)
        .map(|surface| {
            let name = surface.name.as_deref().map(clean).unwrap_or_default();
            match surface.entries.first() {
                Some(file) => format!("{name} → {}", clean(file)),
                None => name,
            }
        })
        .collect();
    if commands.len() > names.len() {
        names.push(format!("{} more", commands.len() - names.len()));
    }
    (!names.is_empty()).then(|| names.join(", "))
}

/// The first of a list, and how many more there are.
fn named<T: AsRef<str>>(list: &[T], most: usize) -> String {
    let shown: Vec<String> = list
        .iter()
        .take(most)
        .map(|one| clean(one.as_ref()))
        .collect();
    let mut text = shown.join(", ");
    if list.len() > most {
        text.push_str(&format!(" and {} more", list.len() - most));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::report::tests::sample;

    #[test]
    fn a_long_exports_map_takes_one_line() {
        let mut report = sample();
        for n in 0..20 {
            let mut surface = Surface::of(SurfaceKind::Import);
            surface.name = Some(format!("./{n}"));
            surface.entries = vec![format!("lib/{n}.js")];
            report.surfaces.push(surface);
        }
        let text = |verbose| {
            let mut page = Page::new(false);
            runs(&mut page, &report, verbose);
            page.finish()
        };
        assert!(
            text(false)
                .contains("on import   lib/index.js; 20 other files when imported by path\n")
        );
        assert!(text(true).contains("./19 → lib/19.js"), "{}", text(true));
    }

    #[test]
    fn managers_are_told_once_for_hooks_that_they_treat_alike() {
        let row = Managers {
            npm11: Outcome::Runs,
            npm12: Outcome::Blocked,
            pnpm: Outcome::Never,
            yarn_classic: Outcome::Runs,
            yarn_berry: Outcome::Never,
            bun: Outcome::Blocked,
            deno: Outcome::Never,
        };
        let mut report = sample();
        report.surfaces[0].managers = Some(row);
        let mut again = report.surfaces[0].clone();
        again.hook = Some("install".to_owned());
        report.surfaces.insert(1, again);
        let mut page = Page::new(false);
        runs(&mut page, &report, false);
        let text = page.finish();
        let line = "unasked with npm 11, Yarn 1; once allowed with npm 12, Bun";
        assert_eq!(text.matches(line).count(), 1, "{text}");
    }

    #[test]
    fn that_nothing_runs_on_install_is_said() {
        let mut report = sample();
        report
            .surfaces
            .retain(|surface| surface.kind != SurfaceKind::Install);
        let mut page = Page::new(false);
        runs(&mut page, &report, false);
        assert!(page.finish().contains("  on install  nothing\n"));
    }
}
