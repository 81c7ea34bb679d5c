//! The line of a place, with a mark under it.

use tarsight::report::Site;

use super::page::{Page, clean, cut, width};

/// The least room for code.
const LEAST: usize = 20;

/// Where a place stands: `install.js:3:5`, or around which layers.
pub(crate) fn place(site: &Site) -> String {
    let mut text = clean(&site.place());
    if !site.layers.is_empty() {
        let kinds: Vec<String> = site.layers.iter().map(|layer| clean(&layer.kind)).collect();
        text.push_str(&format!(" in {}, line {}", kinds.join(" in "), site.line));
    }
    text
}

/// Adds the line of a place and a mark under it; nothing for a whole file.
pub(crate) fn frame(page: &mut Page, depth: usize, site: &Site) {
    let number = site.line.to_string();
    let gutter = " ".repeat(number.len());
    let room = page.width().saturating_sub(2 * depth + number.len() + 3);
    let Some(line) = line(site, room.max(LEAST)) else {
        return;
    };
    let (number, bar) = (page.dim(&number), page.dim("|"));
    page.line(depth, &format!("{number} {bar} {}", line.text));
    let mark = format!("{}{}", " ".repeat(line.offset), "^".repeat(line.marked));
    let mark = page.mark(&mark);
    page.line(depth, &format!("{gutter} {bar} {mark}"));
}

/// A line that fits, and which columns of it are meant.
#[derive(Debug, PartialEq)]
struct Line {
    text: String,
    offset: usize,
    marked: usize,
}

fn line(site: &Site, room: usize) -> Option<Line> {
    let (before, marked, after) = match &site.frame {
        Some(frame) => (&*frame.before, &*frame.marked, &*frame.after),
        None => ("", &*site.excerpt, ""),
    };
    let (marked, after) = (clean(marked), clean(after));
    if marked.trim().is_empty() {
        return None;
    }
    let before = start(clean(before.trim_start()), &marked, room);
    let offset = width(&before);
    let end = offset + width(&marked);
    Some(Line {
        text: cut(&format!("{before}{marked}{after}"), room),
        offset,
        marked: end.min(room).saturating_sub(offset).max(1),
    })
}

/// What stands before the mark, cut at its start so that the mark is on the page.
fn start(before: String, marked: &str, room: usize) -> String {
    let whole = width(&before);
    let wanted = width(marked).min(room * 2 / 3);
    if whole + wanted <= room {
        return before;
    }
    let most = room.saturating_sub(wanted).min(room / 3);
    let mut short = String::new();
    for c in before.chars().rev() {
        if width(&short) + width(c.encode_utf8(&mut [0; 4])) + 1 > most {
            break;
        }
        short.insert(0, c);
    }
    format!("…{short}")
}

#[cfg(test)]
mod tests {
    use tarsight::report::{Frame, Layer};

    use super::*;

    fn site(before: &str, marked: &str, after: &str) -> Site {
        let mut site = Site::default();
        (site.file, site.line, site.column) = ("a.js".to_owned(), 12, 3);
        site.frame = Some(Frame {
            before: before.to_owned(),
            marked: marked.to_owned(),
            after: after.to_owned(),
        });
        site
    }

    fn shown(site: &Site, width: usize) -> String {
        let mut page = Page::new(false).wide(width);
        frame(&mut page, 1, site);
        page.finish()
    }

    #[test]
    fn the_mark_stands_under_what_is_meant() {
        let text = shown(&site("  const x = ", "get('日本')", ";"), 80);
        assert_eq!(
            text,
            "  12 | const x = get('日本');\n     |           ^^^^^^^^^^^\n"
        );
    }

    #[test]
    fn the_mark_is_on_the_page_however_long_the_line_is() {
        let long = "a".repeat(300);
        for (before, marked) in [(&*long, "eval(x)"), ("", &long), (&long, &long)] {
            for columns in [40, 60, 100] {
                let text = shown(&site(before, marked, &long), columns);
                let lines: Vec<&str> = text.lines().collect();
                assert!(lines.iter().all(|line| width(line) <= columns), "{text}");
                let at = lines[1].find('^').expect("a mark");
                let first = lines[0].chars().nth(at).expect("code above it");
                assert_eq!(Some(first), marked.chars().next(), "{text}");
            }
        }
    }

    #[test]
    fn a_whole_file_has_no_frame_and_an_excerpt_is_enough() {
        assert_eq!(shown(&site("", "", ""), 80), "");
        let mut plain = site("", "", "");
        plain.frame = None;
        plain.excerpt = "eval(x)".to_owned();
        assert!(shown(&plain, 80).starts_with("  12 | eval(x)\n"));
    }

    #[test]
    fn code_inside_a_layer_says_so() {
        let mut site = site("", "x", "");
        assert_eq!(place(&site), "a.js:12:3");
        site.layers.push(Layer {
            kind: "base64".to_owned(),
            file: "a.js".to_owned(),
            line: 3,
            column: 20,
        });
        assert_eq!(place(&site), "a.js:3:20 in base64, line 12");
    }
}
