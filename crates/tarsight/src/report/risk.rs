//! The risk of a package: its findings in one number.
//!
//! Each finding is worth points by severity and confidence:
//!
//! | | low | medium | high confidence |
//! |---|---|---|---|
//! | critical | 60 | 80 | 90 |
//! | high | 35 | 50 | 60 |
//! | medium | 15 | 25 | 35 |
//! | low | 3 | 5 | 8 |
//!
//! A guess from shape thus counts one level lower than what was seen in values and flow. The
//! score is that of the strongest finding, plus an eighth of every other one's points, and
//! never leaves the strongest one's level: any heap of small findings stays small, because
//! what is worse together is a finding of its own. Waived findings count nothing.
//!
//! Two floors lift the outcome. A package that does anything besides plain computation is never
//! `none`. A package with reachable code that was not examined is never none or low.
//!
//! The score is monotone: one more finding, a worse one or a surer one never lowers it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Behaviour, Coverage, Finding};
use crate::model::{Confidence, Severity};

/// The risk of a package or of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Risk {
    /// The score's level.
    pub level: RiskLevel,
    /// 0 none, 1–24 low, 25–49 medium, 50–79 high, 80–100 critical.
    #[schemars(range(min = 0, max = 100))]
    pub score: u8,
    /// Keys of the findings that count, strongest first.
    pub because: Vec<String>,
}

/// A range of scores.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum RiskLevel {
    /// 0: no behaviour beyond plain computation.
    #[default]
    None,
    /// 1–24: ordinary capabilities, each explainable.
    Low,
    /// 25–49: a reviewer should look.
    Medium,
    /// 50–79: hostile unless someone can explain it.
    High,
    /// 80–100: a complete attack is visible.
    Critical,
}

impl RiskLevel {
    /// The level of a score.
    #[must_use]
    pub fn of(score: u8) -> Self {
        match score {
            0 => Self::None,
            1..=24 => Self::Low,
            25..=49 => Self::Medium,
            50..=79 => Self::High,
            _ => Self::Critical,
        }
    }

    /// The highest score of the level.
    #[must_use]
    pub fn top(self) -> u8 {
        match self {
            Self::None => 0,
            Self::Low => 24,
            Self::Medium => 49,
            Self::High => 79,
            Self::Critical => 100,
        }
    }

    /// The name on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

impl From<Severity> for RiskLevel {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Low => Self::Low,
            Severity::Medium => Self::Medium,
            Severity::High => Self::High,
            Severity::Critical => Self::Critical,
        }
    }
}

/// The least score of a package that does anything besides plain computation.
const FLOOR_BEHAVIOUR: u8 = 1;
/// The least score of a package with reachable code that was not examined.
const FLOOR_UNEXAMINED: u8 = 25;

/// What one finding is worth.
#[must_use]
pub fn points(severity: Severity, confidence: Confidence) -> u8 {
    match (severity, confidence) {
        (Severity::Critical, Confidence::Low) => 60,
        (Severity::Critical, Confidence::Medium) => 80,
        (Severity::Critical, Confidence::High) => 90,
        (Severity::High, Confidence::Low) => 35,
        (Severity::High, Confidence::Medium) => 50,
        (Severity::High, Confidence::High) => 60,
        (Severity::Medium, Confidence::Low) => 15,
        (Severity::Medium, Confidence::Medium) => 25,
        (Severity::Medium, Confidence::High) => 35,
        (Severity::Low, Confidence::Low) => 3,
        (Severity::Low, Confidence::Medium) => 5,
        (Severity::Low, Confidence::High) => 8,
    }
}

/// The score of findings alone, given as points.
pub(crate) fn score(points: impl Iterator<Item = u8>) -> u8 {
    let (mut strongest, mut eighths) = (0, 0_u32);
    for p in points {
        eighths = eighths.saturating_add(u32::from(p / 8));
        strongest = strongest.max(p);
    }
    let others = eighths - u32::from(strongest / 8);
    let sum = u32::from(strongest).saturating_add(others);
    u8::try_from(sum)
        .unwrap_or(u8::MAX)
        .min(RiskLevel::of(strongest).top())
}

