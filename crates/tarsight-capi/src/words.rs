//! The closed sets of words of a report.

use tarsight::model::{Confidence, Reach, Severity, SurfaceKind, Trigger};
use tarsight::report::RiskLevel;

/// A risk level or a severity; the higher, the worse.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum tarsight_level {
    /// No behaviour beyond plain computation. No finding is that.
    None = 0,
    /// Ordinary capabilities, each explainable.
    Low = 1,
    /// A reviewer should look.
    Medium = 2,
    /// Hostile unless someone can explain it.
    High = 3,
    /// A complete attack is visible.
    Critical = 4,
}

/// How sure a finding is.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum tarsight_confidence {
    /// A guess.
    Low = 1,
    /// Likely.
    Medium = 2,
    /// Seen.
    High = 3,
}

/// When code runs on a surface.
#[repr(u32)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum tarsight_trigger {
    /// The surface does not lead there.
    None = 0,
    /// Only inside a function that somebody has to call.
    Call = 1,
    /// As soon as the surface runs.
    Load = 2,
}

/// The surfaces that lead to something, each with its trigger. All NONE: dormant.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct tarsight_reach {
    /// Install hooks and `binding.gyp`.
    pub install: tarsight_trigger,
    /// Hooks that run for git dependencies only.
    pub prepare: tarsight_trigger,
    /// What `import` and `require` load.
    pub import: tarsight_trigger,
    /// Commands that the package puts on the path.
    pub bin: tarsight_trigger,
    /// Files that other tools execute.
    pub tool: tarsight_trigger,
}

impl From<RiskLevel> for tarsight_level {
    fn from(level: RiskLevel) -> Self {
        match level {
            RiskLevel::None => Self::None,
            RiskLevel::Low => Self::Low,
            RiskLevel::Medium => Self::Medium,
            RiskLevel::High => Self::High,
            RiskLevel::Critical => Self::Critical,
        }
    }
}

impl From<Severity> for tarsight_level {
    fn from(severity: Severity) -> Self {
        RiskLevel::from(severity).into()
    }
}

impl From<Confidence> for tarsight_confidence {
    fn from(confidence: Confidence) -> Self {
        match confidence {
            Confidence::Low => Self::Low,
            Confidence::Medium => Self::Medium,
            Confidence::High => Self::High,
        }
    }
}

impl From<Reach> for tarsight_reach {
    fn from(reach: Reach) -> Self {
        let on = |surface| match reach.get(surface) {
            None => tarsight_trigger::None,
            Some(Trigger::Call) => tarsight_trigger::Call,
            Some(Trigger::Load) => tarsight_trigger::Load,
        };
        Self {
            install: on(SurfaceKind::Install),
            prepare: on(SurfaceKind::Prepare),
            import: on(SurfaceKind::Import),
            bin: on(SurfaceKind::Bin),
            tool: on(SurfaceKind::Tool),
        }
    }
}
