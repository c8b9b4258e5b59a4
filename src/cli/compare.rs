//! `mattis compare`.

use std::fmt::Write as _;

use clap::Args;
use mattis_model::record::{ComparisonRecord, SimulationRecord, StateKind, Verdict};
use mattis_model::{Control, Model, Update};
use mattis_sim::Start;
use mattis_theory::{Guess, TheoryError};

use super::context::{Context, Defaults, Simulated, one_or_array};
use super::failure::{Ending, Failure};
use super::save;
use super::simulate::Job;
use crate::compare::{CompareOptions, Comparison, Predictions, compare, predict, rows_table};
use crate::gallery::{Effort, branch};
use crate::output::csv::several;
use crate::output::number::{probability, short};
use crate::output::{Report, Section};
use crate::records::Records;
use crate::study::{CompareSection, ControlSection, ModelSection, SimulationSection, Study};

pub(super) const EXAMPLES: &str = "\
Examples:
  mattis compare                                            α = 0.05, T = 0.3
  mattis compare --alpha 0.03,0.05,0.08 -T 0.3 --update sequential,parallel
  mattis compare --unit three-state:crystal-field=0.2 --alpha 0.03 -T 0.3
  mattis compare --alpha 0.05 -T 0.5 --neurons 2000,4000,8000 --samples 64 --out run

Theory is taken at the p/N that was simulated, the difference is extrapolated to N → ∞. A row is
inconclusive where 5 standard errors exceed --resolution: large error bars are not agreement.
Exit 0: every row agrees; 1: a row is inconclusive; 4: the family-wise probability is below 0.001.";

#[derive(Debug, Args)]
pub(super) struct Flags {
    #[command(flatten)]
    model: ModelSection,
    #[command(flatten)]
    control: ControlSection,
    #[command(flatten)]
    simulation: SimulationSection,
    #[command(flatten)]
    compare: CompareSection,
}

/// Enough that 5σ is below 0.01 for m after extrapolation, in the middle of the retrieval phase.
pub(super) fn defaults(effort: Effort) -> Defaults {
    match effort {
        Effort::Quick => Defaults { neurons: vec![1000, 2000, 4000], samples: 16, sweeps: 20, burn_in: 20 },
        Effort::Normal => Defaults { neurons: vec![2000, 4000, 8000], samples: 24, sweeps: 50, burn_in: 30 },
        Effort::Full => Defaults { neurons: vec![2000, 4000, 8000], samples: 128, sweeps: 200, burn_in: 100 },
    }
}

