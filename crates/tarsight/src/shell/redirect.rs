//! Redirections of sh, and texts that follow their line.

use super::read::{Dialect, Reader};
use super::script::{Redirect, Way, Word};

impl Reader<'_> {
    pub(super) fn redirects(&mut self) -> Vec<Redirect> {
        let mut redirects = Vec::new();
        loop {
            self.blanks();
            if !self.is_redirect() {
                return redirects;
            }
            redirects.extend(self.redirect());
        }
    }

    pub(super) fn is_redirect(&self) -> bool {
        let rest = self.rest();
        let digits = rest.bytes().take(3).take_while(u8::is_ascii_digit).count();
        match rest.as_bytes().get(digits) {
            Some(b'<') => {
                !(rest.starts_with("<(")
                    || self.dialect == Dialect::Value && super::word::hole(rest).is_some())
            }
            Some(b'>') => !rest.starts_with(">("),
            Some(b'&') => digits == 0 && rest.starts_with("&>"),
            _ => false,
        }
    }

    pub(super) fn redirect(&mut self) -> Option<Redirect> {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        let stream = self.rest().get(..digits).and_then(|text| text.parse().ok());
        self.at += digits;
        let rest = self.rest();
        let (len, way) = [
            ("<<<", Way::Text),
            ("<<-", Way::Text),
            ("<<", Way::Text),
            ("<&", Way::Same),
            ("<>", Way::Read),
            ("<", Way::Read),
            ("&>>", Way::Write),
            ("&>", Way::Write),
            (">>", Way::Write),
            (">|", Way::Write),
            (">&", Way::Same),
            (">", Way::Write),
        ]
        .into_iter()
        .find(|(text, _)| rest.starts_with(text))
        .map(|(text, way)| (text.len(), way))?;
        let is_here = rest.starts_with("<<") && !rest.starts_with("<<<");
        let strips = rest.starts_with("<<-");
        self.at += len;
        self.blanks();
        if is_here {
            return self.here_document(stream, strips);
        }
        let target = self.word();
        // Without a number, the way says which stream.
        let stream = match rest.starts_with("<&") {
            true => stream.or(Some(0)),
            false => stream,
        };
        // `>&file` is a file, `>&2` a stream.
        let way = match (way, target.bare()) {
            (Way::Same, Some(text)) if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') => way,
            (Way::Same, _) if rest.starts_with(">&") => Way::Write,
            _ => way,
        };
        Some(Redirect {
            stream,
            way,
            target,
        })
    }

    fn here_document(&mut self, stream: Option<u32>, strips: bool) -> Option<Redirect> {
        let from = self.at;
        let word = self.word();
        let quoted = word.pieces.iter().any(|piece| piece.quoted);
        let name = super::word::plain(&word);
        // Where the line ends, and what an earlier document of the line has taken.
        let (line_end, start) = match self.here {
            Some((line_end, end)) if line_end >= self.at => (line_end, end),
            _ => {
                let len = memchr::memchr(b'\n', self.rest().as_bytes());
                let line_end = self.at + len.unwrap_or(self.rest().len());
                (line_end, line_end + 1)
            }
        };
        let mut body = String::new();
        let mut at = start;
        let mut ended = false;
        for line in self.text.get(start..).unwrap_or("").split_inclusive('\n') {
            at += line.len();
            let shown = if strips {
                line.trim_start_matches('\t')
            } else {
                line
            };
            if shown.trim_end_matches(['\n', '\r']) == name {
                ended = true;
                break;
            }
            body.push_str(shown);
        }
        if !ended {
            self.trouble("a here-document without its end", from);
        }
        self.here = Some((line_end, at.min(self.text.len())));
        let span = self.span(from);
        let target = if quoted {
            Word::text(body, span)
        } else {
            let mut inner = Reader::new(&body, self.dialect, Some(span), self.levels);
            let pieces = self.deeper(|_| inner.quoted(None));
            self.problem = self.problem.or(inner.problem);
            Word { pieces, span }
        };
        Some(Redirect {
            stream,
            way: Way::Text,
            target,
        })
    }
}
