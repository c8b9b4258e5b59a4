//! What surrounds a command: its study, stdout, progress, the way to stop it.

use std::ffi::OsString;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use mattis_model::record::SimulationRecord;
use mattis_model::{Control, Model, Update};
use mattis_sim::{Outcome, Progress, Session, Simulation, Trace};
use serde::Serialize;

use super::common::{Common, Format};
use super::failure::{Ending, Failure};
use crate::output::Directory;
use crate::study::{SimulationSection, Study, read};

/// Set by the first Ctrl-C; the second one ends the program at once.
static STOP: AtomicBool = AtomicBool::new(false);

/// Most threads that can be asked for.
const MOST_THREADS: usize = 1024;

/// The exit code of a shell for a process that an interrupt ended.
const INTERRUPTED: i32 = 130;

/// What surrounds a command.
pub(super) struct Context {
    pub(super) common: Common,
    study: Study,
    arguments: Vec<String>,
    terminal: bool,
}

/// What was simulated, over several updates.
pub(super) struct Simulated {
    pub(super) record: SimulationRecord,
    pub(super) complete: bool,
    pub(super) traces: Vec<(String, Trace)>,
}

/// Numbers of a simulation that flags and study leave open.
#[derive(Debug, Clone)]
pub(super) struct Defaults {
    pub(super) neurons: Vec<usize>,
    pub(super) samples: usize,
    pub(super) sweeps: usize,
    pub(super) burn_in: usize,
}

/// Writes to stdout; a reader that has gone ends the program without complaint.
pub(super) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::ReaderGone,
        _ => Failure::Failed(format!("stdout: {error}")),
    })
}

/// A record as the JSON that stdout and files hold.
pub(super) fn json<T: Serialize>(value: &T) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value);
    text.map(|text| text + "\n").map_err(|error| Failure::Failed(format!("JSON: {error}")))
}

/// One record as an object, several as an array.
pub(super) fn one_or_array<T: Serialize>(records: &[T]) -> Result<String, Failure> {
    match records {
        [one] => json(one),
        several => json(&several),
    }
}

impl Context {
    pub(super) fn new(common: Common, arguments: &[OsString], terminal: bool) -> Result<Self, Failure> {
        let mut study = common.study.as_deref().map(read).transpose()?.unwrap_or_default();
        study.simulation.seed = common.seed.or(study.simulation.seed);
        if let Some(threads) = common.threads {
            if threads > MOST_THREADS {
                return Err(Failure::Refused(format!(
                    "threads = {threads}: expected at most {MOST_THREADS}"
                )));
            }
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
            pool.map_err(|error| Failure::Failed(format!("threads = {threads}: {error}; expected fewer")))?;
        }
        // Without a handler an interrupt ends the program at once, which loses at most the run.
        let _ = ctrlc::set_handler(|| {
            if STOP.swap(true, Ordering::Relaxed) {
                std::process::exit(INTERRUPTED);
            }
        });
        Ok(Self { common, study, arguments: kept_arguments(arguments), terminal })
    }

    /// The study of the file with flags laid over it.
    pub(super) fn study(&self, flags: Study) -> Study {
        flags.over(self.study.clone())
    }

    /// The arguments that say what is computed: not where it goes, how it is shown, or by how many threads.
    pub(super) fn arguments(&self) -> &[String] {
        &self.arguments
    }

    /// Prints the one of three forms that was asked for.
    pub(super) fn emit(
        &self,
        table: impl FnOnce() -> String,
        json: impl FnOnce() -> Result<String, Failure>,
        csv: impl FnOnce() -> String,
    ) -> Result<(), Failure> {
        print(&match self.common.format {
            Format::Table => table(),
            Format::Json => json()?,
            Format::Csv => csv(),
        })
    }

    /// A line on stderr for `-v`.
    pub(super) fn say(&self, line: impl FnOnce() -> String) {
        if self.common.verbose {
            // There is nobody to tell if stderr is gone.
            let _ = writeln!(std::io::stderr(), "{}", line());
        }
    }

    /// A warning on stderr.
    pub(super) fn warn(&self, line: &str) {
        if !self.common.quiet {
            let _ = writeln!(std::io::stderr(), "mattis: warning: {line}");
        }
    }

    /// The directory to write to: as given, or a default that the command may have.
    pub(super) fn out(&self, default: Option<&str>) -> Option<PathBuf> {
        self.common.out.clone().or_else(|| default.map(PathBuf::from))
    }

    /// Whether somebody wants to stop.
    pub(super) fn stopped() -> bool {
        STOP.load(Ordering::Relaxed)
    }

    /// The ending of a run that was stopped.
    pub(super) fn stopped_ending(directory: Option<&Directory>) -> Ending {
        Ending::Stopped(match directory {
            Some(directory) => format!(
                "stopped early: what was done is saved in {}, the same command goes on from there",
                directory.path().display()
            ),
            None => {
                "stopped early: what was done is printed and not saved; expected --out DIR to keep it".into()
            }
        })
    }