pub(super) fn run(context: &mut Context, flags: Flags) -> Result<Ending, Failure> {
    let study = context.study(Study {
        model: flags.model,
        control: flags.control,
        simulation: flags.simulation,
        compare: flags.compare,
        ..Study::default()
    });
    let mut defaults = defaults(context.common.effort());
    let mut options = CompareOptions::default();
    options.resolution = study.compare.resolution.unwrap_or(options.resolution);
    let jobs = Job::all(&study)?;
    let few = jobs.iter().flat_map(|job| &job.controls).all(|control| control.count().is_some());
    if few && jobs.iter().all(|job| job.model.unit.continuous().is_none()) {
        // A few memories cost little, and their random overlaps move more than many do together.
        defaults.samples *= 3;
    }
    if jobs.iter().any(|job| job.model.unit.continuous().is_some()) {
        // A few microseconds for each unit and sweep.
        for neurons in &mut defaults.neurons {
            *neurons /= 2;
        }
    }
    let build = |job: &Job, update: &Update| {
        let model = job.model.clone().with_update(update.clone());
        Context::simulation(&model, &job.controls, &study.simulation, &defaults)
    };
    let protocol = build(&jobs[0], &jobs[0].updates[0])?.protocol();
    let smallest = protocol.neurons.iter().copied().min().unwrap_or(1) as f64;
    let largest =
        jobs.iter().flat_map(|job| &job.controls).filter_map(Control::count).max().unwrap_or(0) as f64;
    if largest / smallest > 0.02 {
        context.warn(&format!(
            "p/N reaches {}: the theory of a finite number of memories is that of N → ∞; expected larger --neurons",
            short(Some(largest / smallest))
        ));
    }
    let start: Start = protocol.start.parse()?;
    // A state that theory does not have, or a model that it does not treat, is told before the long part.
    for job in &jobs {
        foresee(job, start)?;
    }
    let specifications = Job::specifications(&jobs);
    let specification =
        serde_json::json!({"jobs": specifications, "simulation": protocol, "resolution": options.resolution});
    let mut directory = context.open(None, "compare", specification, true)?;
    let mut comparisons: Vec<Comparison> = Vec::new();
    let mut sections = Vec::new();
    let mut complete = true;
    for (index, job) in jobs.iter().enumerate() {
        let suffix = save::suffix(index, jobs.len());
        let path = directory.as_ref().map(|directory| directory.path().to_path_buf());
        let simulated =
            context.simulate(&job.updates, path.as_deref(), &suffix, |update| build(job, update))?;
        complete &= simulated.complete;
        if !simulated.record.points.is_empty() {
            let (comparison, predictions) = join(&job.model, &simulated.record, start, &options)?;
            // On exit 1 the verdict is the one line.
            if comparison.verdict() != Verdict::Inconclusive {
                caution(context, &predictions);
            }
            if let Some(directory) = &mut directory {
                sections.extend(keep(directory, job, &simulated, &comparison, &suffix)?);
            }
            comparisons.push(comparison);
        }
        if !complete {
            break;
        }
    }
    let records: Vec<&ComparisonRecord> = comparisons.iter().map(|comparison| &comparison.record).collect();
    let labels: Vec<String> = jobs.iter().map(|job| save::label(&job.model, &job.updates)).collect();
    context.emit(
        || {
            let mut text = String::new();
            for (comparison, label) in comparisons.iter().zip(&labels) {
                let title = if comparisons.len() > 1 { format!("{label}\n") } else { String::new() };
                // Writing to a string cannot fail.
                let _ = write!(text, "{title}{comparison}");
            }
            text
        },
        || one_or_array(&records),
        || several(&labels.iter().cloned().zip(records.iter().copied()).collect::<Vec<_>>()),
    )?;
    let ending = comparisons.iter().map(ending).fold(Ending::Done, Ending::and);
    if let Some(directory) = &mut directory {
        let report = Report {
            title: "Theory and simulation".into(),
            verdict: comparisons.iter().map(verdict_line).collect::<Vec<_>>().join(" "),
            sections,
        };
        let study = save::resolved(&study, &jobs[0].controls, Some(&protocol))?;
        save::close(directory, &study, &report, complete, "compare")?;
    }
    Ok(if complete { ending } else { Context::stopped_ending(directory.as_ref()) })
}

/// Solves at the loads that were asked for.
fn foresee(job: &Job, start: Start) -> Result<(), Failure> {
    for update in &job.updates {
        let model = job.model.clone().with_update(update.clone());
        for control in &job.controls {
            let mut last = None;
            for guess in guesses(start) {
                last = Some(mattis_theory::predict(&model, *control, guess));
                if matches!(last, Some(Ok(_))) {
                    break;
                }
            }
            last.transpose()?;
        }
    }
    Ok(())
}

/// The states that a start leads to, the likeliest first.
fn guesses(start: Start) -> Vec<Guess> {
    match start {
        Start::Mixture { n } => vec![Guess::Mixture(n)],
        Start::Random => vec![Guess::SpinGlass, Guess::Paramagnet],
        Start::Pattern | Start::Typical | Start::Overlap { .. } | Start::Cue { .. } => vec![Guess::Retrieval],
    }
}

/// Theory where the simulation was run, and both joined.
pub(super) fn join(
    model: &Model,
    simulation: &SimulationRecord,
    start: Start,
    options: &CompareOptions,
) -> Result<(Comparison, Predictions), Failure> {
    let mut found: Option<Result<Predictions, TheoryError>> = None;
    for guess in guesses(start) {
        found = Some(predict(model, simulation, guess));
        if !matches!(found, Some(Err(TheoryError::NoSuchState { .. }))) {
            break;
        }
    }
    let predictions = found.transpose()?.ok_or_else(|| Failure::Failed("no state to predict".into()))?;
    Ok((compare(&predictions, simulation, options)?, predictions))
}

