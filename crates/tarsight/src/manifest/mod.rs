//! package.json as npm reads it.

mod bin;
mod dependency;
mod json;
mod lifecycle;
pub(crate) mod managers;
mod odd;
mod place;
mod shadow;

pub(crate) use dependency::Dependency;
pub(crate) use lifecycle::LIFECYCLE;
pub(crate) use place::{place, place_in, script_place};

use serde_json::{Map, Value};

use crate::archive::{Anomaly, AnomalyId, Archive};

/// The name of the file.
pub(crate) const MANIFEST: &str = "package.json";

/// What package.json says. Fields of a wrong type count as missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Manifest {
    /// `name`.
    pub name: Option<String>,
    /// `version`.
    pub version: Option<String>,
    /// `scripts`, in order.
    pub scripts: Vec<(String, String)>,
    /// `repository`, or its `url`.
    pub repository: Option<String>,
    /// `homepage`.
    pub homepage: Option<String>,
    /// `main`.
    pub main: Option<String>,
    /// `module`.
    pub module: Option<String>,
    /// `browser`.
    pub browser: Option<Browser>,
    /// `exports`, as it stands.
    pub exports: Option<Value>,
    /// `imports`, as it stands.
    pub imports: Option<Value>,
    /// Whether `.js` files are modules.
    pub type_is_module: bool,
    /// Commands and their files, in order.
    pub bin: Vec<(String, String)>,
    /// `directories.bin`.
    pub bin_folder: Option<String>,
    /// All dependencies, list after list.
    pub dependencies: Vec<Dependency>,
    /// `files`.
    pub files: Option<Vec<String>>,
    /// `gypfile`, if it is true or false.
    pub gypfile: Option<bool>,
    /// All of it; `Null` if there is none.
    pub raw: Value,
    /// Where readers could disagree.
    pub anomalies: Vec<Anomaly>,
}

/// What bundlers take for browsers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Browser {
    /// Instead of `main`.
    Path(String),
    /// File or module → replacement; `None` leaves it out.
    Map(Vec<(String, Option<String>)>),
}

/// Reads package.json. It never fails: what is wrong is in the anomalies.
#[must_use]
pub(crate) fn read(archive: &Archive) -> Manifest {
    let Some(file) = archive.find(MANIFEST) else {
        return failed(AnomalyId::ManifestMissing, missing(archive));
    };
    let bytes = archive.bytes(file);
    let text = String::from_utf8_lossy(bytes);
    let marked = text.strip_prefix('\u{FEFF}');
    let parsed = match json::parse(marked.unwrap_or(&text)) {
        Ok(parsed) => parsed,
        Err(error) => return failed(AnomalyId::ManifestInvalidJson, error),
    };
    let mut manifest = match &parsed.value {
        Value::Object(map) => from_object(map, archive),
        _ => Manifest::default(),
    };
    let anomalies = &mut manifest.anomalies;
    odd::tell(&parsed, anomalies);
    if marked.is_some() {
        let detail = "at the start";
        anomalies.push(Anomaly::at(
            AnomalyId::ManifestByteOrderMark,
            MANIFEST,
            detail,
        ));
    }
    if text.contains('\u{FFFD}') && std::str::from_utf8(bytes).is_err() {
        let detail = "invalid bytes became U+FFFD";
        anomalies.push(Anomaly::at(AnomalyId::ManifestNotUtf8, MANIFEST, detail));
    }
    for (command, _) in &manifest.bin {
        let name = manifest.name.as_deref().unwrap_or("");
        if shadow::shadows(name, command) {
            let detail =
                format!("the command {command} has the name of a tool that is not its own");
            let anomaly = Anomaly::at(AnomalyId::ManifestBinShadow, MANIFEST, detail);
            manifest.anomalies.push(anomaly);
        }
    }
    manifest.anomalies.sort();
    manifest.raw = parsed.value;
    manifest
}

fn missing(archive: &Archive) -> String {
    let other = archive
        .entries
        .iter()
        .find(|entry| entry.path.eq_ignore_ascii_case(MANIFEST));
    match other {
        Some(entry) => format!(
            "no package.json at the root; macOS and Windows take {} for it",
            entry.path
        ),
        None => "no package.json at the root".to_owned(),
    }
}

fn failed(id: AnomalyId, detail: impl Into<String>) -> Manifest {
    Manifest {
        anomalies: vec![Anomaly::at(id, MANIFEST, detail)],
        ..Manifest::default()
    }
}

fn from_object(map: &Map<String, Value>, archive: &Archive) -> Manifest {
    let text = |key: &str| map.get(key).and_then(Value::as_str).map(str::to_owned);
    let repository = map.get("repository");
    Manifest {
        name: text("name"),
        version: text("version"),
        scripts: pairs(map.get("scripts")),
        repository: repository
            .and_then(|value| value.get("url"))
            .or(repository)
            .and_then(Value::as_str)
            .map(str::to_owned),
        homepage: text("homepage"),
        main: text("main"),
        module: text("module"),
        browser: map.get("browser").and_then(browser),
        exports: map.get("exports").cloned(),
        imports: map.get("imports").cloned(),
        type_is_module: map.get("type").and_then(Value::as_str) == Some("module"),
        bin: bin::read(map, archive),
        bin_folder: bin::folder(map),
        dependencies: dependency::read(map),
        files: map.get("files").and_then(Value::as_array).map(|files| {
            files
                .iter()
                .filter_map(|file| file.as_str().map(str::to_owned))
                .collect()
        }),
        gypfile: map.get("gypfile").and_then(Value::as_bool),
        raw: Value::Null,
        anomalies: Vec::new(),
    }
}

