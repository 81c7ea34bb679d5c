//! The command line.

use std::io::IsTerminal;
use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use tarsight::report::RiskLevel;
use tarsight::{Document, Limits};

/// Reads an npm package as bytes and says what its code will do, when it will run, and what is
/// new. It never runs it.
#[derive(Debug, Parser)]
#[command(name = "tarsight", version, max_term_width = 100)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say what packages do, and judge it
    Scan(ScanArgs),
    /// Say what one version of a package does that the version before it did not
    Diff(DiffArgs),
    /// List an archive as npm would extract it, with anomalies
    Ls(LsArgs),
    /// Say what an id of a report means: a behaviour, a finding, a flow, a place that is known
    Explain(ExplainArgs),
    /// List every id with capability, severity and title
    Rules(RulesArgs),
    /// Print the JSON Schema of an output
    Schema(SchemaArgs),
    /// Print completions for a shell
    #[command(hide = true)]
    Completions(CompletionsArgs),
    /// Print the manual page, of the command or of one of its subcommands
    #[command(hide = true)]
    Man(ManArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ScanArgs {
    /// Tarballs (.tgz, .tar.gz, .tar), unpacked package folders, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// How to write results
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    /// Lowest risk level that ends with exit code 1; `incomplete` is `high` and code that was
    /// not examined
    #[arg(long, value_name = "LEVEL", default_value = "high")]
    pub(crate) fail_on: FailOn,
    /// Add times and counts to the output
    #[arg(long)]
    pub(crate) stats: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DiffArgs {
    /// The version before: a tarball, an unpacked package folder, a report saved with --format
    /// json, or - for standard input
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The version after: any of the same
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// How to write the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    /// Lowest risk level of the change that ends with exit code 1; `incomplete` is `high` and
    /// code that was not examined
    #[arg(long, value_name = "LEVEL", default_value = "high")]
    pub(crate) fail_on: FailOn,
    /// Add times and counts to the output
    #[arg(long)]
    pub(crate) stats: bool,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct LsArgs {
    /// A tarball (.tgz, .tar.gz, .tar), an unpacked package folder, or - for standard input
    #[arg(value_name = "PATH")]
    pub(crate) path: PathBuf,
    #[command(flatten)]
    pub(crate) format: FormatArgs,
    #[command(flatten)]
    pub(crate) engine: EngineArgs,
    /// Lowest level of an anomaly that ends with exit code 1; `incomplete` is `high` and an
    /// archive that could not be read to its end
    #[arg(long, value_name = "LEVEL", default_value = "none")]
    pub(crate) fail_on: FailOn,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ExplainArgs {
    /// An id of `tarsight rules`
    #[arg(value_name = "ID")]
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct RulesArgs {
    #[command(flatten)]
    pub(crate) format: FormatArgs,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SchemaArgs {
    /// The output
    #[arg(value_name = "OUTPUT", value_parser = parse_document)]
    pub(crate) document: Document,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct ManArgs {
    /// A subcommand
    #[arg(value_name = "COMMAND")]
    pub(crate) page: Option<String>,
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Options of every command.
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct Common {
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// Say less: one line for each package
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Say all: no list in the text is cut
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Colours in the text
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub(crate) color: Color,
}

/// The choice of output.
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct FormatArgs {
    /// How to write results
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: Format,
}

/// Options of commands that read packages.
#[derive(Debug, Default, ClapArgs)]
pub(crate) struct EngineArgs {
    /// Worker threads; all cores by default
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub(crate) jobs: Option<u16>,
    /// Limits that differ from the defaults; an unknown key lists them
    #[arg(long, value_name = "KEY=VALUE,...", value_delimiter = ',', value_parser = parse_limit)]
    pub(crate) limits: Vec<(String, u64)>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    #[default]
    Text,
    /// One document, an array for several paths
    Json,
    /// One document a line
    Ndjson,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    /// For people
    #[default]
    Text,
    /// For a comment on a pull request
    Markdown,
    /// One document, an array for several paths
    Json,
    /// One document a line
    Ndjson,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    None,
    Low,
    Medium,
    High,
    Critical,
    Incomplete,
}

impl FailOn {
    /// Whether an outcome ends with exit code 1.
    pub(crate) fn applies(self, level: RiskLevel, complete: bool) -> bool {
        match self {
            Self::None => false,
            Self::Low => level >= RiskLevel::Low,
            Self::Medium => level >= RiskLevel::Medium,
            Self::High => level >= RiskLevel::High,
            Self::Critical => level >= RiskLevel::Critical,
            Self::Incomplete => level >= RiskLevel::High || !complete,
        }
    }
}

impl Common {
    /// Columns of the terminal that the text goes to.
    pub(crate) fn columns(&self) -> Option<usize> {
        if self.output.is_some() || !std::io::stdout().is_terminal() {
            return None;
        }
        let (columns, _) = terminal_size::terminal_size_of(std::io::stdout())?;
        Some(usize::from(columns.0))
    }

    /// Whether the text has colours. A file has none unless asked for.
    pub(crate) fn colored(&self) -> bool {
        let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
                self.output.is_none()
                    && !set("NO_COLOR")
                    && !dumb
                    && std::io::stdout().is_terminal()
            }
        }
    }
}

impl EngineArgs {
    /// The limits as asked for.
    pub(crate) fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        for (name, value) in &self.limits {
            // The parser let known names through only.
            let _ = limits.set(name, *value);
        }
        limits
    }

    /// The number of workers as asked for, or one for each core.
    pub(crate) fn jobs(&self) -> usize {
        match self.jobs {
            Some(jobs) => usize::from(jobs),
            None => std::thread::available_parallelism().map_or(1, usize::from),
        }
    }
}

fn parse_limit(text: &str) -> Result<(String, u64), String> {
    let Some((name, value)) = text.split_once('=') else {
        return Err(format!(
            "write NAME=NUMBER; the limits are {}",
            Limits::NAMES.join(", ")
        ));
    };
    let name = name.trim();
    Limits::default()
        .set(name, 0)
        .map_err(|unknown| unknown.to_string())?;
    match value.trim().parse() {
        Ok(number) => Ok((name.to_owned(), number)),
        Err(_) => Err(format!("{value:?} is no whole number; write {name}=NUMBER")),
    }
}

fn parse_document(text: &str) -> Result<Document, String> {
    let names = Document::ALL.map(Document::as_str);
    Document::ALL
        .into_iter()
        .find(|document| document.as_str() == text)
        .ok_or_else(|| format!("the outputs with a schema are {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(line.split(' '))
    }

    fn scan(line: &str) -> ScanArgs {
        match parse(line).expect("the line is right").command {
            Command::Scan(args) => args,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_command_line_is_sound() {
        use clap::CommandFactory as _;
        Args::command().debug_assert();
    }

    #[test]
    fn the_defaults_are_the_contract_s() {
        let args = scan("tarsight scan a.tgz");
        assert_eq!(args.format, ReportFormat::Text);
        assert_eq!(args.fail_on, FailOn::High);
        assert_eq!(args.engine.limits(), Limits::default());
        assert!(!args.stats);
    }

    #[test]
    fn options_stand_before_or_after_the_paths() {
        let args = scan("tarsight scan --format ndjson a.tgz -o out --jobs 3 - --fail-on none");
        assert_eq!(args.paths, ["a.tgz", "-"].map(PathBuf::from));
        assert_eq!(args.engine.jobs(), 3);
        assert_eq!(args.common.output, Some(PathBuf::from("out")));
        assert_eq!(args.fail_on, FailOn::None);
    }

    #[test]
    fn limits_are_a_list() {
        let args = scan("tarsight scan a --limits parse-files=5,sites=1 --limits ratio=9");
        let limits = args.engine.limits();
        assert_eq!((limits.parse_files, limits.sites, limits.ratio), (5, 1, 9));
        for wrong in ["speed=1", "sites", "sites=many", "sites=-1"] {
            let error = parse(&format!("tarsight scan a --limits {wrong}")).unwrap_err();
            assert!(error.use_stderr(), "{wrong}");
        }
    }

    #[test]
    fn wrong_usage_is_told() {
        for wrong in [
            "tarsight",
            "tarsight scan",
            "tarsight ls a b",
            "tarsight scan a --jobs 0",
            "tarsight scan a --format xml",
            "tarsight scan a --quiet --verbose",
            "tarsight schema other",
            "tarsight diff a",
            "tarsight diff a b c",
            "tarsight diff a b --format sarif",
        ] {
            let error = parse(wrong).expect_err(wrong);
            assert_eq!(error.exit_code(), 2, "{wrong}");
        }
    }

    #[test]
    fn incomplete_is_high_and_code_that_was_not_examined() {
        assert!(FailOn::Incomplete.applies(RiskLevel::None, false));
        assert!(FailOn::Incomplete.applies(RiskLevel::High, true));
        assert!(!FailOn::Incomplete.applies(RiskLevel::Medium, true));
        assert!(!FailOn::None.applies(RiskLevel::Critical, false));
        assert!(FailOn::Medium.applies(RiskLevel::Medium, true));
        assert!(!FailOn::Critical.applies(RiskLevel::High, false));
    }
}
