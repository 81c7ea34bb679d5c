//! Hosts of URLs, and the domains that somebody registered for them.

use psl::Type;

/// The host of a URL or of `host:port`, in lower case; `None` if it is not fully known.
pub(crate) fn host(url: &str) -> Option<String> {
    let rest = match url.split_once("://") {
        Some((_, rest)) => rest,
        None => url.strip_prefix("//").unwrap_or(url),
    };
    let authority = rest.split(['/', '?', '#']).next()?;
    let authority = authority.rsplit('@').next()?;
    let host = match authority.strip_prefix('[') {
        Some(v6) => v6.split(']').next()?,
        None => authority.split(':').next()?,
    };
    // `undefined` is what a text says of a value that was not there.
    let is_nothing = matches!(host, "undefined" | "null" | "NaN");
    if host.is_empty() || is_nothing || host.contains(['<', '>', ' ']) {
        return None;
    }
    Some(host.to_ascii_lowercase())
}

/// The part of a host that is known where its first labels are not: `c2.example` of
/// `<?>.c2.example`; `None` unless somebody registered it.
pub(crate) fn known_domain(url: &str) -> Option<String> {
    // The question mark of `<?>` starts no query.
    let url = url.replace("<?>", "<>");
    let rest = url.split_once("://").map_or(&*url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next()?;
    let name = authority.rsplit('@').next()?.split(':').next()?;
    let from = name.rfind('>').map_or(0, |at| at + 1);
    let known = name.get(from..)?.strip_prefix('.')?;
    // Below `ngrok.io` anybody has a name, but somebody registered it.
    let suffix = psl::suffix(known.as_bytes())?;
    let is_suffix = suffix.as_bytes() == known.as_bytes() && suffix.typ() != Some(Type::Private);
    let is_whole = known.split('.').all(|label| !label.is_empty());
    (!is_suffix && is_whole).then(|| known.to_ascii_lowercase())
}

/// The same, where whoever has that domain has all names below it as well.
pub(crate) fn fixed_domain(url: &str) -> Option<String> {
    let domain = known_domain(url)?;
    let is_shared =
        psl::suffix(domain.as_bytes()).is_some_and(|suffix| suffix.as_bytes() == domain.as_bytes());
    (!is_shared).then_some(domain)
}

/// The path of a URL, with its slash.
pub(crate) fn path(url: &str) -> &str {
    let rest = match url.split_once("://") {
        Some((_, rest)) => rest,
        None => url.strip_prefix("//").unwrap_or(url),
    };
    rest.find('/').and_then(|at| rest.get(at..)).unwrap_or("")
}

/// The domain that somebody registered, by the list of public suffixes: `shop.co.uk` of
/// `a.shop.co.uk`, and `name.github.io` as well. An address is its own domain.
pub(crate) fn registered(host: &str) -> &str {
    if super::address(host).is_some() {
        return host;
    }
    psl::domain_str(host).unwrap_or(host)
}

/// The name in a registered domain: `example` of `example.co.uk`.
pub(crate) fn label(host: &str) -> &str {
    registered(host).split('.').next().unwrap_or("")
}

/// Classes of hosts where anybody can have a place, or a name, for nothing.
pub(crate) const ANYBODYS: [&str; 9] = [
    "host.cheap-domain",
    "host.dead-drop",
    "host.file-drop",
    "host.free-site",
    "host.messenger",
    "host.messenger-webhook",
    "host.oast",
    "host.paste",
    "host.tunnel",
];

/// Whether the host never leaves the machine or the network next to it.
pub(crate) fn is_local(host: &str) -> bool {
    matches!(host, "localhost" | "::1" | "0.0.0.0")
        || host.starts_with("127.")
        || host.ends_with(".localhost")
        || host.ends_with(".local")
}

/// Whether a domain's name is one of a package registry's, or the reserved name that stands for
/// one in examples.
pub(crate) fn is_registry(host: &str) -> bool {
    const STANDS_FOR_ONE: &str = "registry.example";
    let label = label(host);
    let is_known = matches!(label, "npmjs" | "yarnpkg" | "npmmirror");
    host == STANDS_FOR_ONE || (is_known && !registered(host).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_cut_out_of_urls() {
        assert_eq!(
            host("https://u:p@A.Example:8443/x?y").as_deref(),
            Some("a.example")
        );
        assert_eq!(
            host("http://[2001:db8::1]:80/").as_deref(),
            Some("2001:db8::1")
        );
        assert_eq!(host("a.example:443").as_deref(), Some("a.example"));
        assert_eq!(host("https://<env:HOST>/x"), None);
    }

    #[test]
    fn a_domain_is_fixed_if_nobody_else_has_names_below_it() {
        let of = |url| fixed_domain(url);
        assert_eq!(
            of("https://<param>.c2.invalid/x").as_deref(),
            Some("c2.invalid")
        );
        // Whoever names the first label there names the host.
        assert_eq!(of("https://<param>.github.io/x"), None);
        assert_eq!(of("https://<param>.invalid/x"), None);
    }

    #[test]
    fn a_domain_is_known_behind_unknown_labels() {
        let of = |url| known_domain(url);
        assert_eq!(of("x0.<?>.c2.invalid").as_deref(), Some("c2.invalid"));
        assert_eq!(
            of("https://<?>.c2.invalid/x").as_deref(),
            Some("c2.invalid")
        );
        for url in [
            "<?>.invalid",
            "<?>.co.uk",
            "<?>",
            "https://<?>/x.y.z",
            "c2.invalid",
        ] {
            assert_eq!(of(url), None, "{url}");
        }
    }

    #[test]
    fn domains_are_what_somebody_registered() {
        assert_eq!(registered("a.b.c.example"), "c.example");
        assert_eq!(registered("a.shop.co.uk"), "shop.co.uk");
        assert_eq!(registered("192.0.2.1"), "192.0.2.1");
        assert_eq!(label("api.vendor.example"), "vendor");
    }
}
