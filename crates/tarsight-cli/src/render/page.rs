//! Lines, colours and words that all texts share.

use clap::builder::styling::{AnsiColor, Style};
use tarsight::model::{Reach, SurfaceKind, Trigger};
use tarsight::report::{RiskLevel, clean_text};

/// Characters of any one string of a package on a page.
const LONGEST: usize = 600;

/// A text in the making.
pub(crate) struct Page {
    text: String,
    color: bool,
}

impl Page {
    pub(crate) fn new(color: bool) -> Self {
        Self {
            text: String::new(),
            color,
        }
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
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }

    pub(crate) fn finish(self) -> String {
        self.text
    }
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
    "on no known path (dormant)",
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
    fn colours_only_if_asked_for() {
        assert_eq!(Page::new(false).bold("x"), "x");
        assert_eq!(Page::new(true).bold("x"), "\u{1b}[1mx\u{1b}[0m");
    }
}
