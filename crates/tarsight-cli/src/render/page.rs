//! Lines, colours and words that all texts share.

use clap::builder::styling::{AnsiColor, Style};
use tarsight::model::{Reach, SurfaceKind, Trigger};
use tarsight::report::{RiskLevel, clean_text};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::args::Common;

/// Characters of any one string of a package on a page.
const LONGEST: usize = 600;

/// A text in the making.
pub(crate) struct Page {
    text: String,
    color: bool,
    width: usize,
}

/// Columns where no terminal says otherwise.
const WIDTH: usize = 100;
/// Columns below which lines run over rather than being cut into nothing.
const NARROWEST: usize = 40;

impl Page {
    pub(crate) fn new(color: bool) -> Self {
        Self {
            text: String::new(),
            color,
            width: WIDTH,
        }
    }

    /// A page as wide and as colourful as where it goes.
    pub(crate) fn of(common: &Common) -> Self {
        let width = common.columns().unwrap_or(WIDTH);
        Self::new(common.colored()).wide(width)
    }

    pub(crate) fn wide(mut self, width: usize) -> Self {
        self.width = width.max(NARROWEST);
        self
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Adds text without colours under a label, as many lines as it takes, all but the first as
    /// deep as the label is long.
    pub(crate) fn labelled(&mut self, depth: usize, label: &str, text: &str) {
        let painted = self.dim(label);
        self.hanging(depth, &painted, width(label), text);
    }

    /// As [`Self::labelled`], under a label of `columns` that has its own colours.
    pub(crate) fn hanging(&mut self, depth: usize, label: &str, columns: usize, text: &str) {
        let indent = 2 * depth + columns;
        let room = self.width.saturating_sub(indent).max(NARROWEST / 2);
        for (at, line) in wrapped(text, room).iter().enumerate() {
            let head = if at == 0 {
                format!("{}{label}", "  ".repeat(depth))
            } else {
                " ".repeat(indent)
            };
            self.line(0, &format!("{head}{line}"));
        }
    }

    /// Adds a line with something of less weight behind it; where the line is full, below it.
    pub(crate) fn tailed(&mut self, depth: usize, line: &str, columns: usize, tail: &str) {
        let painted = self.dim(tail);
        if tail.is_empty() || 2 * depth + columns + 2 + width(tail) <= self.width {
            self.line(depth, &format!("{line}  {painted}"));
        } else {
            self.line(depth, line);
            self.line(depth + 1, &painted);
        }
    }

    /// Adds text without colours, as many lines as it takes.
    pub(crate) fn prose(&mut self, depth: usize, text: &str) {
        self.labelled(depth, "", text);
    }

    /// Adds a line, two blanks deeper for each `depth`.
    pub(crate) fn line(&mut self, depth: usize, line: &str) {
        if !line.is_empty() {
            self.text.extend(std::iter::repeat_n("  ", depth));
            self.text.push_str(line.trim_end());
        }
        self.text.push('\n');
    }

    /// Adds an empty line and a heading.
    pub(crate) fn heading(&mut self, title: &str) {
        let title = self.bold(title);
        self.line(0, "");
        self.line(0, &title);
    }

    /// Adds how many were left out, if any were.
    pub(crate) fn more(&mut self, depth: usize, left_out: u64, what: &str) {
        if left_out > 0 {
            let text = self.dim(&format!("and {left_out} more {what}(--verbose)"));
            self.line(depth, &text);
        }
    }

    pub(crate) fn bold(&self, text: &str) -> String {
        self.paint(Style::new().bold(), text)
    }

    pub(crate) fn dim(&self, text: &str) -> String {
        self.paint(Style::new().dimmed(), text)
    }

    /// What points at something.
    pub(crate) fn mark(&self, text: &str) -> String {
        self.paint(AnsiColor::Yellow.on_default().bold(), text)
    }

    /// A text in the colour of a level.
    pub(crate) fn level(&self, level: RiskLevel, text: &str) -> String {
        let color = match level {
            RiskLevel::None => AnsiColor::Green,
            RiskLevel::Low => AnsiColor::Cyan,
            RiskLevel::Medium => AnsiColor::Yellow,
            RiskLevel::High | RiskLevel::Critical => AnsiColor::Red,
        };
        self.paint(color.on_default().bold(), text)
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.color && !text.trim().is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    /// Whether something stands on the page so far.
    pub(crate) fn has(&self, text: &str) -> bool {
        self.text.contains(text)
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
}

/// Columns that a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// A text of at most so many columns, with a mark where it was cut.
pub(crate) fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut room = most.saturating_sub(1);
    let mut short = String::new();
    for c in text.chars() {
        let columns = c.width().unwrap_or(0);
        if columns > room {
            break;
        }
        room -= columns;
        short.push(c);
    }
    short.push('…');
    short
}

/// A text in lines of at most so many columns; a longer word has a line of its own.
fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if width(line) + 1 + width(word) <= most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Text of a package, safe to show.
pub(crate) fn clean(text: &str) -> String {
    clean_text(text, LONGEST)
}

/// Bytes as people read them.
pub(crate) fn bytes(size: u64) -> String {
    match size {
        0..1_000 => format!("{size} B"),
        1_000..1_000_000 => tenths(size / 100, "kB"),
        1_000_000..1_000_000_000 => tenths(size / 100_000, "MB"),
        _ => tenths(size / 100_000_000, "GB"),
    }
}

fn tenths(tenths: u64, unit: &str) -> String {
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

/// A count and its noun.
pub(crate) fn count(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// When code runs, the strongest way first.
pub(crate) const MOMENTS: [&str; 7] = [
    "when the package is installed",
    "when it is installed from git",
    "when a tool opens the folder",
    "when it is imported",
    "when its command is run",
    "inside functions that somebody has to call",
    "in a file that nothing starts (dormant)",
];

/// [`MOMENTS`] as the head of a column.
pub(crate) const SHORT: [&str; 7] = [
    "install", "from git", "tool", "import", "command", "on call", "dormant",
];

/// The strongest moment at which code runs, as an index into [`MOMENTS`].
pub(crate) fn moment(reach: Reach) -> usize {
    let by_itself = [
        SurfaceKind::Install,
        SurfaceKind::Prepare,
        SurfaceKind::Tool,
        SurfaceKind::Import,
        SurfaceKind::Bin,
    ];
    let first = by_itself
        .iter()
        .position(|&surface| reach.loads_on(surface));
    first.unwrap_or(if reach.is_dormant() { 6 } else { 5 })
}

/// A reach in few words: `install, import on call`.
pub(crate) fn reach(reach: Reach) -> String {
    if reach.is_dormant() {
        return "dormant".to_owned();
    }
    let parts: Vec<String> = reach
        .iter()
        .map(|(surface, trigger)| match trigger {
            Trigger::Load => surface.as_str().to_owned(),
            Trigger::Call => format!("{} on call", surface.as_str()),
        })
        .collect();
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_short() {
        for (size, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (13_397, "13.3 kB"),
            (1_999_999, "1.9 MB"),
            (u64::MAX, "18446744073.7 GB"),
        ] {
            assert_eq!(bytes(size), text);
        }
    }

    #[test]
    fn the_strongest_moment_is_named() {
        let mut both = Reach::of(SurfaceKind::Import, Trigger::Load);
        both.add(SurfaceKind::Install, Trigger::Call);
        assert_eq!(MOMENTS[moment(both)], "when it is imported");
        assert_eq!(reach(both), "install on call, import");
        assert_eq!(moment(Reach::DORMANT), 6);
        assert_eq!(moment(Reach::of(SurfaceKind::Bin, Trigger::Call)), 5);
    }

    #[test]
    fn lines_are_as_wide_as_they_may_be() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdef", 5), "abcd…");
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(wrapped("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrapped("a bbbbbbbb c", 4), ["a", "bbbbbbbb", "c"]);
        assert_eq!(wrapped("", 4), [""]);
        let mut page = Page::new(false).wide(1);
        page.labelled(1, "Next: ", &"word ".repeat(10));
        let text = page.finish();
        let head = "  Next: word word word word word word\n        word";
        assert!(text.starts_with(head), "{text}");
    }

    #[test]
    fn colours_only_if_asked_for() {
        assert_eq!(Page::new(false).bold("x"), "x");
        assert_eq!(Page::new(true).bold("x"), "\u{1b}[1mx\u{1b}[0m");
    }
}
