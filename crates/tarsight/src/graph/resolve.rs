//! From a specifier to a file of the package, another package or a module of the runtime.
//!
//! Relative specifiers are resolved here: they are the most, and need only a few lookups by
//! path. What Node would find comes first. Then what a bundler, a case-insensitive disk or the
//! reading as a URL would find, since an edge too many does no harm and a missing one hides a
//! file. Bare specifiers that may lead inside, and `#imports`, go through `oxc_resolver`.

use rustc_hash::{FxHashMap, FxHashSet};

use super::exports::{leaves, substitute};
use super::node::{BROWSER, IMPORT, Node, REQUIRE};
use super::packages::{Package, read_all};
use super::paths::{MOST_BYTES, MOST_COMPONENTS, extension, folder, join, unescape};
use crate::api::builtin;
use crate::archive::Archive;
use crate::facts::ImportKind;
use crate::model::FileId;

/// Node's first three, then what bundlers and other runtimes add.
const EXTENSIONS: [&str; 10] = [
    ".js", ".json", ".node", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx",
];

/// How many of them are Node's.
const NODE_EXTENSIONS: usize = 3;

/// TypeScript sources name the file that will be built.
const BUILT_FROM: [(&str, &[&str]); 4] = [
    (".js", &[".ts", ".tsx"]),
    (".mjs", &[".mts"]),
    (".cjs", &[".cts"]),
    (".jsx", &[".tsx"]),
];

/// Keys of maps that all lookups together may walk.
const MOST_STEPS: usize = 50_000_000;
/// Steps of all commands of the package.
const MOST_COMMANDS: u32 = 1_000_000;

/// Where a specifier leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Target {
    /// A file of the package, bundled packages included.
    File(FileId),
    /// Another package, or a URL; the specifier as written.
    External(String),
    /// A module of the runtime; without `node:`.
    Builtin(String),
    /// Nothing that could be found.
    Unresolved,
}

/// Resolves specifiers over one archive. Never leaves it, never touches a disk.
pub(crate) struct Resolver<'a> {
    archive: &'a Archive,
    packages: FxHashMap<String, Package>,
    /// Names that may lead inside: bundled packages, and the packages' own.
    names: FxHashSet<String>,
    /// Keys of the widest map.
    widest: usize,
    node: Option<Node>,
    /// Lower-case path → the first file of that path.
    folded: Option<FxHashMap<String, FileId>>,
    memo: FxHashMap<(bool, String, String), Vec<Target>>,
    steps: usize,
    /// Steps that following commands may still take.
    commands: u32,
}

