//! The ways that code of the package gets to run, and the files that they name directly.

use serde_json::Value;

use super::exports::{Keys, Leaf, leaves};
use super::paths::{extension, files_under};
use super::resolve::Resolver;
use super::tools;
use super::world::{self, Names};
use crate::manifest::{Manifest, script_place};
use crate::model::{FileId, Reach, SurfaceKind, Trigger};
use crate::shell::{Meaning, understand};
use crate::tool::Door;

/// A way that code of the package gets to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Surface {
    /// Which way.
    pub kind: SurfaceKind,
    /// Hook of a script; what makes a tool run a command.
    pub hook: Option<String>,
    /// Command line of a script or of a tool.
    pub command: Option<String>,
    /// Subpath of an import, name of a command, name of a tool.
    pub name: Option<String>,
    /// Conditions of an import; for a field of bundlers, its name.
    pub conditions: Vec<String>,
    /// The files named directly, in the order named.
    pub entries: Vec<FileId>,
    /// Whether they run as soon as the surface is met, or when somebody asks.
    pub trigger: Trigger,
}

impl Surface {
    /// A surface of a name, without files.
    pub(super) fn named(kind: SurfaceKind, name: &str) -> Self {
        Self {
            kind,
            hook: None,
            command: None,
            name: Some(name.to_owned()),
            conditions: Vec::new(),
            entries: Vec::new(),
            trigger: Trigger::Load,
        }
    }

    /// Whether it is the one of files that can be asked for by their path.
    pub(crate) fn is_by_path(&self) -> bool {
        self.kind == SurfaceKind::Import && self.trigger == Trigger::Call
    }
}

/// Fields besides `main` by which bundlers and other loaders find the entry.
const FIELDS: &[&str] = &[
    "browser",
    "module",
    "jsnext:main",
    "unpkg",
    "jsdelivr",
    "umd:main",
    "react-native",
    "esm",
    "es2015",
    "esm2015",
    "es2020",
    "esnext",
    "fesm5",
    "fesm2015",
    "fesm2020",
    "nativescript",
];

/// Files that a loader may run.
const CODE: &[&str] = &[
    ".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx", ".node", ".wasm",
];

const TYPES: &[&str] = &[".d.ts", ".d.mts", ".d.cts"];

/// The surfaces: scripts, then the rest of package.json from top to bottom, then tools.
///
/// Without `exports` any file can be imported by its path: those that are not there for people
/// and tests are on a surface of their own that waits to be asked. If there is no entry point
/// at all, the package is used by paths only, and every file is loaded so.
///
/// Also says what the scripts do that package managers run by themselves, and the commands of
/// tools; and when.
pub(super) fn surfaces(
    resolver: &mut Resolver,
    names: &Names,
    manifest: &Manifest,
    doors: &[Door],
) -> (Vec<Surface>, Vec<(Reach, Meaning)>) {
    let mut finder = Finder {
        scans: 1_000_000 + 64 * resolver.archive().entries.len(),
        resolver,
        manifest,
        surfaces: Vec::new(),
        names,
        meanings: Vec::new(),
        cut: false,
    };
    finder.scripts();
    for (key, value) in manifest.raw.as_object().into_iter().flatten() {
        match key.as_str() {
            "main" => finder.main(value),
            "exports" => finder.exports(value),
            "bin" => finder.bin(),
            "directories" if manifest.raw.get("bin").is_none() => finder.bin(),
            field if FIELDS.contains(&field) => finder.field(field, value),
            _ => {}
        }
    }
    if manifest.raw.get("main").is_none() && !has_exports(manifest) {
        finder.main(&Value::Null);
    }
    if !finder.everything() {
        finder.subpaths();
    }
    let (mut surfaces, mut meanings) = (finder.surfaces, finder.meanings);
    let (of_tools, commands) = tools::surfaces(resolver, names, doors);
    surfaces.extend(of_tools);
    meanings.extend(commands);
    (surfaces, meanings)
}

struct Finder<'f, 'a> {
    resolver: &'f mut Resolver<'a>,
    manifest: &'f Manifest,
    surfaces: Vec<Surface>,
    names: &'f Names,
    meanings: Vec<(Reach, Meaning)>,
    /// Files that patterns may still be tried on.
    scans: usize,
    /// Whether `exports` was too large to follow.
    cut: bool,
}

