//! Which package, how risky, and why.

use tarsight::report::{Finding, Report, RiskLevel};

use super::findings::open;
use super::page::{MOMENTS, Page, bytes, clean, count, moment, width};

/// `name@version`, or whatever else the package is known by.
pub(crate) fn title(report: &Report) -> String {
    let subject = &report.subject;
    match (&subject.name, &subject.version) {
        (Some(name), Some(version)) => clean(&format!("{name}@{version}")),
        (Some(name), None) => clean(name),
        (None, _) => {
            let known = subject.label.as_ref().or(subject.path.as_ref());
            known.map_or("package without a name".to_owned(), |name| clean(name))
        }
    }
}

/// Name, level and score, and under it the reason; what was read only if asked for.
pub(crate) fn headline(page: &mut Page, report: &Report, verbose: bool) {
    let name = page.bold(&title(report));
    let level = level(page, report);
    page.line(0, &format!("{name}  {level}"));
    page.prose(0, &reason(report));
    if !verbose {
        return;
    }
    let subject = &report.subject;
    if let Some(path) = subject.label.as_ref().or(subject.path.as_ref()) {
        let path = page.dim(&clean(path));
        page.line(1, &path);
    }
    let sizes = format!(
        "{}, {} packed, {} unpacked",
        count(subject.file_count, "file", "files"),
        bytes(subject.size),
        bytes(subject.unpacked_size)
    );
    page.line(1, &sizes);
    if let Some(integrity) = &subject.integrity {
        let integrity = page.dim(&clean(integrity));
        page.line(1, &integrity);
    }
}

/// The same in one line, if that is wide enough.
pub(crate) fn in_a_line(page: &mut Page, report: &Report) {
    let name = title(report);
    let risk = &report.risk;
    let columns = width(&format!(
        "{name}  {}, {} of 100",
        risk.level.as_str(),
        risk.score
    ));
    let line = format!("{}  {}", page.bold(&name), level(page, report));
    page.tailed(0, &line, columns, &reason(report));
}

/// `high, 72 of 100`.
pub(crate) fn level(page: &Page, report: &Report) -> String {
    let risk = &report.risk;
    let word = page.level(risk.level, risk.level.as_str());
    format!("{word}, {} of 100", risk.score)
}

/// Why, in a sentence; and in another one what else there is.
pub(crate) fn reason(report: &Report) -> String {
    let found = open(report);
    let mut because: Vec<&Finding> = Vec::new();
    for key in &report.risk.because {
        because.extend(found.iter().find(|finding| finding.key == *key));
    }
    let mut titles: Vec<String> = Vec::new();
    for finding in &because {
        let title = clean(&finding.title);
        if !titles.contains(&title) {
            titles.push(title);
        }
    }
    let more = titles.len().saturating_sub(3);
    let mut reason = String::new();
    if let (Some(first), Some(finding)) = (titles.first(), because.first()) {
        let when = MOMENTS.get(moment(finding.reach)).copied();
        reason = format!("{first} {}.", when.unwrap_or_default());
    }
    if let Some(others) = titles
        .get(1..titles.len().min(3))
        .filter(|list| !list.is_empty())
    {
        reason.push_str(&format!(" Also: {}", others.join("; ")));
        let more = if more > 0 {
            format!("; and {more} more.")
        } else {
            ".".to_owned()
        };
        reason.push_str(&more);
    }
    let told = because
        .iter()
        .any(|finding| finding.id == "unexamined-code");
    if report.coverage.misses_reachable_code() && !told {
        let said = "Code that can run was not examined.";
        return format!("{reason} {said}").trim_start().to_owned();
    }
    match (reason.is_empty(), report.risk.level) {
        (false, _) => reason,
        (true, RiskLevel::None) => "Nothing beyond plain computation was found.".to_owned(),
        (true, _) => "Ordinary capabilities, no finding.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::report::tests::sample;

    #[test]
    fn the_reason_names_the_strongest_and_the_moment() {
        assert_eq!(
            reason(&sample()),
            "Sends a secret away when the package is installed. Also: Runs decoded text."
        );
        assert_eq!(
            reason(&Report::default()),
            "Nothing beyond plain computation was found."
        );
    }
}
