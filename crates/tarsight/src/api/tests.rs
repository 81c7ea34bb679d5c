//! The rows that other stages lean on.

use super::*;
use crate::model::Origin;

#[track_caller]
fn behaviour_of(path: &str) -> &'static str {
    lookup(path)
        .unwrap_or_else(|| panic!("{path} has a row"))
        .effects
        .first()
        .unwrap_or_else(|| panic!("{path} does something"))
        .behaviour
        .id
}

#[test]
fn rows_are_sorted_and_enough() {
    assert!(all().is_sorted_by(|a, b| a.path < b.path));
    assert!(behaviours().is_sorted_by(|a, b| a.id < b.id));
    assert!(all().len() > 1500, "{}", all().len());
    for api in all() {
        assert_eq!(lookup(api.path), Some(api), "{}", api.path);
    }
    for row in behaviours() {
        assert_eq!(behaviour(row.id), Some(row));
        let used = all()
            .iter()
            .flat_map(|api| api.effects)
            .any(|effect| effect.behaviour == row);
        assert!(used || by_tool(row.id), "no row uses {}", row.id);
    }
}

/// Whether files of other tools do it, files that are no JavaScript, options, or code as a
/// whole, not APIs.
fn by_tool(id: &str) -> bool {
    let others = [
        "code.script-text",
        "credential.shipped",
        "environment.text",
        "evasion.foreign-body",
        "network.mining-pool",
        "wallet.hidden-address",
        "evasion.hidden-address",
        "evasion.region-and-date",
        "evasion.secret-text",
        "obfuscation.code-in-comment",
        "obfuscation.encoded-code",
        "obfuscation.giant-line",
        "obfuscation.hidden-text",
        "obfuscation.lookalike-name",
        "obfuscation.off-screen",
        "obfuscation.reviewer-instruction",
        "obfuscation.string-table",
        "process.hidden",
    ];
    ["tool.", "agent.", "ci.", "native."]
        .iter()
        .any(|start| id.starts_with(start))
        || others.contains(&id)
}

#[test]
fn known_apis_do_what_they_do() {
    for (path, id) in [
        ("fs.readFileSync", "fs.read"),
        ("fs.promises.readFile", "fs.read"),
        ("fs.promises.rm", "fs.delete"),
        ("fs.FileHandle#writeFile", "fs.write"),
        ("child_process.exec", "process.exec"),
        ("child_process.spawn", "process.spawn"),
        ("https.request", "network.http"),
        ("http.ClientRequest#write", "network.http"),
        ("net.connect", "network.socket"),
        ("dns.promises.resolveTxt", "network.dns"),
        ("dns.Resolver#setServers", "network.dns-server"),
        ("os.hostname", "environment.host"),
        ("process.env", "environment.read"),
        ("process.dlopen", "process.native"),
        ("module._load", "code.module-load"),
        ("module.prototype._compile", "code.compile"),
        ("vm.runInThisContext", "code.vm"),
        ("eval", "code.eval"),
        ("Function", "code.function"),
        ("setTimeout", "code.timer-string"),
        ("fetch", "network.http"),
        ("XMLHttpRequest#open", "network.http"),
        ("WebSocket", "network.websocket"),
        ("Bun.spawn", "process.spawn"),
        ("Deno.readTextFile", "fs.read"),
        ("axios", "network.http"),
        ("axios.post", "network.http"),
        ("got.post", "network.http"),
        ("undici.request", "network.http"),
        ("socket.io-client", "network.websocket"),
        ("execa.$", "process.exec"),
        ("shelljs.exec", "process.exec"),
        ("rimraf", "fs.delete"),
        ("keytar.getPassword", "credential.store"),
        ("clipboardy.readSync", "clipboard.read"),
    ] {
        assert_eq!(behaviour_of(path), id, "{path}");
    }
    assert!(lookup("path.join").is_some_and(|api| api.inert));
}

#[test]
fn names_that_stand_for_others_lead_to_their_rows() {
    for (path, row) in [
        ("globalThis.fetch", "fetch"),
        ("window.document.cookie", "document.cookie"),
        ("graceful-fs.readFile", "fs.readFile"),
        ("fs-extra.readFile", "fs.readFile"),
        ("fs-extra.outputFile", "fs-extra.outputFile"),
        ("fs.default.readFile", "fs.readFile"),
        ("fs.promises.default.readFile", "fs.promises.readFile"),
        ("axios.default.post", "axios.post"),
        ("node-fetch", "fetch"),
        ("node-fetch.default", "fetch"),
        ("path.posix.join", "path.join"),
        ("module.Module._load", "module._load"),
        (
            "module.constructor.prototype._compile",
            "module.prototype._compile",
        ),
        ("buffer.Buffer.from", "Buffer.from"),
        ("crypto.webcrypto.subtle.decrypt", "crypto.subtle.decrypt"),
        ("process.mainModule.require", "require"),
    ] {
        assert_eq!(lookup(path).map(|api| api.path), Some(row), "{path}");
    }
    for nothing in [
        "",
        ".",
        "#",
        "globalThis",
        "globalThis.",
        "fs",
        "fs.",
        "fs.nothing",
        "fsx.readFile",
        "windowx.fetch",
        ".default",
        "fetch.default.default.x",
    ] {
        assert_eq!(lookup(nothing), None, "{nothing}");
    }
}

