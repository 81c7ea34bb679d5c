//! Targets without what changes from version to version though nothing else does.
//!
//! Each rule is a row: what it is for, a pair of targets that it must make one, and a pair that
//! must stay two. The rules run from top to bottom.

use crate::api::targets::host_class;
use crate::model::TargetKind;

/// Versions and the like that a side knows of itself.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Own<'r> {
    pub(super) version: Option<&'r str>,
}

/// A rule.
struct Rule {
    /// The kinds of targets that it is for; none means all.
    kinds: &'static [TargetKind],
    apply: fn(&str, Own<'_>) -> Option<String>,
    /// Kind, old and new target that it must make one; the versions are 1.2.3 and 1.3.0.
    #[cfg(test)]
    merges: (TargetKind, &'static str, &'static str),
    /// Kind and two targets that must stay two.
    #[cfg(test)]
    keeps: (TargetKind, &'static str, &'static str),
}

macro_rules! rules {
    ($($apply:ident for [$($kind:ident),*]
        merges $m:ident $a:literal $b:literal
        keeps $k:ident $c:literal $d:literal;)+) => {
        const RULES: &[Rule] = &[$(Rule {
            kinds: &[$(TargetKind::$kind),*],
            apply: $apply,
            #[cfg(test)]
            merges: (TargetKind::$m, $a, $b),
            #[cfg(test)]
            keeps: (TargetKind::$k, $c, $d),
        }),+];
    };
}

rules! {
    unknown_parts for []
        merges Url "https://a.example/<param>" "https://a.example/<?><?>"
        keeps Url "https://a.example/<?>" "https://a.example/<env:CI>";
    own_version for []
        merges Url "https://a.example/left@1.2.3/x.js" "https://a.example/left@1.3.0/x.js"
        keeps Url "https://a.example/right@1.2.3/x.js" "https://a.example/right@11.3.0/x.js";
    host_case for [Url, Host]
        merges Url "https://API.Example./x" "https://api.example/x"
        keeps Url "https://api.example/X" "https://api.example/x";
    port for [Url, Host]
        merges Url "http://a.example:8080/x" "http://a.example:9090/x"
        keeps Url "http://127.0.0.1:2375/x" "http://127.0.0.1:3000/x";
    query_noise for [Url]
        merges Url "https://a.example/x?v=3&id=7#top" "https://a.example/x?id=7&t=12"
        keeps Url "https://a.example/x?id=7" "https://a.example/x?id=8";
    slashes for [Url, Path]
        merges Path "./a/b/" "a/b"
        keeps Path "a/b" "/a/b";
    hashed_name for [Url, Path, Module, Command]
        merges Url "https://a.example/app.4f9a2c1b.js" "https://a.example/app.0b77e1d2.js"
        keeps Url "https://a.example/app.settings.js" "https://a.example/app.rollback.js";
    own_file for [Path, Module]
        merges Path "<package>/dist/cjs/worker.cjs" "<package>/lib/worker.min.js"
        keeps Path "<package>/lib/worker.js" "<package>/lib/setup.js";
    command_blanks for [Command]
        merges Command "node  ./setup.js" "node 'setup.js'"
        keeps Command "node setup.js" "node setup.js --force";
}

/// A target as it is compared.
pub(super) fn normal(target: &str, kind: Option<TargetKind>, own: Own<'_>) -> String {
    let mut text = target.to_owned();
    for rule in RULES {
        let is_for = rule.kinds.is_empty() || kind.is_some_and(|kind| rule.kinds.contains(&kind));
        if is_for && let Some(changed) = (rule.apply)(&text, own) {
            text = changed;
        }
    }
    text
}

/// Whether anything of a target is known that is not of the way the code is written.
pub(super) fn is_known(target: &str) -> bool {
    let known = target.replace("<param>", "").replace("<?>", "");
    let mut words = known.split(|c: char| !c.is_alphanumeric() && c != '<' && c != '>');
    words.any(|word| {
        !word.is_empty()
            && !matches!(word, "undefined" | "null" | "NaN")
            && stem(&format!("x.{word}")) != "x"
    })
}

/// Whether an unknown part has a name hangs on how the code is written.
fn unknown_parts(text: &str, _: Own<'_>) -> Option<String> {
    text.contains('<').then(|| {
        let mut text = text.replace("<param>", "<?>");
        while text.contains("<?><?>") {
            text = text.replace("<?><?>", "<?>");
        }
        text
    })
}

fn own_version(text: &str, own: Own<'_>) -> Option<String> {
    let version = own.version.filter(|version| version.len() >= 3)?;
    let mut out = String::new();
    let mut from = 0;
    for (at, _) in text.match_indices(version) {
        let before = text.get(..at)?.chars().next_back();
        let end = at + version.len();
        let after = text.get(end..)?;
        let longer = after.starts_with(|c: char| c.is_ascii_digit())
            || (after.starts_with('.') && after[1..].starts_with(|c: char| c.is_ascii_digit()));
        let inside = before.is_some_and(|c| c.is_ascii_digit() || c == '.');
        if at >= from && !longer && !inside {
            out.push_str(text.get(from..at)?);
            out.push_str("<version>");
            from = end;
        }
    }
    out.push_str(text.get(from..)?);
    Some(out)
}

/// What stands before, in and after the host of an address.
fn around_host(text: &str) -> Option<(&str, &str, &str)> {
    let start = match text.find("://") {
        Some(at) => at + 3,
        None if text.starts_with("//") => 2,
        None => 0,
    };
    let rest = text.get(start..)?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let user = rest.get(..end)?.rfind('@').map_or(0, |at| at + 1);
    Some((
        text.get(..start + user)?,
        rest.get(user..end)?,
        rest.get(end..)?,
    ))
}

fn host_case(text: &str, _: Own<'_>) -> Option<String> {
    let (before, host, after) = around_host(text)?;
    if host.contains('<') {
        return None;
    }
    let host = host.to_ascii_lowercase();
    Some(format!(
        "{}{}{after}",
        before.to_ascii_lowercase(),
        host.trim_end_matches('.')
    ))
}

fn port(text: &str, _: Own<'_>) -> Option<String> {
    let (before, host, after) = around_host(text)?;
    let (name, port) = host.rsplit_once(':')?;
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    // Ports of this machine tell services apart.
    let is_service = host_class(host, after).is_some_and(|class| class.id == "host.local-service");
    (is_port && !is_service).then(|| format!("{before}{name}{after}"))
}

/// Parameters that only keep caches apart.
const NOISE: [&str; 12] = [
    "v", "ver", "version", "t", "ts", "time", "_", "cb", "cache", "hash", "rev", "nonce",
];

fn query_noise(text: &str, _: Own<'_>) -> Option<String> {
    let address = text.split('#').next()?;
    let Some((path, query)) = address.split_once('?') else {
        return Some(address.to_owned());
    };
    let mut kept: Vec<&str> = query
        .split('&')
        .filter(|pair| {
            let name = pair.split('=').next().unwrap_or("").to_ascii_lowercase();
            !name.is_empty() && !NOISE.contains(&name.as_str()) && !name.starts_with("utm_")
        })
        .collect();
    kept.sort_unstable();
    // `<?>` has a question mark of its own.
    if path.ends_with('<') {
        return None;
    }
    Some(match kept.as_slice() {
        [] => path.to_owned(),
        kept => format!("{path}?{}", kept.join("&")),
    })
}

fn slashes(text: &str, _: Own<'_>) -> Option<String> {
    let mut text = text.replace('\\', "/");
    while let Some(rest) = text.strip_prefix("./") {
        text = rest.to_owned();
    }
    let trimmed = text.trim_end_matches('/');
    Some(match trimmed.is_empty() || trimmed.ends_with(':') {
        true => text,
        false => trimmed.to_owned(),
    })
}

/// Bundlers name files by their content.
fn hashed_name(text: &str, _: Own<'_>) -> Option<String> {
    let start = text.rfind(['/', ' ']).map_or(0, |at| at + 1);
    let (folder, name) = text.split_at_checked(start)?;
    // A host has no hash, whatever it looks like.
    if folder.ends_with("//") || !name.contains('.') {
        return None;
    }
    let mut out = folder.to_owned();
    let mut word = String::new();
    let named = without_hash(name);
    let name = named.as_deref().unwrap_or(name);
    for c in name.chars().chain(['\0']) {
        if c.is_ascii_alphanumeric() {
            word.push(c);
            continue;
        }
        out.push_str(if is_hash(&word) { "<hash>" } else { &word });
        word.clear();
        if c != '\0' {
            out.push(c);
        }
    }
    Some(out)
}

/// `name-XXXXXXXX.js` and `name.XXXXXXXX.js` as bundlers write them: eight characters of
/// base64 that are no word.
fn without_hash(name: &str) -> Option<String> {
    let (stem, extension) = name.split_once(".js").or_else(|| name.rsplit_once('.'))?;
    let cut = stem.len().checked_sub(8).filter(|&at| at > 0)?;
    let (before, hash) = stem.split_at_checked(cut)?;
    let has = |test: fn(&u8) -> bool| hash.as_bytes().iter().any(test);
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_hash = before.ends_with(['-', '.'])
        && hash.bytes().all(base64)
        && has(u8::is_ascii_uppercase)
        && (has(u8::is_ascii_lowercase) || has(u8::is_ascii_digit));
    let rest = name.get(stem.len()..).unwrap_or(extension);
    is_hash.then(|| format!("{before}<hash>{rest}"))
}

/// A path of a file, without a hash in its name.
pub(super) fn file_name(path: &str) -> String {
    hashed_name(path, Own::default()).unwrap_or_else(|| path.to_owned())
}

/// Eight or more letters and digits that are no word.
fn is_hash(word: &str) -> bool {
    let bytes = word.as_bytes();
    let digit_inside = bytes
        .windows(2)
        .any(|two| matches!(two, [a, b] if a.is_ascii_digit() && b.is_ascii_alphabetic()));
    let all = |test: fn(&u8) -> bool| bytes.iter().all(test);
    bytes.len() >= 8
        && (digit_inside
            || (all(u8::is_ascii_hexdigit) && bytes.iter().any(u8::is_ascii_digit))
            || (bytes.len() == 8 && all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())))
}

