//! `tarsight scan`: what packages do.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Instant;

use tarsight::report::ErrorReport;
use tarsight::{Engine, Limits, Report, ScanOptions};

use crate::args::{ReportFormat, ScanArgs};
use crate::output::{self, Output};
use crate::status::Status;
use crate::{input, parallel, render};

/// What one path gave: the result, ready to be written, and how it ended.
struct Outcome {
    text: Vec<u8>,
    note: Option<String>,
    status: Status,
}

/// Scans every path.
pub(crate) fn run(args: &ScanArgs) -> io::Result<Status> {
    if args
        .paths
        .iter()
        .filter(|path| path.as_os_str() == "-")
        .count()
        > 1
    {
        return Err(io::Error::other(
            "standard input can be read once; give - one time",
        ));
    }
    let limits = args.engine.limits();
    let jobs = args.engine.jobs();
    let engine = Engine::builder().limits(limits.clone()).jobs(jobs).build();
    let engine = engine.map_err(io::Error::other)?;
    let mut output = Output::open(args.common.output.as_deref())?;
    let array = args.format == ReportFormat::Json && args.paths.len() > 1;
    let mut status = Status::Done;
    let mut first = true;
    let written = parallel::in_order(
        &args.paths,
        jobs,
        |path| scan(args, &engine, &limits, path),
        |outcome| {
            status = status.max(outcome.status);
            if let Some(note) = outcome.note {
                output::note(&note);
            }
            if outcome.text.is_empty() {
                return Ok(());
            }
            output.write(separator(args, array, first).as_bytes())?;
            first = false;
            output.write(&outcome.text)
        },
    );
    let written = written.and_then(|()| {
        if array {
            output.write(b"]\n")?;
        }
        output.finish()
    });
    match written {
        Err(error) if output::is_closed_pipe(&error) => Ok(status),
        Err(error) => Err(error),
        Ok(()) => Ok(status),
    }
}

/// What stands before a result.
fn separator(args: &ScanArgs, array: bool, first: bool) -> &'static str {
    match (array, first) {
        (true, true) => "[\n",
        (true, false) => ",\n",
        (false, false) if for_people(args.format) && !args.common.quiet => "\n",
        (false, _) => "",
    }
}

/// Whether the output is a text rather than a document.
fn for_people(format: ReportFormat) -> bool {
    matches!(format, ReportFormat::Text | ReportFormat::Markdown)
}

/// Reads and renders one package. A bug that gets here must not take the others with it.
fn scan(args: &ScanArgs, engine: &Engine, limits: &Limits, path: &Path) -> Outcome {
    let name = path.to_string_lossy();
    let work = || {
        let mut options = ScanOptions::default();
        options.path = Some(name.clone().into_owned());
        options.stats = args.stats;
        options.frames = for_people(args.format);
        let start = Instant::now();
        let scanned = input::source(path, limits)
            .and_then(|source| tarsight_host::scan(engine, &source, &options));
        match scanned {
            Ok(mut report) => {
                if let Some(stats) = &mut report.stats {
                    stats.elapsed_micros = u64::try_from(start.elapsed().as_micros()).ok();
                }
                told(args, &report)
            }
            Err(error) => failed(args, &error.report(&name)),
        }
    };
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let message = "tarsight failed on this package; please report it";
        failed(
            args,
            &ErrorReport::new(Some(&name), "internal-error", message),
        )
    })
}

fn told(args: &ScanArgs, report: &Report) -> Outcome {
    let fails = args
        .fail_on
        .applies(report.risk.level, report.coverage.complete);
    let mut text = Vec::new();
    let written = match args.format {
        ReportFormat::Text => {
            text.extend(render::report(report, &args.common).into_bytes());
            Ok(())
        }
        ReportFormat::Markdown => {
            text.extend(render::markdown(report, &args.common).into_bytes());
            Ok(())
        }
        ReportFormat::Json => report.write_json(&mut text),
        ReportFormat::Ndjson => report.write_json_compact(&mut text),
    };
    Outcome {
        text,
        note: written.err().map(|error| format!("error: {error}")),
        status: if fails { Status::Failed } else { Status::Done },
    }
}

fn failed(args: &ScanArgs, report: &ErrorReport) -> Outcome {
    let path = report.subject.path.as_deref().unwrap_or_default();
    let mut text = Vec::new();
    if !for_people(args.format) {
        // A vector takes all.
        let _ = report.write_json_compact(&mut text);
    }
    Outcome {
        text,
        note: Some(format!("error: {path}: {}", report.error.message)),
        status: Status::Error,
    }
}