#[test]
fn methods_are_those_of_the_base_too() {
    let on = method("http.IncomingMessage", "on").expect("its own");
    assert!(
        on.callbacks
            .iter()
            .any(|callback| callback.handed == Handed::Gives(Gives::Origin(Origin::Remote)))
    );
    let pipe = method("http.IncomingMessage", "pipe").expect("inherited");
    assert_eq!(pipe.path, "stream.Readable#pipe");
    assert_eq!(
        lookup("http.IncomingMessage#off").map(|api| api.path),
        Some("events.EventEmitter#off")
    );
    assert_eq!(method("http.IncomingMessage", "nothing"), None);
    assert_eq!(method("nothing", "on"), None);
}

#[test]
fn assignments_have_rows_of_their_own() {
    assert_eq!(
        assignment("process.env")
            .and_then(|api| api.effects.first())
            .map(|effect| effect.behaviour.id),
        Some("environment.write")
    );
    assert_eq!(
        assignment("globalThis.fetch").map(|api| api.path),
        Some("fetch=")
    );
    assert_eq!(
        assignment("Element#innerHTML").map(|api| api.path),
        Some("Element#innerHTML=")
    );
    assert_eq!(assignment("process.pid"), None);
}

#[test]
fn rows_carry_targets_data_and_types() {
    let request = lookup("https.request").expect("a row");
    let aim = request.effects[0].aim.expect("a target");
    assert_eq!((aim.kind, aim.place), (AimKind::Url, Place::Arg(0)));
    assert!(request.gives.contains(&Gives::Type("http.ClientRequest")));
    assert_eq!(request.callbacks[0].at, Place::Last);
    assert_eq!(request.runs, Runs::Soon);
    let write = lookup("http.ClientRequest#write").expect("a row");
    assert_eq!(write.effects[0].aim.map(|aim| aim.place), Some(Place::This));
    assert_eq!(write.data, [Place::Arg(0)]);
    let hostname = lookup("os.hostname").expect("a row");
    assert_eq!(
        hostname.effects[0].aim.map(|aim| aim.place),
        Some(Place::Text("hostname"))
    );
    assert!(hostname.gives.contains(&Gives::Origin(Origin::Host)));
    let copy = lookup("fs.copyFile").expect("a row");
    assert_eq!(copy.effects.len(), 2);
    assert_eq!(
        lookup("document.createElement").and_then(|api| api.only_if),
        Some((0, "script"))
    );
    assert_eq!(
        lookup("module.createRequire").map(|api| api.gives),
        Some(&[Gives::Alias("require")][..])
    );
    assert!(lookup("Buffer.from").is_some_and(|api| api.gives.contains(&Gives::DecodeIf(1))));
    assert!(lookup("process.env").is_some_and(|api| api.read));
}

#[test]
fn specifiers_and_globals_are_known() {
    for (specifier, path) in [
        ("fs", Some("fs")),
        ("node:fs", Some("fs")),
        ("node:fs/promises", Some("fs.promises")),
        ("stream/promises", Some("stream.promises")),
        ("_http_client", Some("http")),
        ("axios", Some("axios")),
        ("open", Some("package:open")),
        ("node:axios", None),
        ("test", None),
        ("node:test", Some("test")),
        ("./fs", None),
        ("no-rows", None),
    ] {
        assert_eq!(module(specifier), path, "{specifier}");
    }
    for name in [
        "fetch",
        "eval",
        "process",
        "require",
        "module",
        "globalThis",
        "window",
        "crypto",
        "Bun",
        "localStorage",
    ] {
        assert!(is_global(name), "{name}");
    }
    for name in ["fs", "axios", "open2", "", "http"] {
        assert!(!is_global(name), "{name}");
    }
}

#[test]
fn every_package_and_alias_has_rows() {
    for entry in &MODULES {
        let covered = all().iter().any(|api| {
            api.path
                .strip_prefix(entry.path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '#']))
        });
        let alias = LIKES.iter().any(|(prefix, _)| {
            prefix
                .strip_prefix(entry.path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        });
        assert!(covered || alias, "{} has no row", entry.specifier);
    }
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_a_lookup(a in ".{0,24}", b in "[.#=a-zé]{0,12}") {
        for base in [a.as_str(), b.as_str(), "globalThis", "fs", "axios.default", "http.Server"] {
            for name in [a.as_str(), b.as_str(), "default", ""] {
                let joined = format!("{base}.{name}");
                let _ = (lookup(&joined), method(base, name));
                let _ = (assignment(&joined), module(&joined));
                let _ = targets::secret_path(&joined.replace('.', "/"));
                let _ = targets::persistence_path(&joined.replace('=', "\\"));
                let _ = (targets::host_class(&joined, name), targets::secret_variable(&joined));
                let _ = (targets::token_shapes(&joined).count(), targets::token_pattern(&joined));
            }
        }
    }
}
