//! The ways a name comes into a file.

use crate::api;

/// A name in a file: what stands before it, and the expression.
pub(super) struct Bound {
    pub(super) form: &'static str,
    pub(super) is_module: bool,
    pub(super) before: String,
    pub(super) expr: String,
    /// Whether the expression is a plain name that holds the property, so that assigning to it
    /// would not change the property.
    pub(super) is_copy: bool,
}

/// The specifier of the module that a path lies in, and the path below it.
pub(super) fn module_of(path: &'static str) -> Option<(String, Vec<&'static str>)> {
    let module = api::modules()
        .iter()
        .filter(|module| {
            path.strip_prefix(module.path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
        // The longest path, and then the specifier that is spelt like it.
        .max_by_key(|module| {
            let is_own = module.specifier.replace('/', ".") == module.path;
            (module.path.len(), is_own)
        })?;
    let rest = &path[module.path.len()..];
    let keys = rest.split('.').filter(|key| !key.is_empty()).collect();
    let specifier = match module.kind {
        api::ModuleKind::Prefixed => format!("node:{}", module.specifier),
        _ => module.specifier.to_owned(),
    };
    Some((specifier, keys))
}

/// `.a.b`
pub(super) fn dotted(keys: &[&str]) -> String {
    keys.iter().map(|key| format!(".{key}")).collect()
}

/// Every way to bind a path that is no method of an instance.
pub(super) fn forms(path: &'static str) -> Vec<Bound> {
    let mut found = Vec::new();
    if let Some((specifier, keys)) = module_of(path) {
        of_module(&specifier, &keys, &mut found);
    }
    let root = path.split('.').next().unwrap_or(path);
    // `module` is another thing as a global.
    if api::is_global(root) && root != "module" {
        of_global(path, root, &mut found);
    }
    found
}

/// One plain expression of a path.
pub(super) fn plain(path: &'static str) -> Option<String> {
    let root = path.split('.').next().unwrap_or(path);
    match module_of(path) {
        Some((specifier, keys)) => Some(format!("require(\"{specifier}\"){}", dotted(&keys))),
        None if api::is_global(root) => Some(path.to_owned()),
        None => None,
    }
}

fn of_module(specifier: &str, keys: &[&str], found: &mut Vec<Bound>) {
    let all = dotted(keys);
    let mut add = |form, is_module, before: String, expr: String, is_copy| {
        found.push(Bound {
            form,
            is_module,
            before,
            expr,
            is_copy,
        });
    };
    let require = format!("const m = require(\"{specifier}\");\n");
    let is_copy = keys.is_empty();
    add(
        "commonjs",
        false,
        require.clone(),
        format!("m{all}"),
        is_copy,
    );
    let alias = format!("{require}const y = m{all};\n");
    add("alias", false, alias, "y".to_owned(), true);
    let default = format!("import m from \"{specifier}\";\n");
    add("default", true, default, format!("m{all}"), is_copy);
    let namespace = format!("import * as m from \"{specifier}\";\n");
    let expr = if keys.is_empty() {
        "m.default".to_owned()
    } else {
        format!("m{all}")
    };
    add("namespace", true, namespace, expr, true);
    if let Some((first, rest)) = keys.split_first() {
        let rest = dotted(rest);
        let is_copy = rest.is_empty();
        let before = format!("const {{ {first}: x }} = require(\"{specifier}\");\n");
        add("destructured", false, before, format!("x{rest}"), is_copy);
        let before = format!("import {{ {first} as x }} from \"{specifier}\";\n");
        add("named", true, before, format!("x{rest}"), is_copy);
    }
}

fn of_global(path: &str, root: &str, found: &mut Vec<Bound>) {
    let mut add = |form, before: String, expr: String, is_copy| {
        found.push(Bound {
            form,
            is_module: false,
            before,
            expr,
            is_copy,
        });
    };
    add("bare", String::new(), path.to_owned(), false);
    // A keyword has no other form.
    if root == "import" {
        return;
    }
    add(
        "globalThis",
        String::new(),
        format!("globalThis.{path}"),
        false,
    );
    let alias = format!("const y = {path};\n");
    add("alias", alias, "y".to_owned(), true);
    let rest = &path[root.len()..];
    let destructured = format!("const {{ {root}: x }} = globalThis;\n");
    add(
        "destructured",
        destructured,
        format!("x{rest}"),
        rest.is_empty(),
    );
    let computed = format!("globalThis[\"{root}\"]{rest}");
    add("computed", String::new(), computed, false);
}