/// The risk of findings, and of what else the report says; the module says how it is made.
#[must_use]
pub fn risk(findings: &[Finding], behaviours: &[Behaviour], coverage: &Coverage) -> Risk {
    let mut counted: Vec<(u8, &str)> = findings
        .iter()
        .filter(|finding| finding.waived.is_none())
        .map(|finding| {
            (
                points(finding.severity, finding.confidence),
                finding.key.as_str(),
            )
        })
        .collect();
    counted.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let mut score = score(counted.iter().map(|&(points, _)| points));
    if behaviours
        .iter()
        .any(|behaviour| !behaviour.reach.is_dormant())
    {
        score = score.max(FLOOR_BEHAVIOUR);
    }
    if coverage.misses_reachable_code() {
        score = score.max(FLOOR_UNEXAMINED);
    }
    let mut because: Vec<String> = Vec::new();
    for (_, key) in counted {
        if !because.iter().any(|known| known == key) {
            because.push(key.to_owned());
        }
    }
    Risk {
        level: RiskLevel::of(score),
        score,
        because,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::{self, Reach, Reason, SurfaceKind, Trigger};
    use crate::report::{Unanalysed, sample};

    fn grade(n: u8) -> (Severity, Confidence) {
        let severity = match n % 4 {
            0 => Severity::Low,
            1 => Severity::Medium,
            2 => Severity::High,
            _ => Severity::Critical,
        };
        let confidence = match n / 4 % 3 {
            0 => Confidence::Low,
            1 => Confidence::Medium,
            _ => Confidence::High,
        };
        (severity, confidence)
    }

    fn finding(n: u8) -> Finding {
        let mut finding = sample().findings.remove(0);
        (finding.severity, finding.confidence) = grade(n);
        finding.key = format!("{n:016x}");
        finding
    }

    fn of(findings: &[Finding]) -> Risk {
        risk(findings, &[], &Coverage::default())
    }

    #[test]
    fn nothing_is_none_and_a_behaviour_is_low() {
        assert_eq!(of(&[]), Risk::default());
        let mut behaviour = sample().behaviours.remove(0);
        behaviour.reach = Reach::DORMANT;
        let risk_of = |b: &Behaviour| risk(&[], std::slice::from_ref(b), &Coverage::default());
        assert_eq!(risk_of(&behaviour).level, RiskLevel::None);
        behaviour.reach = Reach::of(SurfaceKind::Import, Trigger::Call);
        assert_eq!(risk_of(&behaviour).level, RiskLevel::Low);
    }

    #[test]
    fn a_severity_reaches_its_level_unless_it_is_a_guess() {
        let level = |severity, confidence| RiskLevel::of(points(severity, confidence));
        assert_eq!(
            level(Severity::Critical, Confidence::Medium),
            RiskLevel::Critical
        );
        assert_eq!(level(Severity::Critical, Confidence::Low), RiskLevel::High);
        assert_eq!(level(Severity::High, Confidence::Low), RiskLevel::Medium);
        assert_eq!(level(Severity::Medium, Confidence::Low), RiskLevel::Low);
    }

    #[test]
    fn a_heap_of_medium_findings_stays_medium() {
        let heap: Vec<Finding> = (0..200).map(|_| finding(9)).collect();
        assert_eq!(of(&heap).score, 49);
    }

    #[test]
    fn a_waived_finding_counts_nothing() {
        let mut waived = finding(11);
        waived.waived = Some("known".to_owned());
        assert_eq!(of(&[waived.clone()]), Risk::default());
        assert_eq!(of(&[waived, finding(1)]).because, [format!("{:016x}", 1)]);
    }

    #[test]
    fn unexamined_reachable_code_is_at_least_medium() {
        let mut coverage = Coverage::default();
        let missing = model::Unanalysed::file("a.js", Reason::SyntaxError, "line 1");
        let here = Reach::of(SurfaceKind::Bin, Trigger::Load);
        coverage.unanalysed.push(Unanalysed::new(&missing, here));
        assert_eq!(risk(&[], &[], &coverage).level, RiskLevel::Medium);
        assert_eq!(
            risk(&[finding(11)], &[], &coverage).level,
            RiskLevel::Critical
        );
    }

    #[test]
    fn the_strongest_finding_is_named_first() {
        let risk = of(&[finding(0), finding(11), finding(6)]);
        assert_eq!(risk.because, [11, 6, 0].map(|n: u8| format!("{n:016x}")));
    }

    proptest! {
        #[test]
        fn more_or_worse_never_lowers_the_score(
            grades in prop::collection::vec(0_u8..12, 0..12),
            extra in 0_u8..12,
            pick in any::<prop::sample::Index>(),
        ) {
            let points_of = |n: &u8| { let (s, c) = grade(*n); points(s, c) };
            let before = score(grades.iter().map(points_of));
            let more: Vec<u8> = grades.iter().copied().chain([extra]).collect();
            prop_assert!(score(more.iter().map(points_of)) >= before);
            prop_assert!(score(more.iter().map(points_of)) <= 100);
            if !grades.is_empty() {
                let at = pick.index(grades.len());
                let mut worse = grades;
                if points_of(&extra) >= points_of(&worse[at]) {
                    worse[at] = extra;
                }
                prop_assert!(score(worse.iter().map(points_of)) >= before);
            }
        }

        #[test]
        fn the_order_of_findings_means_nothing(mut grades in prop::collection::vec(0_u8..12, 0..12)) {
            let forth: Vec<Finding> = grades.iter().map(|&n| finding(n)).collect();
            grades.reverse();
            let back: Vec<Finding> = grades.iter().map(|&n| finding(n)).collect();
            prop_assert_eq!(of(&forth), of(&back));
        }
    }
}