/// Says where the theory itself is only an approximation.
pub(super) fn caution(context: &Context, predictions: &Predictions) {
    let broken = predictions.points.iter().filter(|point| point.state.replica_stable == Some(false));
    let broken: Vec<String> = broken
        .map(|point| {
            let load = point.alpha.map_or_else(String::new, |alpha| format!("α = {}, ", short(Some(alpha))));
            format!("{load}T = {}", short(Some(point.temperature)))
        })
        .collect();
    if let Some(first) = broken.first() {
        context.warn(&format!(
            "replica symmetry is broken in the predicted state at {first}{}: the theory is approximate there",
            if broken.len() > 1 { " and elsewhere" } else { "" }
        ));
    }
    if predictions.points.iter().any(|point| point.state.kind == StateKind::SpinGlass) {
        context.warn(
            "the spin glass does not equilibrate in accessible times: q depends on the length of the run",
        );
    }
}

fn keep(
    directory: &mut crate::output::Directory,
    job: &Job,
    simulated: &Simulated,
    comparison: &Comparison,
    suffix: &str,
) -> Result<Vec<Section>, Failure> {
    let saved = Records {
        solve: branch(&job.model, &simulated.record, 40)?,
        simulation: Some(simulated.record.clone()),
        comparison: Some(comparison.record.clone()),
        ..Records::default()
    };
    let drawings = save::records(directory, &saved, suffix)?;
    if simulated.complete {
        save::forget_checkpoints(directory, suffix, &job.updates)?;
    }
    let mut sections = vec![Section {
        title: save::label(&job.model, &job.updates),
        text: vec![verdict_line(comparison), HOW.into()],
        table: Some(rows_table(&comparison.record)),
        ..Section::default()
    }];
    sections.extend(save::figure_sections(&drawings)?);
    sections.push(Section {
        title: "Measurements".into(),
        table: Some(super::simulate::table(&simulated.record)),
        ..Section::default()
    });
    Ok(sections)
}

/// How to read a comparison.
pub(super) const HOW: &str = "Theory is taken at the simulated p/N; the difference is extrapolated linearly in 1/N where several sizes allow it. \
     z is the difference in standard errors. The resolution is five standard errors: the smallest difference that would \
     have been seen. The family-wise probability is Bonferroni's bound on the smallest Student-t probability, which \
     holds although rows measured on the same samples are correlated.";

/// The verdict in a sentence.
pub(super) fn verdict_line(comparison: &Comparison) -> String {
    let rows = comparison.rows.len();
    let p = probability(comparison.p_value);
    match comparison.verdict() {
        Verdict::Agree => format!("Theory and simulation agree in all {rows} rows (family-wise p = {p})."),
        Verdict::Disagree => {
            format!("Theory and simulation disagree (family-wise p = {p} over {rows} rows).")
        }
        Verdict::Inconclusive => {
            let open = comparison.rows.iter().filter(|row| row.verdict == Verdict::Inconclusive).count();
            format!("Inconclusive: {open} of {rows} rows have errors too large for a verdict.")
        }
    }
}

/// The verdict as an exit code with its line.
pub(super) fn ending(comparison: &Comparison) -> Ending {
    match comparison.verdict() {
        Verdict::Agree => Ending::Done,
        Verdict::Disagree => Ending::Disagreed(format!(
            "theory and simulation disagree: family-wise p = {}, expected at least {}",
            probability(comparison.p_value),
            comparison.options.significance
        )),
        Verdict::Inconclusive => {
            let open: Vec<_> =
                comparison.rows.iter().filter(|row| row.verdict == Verdict::Inconclusive).collect();
            let worst = open.iter().filter_map(|row| row.resolution).reduce(f64::max);
            let worst =
                worst.map_or_else(|| "unknown errors".into(), |r| format!("resolution up to {r:.1e}"));
            Ending::Undecided(format!(
                "inconclusive: {} of {} rows with {worst}, expected at most {}: give more --samples or larger --neurons",
                open.len(),
                comparison.rows.len(),
                comparison.options.resolution
            ))
        }
    }
}
