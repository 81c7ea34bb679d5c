//! Matches hosts: names by their labels, addresses by their value.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::table::HOSTS;
use super::{Target, some};

/// What a host is, as far as tables know. `host` may have a port, `path` a query.
#[must_use]
pub(crate) fn host_class(host: &str, path: &str) -> Option<&'static Target> {
    let (name, port) = split_port(host);
    let name = name.strip_suffix('.').unwrap_or(name);
    let address = address(name);
    let row = HOSTS
        .iter()
        .find(|row| host_matches(row.host, name, address, port) && path_matches(row.path, path))?;
    some(&row.target)
}

/// The address that a host text spells: dotted, decimal, hexadecimal, octal, or IPv6 with or
/// without brackets. `localhost` is 127.0.0.1.
#[must_use]
pub(crate) fn address(host: &str) -> Option<IpAddr> {
    let bare = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    if bare.contains(':') {
        let address: Ipv6Addr = bare.split('%').next()?.parse().ok()?;
        return Some(match address.to_ipv4_mapped() {
            Some(v4) => IpAddr::V4(v4),
            None if address == Ipv6Addr::LOCALHOST => IpAddr::V4(Ipv4Addr::LOCALHOST),
            None => IpAddr::V6(address),
        });
    }
    if bare.eq_ignore_ascii_case("localhost") {
        return Some(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    ipv4(bare).map(IpAddr::V4)
}

/// The URL standard's IPv4 parser: one to four numbers, the last one fills what is left.
fn ipv4(text: &str) -> Option<Ipv4Addr> {
    let text = text.strip_suffix('.').unwrap_or(text);
    let mut value: u64 = 0;
    let mut count: u32 = 0;
    let mut parts = text.split('.').peekable();
    while let Some(part) = parts.next() {
        let number = number(part)?;
        if count == 4 {
            return None;
        }
        let last = parts.peek().is_none();
        let bits = if last { 32 - 8 * count } else { 8 };
        if bits == 0 || number >= 1_u64 << bits {
            return None;
        }
        value = (value << bits) | number;
        count += 1;
    }
    u32::try_from(value).ok().map(Ipv4Addr::from_bits)
}

fn number(text: &str) -> Option<u64> {
    let (digits, radix) = if let Some(hex) = text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        (if hex.is_empty() { "0" } else { hex }, 16)
    } else if text.len() > 1 && text.starts_with('0') {
        (text, 8)
    } else {
        (text, 10)
    };
    let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then(|| u64::from_str_radix(digits, radix).ok())?
}

/// The port at the end, unless the colons are those of an IPv6 address without brackets.
fn split_port(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port))
            if (!name.contains(':') || name.ends_with(']'))
                && port.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            (name, Some(port))
        }
        _ => (host, None),
    }
}

fn host_matches(pattern: &str, name: &str, address: Option<IpAddr>, port: Option<&str>) -> bool {
    if let Some(label) = pattern.strip_prefix("label:") {
        return address.is_none()
            && registrable_label(name).is_some_and(|own| own.eq_ignore_ascii_case(label));
    }
    if let Some(last) = pattern.strip_prefix("tld:") {
        return name.contains('.')
            && name
                .rsplit('.')
                .next()
                .is_some_and(|own| own.eq_ignore_ascii_case(last));
    }
    if let Some(address) = address {
        let (wanted, wanted_port) = split_port(pattern);
        return self::address(wanted) == Some(address)
            && (wanted_port.is_none() || wanted_port == port);
    }
    let Some(start) = name.len().checked_sub(pattern.len()) else {
        return false;
    };
    let whole_labels = start == 0 || name.as_bytes().get(start - 1) == Some(&b'.');
    whole_labels
        && name
            .get(start..)
            .is_some_and(|end| end.eq_ignore_ascii_case(pattern))
}

/// The first label of the part of a name that somebody registered.
fn registrable_label(name: &str) -> Option<&str> {
    psl::domain_str(name)?.split('.').next()
}

/// Whether a path starts as the pattern says; `*` is any text.
fn path_matches(pattern: &str, path: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|start| path.strip_prefix(start)) else {
        return false;
    };
    for piece in pieces {
        match rest.find(piece) {
            Some(at) => rest = rest.get(at + piece.len()..).unwrap_or(""),
            None => return false,
        }
    }
    true
}
