//! `tarsight rules`: every id.

use std::io;

use crate::args::{Format, RulesArgs};
use crate::status::Status;
use crate::{output, render};

/// Prints every id.
pub(crate) fn run(args: &RulesArgs) -> io::Result<Status> {
    let rules = tarsight::rules();
    let mut text = Vec::new();
    match args.format.format {
        Format::Text => text.extend(render::rules(&rules, args.common.colored()).into_bytes()),
        Format::Json => {
            serde_json::to_writer_pretty(&mut text, &rules)?;
            text.push(b'\n');
        }
        Format::Ndjson => {
            for rule in &rules {
                serde_json::to_writer(&mut text, rule)?;
                text.push(b'\n');
            }
        }
    }
    output::write_all(args.common.output.as_deref(), &text)?;
    Ok(Status::Done)
}