impl Finder<'_, '_> {
    /// In the order in which npm runs them.
    fn scripts(&mut self) {
        let manifest = self.manifest;
        for script in manifest.lifecycle(self.resolver.archive()) {
            let archive = self.resolver.archive();
            let place = script_place(archive, script.hook);
            let mut inside = world::Inside {
                resolver: self.resolver,
                names: self.names,
            };
            let setting = world::of_script(place);
            let meaning = understand(&script.command, &setting, &mut inside);
            let mut entries: Vec<FileId> = Vec::new();
            if script.implicit {
                entries.extend(archive.find("binding.gyp"));
            }
            for lead in &meaning.leads {
                if lead.at.file == place.0 && !entries.contains(&lead.to) {
                    entries.push(lead.to);
                }
            }
            self.surfaces.push(Surface {
                kind: script.surface,
                hook: Some(script.hook.to_owned()),
                command: Some(script.command),
                name: None,
                conditions: Vec::new(),
                entries,
                trigger: Trigger::Load,
            });
            let reach = Reach::of(script.surface, Trigger::Load);
            self.meanings.push((reach, meaning));
        }
    }

    fn named(&mut self, kind: SurfaceKind, name: &str, conditions: &[&str], entries: Vec<FileId>) {
        self.surfaces.push(Surface {
            conditions: conditions.iter().map(|&name| name.to_owned()).collect(),
            entries,
            ..Surface::named(kind, name)
        });
    }

    /// A `main` that leads nowhere falls back to the index, as in Node.
    fn main(&mut self, value: &Value) {
        let named = value.as_str().filter(|main| !main.is_empty());
        let node = self.resolver.node_entry("", named);
        let entry = node
            .or_else(|| self.resolver.relative("", named?.trim_start_matches('/')))
            .or_else(|| self.resolver.entry(""));
        if named.is_some() || entry.is_some() {
            self.named(SurfaceKind::Import, ".", &[], entry.into_iter().collect());
        }
    }

    /// A path, or a map of replacements.
    fn field(&mut self, field: &str, value: &Value) {
        let single = value.as_str().map(|path| (".", path));
        let map = value.as_object().into_iter().flatten();
        let replaced = map.filter_map(|(name, path)| Some((name.as_str(), path.as_str()?)));
        for (name, path) in single.into_iter().chain(replaced) {
            let entry = self.resolver.relative("", path);
            // A replacement by another package is no entry of this one.
            if entry.is_some() || name == "." {
                self.named(
                    SurfaceKind::Import,
                    name,
                    &[field],
                    entry.into_iter().collect(),
                );
            }
        }
    }

    fn exports(&mut self, value: &Value) {
        let (leaves, cut) = leaves(value);
        self.cut |= cut;
        let keys = Keys::of(value);
        let mut last: Option<&Leaf> = None;
        for leaf in &leaves {
            if !is_code_target(leaf) {
                continue;
            }
            let entries = self.targets(leaf, &keys);
            let same =
                last.is_some_and(|last| last.key == leaf.key && last.conditions == leaf.conditions);
            last = Some(leaf);
            // The items of an array are one surface.
            match self.surfaces.last_mut() {
                Some(surface) if same => surface.entries.extend(entries),
                _ => self.named(SurfaceKind::Import, leaf.key, &leaf.conditions, entries),
            }
        }
    }