/// A file of the package itself may stand in any folder, and be called by any extension.
fn own_file(text: &str, _: Own<'_>) -> Option<String> {
    let inside = text
        .strip_prefix("<package>/")
        .or_else(|| text.strip_prefix("./"))
        .or_else(|| text.strip_prefix("../"))?;
    let name = inside.rsplit('/').next()?;
    if name.is_empty() || name == ".." {
        return None;
    }
    Some(format!("<package>/{}", stem(name)))
}

/// A file name without the extensions of code.
pub(super) fn stem(name: &str) -> &str {
    let mut name = name;
    while let Some((stem, extension)) = name.rsplit_once('.') {
        let of_code = [
            "js",
            "mjs",
            "cjs",
            "ts",
            "mts",
            "cts",
            "jsx",
            "tsx",
            "min",
            "esm",
            "umd",
            "prod",
            "cjs",
            "iife",
            "global",
            "browser",
            "module",
            "development",
            "production",
            "dev",
        ];
        if stem.is_empty() || !of_code.contains(&extension) {
            break;
        }
        name = stem;
    }
    name
}

fn command_blanks(text: &str, _: Own<'_>) -> Option<String> {
    let words: Vec<&str> = text
        .split_whitespace()
        .map(|word| {
            let quoted = ['"', '\''].into_iter().find_map(|quote| {
                let inner = word.strip_prefix(quote)?.strip_suffix(quote)?;
                (!inner.contains(quote)).then_some(inner)
            });
            let word = quoted.unwrap_or(word);
            word.strip_prefix("./").unwrap_or(word)
        })
        .collect();
    Some(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: Own<'_> = Own {
        version: Some("1.2.3"),
    };
    const NEW: Own<'_> = Own {
        version: Some("1.3.0"),
    };

    #[test]
    fn each_rule_merges_its_pair_and_keeps_the_other() {
        for rule in RULES {
            let (kind, old, new) = rule.merges;
            let (a, b) = (normal(old, Some(kind), OLD), normal(new, Some(kind), NEW));
            assert_eq!(a, b, "{old} and {new} are one");
            let (kind, old, new) = rule.keeps;
            let (a, b) = (normal(old, Some(kind), OLD), normal(new, Some(kind), NEW));
            assert_ne!(a, b, "{old} and {new} are two");
        }
    }

    #[test]
    fn each_rule_is_needed_for_its_pair() {
        for (at, rule) in RULES.iter().enumerate() {
            let without = |target: &str, kind, own| {
                let mut text = target.to_owned();
                for (_, other) in RULES.iter().enumerate().filter(|&(n, _)| n != at) {
                    let is_for = other.kinds.is_empty() || other.kinds.contains(&kind);
                    if is_for && let Some(changed) = (other.apply)(&text, own) {
                        text = changed;
                    }
                }
                text
            };
            let (kind, old, new) = rule.merges;
            assert_ne!(
                without(old, kind, OLD),
                without(new, kind, NEW),
                "{old} and {new} would be one anyway"
            );
        }
    }

    #[test]
    fn a_normal_target_is_normal() {
        for rule in RULES {
            let (kind, target, _) = rule.merges;
            let once = normal(target, Some(kind), OLD);
            assert_eq!(normal(&once, Some(kind), OLD), once);
        }
    }

    #[test]
    fn blanks_and_extensions_are_no_targets() {
        for (target, expected) in [
            ("./<?>", false),
            ("<param>/<?>.js", false),
            ("undefined", false),
            ("null/null-<?>", false),
            ("<?>/package.json", true),
            ("~/<?>", false),
            ("<env:HOME>/x", true),
            ("<tmp>/<?>", true),
            ("git", true),
        ] {
            assert_eq!(is_known(target), expected, "{target}");
        }
    }

    #[test]
    fn files_keep_their_names_without_their_hashes() {
        for (one, other) in [
            ("a/index-C_gcIYdA.js", "a/index-B8-x1fQz.js"),
            ("a/mirror-ClnuDfLq.js", "a/mirror-D5SeAdMv.js"),
            ("a/index.B5WWZ7O0.js.map", "a/index.XX12ab3d.js.map"),
        ] {
            assert_eq!(file_name(one), file_name(other));
        }
        assert_ne!(
            file_name("a/index-settings.js"),
            file_name("a/index-rollback.js")
        );
        assert_ne!(file_name("a/readable.js"), file_name("a/writable.js"));
    }

    #[test]
    fn words_are_no_hashes() {
        for (word, expected) in [
            ("settings", false),
            ("settings2", false),
            ("readable", false),
            ("4f9a2c1b", true),
            ("12345678", true),
            ("XH7QY2ZK", true),
            ("a1b2", false),
        ] {
            assert_eq!(is_hash(word), expected, "{word}");
        }
    }
}