fn pairs(value: Option<&Value>) -> Vec<(String, String)> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
        .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

fn browser(value: &Value) -> Option<Browser> {
    match value {
        Value::String(path) => Some(Browser::Path(path.clone())),
        Value::Object(map) => Some(Browser::Map(
            map.iter()
                .filter_map(|(key, value)| match value {
                    Value::String(path) => Some((key.clone(), Some(path.clone()))),
                    Value::Bool(false) => Some((key.clone(), None)),
                    _ => None,
                })
                .collect(),
        )),
        _ => None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::Limits;
    use crate::archive::from_files;
    use crate::budget::Budget;

    /// A package of this manifest and these files.
    pub(crate) fn package(manifest: impl AsRef<[u8]>, files: &[(&str, &str)]) -> Archive {
        let files = files
            .iter()
            .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()));
        let manifest = (MANIFEST.to_owned(), manifest.as_ref().to_vec());
        from_files(
            files.chain([manifest]),
            &mut Budget::new(&Limits::default()),
        )
        .expect("small")
    }

    fn of(manifest: impl AsRef<[u8]>) -> Manifest {
        read(&package(manifest, &[]))
    }

    fn ids(manifest: &Manifest) -> Vec<&str> {
        manifest.anomalies.iter().map(|a| a.id.as_str()).collect()
    }

    #[test]
    fn the_fields() {
        let manifest = of(r##"{
            "name": "@s/n", "version": "1.2.3", "type": "module",
            "scripts": {"z": "1", "a": "2", "n": 3},
            "repository": {"url": "git+https://git.example/n.git"},
            "homepage": "https://n.example", "main": "m.js", "module": "m.mjs",
            "browser": {"fs": false, "./a.js": "./b.js"},
            "exports": {".": "./m.js"}, "imports": {"#x": "./x.js"},
            "files": ["lib", 3], "gypfile": false
        }"##);
        assert_eq!(manifest.name.as_deref(), Some("@s/n"));
        assert_eq!(manifest.version.as_deref(), Some("1.2.3"));
        let scripts: Vec<_> = manifest
            .scripts
            .iter()
            .map(|(name, _)| name.as_str())
            .collect();
        assert_eq!(scripts, ["z", "a"]);
        assert_eq!(
            manifest.repository.as_deref(),
            Some("git+https://git.example/n.git")
        );
        assert_eq!(manifest.main.as_deref(), Some("m.js"));
        assert_eq!(
            manifest.browser,
            Some(Browser::Map(vec![
                ("fs".into(), None),
                ("./a.js".into(), Some("./b.js".into()))
            ]))
        );
        assert!(
            manifest.type_is_module && manifest.exports.is_some() && manifest.imports.is_some()
        );
        assert_eq!(manifest.files, Some(vec!["lib".to_owned()]));
        assert_eq!(manifest.gypfile, Some(false));
        assert_eq!(manifest.raw["type"], "module");
        assert_eq!(ids(&manifest), ["manifest.wrong-type"]);
        assert_eq!(
            of(r#"{"repository":"u/r"}"#).repository.as_deref(),
            Some("u/r")
        );
    }

    #[test]
    fn what_is_wrong_is_told() {
        let none = from_files([], &mut Budget::new(&Limits::default())).expect("small");
        assert_eq!(ids(&read(&none)), ["manifest.missing"]);
        assert_eq!(ids(&of("[]")), ["manifest.not-an-object"]);
        assert_eq!(ids(&of("{")), ["manifest.invalid-json"]);
        assert_eq!(ids(&of(b"\xff\xfe{\0}\0")), ["manifest.invalid-json"]);
        let deep = format!(
            "{{\"name\":\"n\",\"x\":{}{}}}",
            "[".repeat(500),
            "]".repeat(500)
        );
        let manifest = of(deep);
        assert_eq!(ids(&manifest), ["manifest.too-large"]);
        assert_eq!(manifest.name.as_deref(), Some("n"));
    }

    #[test]
    fn a_mark_and_two_keys() {
        let manifest = of("\u{FEFF}{\"main\":\"a\",\"ma\\u0069n\":\"b\"}");
        assert_eq!(manifest.main.as_deref(), Some("b"));
        let all = ["byte-order-mark", "duplicate-key", "escaped-key"];
        assert_eq!(ids(&manifest), all.map(|id| format!("manifest.{id}")));
        assert_eq!(manifest.anomalies[1].detail, "the key main");
        let latin = of(b"{\"name\":\"a\xff\"}");
        assert!(ids(&latin).contains(&"manifest.not-utf8"));
        assert!(!ids(&of("{\"description\":\"\u{FFFD}\"}")).contains(&"manifest.not-utf8"));
    }

    #[test]
    fn another_case_is_named_where_there_is_no_manifest() {
        let files = [("Package.json".to_owned(), b"{}".to_vec())];
        let manifest =
            read(&from_files(files, &mut Budget::new(&Limits::default())).expect("small"));
        assert!(
            manifest.anomalies[0]
                .detail
                .ends_with("Package.json for it")
        );
    }
}
