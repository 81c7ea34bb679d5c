//! 64 bytes sorted at once.

/// Bytes of a block.
pub(super) const SIZE: usize = 64;

/// A bit for each byte of a block.
pub(super) struct Block {
    /// Has to be looked at.
    pub(super) events: u64,
    /// `;` and `,`: may be looked at, to give back what is pending.
    pub(super) ends: u64,
    /// Counts one: operators, words before white space, and the byte after a sticky one.
    pub(super) others: u64,
    /// Counts, and may belong to the statement rather than to the expression.
    pub(super) sticky: u64,
}

const EVENT: u8 = 1;
const OTHER: u8 = 2;
const STICKY: u8 = 4;
const END: u8 = 8;

impl Block {
    /// The block that starts here; beyond the text there is white space.
    #[inline]
    pub(super) fn at(text: &[u8], from: usize) -> Self {
        let window = from
            .checked_sub(1)
            .and_then(|start| text.get(start..)?.first_chunk::<{ SIZE + 2 }>());
        match window {
            Some(window) => Self::of(window),
            None => Self::at_edge(text, from),
        }
    }

    #[cold]
    fn at_edge(text: &[u8], from: usize) -> Self {
        let mut window = [b' '; SIZE + 2];
        let end = text.len().min(from + SIZE + 1);
        let start = from.saturating_sub(1);
        let part = text.get(start..end).unwrap_or_default();
        let skip = start + 1 - from;
        if let Some(slots) = window.get_mut(skip..skip + part.len()) {
            slots.copy_from_slice(part);
        }
        Self::of(&window)
    }

    /// From the byte before, the block, and the byte after.
    #[inline]
    fn of(window: &[u8; SIZE + 2]) -> Self {
        let mut classes = [0u8; SIZE];
        for (i, class) in classes.iter_mut().enumerate() {
            *class = classify(window[i], window[i + 1], window[i + 2]);
        }
        let (mut events, mut ends, mut others, mut sticky) = (0, 0, 0, 0);
        for (i, eight) in classes.as_chunks::<8>().0.iter().enumerate() {
            let eight = u64::from_le_bytes(*eight);
            let shift = 8 * i;
            events |= gather(eight) << shift;
            others |= gather(eight >> 1) << shift;
            sticky |= gather(eight >> 2) << shift;
            ends |= gather(eight >> 3) << shift;
        }
        Self {
            events,
            ends,
            others: others | (sticky << 1),
            sticky,
        }
    }
}

/// The lowest bit of each byte, side by side.
#[inline]
fn gather(eight: u64) -> u64 {
    (eight & 0x0101_0101_0101_0101).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Without branches, so that the compiler does many at once.
#[inline]
fn classify(before: u8, byte: u8, after: u8) -> u8 {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let digit = byte.wrapping_sub(b'0') < 10;
    let word = letter | digit | (byte == b'_') | (byte == b'$') | (byte == b'#');
    let space = byte <= b' ';
    let event = (byte & 0xfe == b'(')
        | (byte == b'"')
        | (byte == b'\'')
        | (byte == b'/')
        | (byte == b'@')
        | (byte == b'`')
        | (byte == b'{')
        | (byte == b'}')
        | (byte.wrapping_sub(b'[') < 3)
        // `-->` and `<!--`.
        | ((byte == b'-') & (before == b'-') & (after == b'>'))
        | ((byte == b'!') & (before == b'<') & (after == b'-'));
    let end = (byte == b';') | (byte == b',');
    let other = !(word | space | event | end);
    let sticky = (byte >= 0x7f)
        | (byte == b'<')
        | ((byte == b'>') & (before != b'='))
        | (byte == b':')
        | (word & (after <= b' '))
        | (other & (before == byte));
    (u8::from(event) * EVENT)
        | (u8::from(other | sticky) * OTHER)
        | (u8::from(sticky) * STICKY)
        | (u8::from(end) * END)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_has_its_class() {
        let text: Vec<u8> = (0..=255).collect();
        for from in (0..256).step_by(SIZE) {
            let block = Block::at(&text, from);
            for bit in 0..SIZE {
                let byte = text[from + bit];
                let event = b"()[]{}\"'`/\\@".contains(&byte);
                assert_eq!((block.events >> bit) & 1 == 1, event, "{byte}");
                assert_eq!(
                    (block.ends >> bit) & 1 == 1,
                    b",;".contains(&byte),
                    "{byte}"
                );
                let counts = byte >= 0x7f || b"!%&*+-.:<=>?^|~".contains(&byte);
                assert!(!counts || (block.others >> bit) & 1 == 1, "{byte}");
            }
        }
    }

    #[test]
    fn a_word_before_white_space_counts_over_the_edge() {
        let text = [vec![b'a'; SIZE], vec![b' '; SIZE]].concat();
        assert_eq!(Block::at(&text, 0).sticky, 1 << 63);
        assert_eq!(Block::at(&text[..SIZE], 0).sticky, 1 << 63);
        assert_eq!(Block::at(&text, SIZE).others, 0);
    }
}