impl<'a> Resolver<'a> {
    /// Reads the package.json files of the archive.
    #[must_use]
    pub(crate) fn new(archive: &'a Archive) -> Self {
        let packages = read_all(archive);
        let mut names = FxHashSet::default();
        let mut widest = 0;
        #[expect(
            clippy::iter_over_hash_type,
            reason = "a set and a maximum have no order"
        )]
        for package in packages.values() {
            names.extend(package.name.clone());
            widest = widest.max(package.width);
        }
        for entry in &archive.entries {
            for (at, part) in entry.path.match_indices("node_modules/") {
                let rest = entry.path.get(at + part.len()..).unwrap_or("");
                let name = package_name(rest);
                if !names.contains(name) {
                    names.insert(name.to_owned());
                }
            }
        }
        Self {
            archive,
            packages,
            names,
            widest,
            node: None,
            folded: None,
            memo: FxHashMap::default(),
            steps: 0,
            commands: MOST_COMMANDS,
        }
    }

    /// The archive it works on.
    #[must_use]
    pub(crate) fn archive(&self) -> &'a Archive {
        self.archive
    }

    /// Takes so many steps of those that the commands of the package may take; none if there are
    /// not so many left.
    pub(super) fn pay_for_commands(&mut self, steps: u32) -> bool {
        let left = self.commands.checked_sub(steps);
        self.commands = left.unwrap_or(0);
        left.is_some()
    }

    /// Whether some specifiers were left unresolved because too many maps had to be walked.
    #[must_use]
    pub(crate) fn is_exhausted(&self) -> bool {
        self.steps > MOST_STEPS
    }

    /// Where a specifier leads; what Node would take first.
    pub(crate) fn resolve(&mut self, from: FileId, specifier: &str, kind: ImportKind) -> Target {
        let targets = self.resolve_all(from, specifier, kind);
        targets.into_iter().next().unwrap_or(Target::Unresolved)
    }

    /// Where a specifier may lead under any conditions. Never empty; what Node would take with
    /// its own conditions first.
    pub(crate) fn resolve_all(
        &mut self,
        from: FileId,
        specifier: &str,
        kind: ImportKind,
    ) -> Vec<Target> {
        if specifier.is_empty() || specifier.len() > MOST_BYTES || specifier.contains('\0') {
            return vec![Target::Unresolved];
        }
        if let Some(name) = builtin(specifier) {
            return vec![Target::Builtin(name.to_owned())];
        }
        let folder = folder(self.archive.path(from));
        if is_relative(specifier) {
            return vec![target(self.relative(folder, specifier))];
        }
        if specifier.starts_with('/') {
            return vec![Target::Unresolved];
        }
        if let Some(scheme) = scheme(specifier) {
            // A file URL or a drive is outside; data is code to look at, not a module to name.
            let outside = scheme.len() == 1 || matches!(scheme, "file" | "data" | "blob");
            return vec![match outside {
                true => Target::Unresolved,
                false => Target::External(specifier.to_owned()),
            }];
        }
        let named = specifier.starts_with('#') || self.names.contains(package_name(specifier));
        if named {
            let targets = self.mapped(folder, specifier, kind);
            if !targets.is_empty() {
                return targets;
            }
        }
        // `new URL("x.js", import.meta.url)` names a file without `./`.
        if kind == ImportKind::Resolve {
            let beside = self.relative(folder, specifier);
            let found = beside.or_else(|| self.relative("", specifier));
            if found.is_some() {
                return vec![target(found)];
            }
        }
        vec![match specifier.starts_with('#') {
            true => Target::Unresolved,
            false => Target::External(specifier.to_owned()),
        }]
    }

    /// The file that a path relative to a folder means: a file, with extension or without, or
    /// the entry of a folder.
    pub(crate) fn relative(&mut self, folder: &str, specifier: &str) -> Option<FileId> {
        let found = self.path_as_written(folder, specifier);
        found.or_else(|| {
            let plain = unescape(specifier)?;
            self.path_as_written(folder, &plain)
        })
    }

    fn path_as_written(&mut self, folder: &str, specifier: &str) -> Option<FileId> {
        let path = join(folder, specifier)?;
        let is_folder = matches!(specifier.rsplit('/').next(), Some("" | "." | ".."));
        let file = if is_folder { None } else { self.file(&path) };
        let found = file.or_else(|| self.entry(&path));
        if is_folder {
            return found;
        }
        found.or_else(|| self.folded(&path))
    }

    /// The file of this path, or with an extension added.
    fn file(&self, path: &str) -> Option<FileId> {
        if path.is_empty() {
            return None;
        }
        self.archive
            .find(path)
            .or_else(|| self.with_extension(path, &EXTENSIONS))
            .or_else(|| {
                let built = extension(path);
                let (_, sources) = BUILT_FROM.iter().find(|(name, _)| *name == built)?;
                self.with_extension(path.strip_suffix(built)?, sources)
            })
    }

    fn with_extension(&self, path: &str, extensions: &[&str]) -> Option<FileId> {
        let mut longer = path.to_owned();
        extensions.iter().find_map(|extension| {
            longer.truncate(path.len());
            longer.push_str(extension);
            self.archive.find(&longer)
        })
    }

    /// The target of an `exports` map as Node takes it: a file of exactly this path, below the
    /// package and in none of its dependencies.
    pub(crate) fn exact(&self, target: &str) -> Option<FileId> {
        let plain = unescape(target);
        let inner = plain.as_deref().unwrap_or(target).strip_prefix("./")?;
        let is_plain = |part: &str| !matches!(part, "" | "." | ".." | "node_modules");
        inner
            .split('/')
            .all(is_plain)
            .then(|| self.archive.find(inner))?
    }

    /// The file that Node loads for a folder, by `main` and the index.
    pub(crate) fn node_entry(&self, folder: &str, main: Option<&str>) -> Option<FileId> {
        let extensions = EXTENSIONS.get(..NODE_EXTENSIONS).unwrap_or(&[]);
        let main = main.filter(|main| !main.is_empty() && !main.starts_with('/'));
        let named = main.and_then(|main| {
            let path = join(folder, main).filter(|path| !path.is_empty())?;
            let index = format!("{path}/index");
            let file = self.archive.find(&path);
            file.or_else(|| self.with_extension(&path, extensions))
                .or_else(|| self.with_extension(&index, extensions))
        });
        named.or_else(|| self.with_extension(&join(folder, "index")?, extensions))
    }

    /// What a folder means: as Node reads it, then `main` and the index as bundlers do, then
    /// `exports`, which only bundlers ask here.
    pub(crate) fn entry(&self, folder: &str) -> Option<FileId> {
        let package = self.packages.get(folder);
        let main = package.and_then(|package| package.main.as_deref());
        if let Some(found) = self.node_entry(folder, main) {
            return Some(found);
        }
        let main = main.and_then(|main| join(folder, main.trim_start_matches('/')));
        if let Some(main) = main {
            let found = self.file(&main).or_else(|| self.index(&main));
            if found.is_some() {
                return found;
            }
        }
        self.index(folder).or_else(|| {
            let mut targets = package?.dot.iter();
            targets.find_map(|target| self.archive.find(&join(folder, target)?))
        })
    }

    fn index(&self, folder: &str) -> Option<FileId> {
        self.with_extension(&join(folder, "index")?, &EXTENSIONS)
    }

    /// The file as a disk would find it that does not tell `A` from `a`.
    fn folded(&mut self, path: &str) -> Option<FileId> {
        let archive = self.archive;
        let folded = self.folded.get_or_insert_with(|| {
            let mut folded = FxHashMap::default();
            for (id, entry) in (0..).zip(&archive.entries) {
                folded
                    .entry(entry.path.to_lowercase())
                    .or_insert(FileId(id));
            }
            folded
        });
        let path = path.to_lowercase();
        let names = ["", "/index"].into_iter().flat_map(|name| {
            let extensions = std::iter::once("").chain(EXTENSIONS);
            extensions.map(move |extension| (name, extension))
        });
        names
            .map(|(name, extension)| format!("{path}{name}{extension}"))
            .find_map(|name| folded.get(&name).copied())
    }

    /// Through `exports`, `imports` and bundled packages; empty if that leads nowhere.
    fn mapped(&mut self, folder: &str, specifier: &str, kind: ImportKind) -> Vec<Target> {
        if folder.matches('/').count() > MOST_COMPONENTS
            || specifier.matches(['/', '\\']).count() > MOST_COMPONENTS
        {
            return Vec::new();
        }
        let esm = matches!(kind, ImportKind::Static | ImportKind::Dynamic);
        let key = (esm, folder.to_owned(), specifier.to_owned());
        if let Some(known) = self.memo.get(&key) {
            return known.clone();
        }
        self.steps += 64 + self.widest;
        if self.is_exhausted() {
            return Vec::new();
        }
        let mut targets = Vec::new();
        let node = self
            .node
            .get_or_insert_with(|| Node::new(self.archive, &self.packages));
        let sets = if esm {
            [IMPORT, REQUIRE, BROWSER]
        } else {
            [REQUIRE, IMPORT, BROWSER]
        };
        for set in sets {
            if let Some(path) = node.resolve(folder, specifier, set) {
                targets.extend(self.archive.find(&path).map(Target::File));
            }
        }
        targets.extend(self.under_any_condition(folder, specifier));
        let mut seen = FxHashSet::default();
        targets.retain(|target| seen.insert(target.clone()));
        self.memo.insert(key, targets.clone());
        targets
    }

    /// Other conditions than Node's own can be asked for: `node -C name`, other runtimes.
    fn under_any_condition(&mut self, from: &str, specifier: &str) -> Vec<Target> {
        let is_import = specifier.starts_with('#');
        let Some(scope) = self.scope(from) else {
            return Vec::new();
        };
        let Some(package) = self.packages.get(scope) else {
            return Vec::new();
        };
        let (map, key) = if is_import {
            (&package.imports, specifier.to_owned())
        } else {
            let rest = package
                .name
                .as_deref()
                .and_then(|name| specifier.strip_prefix(name));
            match rest {
                Some(rest) if rest.is_empty() || rest.starts_with('/') => {
                    (&package.exports, format!(".{rest}"))
                }
                _ => return Vec::new(),
            }
        };
        let Some(map) = map else {
            return Vec::new();
        };
        let (leaves, _) = leaves(map);
        let mut found = Vec::new();
        let mut elsewhere = Vec::new();
        for target in leaves.iter().filter_map(|leaf| substitute(leaf, &key)) {
            if is_relative(&target) {
                found.extend(join(scope, &target).and_then(|path| self.file(&path)));
            } else if is_import && !target.starts_with(['/', '#']) {
                elsewhere.push(target);
            }
        }
        let mut targets: Vec<Target> = found.into_iter().map(Target::File).collect();
        for name in elsewhere {
            targets.push(match builtin(&name) {
                Some(name) => Target::Builtin(name.to_owned()),
                None if self.names.contains(package_name(&name)) => continue,
                None => Target::External(name),
            });
        }
        targets
    }

    /// The nearest folder at or above `folder` that has a package.json.
    fn scope<'f>(&self, folder: &'f str) -> Option<&'f str> {
        let mut folder = folder;
        loop {
            if self.packages.contains_key(folder) {
                return Some(folder);
            }
            if folder.is_empty() {
                return None;
            }
            folder = super::paths::folder(folder);
        }
    }
}