    /// The files of a target: one, or all that its pattern fits and no better key takes.
    fn targets(&mut self, leaf: &Leaf, keys: &Keys) -> Vec<FileId> {
        let is_folder = leaf.key.ends_with('/') && leaf.target.ends_with('/');
        if !is_folder && !leaf.target.contains('*') {
            return self.resolver.exact(leaf.target).into_iter().collect();
        }
        let (before, after) = leaf.target.split_once('*').unwrap_or((leaf.target, ""));
        // With several stars each stands for the same text; the last part is what must fit.
        let many = after.contains('*');
        let after = after.rsplit('*').next().unwrap_or("");
        let Some(prefix) = before.strip_prefix("./") else {
            return Vec::new();
        };
        let archive = self.resolver.archive();
        let mut found = Vec::new();
        for (file, path) in files_under(archive, prefix) {
            let Some(scans) = self.scans.checked_sub(1 + keys.stars.len()) else {
                self.cut = true;
                break;
            };
            self.scans = scans;
            let rest = path.get(prefix.len()..).unwrap_or("");
            if !is_code(path) || rest.len() <= after.len() || !rest.ends_with(after) {
                continue;
            }
            if is_folder {
                found.push(file);
                continue;
            }
            let star = match many {
                // `./a/*/*.js` with `x` for both.
                true => rest.split('/').next().unwrap_or(""),
                false => rest.get(..rest.len() - after.len()).unwrap_or(""),
            };
            let written = leaf.target.replace('*', star);
            let subpath = leaf.key.replacen('*', star, 1);
            let is_own = self.resolver.exact(&written) == Some(file);
            if is_own && keys.best(&subpath) == Some(leaf.key) {
                found.push(file);
            }
        }
        found
    }

    /// Without `exports` any file can be asked for by its path, when somebody does.
    fn subpaths(&mut self) {
        if has_exports(self.manifest) || !self.manifest.raw.is_object() {
            return;
        }
        let files = files_under(self.resolver.archive(), "");
        // What the package was built from comes along unless it is what is loaded.
        let archive = self.resolver.archive();
        let is_source = |path: &str| path.starts_with("src/");
        let loads_source = self.surfaces.iter().any(|surface| {
            let mut entries = surface.entries.iter().map(|&file| archive.path(file));
            surface.conditions.is_empty() && entries.any(is_source)
        });
        let wanted =
            |path: &str| is_code(path) && is_for_import(path) && (loads_source || !is_source(path));
        let code = files.filter(|(_, path)| wanted(path));
        let entries: Vec<FileId> = code.map(|(file, _)| file).collect();
        if !entries.is_empty() {
            self.surfaces.push(Surface {
                entries,
                trigger: Trigger::Call,
                ..Surface::named(SurfaceKind::Import, "./*")
            });
        }
    }

    /// Every file can be imported if there is no entry point; and nothing may hide behind an
    /// `exports` of absurd size. Whether that is so.
    fn everything(&mut self) -> bool {
        let kinds = [SurfaceKind::Import, SurfaceKind::Bin];
        let mut named = self.surfaces.iter();
        let by_path = !has_exports(self.manifest)
            && !named.any(|surface| kinds.contains(&surface.kind) && !surface.entries.is_empty());
        if !by_path && !self.cut {
            return false;
        }
        let files = files_under(self.resolver.archive(), "");
        let code = files.filter(|(_, path)| is_code(path) && !path.contains("node_modules/"));
        let entries: Vec<FileId> = code.map(|(file, _)| file).collect();
        if !entries.is_empty() {
            self.named(SurfaceKind::Import, "./*", &[], entries);
        }
        true
    }

    fn bin(&mut self) {
        for (name, path) in &self.manifest.bin {
            let entry = self.resolver.relative("", path);
            self.named(SurfaceKind::Bin, name, &[], entry.into_iter().collect());
        }
    }
}

/// `null` is none, as in Node.
fn has_exports(manifest: &Manifest) -> bool {
    let exports = manifest.exports.as_ref();
    exports.is_some_and(|exports| !exports.is_null())
}

fn is_code(path: &str) -> bool {
    CODE.contains(&extension(path)) && !TYPES.iter().any(|types| path.ends_with(types))
}

/// Folders whose files nobody asks for by path: they come along for people and for tests.
const ASIDE: [&str; 20] = [
    "__fixtures__",
    "__mocks__",
    "__tests__",
    "bench",
    "benchmark",
    "benchmarks",
    "demo",
    "demos",
    "doc",
    "docs",
    "example",
    "examples",
    "fixture",
    "fixtures",
    "node_modules",
    "spec",
    "template",
    "templates",
    "test",
    "tests",
];

fn is_for_import(path: &str) -> bool {
    let aside = |part: &str| part.starts_with('.') || ASIDE.contains(&part);
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_config = !path.contains('/') && (name.contains(".config.") || name.contains("file.js"));
    let is_config = is_config || name.starts_with("README.");
    !is_config && !path.split('/').any(aside)
}

