//! Numbers as JavaScript writes and reads them.

/// `String(number)`.
#[must_use]
pub(crate) fn to_text(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 {
            "Infinity"
        } else {
            "-Infinity"
        }
        .to_owned();
    }
    if number == 0.0 {
        return "0".to_owned();
    }
    let magnitude = number.abs();
    if (1e-6..1e21).contains(&magnitude) {
        return format!("{number}");
    }
    // Rust writes `1e21`, JavaScript `1e+21`.
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

/// `number.toString(radix)` for integers that a double holds exactly.
#[must_use]
pub(crate) fn to_radix(number: f64, radix: u32) -> Option<String> {
    if radix == 10 {
        return Some(to_text(number));
    }
    if !(2..=36).contains(&radix) || number.fract() != 0.0 || number.abs() > 9e15 {
        return None;
    }
    let negative = number < 0.0;
    let mut rest = number.abs() as u64;
    let mut digits = Vec::new();
    loop {
        let digit = char::from_digit(u32::try_from(rest % u64::from(radix)).ok()?, radix)?;
        digits.push(digit);
        rest /= u64::from(radix);
        if rest == 0 {
            break;
        }
    }
    if negative {
        digits.push('-');
    }
    Some(digits.iter().rev().collect())
}

/// `Number(text)`.
#[must_use]
pub(crate) fn from_text(text: &str) -> f64 {
    let text = text.trim();
    if text.is_empty() {
        return 0.0;
    }
    let radix = match text.get(..2) {
        Some("0x" | "0X") => 16,
        Some("0o" | "0O") => 8,
        Some("0b" | "0B") => 2,
        _ => {
            return match text {
                "Infinity" | "+Infinity" => f64::INFINITY,
                "-Infinity" => f64::NEG_INFINITY,
                // Rust also reads `inf`, `nan` and `infinity`.
                _ if text.contains(|c: char| c.is_ascii_alphabetic() && c != 'e' && c != 'E') => {
                    f64::NAN
                }
                _ => text.parse().unwrap_or(f64::NAN),
            };
        }
    };
    u64::from_str_radix(&text[2..], radix).map_or(f64::NAN, |number| number as f64)
}

/// `parseInt(text, radix)`; radix 0 means "by prefix".
#[must_use]
pub(crate) fn parse_int(text: &str, radix: u32) -> f64 {
    let text = text.trim_start();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let hex = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"));
    let (digits, radix) = match (hex, radix) {
        (Some(rest), 0 | 16) => (rest, 16),
        (_, 0) => (digits, 10),
        (_, radix) => (digits, radix),
    };
    if !(2..=36).contains(&radix) {
        return f64::NAN;
    }
    let mut number = 0.0;
    let mut any = false;
    for digit in digits.chars().map_while(|c| c.to_digit(radix)) {
        number = number * f64::from(radix) + f64::from(digit);
        any = true;
    }
    if any { sign * number } else { f64::NAN }
}

/// `ToInt32`, as the bitwise operators see a number.
#[must_use]
pub(crate) fn to_i32(number: f64) -> i32 {
    if !number.is_finite() {
        return 0;
    }
    let wrapped = number.trunc().rem_euclid(4_294_967_296.0);
    // In range by the line above; the second cast wraps on purpose.
    (wrapped as u32).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_and_write_as_in_javascript() {
        assert_eq!(to_text(1e21), "1e+21");
        assert_eq!(to_text(1.5e-7), "1.5e-7");
        assert_eq!(to_text(-0.0), "0");
        assert_eq!(to_text(123.0), "123");
        assert_eq!(to_radix(255.0, 16).as_deref(), Some("ff"));
        assert_eq!(to_radix(-5.0, 2).as_deref(), Some("-101"));
        assert_eq!(parse_int("0x1fz", 0), 31.0);
        assert_eq!(parse_int("12px", 10), 12.0);
        assert!(parse_int("px", 10).is_nan());
        assert_eq!(from_text(" 0x10 "), 16.0);
        assert!(from_text("inf").is_nan());
        assert_eq!(to_i32(4_294_967_295.0), -1);
        assert_eq!(to_i32(-1.5), -1);
    }
}
