//! `tarsight man`: the manual pages.

use std::io;

use clap::CommandFactory as _;

use crate::args::{Args, ManArgs};
use crate::output;
use crate::status::Status;

/// Prints the page of the command, or of one of its subcommands.
pub(crate) fn run(args: &ManArgs) -> io::Result<Status> {
    let mut command = Args::command();
    command.build();
    let page = match args.page.as_deref() {
        None => Some(command),
        Some(name) => command.find_subcommand(name).cloned(),
    };
    let Some(page) = page else {
        output::note("error: there is no such command; `tarsight --help` lists them");
        return Ok(Status::Error);
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page).render(&mut text)?;
    output::write_all(args.common.output.as_deref(), &text)?;
    Ok(Status::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_subcommand_has_a_page() {
        let mut command = Args::command();
        command.build();
        for subcommand in command.get_subcommands() {
            let mut text = Vec::new();
            let page = clap_mangen::Man::new(subcommand.clone());
            page.render(&mut text).expect("a page");
            let text = String::from_utf8(text).expect("text");
            let about = subcommand.get_about().expect("it says what it does");
            assert!(text.contains(&about.to_string()), "{text}");
            let name = format!("tarsight-{}", subcommand.get_name());
            assert!(text.contains(&name.replace('-', "\\-")), "{name} {text}");
        }
    }
}
