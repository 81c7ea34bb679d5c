//! Whose the two ends of a flow are: the cell that a flow falls in.
//!
//! Libraries move the caller's data to the caller's destination. What is found, or the caller's,
//! and goes to where the package says, is another matter.

use super::provenance::{Home, Whose};
use super::{host, judge};
use crate::api::targets;
use crate::flow::Flow;
use crate::model::Origin;

/// Whose what moves is.
pub(crate) fn giver(flow: &Flow) -> &'static str {
    let id = flow.source.id;
    if id.starts_with("credential.") || id.starts_with("wallet.") {
        return "secret";
    }
    match id {
        "page.field" | "page.keys" | "parameter" | "storage.browser" => "callers",
        "environment.read" => "environment",
        "environment.host" => "host",
        "network.http" => "remote",
        "decoded" => "constant",
        _ => "file",
    }
}

/// Whose the end is: the caller's, the package's own, a registry's, the vendor's of the secret,
/// one that the tables know, or anybody's; and where it is not known, why.
///
/// `None` for flows that do not leave the machine.
pub(crate) fn taker(home: &Home, flow: &Flow) -> Option<&'static str> {
    let end = &flow.sink;
    if !end.id.starts_with("network.") {
        return None;
    }
    let target = end.target.as_deref().unwrap_or("");
    let from = |origin: Origin| end.origin.has(origin);
    let at = host::host(target).or_else(|| host::fixed_domain(target));
    let Some(at) = at else {
        return Some(if judge::is_host_chosen(target) {
            "callers"
        } else if from(Origin::Decoded) {
            "decoded"
        } else if from(Origin::Remote) {
            "remote"
        } else if from(Origin::Parameter) || from(Origin::Environment) || from(Origin::File) {
            "callers"
        } else {
            "unknown"
        });
    };
    match home.whose(target).or_else(|| home.whose(&at)) {
        Some(Whose::Own) => return Some("own"),
        Some(Whose::Registry) => return Some("registry"),
        Some(Whose::Local) => return Some("local"),
        Some(Whose::Foreign) | None => {}
    }
    let secret = flow.source.target.as_deref().unwrap_or("");
    if giver(flow) == "secret" && judge::same_vendor(secret, flow.source.id, target) {
        return Some("vendor");
    }
    Some(match targets::host_class(&at, host::path(target)) {
        Some(class) => class.id.strip_prefix("host.").unwrap_or(class.id),
        None if from(Origin::Decoded) => "decoded",
        None => match targets::address(&at) {
            Some(address) if is_reserved(address) => "reserved",
            Some(_) => "address",
            None => "foreign",
        },
    })
}

/// Whether an address belongs to nobody on the internet.
fn is_reserved(address: std::net::IpAddr) -> bool {
    match address {
        std::net::IpAddr::V4(v4) => {
            v4.is_private()
                || v4.is_link_local()
                || v4.is_documentation()
                || v4.is_broadcast()
                || v4.is_multicast()
        }
        std::net::IpAddr::V6(v6) => v6.is_multicast() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::flow::End;
    use crate::model::{OriginSet, Reach};

    fn cell(source: (&'static str, &str), target: &str, origin: Origin) -> (&'static str, String) {
        let home = Home::of_links([
            Some("https://github.com/vendor/tool"),
            Some("https://tool.example/"),
        ]);
        let flow = Flow {
            id: "x",
            source: End {
                id: source.0,
                target: Some(source.1.into()),
                origin: OriginSet::of(Origin::File),
            },
            sink: End {
                id: "network.http",
                target: (!target.is_empty()).then(|| target.into()),
                origin: OriginSet::of(origin),
            },
            reach: Reach::DORMANT,
            steps: Vec::new(),
            separators: Vec::new(),
            is_unanswered: false,
            guesses: 0,
            is_mixed: false,
            from: None,
        };
        (
            giver(&flow),
            taker(&home, &flow).unwrap_or("none").to_owned(),
        )
    }

    #[test]
    fn ends_are_told_apart() {
        let literal = Origin::Literal;
        let npmrc = ("credential.npm", "~/.npmrc");
        let rows = [
            (
                npmrc,
                "https://api.tool.example/x",
                literal,
                ("secret", "own"),
            ),
            (
                npmrc,
                "https://collect.invalid/x",
                literal,
                ("secret", "foreign"),
            ),
            (npmrc, "http://192.0.2.7/x", literal, ("secret", "reserved")),
            (npmrc, "http://9.8.7.6/x", literal, ("secret", "address")),
            (npmrc, "http://0x09080706/x", literal, ("secret", "address")),
            (
                npmrc,
                "https://pastebin.com/api",
                literal,
                ("secret", "paste"),
            ),
            (npmrc, "https://x.ngrok.io/", literal, ("secret", "tunnel")),
            (
                npmrc,
                "https://<env:HOST>/",
                Origin::Environment,
                ("secret", "callers"),
            ),
            (npmrc, "", Origin::Decoded, ("secret", "decoded")),
            (npmrc, "", Origin::Remote, ("secret", "remote")),
            (npmrc, "", Origin::Unknown, ("secret", "unknown")),
            (
                ("parameter", "key"),
                "",
                Origin::Parameter,
                ("callers", "callers"),
            ),
            (
                ("parameter", "key"),
                "https://collect.invalid/",
                literal,
                ("callers", "foreign"),
            ),
            (
                ("environment.host", "os.hostname"),
                "http://localhost:1/",
                literal,
                ("host", "local"),
            ),
            (
                ("environment.read", "*"),
                "https://a.github.io/",
                literal,
                ("environment", "free-site"),
            ),
            (
                ("credential.llm", "VENDOR_API_KEY"),
                "https://api.vendor.example/",
                literal,
                ("secret", "vendor"),
            ),
        ];
        for (source, target, origin, (from, to)) in rows {
            assert_eq!(
                cell(source, target, origin),
                (from, to.to_owned()),
                "{target}"
            );
        }
    }
}
