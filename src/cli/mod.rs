//! The program: flags, commands, what goes to stdout, stderr and disk, exit codes.

mod capacity;
mod common;
mod compare;
mod context;
mod exact;
mod failure;
mod figure;
mod flow;
mod interactions;
mod list;
mod main_job;
mod mixtures;
mod phase;
mod plot;
mod save;
mod simulate;
mod solve;
mod stability;

use std::ffi::OsString;
use std::io::IsTerminal;

use clap::{CommandFactory, Parser, Subcommand};
use mattis_simd::Vectors;

use common::Common;
use context::Context;
use failure::{Ending, Failure};

/// Statistical mechanics of networks that remember: solve, simulate, compare.
///
/// A model is solved by mean-field and replica theory, simulated by Monte Carlo, and the two are compared
/// with honest error bars. Without a command, mattis does its main job: the phase diagram of the Hopfield
/// model, simulation points over it, the comparison table, figures and a report in ./mattis-out.
#[derive(Debug, Parser)]
#[command(name = "mattis", version, after_help = EXAMPLES, max_term_width = 110)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  mattis                                          the main job, in under a minute
  mattis --quick                                  the same in under ten seconds
  mattis solve --alpha 0.05 -T 0.3                every state at one point
  mattis phase --alpha 0.01:0.13:13               boundaries at thirteen loads
  mattis mixtures --count 5 -T 0.3                every state of five memories
  mattis compare --alpha 0.03,0.05 -T 0.3 --update sequential,parallel
  mattis figure ags1987-phase-diagram             a published figure, its numbers checked
  mattis interactions --sigma 1                   couplings that hidden units induce
  mattis list units                               what --unit understands

Exit codes: 0 done, 1 failed or inconclusive, 2 arguments refused, 3 stopped early,
4 the numbers disagree.";

#[derive(Debug, Subcommand)]
enum Command {
    /// Solve: order parameters, free energy, entropy and stability of every state
    #[command(after_help = solve::EXAMPLES)]
    Solve(solve::Flags),
    /// Phase boundaries and special points
    #[command(after_help = phase::EXAMPLES)]
    Phase(phase::Flags),
    /// A finite number of memories: all states, their stability, where it changes
    #[command(after_help = mixtures::EXAMPLES)]
    Mixtures(mixtures::Flags),
    /// Storage capacity of a unit, a law of memories and a connectivity
    #[command(after_help = capacity::EXAMPLES)]
    Capacity(capacity::Flags),
    /// Motion of the overlap where it obeys a closed equation: extreme dilution, finite degree
    #[command(after_help = flow::EXAMPLES)]
    Flow(flow::Flags),
    /// Effective couplings of every order that hidden units induce
    #[command(after_help = interactions::EXAMPLES)]
    Interactions(interactions::Flags),
    /// Simulate by Monte Carlo at a point or on a grid
    #[command(after_help = simulate::EXAMPLES)]
    Simulate(simulate::Flags),
    /// Solve and simulate, side by side, with z-scores and a verdict
    #[command(after_help = compare::EXAMPLES)]
    Compare(compare::Flags),
    /// Reproduce a published figure and check its numbers
    #[command(after_help = figure::EXAMPLES)]
    Figure(figure::Flags),
    /// Draw a saved run again, without computing
    Plot(plot::Flags),
    /// What can be asked for: units, patterns, rules, models, figures, …
    List(list::Flags),
    /// Completions for a shell: mattis completions bash > mattis.bash
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// Commands of later versions, so that using one says what is missing.
const LATER: &[(&str, &str)] = &[
    ("learn", "couplings by learning"),
    ("rbm", "restricted Boltzmann machines"),
    ("boltzmann", "fully visible machines"),
    ("closed-loop", "learning from one's own samples"),
    ("basin", "basins of attraction"),
    ("spin-glass", "spin glasses"),
    ("lattice", "lattices"),
];

/// Runs the program on its arguments and gives its exit code.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Err(line) = limit_vectors(std::env::var_os("MATTIS_SIMD")) {
        complain(&line);
        return 2;
    }
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => return refuse(&error),
    };
    match execute(cli, &arguments) {
        Ok(ending) => {
            let (code, line) = ending.exit();
            if let Some(line) = line {
                complain(line);
            }
            code
        }
        Err(Failure::ReaderGone) => 0,
        Err(failure) => {
            complain(&failure.to_string());
            failure.code()
        }
    }
}

/// The vector instructions that kernels may use at most; none of it changes a number.
fn limit_vectors(most: Option<OsString>) -> Result<(), String> {
    let Some(most) = most else { return Ok(()) };
    let most = most.to_string_lossy();
    let parsed = most.parse::<Vectors>().map_err(|error| format!("MATTIS_SIMD = {most}: {error}"))?;
    Vectors::limit(parsed);
    Ok(())
}

/// One line on stderr.
fn complain(line: &str) {
    use std::io::Write;
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    // There is nobody left to tell if stderr is gone.
    let _ = writeln!(std::io::stderr(), "mattis: {line}");
}

fn refuse(error: &clap::Error) -> u8 {
    use clap::error::{ContextKind, ContextValue, ErrorKind};
    if error.kind() == ErrorKind::InvalidSubcommand
        && let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand)
        && let Some((name, what)) = LATER.iter().find(|(later, _)| later == name)
    {
        let mut known: Vec<String> =
            Cli::command().get_subcommands().map(|c| c.get_name().to_string()).collect();
        known.retain(|command| command != "completions");
        complain(&format!(
            "`{name}` ({what}) is not in this version, its engine is missing: expected one of {}",
            known.join(", ")
        ));
        return 2;
    }
    // Help and version come this way too; a reader that has gone is no failure.
    let _ = error.print();
    u8::try_from(error.exit_code()).unwrap_or(2)
}

fn execute(cli: Cli, arguments: &[OsString]) -> Result<Ending, Failure> {
    if let Some(Command::Completions { shell }) = cli.command {
        let mut script = Vec::new();
        clap_complete::generate(shell, &mut Cli::command(), "mattis", &mut script);
        context::print(&String::from_utf8_lossy(&script))?;
        return Ok(Ending::Done);
    }
    let mut context = Context::new(cli.common, arguments, std::io::stderr().is_terminal())?;
    match cli.command {
        None => main_job::run(&mut context),
        Some(Command::Solve(flags)) => solve::run(&mut context, flags),
        Some(Command::Phase(flags)) => phase::run(&mut context, flags),
        Some(Command::Mixtures(flags)) => mixtures::run(&mut context, flags),
        Some(Command::Capacity(flags)) => capacity::run(&mut context, &flags),
        Some(Command::Flow(flags)) => flow::run(&mut context, &flags),
        Some(Command::Interactions(flags)) => interactions::run(&mut context, &flags),
        Some(Command::Simulate(flags)) => simulate::run(&mut context, flags),
        Some(Command::Compare(flags)) => compare::run(&mut context, flags),
        Some(Command::Figure(flags)) => figure::run(&mut context, &flags),
        Some(Command::Plot(flags)) => plot::run(&context, &flags),
        Some(Command::List(flags)) => list::run(&context, &flags),
        Some(Command::Completions { .. }) => Ok(Ending::Done),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parser_is_consistent() {
        Cli::command().debug_assert();
    }
}
