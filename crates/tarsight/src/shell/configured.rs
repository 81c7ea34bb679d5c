//! Build tools and test runners: they run settings and tests that the package carries.

use super::programs::{Call, joined};
use super::run::Shell;
use super::runtimes::By;
use super::table::Role;
use super::value::Value;

/// Tool → names without extension of the settings that it runs as code, where nothing else is
/// named. By the documentation of each.
const SETTINGS: &[(&str, &[&str])] = &[
    ("astro", &["astro.config"]),
    ("ava", &["ava.config"]),
    ("babel", &["babel.config", ".babelrc"]),
    ("commitlint", &["commitlint.config"]),
    ("cypress", &["cypress.config"]),
    ("eleventy", &[".eleventy", "eleventy.config"]),
    ("eslint", &["eslint.config", ".eslintrc"]),
    ("grunt", &["Gruntfile", "gruntfile"]),
    ("gulp", &["gulpfile", "Gulpfile"]),
    ("hardhat", &["hardhat.config"]),
    ("jake", &["Jakefile", "jakefile"]),
    ("jest", &["jest.config"]),
    ("karma", &["karma.conf"]),
    ("knex", &["knexfile"]),
    ("lint-staged", &["lint-staged.config", ".lintstagedrc"]),
    ("metro", &["metro.config"]),
    ("mocha", &[".mocharc"]),
    ("next", &["next.config"]),
    ("nuxt", &["nuxt.config"]),
    ("playwright", &["playwright.config"]),
    ("plop", &["plopfile"]),
    ("postcss", &["postcss.config", ".postcssrc"]),
    ("prettier", &["prettier.config", ".prettierrc"]),
    ("release-it", &[".release-it"]),
    ("rollup", &["rollup.config"]),
    ("rspack", &["rspack.config"]),
    ("semantic-release", &["release.config", ".releaserc"]),
    ("stylelint", &["stylelint.config", ".stylelintrc"]),
    ("svgo", &["svgo.config"]),
    ("tailwindcss", &["tailwind.config"]),
    ("tsdown", &["tsdown.config"]),
    ("tsup", &["tsup.config"]),
    ("typeorm", &["ormconfig"]),
    ("unbuild", &["build.config"]),
    ("vite", &["vite.config"]),
    ("vitest", &["vitest.config", "vite.config"]),
    ("wdio", &["wdio.conf"]),
    ("webpack", &["webpack.config"]),
];

/// Tools that run tests: what they are told, else all that are named as such.
const TESTERS: [&str; 7] = ["ava", "jasmine", "jest", "karma", "mocha", "tap", "vitest"];

const EXTENSIONS: [&str; 6] = ["js", "cjs", "mjs", "ts", "cts", "mts"];

impl Shell<'_> {
    /// A tool that runs code of the package to know what to do.
    pub(super) fn configured(&mut self, call: &Call<'_>) -> Value {
        let mut named = call.of(Role::Run);
        self.keep_files(&mut named);
        if named.is_empty() {
            named.extend(self.settings(call.name));
        }
        named.extend(call.of(Role::Preload));
        if TESTERS.contains(&call.name) {
            let mut tests = call.of(Role::Rest);
            self.keep_files(&mut tests);
            if tests.is_empty() {
                tests = self.test_files();
            }
            named.extend(tests);
        }
        self.keep_files(&mut named);
        self.run_all(&named, call);
        self.tool(call)
    }

    /// `node --test` without a file.
    pub(super) fn tested(&mut self, call: &Call<'_>) -> Value {
        let tests = self.test_files();
        self.run_all(&tests, call);
        Value::default()
    }

    fn run_all(&mut self, paths: &[Value], call: &Call<'_>) {
        let command = joined(call.words).text;
        for path in paths {
            if !self.charge() {
                return;
            }
            let nothing = Value::default();
            self.file(path, Vec::new(), &command, By::Node, &nothing, call.span);
        }
    }

    fn keep_files(&mut self, paths: &mut Vec<Value>) {
        paths.retain(|path| {
            let full = self.absolute(path);
            full.text != "<package>" && self.world.find(&full.text).is_some()
        });
    }

    fn settings(&mut self, tool: &str) -> Vec<Value> {
        let row = SETTINGS.iter().find(|(known, _)| *known == tool);
        let stems = row.map_or(&[][..], |(_, stems)| stems);
        stems
            .iter()
            .flat_map(|stem| EXTENSIONS.map(|ending| Value::literal(format!("{stem}.{ending}"))))
            .collect()
    }

    fn test_files(&self) -> Vec<Value> {
        let tests = self.world.tests();
        let paths = tests.into_iter().map(|file| self.world.path(file));
        paths
            .map(|path| Value::literal(format!("<package>/{path}")))
            .collect()
    }
}