fn target(found: Option<FileId>) -> Target {
    found.map_or(Target::Unresolved, Target::File)
}

fn is_relative(specifier: &str) -> bool {
    let rest = specifier.strip_prefix('.').unwrap_or("/x");
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    specifier.starts_with('.') && (rest.is_empty() || rest.starts_with(['/', '\\']))
}

/// `https` of `https://…`.
fn scheme(specifier: &str) -> Option<&str> {
    let (scheme, _) = specifier.split_once(':')?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
    (!scheme.is_empty() && scheme.bytes().all(plain)).then_some(scheme)
}

/// The package of a bare specifier: `a` of `a/b`, `@a/b` of `@a/b/c`.
#[must_use]
pub(crate) fn package_name(specifier: &str) -> &str {
    let mut slashes = specifier.match_indices('/').map(|(at, _)| at);
    let end = match specifier.starts_with('@') {
        true => slashes.nth(1),
        false => slashes.next(),
    };
    end.and_then(|end| specifier.get(..end))
        .unwrap_or(specifier)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::tests::archive;
    use proptest::prelude::*;

    use ImportKind::{Dynamic, Require, Resolve, Static};

    fn package() -> Archive {
        archive(&[
            (
                "package.json",
                r##"{ "name": "own", "main": "./lib",
                    "exports": {
                      ".": { "import": "./esm/index.mjs", "require": "./lib/index.js" },
                      "./feature/*": "./lib/features/*.js",
                      "./feature/secret/*": null,
                      "./array": ["../outside.js", "./lib/a.js"],
                      "./hidden": { "strange": "./lib/strange.js", "default": "./lib/a.js" }
                    },
                    "imports": {
                      "#a": { "browser": "./lib/browser.js", "default": "./lib/a.js" },
                      "#dep": "external-dep",
                      "#fs": "node:fs",
                      "#lib/*": "./lib/*.js"
                    } }"##,
            ),
            ("esm/index.mjs", ""),
            ("lib/A Space.js", ""),
            ("lib/a.js", ""),
            ("lib/broken/index.js", ""),
            ("lib/broken/package.json", "{"),
            ("lib/browser.js", ""),
            ("lib/data.json", ""),
            ("lib/exported/main.js", ""),
            (
                "lib/exported/package.json",
                r#"{"exports":{".":"./main.js"}}"#,
            ),
            ("lib/features/f.js", ""),
            ("lib/features/secret/s.js", ""),
            ("lib/index.js", ""),
            (
                "lib/inner/package.json",
                r#"{"main":"./entry","type":"module"}"#,
            ),
            ("lib/inner/entry.cjs", ""),
            ("lib/inner/index.js", ""),
            ("lib/m.mjs", ""),
            ("lib/strange.js", ""),
            ("lib/t.ts", ""),
            ("node_modules/@s/dep/index.js", ""),
            ("node_modules/dep/cjs.js", ""),
            ("node_modules/dep/esm.js", ""),
            (
                "node_modules/dep/package.json",
                r#"{"name":"dep","exports":{"import":"./esm.js","default":"./cjs.js"}}"#,
            ),
        ])
    }

    fn found(from: &str, specifier: &str, kind: ImportKind) -> Vec<String> {
        let archive = package();
        let from = archive.find(from).expect("the file is there");
        let targets = Resolver::new(&archive).resolve_all(from, specifier, kind);
        let text = |target| match target {
            Target::File(file) => archive.path(file).to_owned(),
            Target::External(name) => format!("external {name}"),
            Target::Builtin(name) => format!("builtin {name}"),
            Target::Unresolved => "unresolved".to_owned(),
        };
        targets.into_iter().map(text).collect()
    }

    fn first(specifier: &str, kind: ImportKind) -> String {
        found("lib/index.js", specifier, kind).remove(0)
    }

    #[test]
    fn relative_specifiers_as_node_does_it() {
        assert_eq!(first("./a.js", Static), "lib/a.js");
        assert_eq!(first("./a", Require), "lib/a.js");
        assert_eq!(first("./data", Require), "lib/data.json");
        assert_eq!(first("./features/../a", Require), "lib/a.js");
        assert_eq!(first(".", Require), "lib/index.js");
        assert_eq!(first("./", Require), "lib/index.js");
        assert_eq!(first("..", Require), "lib/index.js", "main is a folder");
        assert_eq!(first("./inner", Require), "lib/inner/index.js");
        assert_eq!(first("./broken", Require), "lib/broken/index.js");
        assert_eq!(first("./a.js/", Require), "unresolved");
        assert_eq!(first("./none", Require), "unresolved");
    }

    #[test]
    fn relative_specifiers_as_others_do_it() {
        assert_eq!(first("./m", Static), "lib/m.mjs");
        assert_eq!(first("./t.js", Static), "lib/t.ts");
        assert_eq!(first("./DATA.json", Require), "lib/data.json");
        assert_eq!(first("../ESM", Require), "esm/index.mjs");
        assert_eq!(first("./exported", Require), "lib/exported/main.js");
        assert_eq!(first("./%61.js?v=1", Static), "lib/a.js");
        assert_eq!(first("./A%20Space.js", Static), "lib/A Space.js");
        assert_eq!(first(".\\a.js", Static), "lib/a.js");
    }

    #[test]
    fn nothing_outside_is_found() {
        for specifier in [
            "../../x",
            "../../package/lib/a.js",
            "/package/lib/a.js",
            "/etc/x",
            "file:///package/lib/a.js",
            "C:\\x.js",
            "./a\0.js",
            "",
            "data:text/javascript,x()",
        ] {
            assert_eq!(first(specifier, Require), "unresolved", "{specifier}");
        }
        assert_eq!(first(&"./x".repeat(5_000), Require), "unresolved");
        let deep = format!("dep{}", "/x".repeat(2_000));
        assert_eq!(first(&deep, Require), format!("external {deep}"));
        assert_eq!(
            first("dep/../../lib/a.js", Require),
            "external dep/../../lib/a.js"
        );
    }

    #[test]
    fn other_packages_and_builtins() {
        assert_eq!(first("react", Static), "external react");
        assert_eq!(first("@a/b/c", Require), "external @a/b/c");
        assert_eq!(first("fs", Require), "builtin fs");
        assert_eq!(first("node:fs/promises", Require), "builtin fs/promises");
        assert_eq!(
            first("https://x.example/m.js", Dynamic),
            "external https://x.example/m.js"
        );
    }

    #[test]
    fn bundled_packages() {
        assert_eq!(first("dep", Require), "node_modules/dep/cjs.js");
        assert_eq!(first("dep", Static), "node_modules/dep/esm.js");
        assert_eq!(first("@s/dep", Require), "node_modules/@s/dep/index.js");
        assert_eq!(first("dep/missing", Require), "external dep/missing");
    }

    #[test]
    fn the_own_name_goes_through_exports() {
        assert_eq!(first("own", Require), "lib/index.js");
        assert_eq!(first("own", Static), "esm/index.mjs");
        assert_eq!(first("own/feature/f", Require), "lib/features/f.js");
        assert_eq!(first("own/array", Require), "lib/a.js");
        assert_eq!(
            found("lib/a.js", "own", Require),
            ["lib/index.js", "esm/index.mjs"]
        );
        assert_eq!(
            found("lib/a.js", "own/hidden", Require),
            ["lib/a.js", "lib/strange.js"]
        );
    }

    #[test]
    fn imports_go_through_the_map_under_any_condition() {
        assert_eq!(
            found("lib/a.js", "#a", Require),
            ["lib/a.js", "lib/browser.js"]
        );
        assert_eq!(first("#lib/m", Static), "unresolved");
        assert_eq!(first("#lib/a", Static), "lib/a.js");
        assert_eq!(first("#dep", Require), "external external-dep");
        assert_eq!(first("#fs", Require), "builtin fs");
        assert_eq!(first("#none", Require), "unresolved");
        // The nearest package.json has no `imports`.
        assert_eq!(found("lib/inner/entry.cjs", "#a", Require), ["unresolved"]);
    }

    #[test]
    fn a_named_file_needs_no_dot() {
        assert_eq!(first("a.js", Resolve), "lib/a.js");
        assert_eq!(
            first("esm/index.mjs", Resolve),
            "esm/index.mjs",
            "from the root as well"
        );
        assert_eq!(first("a.js", Require), "external a.js");
    }

    #[test]
    fn hostile_maps_cost_a_bounded_number_of_steps() {
        let keys: Vec<String> = (0..8000).map(|i| format!("\"#{i}\":\"./a.js\"")).collect();
        let json = format!("{{\"imports\":{{{}}}}}", keys.join(","));
        let archive = archive(&[("a.js", ""), ("package.json", &json)]);
        let mut resolver = Resolver::new(&archive);
        assert_eq!(
            resolver.resolve(FileId(0), "#7", Require),
            Target::File(FileId(0))
        );
        resolver.steps = MOST_STEPS;
        assert_eq!(
            resolver.resolve(FileId(0), "#7", Require),
            Target::File(FileId(0)),
            "known"
        );
        assert!(!resolver.is_exhausted());
        assert_eq!(
            resolver.resolve(FileId(0), "#8", Require),
            Target::Unresolved
        );
        assert!(resolver.is_exhausted());
    }

    #[test]
    fn maps_that_turn_in_circles_end() {
        let json = r##"{"name":"own","main":"./own","exports":{".":"./package.json","./a":"./a"},
            "imports":{"#a":"#b","#b":"#a","#c":"own/a","#d":["own","#d"]}}"##;
        let archive = archive(&[
            ("own/package.json", "{\"main\":\"../own\"}"),
            ("package.json", json),
            ("x.js", ""),
        ]);
        let mut resolver = Resolver::new(&archive);
        for specifier in ["#a", "#b", "#c", "#d", "own", "own/a", ".", "./own"] {
            for kind in [Require, Static] {
                resolver.resolve_all(FileId(2), specifier, kind);
            }
        }
        assert_eq!(resolver.entry("own"), None);
    }

    proptest! {
        #[test]
        fn any_specifier_stays_inside(
            specifier in "(\\.{0,3}/|#|own|dep|@|\\PC|[*%?\\\\:\0]|node_modules|lib|a\\.js){0,12}",
            from in 0u32..26,
        ) {
            let archive = package();
            let mut resolver = Resolver::new(&archive);
            for kind in [Static, Require, Dynamic, Resolve] {
                for target in resolver.resolve_all(FileId(from), &specifier, kind) {
                    if let Target::File(file) = target {
                        prop_assert!(file.index() < archive.entries.len());
                    }
                }
            }
        }

        #[test]
        fn any_package_json_is_survived(
            key in "(\\./|#|\\*|a|/){0,6}",
            target in "(\\.{0,2}/|\\*|a\\.js|node_modules|\\PC|[?#%\\\\]){0,8}",
            rest in "(/|a|\\.\\.|\\*){0,6}",
        ) {
            let map = serde_json::json!({ (key.clone()): [target.clone(), { "node": target }] });
            let json = serde_json::json!({ "name": "own", "main": key, "exports": map, "imports": map });
            let archive = archive(&[("a.js", ""), ("b/a.js", ""), ("package.json", &json.to_string())]);
            let mut resolver = Resolver::new(&archive);
            for specifier in [format!("own{rest}"), format!("#{rest}"), key, ".".to_owned()] {
                for target in resolver.resolve_all(FileId(0), &specifier, Static) {
                    if let Target::File(file) = target {
                        prop_assert!(file.index() < archive.entries.len());
                    }
                }
            }
        }
    }
}
