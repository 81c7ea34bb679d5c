//! The modules that come with Node.

/// Names that mean Node's own module with or without `node:`, sorted.
const BUILTINS: &[&str] = &[
    "_http_agent",
    "_http_client",
    "_http_common",
    "_http_incoming",
    "_http_outgoing",
    "_http_server",
    "_stream_duplex",
    "_stream_passthrough",
    "_stream_readable",
    "_stream_transform",
    "_stream_wrap",
    "_stream_writable",
    "_tls_common",
    "_tls_wrap",
    "assert",
    "assert/strict",
    "async_hooks",
    "buffer",
    "child_process",
    "cluster",
    "console",
    "constants",
    "crypto",
    "dgram",
    "diagnostics_channel",
    "dns",
    "dns/promises",
    "domain",
    "events",
    "fs",
    "fs/promises",
    "http",
    "http2",
    "https",
    "inspector",
    "inspector/promises",
    "module",
    "net",
    "os",
    "path",
    "path/posix",
    "path/win32",
    "perf_hooks",
    "process",
    "punycode",
    "querystring",
    "readline",
    "readline/promises",
    "repl",
    "stream",
    "stream/consumers",
    "stream/promises",
    "stream/web",
    "string_decoder",
    "sys",
    "timers",
    "timers/promises",
    "tls",
    "trace_events",
    "tty",
    "url",
    "util",
    "util/types",
    "v8",
    "vm",
    "wasi",
    "worker_threads",
    "zlib",
];

/// The name of the runtime's own module that a specifier means, without `node:`. Modules of Bun
/// keep their prefix.
#[must_use]
pub(crate) fn builtin(specifier: &str) -> Option<&str> {
    if let Some(name) = specifier.strip_prefix("node:") {
        return Some(name);
    }
    let own = specifier.starts_with("bun:") || BUILTINS.binary_search(&specifier).is_ok();
    own.then_some(specifier)
}

/// Their names, as `builtinModules` lists them.
pub(crate) fn builtins() -> impl Iterator<Item = &'static str> {
    BUILTINS.iter().copied()
}

/// What a module of Node exports, by the tables: its own properties, sorted. It is named by a
/// specifier or by the path of its rows.
#[must_use]
pub(crate) fn exports(module: &str) -> Option<Vec<&'static str>> {
    builtin(module.split('.').next()?)?;
    let path = super::module(module).unwrap_or(module);
    let names = super::all().iter().filter_map(|row| {
        let name = row.path.strip_prefix(path)?.strip_prefix('.')?;
        (!name.contains(['.', '('])).then_some(name)
    });
    let mut names: Vec<&str> = names.collect();
    names.dedup();
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_lists_what_its_rows_say() {
        let names = exports("node:child_process").expect("a builtin");
        assert!(
            names.contains(&"exec") && names.contains(&"spawnSync"),
            "{names:?}"
        );
        assert_eq!(exports("left-pad"), None);
    }

    #[test]
    fn the_table_is_sorted_and_names_are_exact() {
        assert!(BUILTINS.is_sorted());
        assert_eq!(builtin("node:test"), Some("test"));
        assert_eq!(builtin("fs/promises"), Some("fs/promises"));
        assert_eq!(builtin("bun:ffi"), Some("bun:ffi"));
        // With a slash these are packages of that name.
        assert_eq!(builtin("buffer/"), None);
        assert_eq!(builtin("fs-extra"), None);
    }
}
