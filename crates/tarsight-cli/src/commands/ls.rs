//! `tarsight ls`: an archive as npm would extract it.

use std::io;

use tarsight::Engine;
use tarsight::report::RiskLevel;

use crate::args::{Format, LsArgs};
use crate::status::Status;
use crate::{input, output, render};

/// Prints the files of an archive.
pub(crate) fn run(args: &LsArgs) -> io::Result<Status> {
    let limits = args.engine.limits();
    let builder = Engine::builder().limits(limits.clone());
    let engine = builder.jobs(args.engine.jobs()).build();
    let engine = engine.map_err(io::Error::other)?;
    let path = args.path.to_string_lossy();
    let to = args.common.output.as_deref();
    let mut text = Vec::new();
    let mut entries = match input::source(&args.path, &limits)
        .and_then(|source| tarsight_host::entries(&engine, &source))
    {
        Ok(entries) => entries,
        Err(error) => {
            let report = error.report(&path);
            output::note(&format!("error: {path}: {}", report.error.message));
            if args.format.format != Format::Text {
                report.write_json_compact(&mut text)?;
                output::write_all(to, &text)?;
            }
            return Ok(Status::Error);
        }
    };
    entries.subject.path = Some(path.into_owned());
    match args.format.format {
        Format::Text => text.extend(render::entries(&entries, &args.common).into_bytes()),
        Format::Json => entries.write_json(&mut text)?,
        Format::Ndjson => entries.write_json_compact(&mut text)?,
    }
    output::write_all(to, &text)?;
    let worst = entries.anomalies.iter().map(|anomaly| anomaly.level).max();
    let level = worst.map_or(RiskLevel::None, RiskLevel::from);
    let failed = args.fail_on.applies(level, entries.coverage.complete);
    Ok(if failed { Status::Failed } else { Status::Done })
}
