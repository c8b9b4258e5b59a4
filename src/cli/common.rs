//! Flags that mean the same on every command.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::gallery::Effort;
use crate::study::positive;

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum Format {
    /// Aligned columns for people
    #[default]
    Table,
    /// One JSON document
    Json,
    /// Comma-separated values with a head
    Csv,
}

/// Flags of every command.
#[allow(clippy::struct_excessive_bools)] // each is a switch on the command line
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Common options")]
pub(super) struct Common {
    /// Read a study in TOML ([model], [control], [simulation], [theory]); flags override it
    #[arg(long, value_name = "FILE", global = true)]
    pub(super) study: Option<PathBuf>,
    /// Write tables, figures, manifest and report into this directory; continue the run it holds
    #[arg(long, value_name = "DIR", global = true)]
    pub(super) out: Option<PathBuf>,
    /// How results are printed on stdout
    #[arg(
        long,
        value_enum,
        default_value_t,
        global = true,
        hide_possible_values = true,
        value_name = "table|json|csv"
    )]
    pub(super) format: Format,
    /// Master seed [default: 1]; the same seed gives the same bytes
    #[arg(long, value_name = "N", global = true, value_parser = seed, allow_hyphen_values = true)]
    pub(super) seed: Option<u64>,
    /// Threads [default: all cores]; results do not depend on it
    #[arg(long, value_name = "N", global = true, value_parser = positive, allow_hyphen_values = true)]
    pub(super) threads: Option<usize>,
    /// Nothing on stderr but errors
    #[arg(long, global = true)]
    pub(super) quiet: bool,
    /// Say on stderr what is being done
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub(super) verbose: bool,
    /// Less accurate, in under ten seconds
    #[arg(long, global = true, conflicts_with = "full")]
    pub(super) quick: bool,
    /// Accuracy of a paper, however long it takes
    #[arg(long, global = true)]
    pub(super) full: bool,
}

impl Common {
    /// How much may be spent.
    pub(super) fn effort(&self) -> Effort {
        match (self.quick, self.full) {
            (true, _) => Effort::Quick,
            (_, true) => Effort::Full,
            _ => Effort::Normal,
        }
    }
}

fn seed(text: &str) -> Result<u64, String> {
    text.trim().parse().map_err(|_| format!("`{text}`: expected a whole number from 0 to {}", u64::MAX))
}