/// Type declarations and package.json are no code.
fn is_code_target(leaf: &Leaf) -> bool {
    let typed = |name: &&str| *name == "types" || name.starts_with("types@");
    !leaf.conditions.iter().any(typed)
        && !TYPES.iter().any(|types| leaf.target.ends_with(types))
        && leaf.target != "./package.json"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::tests::archive;
    use crate::manifest::read;
    use crate::tool::doors;

    /// One line per surface: kind, names, conditions, entries.
    fn lines(files: &[(&str, &str)], json: &str) -> Vec<String> {
        let mut files = files.to_vec();
        files.push(("package.json", json));
        let archive = archive(&files);
        let manifest = read(&archive);
        let doors = doors(&archive, &manifest);
        let names = Names::new(&archive, &manifest);
        let mut resolver = Resolver::new(&archive);
        let (surfaces, _) = surfaces(&mut resolver, &names, &manifest, &doors);
        let line = |surface: Surface| {
            let name = surface.hook.or(surface.name).unwrap_or_default();
            let entries: Vec<&str> = surface.entries.iter().map(|&f| archive.path(f)).collect();
            let kind = surface.kind.as_str();
            let conditions = surface.conditions.join("+");
            format!("{kind} {name} [{conditions}] {}", entries.join(" "))
        };
        let loaded = surfaces
            .into_iter()
            .filter(|one| one.trigger == Trigger::Load);
        loaded.map(line).collect()
    }

    #[test]
    fn without_exports_files_wait_to_be_asked_for_by_path() {
        let files = [
            ("README.js", ""),
            ("index.js", ""),
            ("lib/a.js", ""),
            ("lib/a.d.ts", ""),
            ("node_modules/x/i.js", ""),
            ("rollup.config.js", ""),
            ("src/a.js", ""),
            ("test/a.js", ""),
        ];
        let by_path = |json: &str| {
            let mut files = files.to_vec();
            files.push(("package.json", json));
            let archive = archive(&files);
            let manifest = read(&archive);
            let names = Names::new(&archive, &manifest);
            let mut resolver = Resolver::new(&archive);
            let (all, _) = surfaces(&mut resolver, &names, &manifest, &[]);
            let last = all.into_iter().find(Surface::is_by_path);
            last.map(|last| {
                let paths: Vec<&str> = last.entries.iter().map(|&f| archive.path(f)).collect();
                paths.join(" ")
            })
        };
        assert_eq!(by_path("{}").as_deref(), Some("index.js lib/a.js"));
        let source = by_path(r#"{"main":"src/a.js"}"#);
        assert_eq!(source.as_deref(), Some("index.js lib/a.js src/a.js"));
        assert_eq!(by_path(r#"{"exports":"./index.js"}"#), None);
    }

    #[test]
    fn scripts_that_run_by_themselves() {
        let json = r#"{"scripts":{"test":"node t.js","postinstall":"node setup && npm run more","more":"node b.js","prepare":"husky"},"main":"b"}"#;
        assert_eq!(
            lines(
                &[
                    ("b.js", ""),
                    ("setup.js", ""),
                    ("t.js", ""),
                    ("binding.gyp", "{}")
                ],
                json
            ),
            [
                "install install [] binding.gyp",
                "install postinstall [] setup.js b.js",
                "prepare prepare [] ",
                "import . [] b.js",
            ]
        );
    }

    #[test]
    fn main_falls_back_as_in_node() {
        let files = [("index.js", ""), ("lib/index.js", ""), ("x.json", "")];
        assert_eq!(lines(&files, "{}"), ["import . [] index.js"]);
        assert_eq!(
            lines(&files, r#"{"main":"lib/"}"#),
            ["import . [] lib/index.js"]
        );
        assert_eq!(lines(&files, r#"{"main":"./x"}"#), ["import . [] x.json"]);
        assert_eq!(
            lines(&files, r#"{"main":"gone.js"}"#),
            ["import . [] index.js"]
        );
        assert_eq!(lines(&files, r#"{"main":5}"#), ["import . [] index.js"]);
        assert_eq!(
            lines(&files, r#"{"exports":null}"#),
            ["import . [] index.js"]
        );
        assert_eq!(lines(&[], r#"{"main":"../x"}"#), ["import . [] "]);
        assert_eq!(lines(&[], "{}"), Vec::<String>::new());
    }

    #[test]
    fn without_an_entry_point_every_file_is_one() {
        let files = [
            ("a.js", ""),
            ("lib/b.mjs", ""),
            ("lib/b.d.ts", ""),
            ("setup.js", ""),
        ];
        assert_eq!(
            lines(&files, "{}"),
            ["import ./* [] a.js lib/b.mjs setup.js"]
        );
        let gone = r#"{"main":"gone","scripts":{"postinstall":"node setup"}}"#;
        assert_eq!(
            lines(&files, gone),
            [
                "install postinstall [] setup.js",
                "import . [] ",
                "import ./* [] a.js lib/b.mjs setup.js",
            ]
        );
        assert_eq!(lines(&files, r#"{"bin":{"x":"a.js"}}"#), ["bin x [] a.js"]);
        assert_eq!(lines(&files, r#"{"exports":{}}"#), Vec::<String>::new());
    }

    #[test]
    fn exports_give_a_surface_per_subpath_and_conditions() {
        let files = [
            ("a.cjs", ""),
            ("a.d.ts", ""),
            ("a.mjs", ""),
            ("lib/x.js", ""),
            ("lib/y.d.ts", ""),
            ("lib/z/y.js", ""),
            ("index.js", ""),
        ];
        let json = r#"{"exports":{
            ".":{"types":"./a.d.ts","import":{"types":"./a.d.ts","default":"./a.mjs"},"require":["./gone.js","./a.cjs"]},
            "./lib/*":"./lib/*.js","./old/":"./lib/","./no":null,"./package.json":"./package.json"}}"#;
        assert_eq!(
            lines(&files, json),
            [
                "import . [import+default] a.mjs",
                "import . [require] a.cjs",
                "import ./lib/* [] lib/x.js lib/z/y.js",
                "import ./old/ [] lib/x.js lib/z/y.js",
            ]
        );
    }

    #[test]
    fn fields_of_bundlers_commands_and_tools() {
        let files = [
            (".vscode/tasks.json", ""),
            ("b.js", ""),
            ("cmd/run.js", ""),
            ("cli.js", ""),
            ("index.js", ""),
            ("m.js", ""),
        ];
        let json = r#"{"module":"m.js","browser":{"./index.js":"./b.js","fs":false,"x":"y"},"bin":{"c":"./cli.js","up":"../x"}}"#;
        assert_eq!(
            lines(&files, json),
            [
                "import . [module] m.js",
                "import ./index.js [browser] b.js",
                "bin c [] cli.js",
                "bin up [] ",
                "import . [] index.js",
                "tool vscode-tasks [] .vscode/tasks.json",
            ]
        );
        let folder = lines(&files, r#"{"main":"m.js","directories":{"bin":"./cmd"}}"#);
        assert_eq!(folder[1], "bin run.js [] cmd/run.js");
    }

    #[test]
    fn ten_thousand_exports_are_ten_thousand_surfaces() {
        let keys: Vec<String> = (0..10_000)
            .map(|i| format!("\"./{i}\":\"./f{}.js\"", i % 10))
            .collect();
        let json = format!("{{\"exports\":{{{}}}}}", keys.join(","));
        let names: Vec<String> = (0..10).map(|i| format!("f{i}.js")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        let lines = lines(&files, &json);
        assert_eq!(lines.len(), 10_000);
        assert_eq!(lines[9_999], "import ./9999 [] f9.js");
    }

    #[test]
    fn exports_of_absurd_size_hide_nothing() {
        let keys: Vec<String> = (0..40_000)
            .map(|i| format!("\"./{i}/*\":\"./*.js\""))
            .collect();
        let json = format!("{{\"exports\":{{{}}}}}", keys.join(","));
        let names: Vec<String> = (0..100).map(|i| format!("f{i:03}.js")).collect();
        let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "")).collect();
        let lines = lines(&files, &json);
        let last = lines.last().expect("there are surfaces");
        assert!(last.starts_with("import ./* [] f000.js") && last.ends_with("f099.js"));
        let named: usize = lines.iter().map(|line| line.matches(".js").count()).sum();
        assert!(named < 1_100_000, "{named}");
    }
}