    /// A simulation as flags, study and defaults say.
    pub(super) fn simulation(
        model: &Model,
        controls: &[Control],
        section: &SimulationSection,
        defaults: &Defaults,
    ) -> Result<Simulation, Failure> {
        let sizes = section
            .neurons
            .as_ref()
            .map_or_else(|| defaults.neurons.clone(), |many| many.0.iter().map(|size| size.0).collect());
        let mut sizes = sizes;
        sizes.sort_unstable();
        sizes.dedup();
        let mut simulation = Simulation::new(model)
            .controls(controls.iter().copied())
            .sizes(sizes)
            .samples(section.samples.unwrap_or(defaults.samples))
            .sweeps(section.sweeps.unwrap_or(defaults.sweeps))
            .burn_in(section.burn_in.unwrap_or(defaults.burn_in))
            .seed(section.seed.unwrap_or(1));
        if let Some(start) = &section.start {
            simulation = simulation.start(start.parse()?);
        }
        if let Some(dynamics) = &section.dynamics {
            simulation = simulation.dynamics(dynamics.parse()?);
        }
        if let Some(order) = &section.order {
            simulation = simulation.order(order.parse()?);
        }
        Ok(simulation)
    }

    /// Runs a simulation with every update in turn; with a directory, from and to its checkpoints.
    pub(super) fn simulate(
        &self,
        updates: &[Update],
        directory: Option<&Path>,
        suffix: &str,
        build: impl Fn(&Update) -> Result<Simulation, Failure>,
    ) -> Result<Simulated, Failure> {
        let mut joined: Option<Simulated> = None;
        for (turn, update) in updates.iter().enumerate() {
            let simulation = build(update)?;
            let checkpoint = directory.map(|path| path.join(checkpoint_name(suffix, update)));
            let what = format!("simulate {} ({}/{})", update.name(), turn + 1, updates.len());
            let outcome = self.run_one(&simulation, checkpoint.as_deref(), &what)?;
            let traces = outcome.traces.into_iter().map(|trace| (update.name().to_string(), trace));
            match &mut joined {
                None => {
                    joined = Some(Simulated {
                        record: outcome.record,
                        complete: outcome.complete,
                        traces: traces.collect(),
                    });
                }
                Some(all) => {
                    all.record.points.extend(outcome.record.points);
                    all.complete &= outcome.complete;
                    all.traces.extend(traces);
                }
            }
        }
        joined.ok_or_else(|| Failure::Refused("no update: expected sequential or parallel".into()))
    }

    /// A bar where somebody sees it.
    pub(super) fn bar(&self) -> ProgressBar {
        if self.terminal && !self.common.quiet { ProgressBar::new(0) } else { ProgressBar::hidden() }
    }

    /// A session that an interrupt stops.
    pub(super) fn session() -> Session<'static> {
        Session { cancel: Some(&STOP), ..Session::default() }
    }

    fn run_one(
        &self,
        simulation: &Simulation,
        checkpoint: Option<&Path>,
        what: &str,
    ) -> Result<Outcome, Failure> {
        let bar = self.bar();
        let template = "{msg} [{bar:24}] {prefix} samples, {rate} updates/s, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            let rate = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                // A bar that cannot be drawn has no reader.
                let _ = write!(out, "{:.1e}", state.per_sec());
            };
            bar.set_style(style.with_key("rate", rate).progress_chars("=> "));
        }
        bar.set_prefix("0");
        bar.set_message(what.to_string());
        self.say(|| what.to_string());
        let progress = |progress: Progress| {
            bar.set_length(progress.all_updates);
            bar.set_prefix(format!("{}/{}", progress.done, progress.total));
            bar.set_position(progress.updates);
        };
        let session =
            Session { cancel: Some(&STOP), checkpoint, progress: Some(&progress), ..Session::default() };
        let outcome = simulation.run_with(&session);
        bar.finish_and_clear();
        Ok(outcome?)
    }
}

/// The checkpoint of one model and update.
pub(super) fn checkpoint_name(suffix: &str, update: &Update) -> String {
    format!("checkpoint{suffix}-{}.jsonl", update.name())
}

/// Arguments that the numbers depend on. Paths name places of one machine and are left out.
fn kept_arguments(arguments: &[OsString]) -> Vec<String> {
    let mut kept = vec![env!("CARGO_PKG_NAME").to_string()];
    let mut rest = arguments.iter().skip(1).map(|argument| argument.to_string_lossy());
    while let Some(argument) = rest.next() {
        let (name, glued) = argument.split_once('=').map_or((&*argument, false), |(name, _)| (name, true));
        match name {
            "--out" | "--threads" | "--format" => {
                if !glued {
                    rest.next();
                }
            }
            "--study" | "--weights" => {
                let path = if glued {
                    argument[name.len() + 1..].to_string()
                } else {
                    rest.next().unwrap_or_default().into()
                };
                let file = Path::new(&path).file_name().map(|file| file.to_string_lossy().into_owned());
                kept.push(name.into());
                kept.push(file.unwrap_or_default());
            }
            "--quiet" | "-v" | "--verbose" => {}
            _ => kept.push(argument.into_owned()),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_kept_without_places() {
        let given = [
            "/opt/mattis",
            "compare",
            "--out",
            "/tmp/x",
            "--alpha=0.05",
            "--study=/home/a/s.toml",
            "-v",
            "--threads",
            "2",
        ];
        let given: Vec<OsString> = given.iter().map(Into::into).collect();
        assert_eq!(kept_arguments(&given), ["mattis", "compare", "--alpha=0.05", "--study", "s.toml"]);
    }
}
