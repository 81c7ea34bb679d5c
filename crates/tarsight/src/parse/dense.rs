//! Shapes whose syntax tree is far larger than their text.
//!
//! Almost all code takes less than [`super::guard::ARENA_PER_BYTE`]. Bare `a=>a=>`, `'';'';` and
//! `A|B&C` take more, and are refused where a large text is made of them.

/// Texts below this fit in what an arena may hold beside.
const SMALL: usize = 64 << 10;

/// Bytes at once: few enough that their weights add up to less than 256.
const CHUNK: usize = 32;

/// Whether a text's syntax tree may be too large.
pub(super) fn is_dense(text: &[u8]) -> bool {
    if text.len() < SMALL {
        return false;
    }
    let mut dense = 0;
    for window in text.windows(CHUNK + 2).step_by(CHUNK) {
        let mut weight = 0u8;
        if let Some(window) = window.first_chunk::<{ CHUNK + 2 }>() {
            for i in 0..CHUNK {
                weight += weigh(window[i], window[i + 1], window[i + 2]);
            }
        }
        dense += usize::from(weight);
    }
    dense > text.len() / 2
}

/// About the bytes that such a shape consists of.
#[inline]
fn weigh(first: u8, second: u8, third: u8) -> u8 {
    let quote = |byte: u8| (byte == b'"') | (byte == b'\'');
    let arrow = (first == b'=') & (second == b'>');
    let line = (second == b';') | (second == b'\n') | (second == b'\r');
    let statement = quote(first) & line & quote(third);
    let operator = ((second == b'|') | (second == b'&')) & (first != second) & (third != second);
    u8::from(arrow) * 3 + u8::from(statement) * 4 + u8::from(operator) * 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_large_texts_of_such_shapes_are_dense() {
        for shape in ["a=>", "'(';", "'';", "''\n", "B|C&"] {
            assert!(is_dense(shape.repeat(100_000).as_bytes()), "{shape}");
            assert!(!is_dense(shape.repeat(100).as_bytes()), "{shape}");
        }
        for code in [
            "a.map(b=>b.c);",
            "a=';',b=c(d);",
            "if(a||b&&c)d|=e;",
            "'a','b',\n",
        ] {
            assert!(!is_dense(code.repeat(100_000).as_bytes()), "{code}");
        }
    }
}
