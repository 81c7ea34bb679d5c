//! `tarsight diff`: what one version does that the version before it did not.

use std::io;
use std::path::Path;
use std::time::Instant;

use tarsight::{Diff, Engine, FactCache, Limits, Report, ScanOptions};

use crate::args::{DiffArgs, ReportFormat};
use crate::status::Status;
use crate::{input, output, render};

/// Compares two versions.
pub(crate) fn run(args: &DiffArgs) -> io::Result<Status> {
    if args.old.as_os_str() == "-" && args.new.as_os_str() == "-" {
        return Err(io::Error::other(
            "standard input can be read once; give - one time",
        ));
    }
    let start = Instant::now();
    let limits = args.engine.limits();
    let builder = Engine::builder().limits(limits.clone());
    let engine = builder.jobs(args.engine.jobs()).build();
    let engine = engine.map_err(io::Error::other)?;
    // Most files of a new version are files of the old one.
    let cache = FactCache::new();
    let mut text = Vec::new();
    let mut read = |path: &Path| read(args, &engine, &limits, &cache, path, &mut text);
    let (old, new) = (read(&args.old)?, read(&args.new)?);
    let to = args.common.output.as_deref();
    let (Some(old), Some(new)) = (old, new) else {
        output::write_all(to, &text)?;
        return Ok(Status::Error);
    };
    let mut diff = tarsight::diff(&old, &new);
    if let Some(stats) = &mut diff.stats {
        stats.elapsed_micros = u64::try_from(start.elapsed().as_micros()).ok();
    }
    match args.format {
        ReportFormat::Text => text.extend(render::diff(&diff, &args.common).into_bytes()),
        ReportFormat::Markdown => {
            text.extend(render::diff_markdown(&diff, &args.common).into_bytes());
        }
        ReportFormat::Json => diff.write_json(&mut text)?,
        ReportFormat::Ndjson => diff.write_json_compact(&mut text)?,
    }
    output::write_all(to, &text)?;
    Ok(status(args, &diff))
}

fn status(args: &DiffArgs, diff: &Diff) -> Status {
    let failed = args
        .fail_on
        .applies(diff.risk.level, diff.coverage.complete);
    if failed { Status::Failed } else { Status::Done }
}

/// The report on one side. What cannot be read is told, and as JSON where JSON is asked for.
fn read(
    args: &DiffArgs,
    engine: &Engine,
    limits: &Limits,
    cache: &FactCache,
    path: &Path,
    text: &mut Vec<u8>,
) -> io::Result<Option<Report>> {
    let name = path.to_string_lossy();
    let mut options = ScanOptions::default();
    options.path = Some(name.clone().into_owned());
    options.stats = args.stats;
    options.cache = Some(cache.clone());
    let report = input::source(path, limits)
        .and_then(|source| tarsight_host::scan_or_load(engine, &source, &options));
    match report {
        Ok(report) => Ok(Some(report)),
        Err(error) => {
            let report = error.report(&name);
            output::note(&format!("error: {name}: {}", report.error.message));
            if matches!(args.format, ReportFormat::Json | ReportFormat::Ndjson) {
                report.write_json_compact(&mut *text)?;
            }
            Ok(None)
        }
    }
}
