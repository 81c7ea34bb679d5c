//! `tarsight schema`: the JSON Schema of an output.

use std::io;

use crate::args::SchemaArgs;
use crate::output;
use crate::status::Status;

/// Prints a schema.
pub(crate) fn run(args: &SchemaArgs) -> io::Result<Status> {
    let text = format!("{:#}\n", tarsight::schema(args.document));
    output::write_all(args.common.output.as_deref(), text.as_bytes())?;
    Ok(Status::Done)
}
