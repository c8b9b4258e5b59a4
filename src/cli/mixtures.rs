//! `mattis mixtures`.

use std::fmt::Write as _;

use clap::Args;
use mattis_model::Model;
use mattis_model::record::{Census, Completeness, MixturesRecord};
use mattis_theory::FinitePatterns;
use rayon::prelude::*;

use super::context::{Context, one_or_array};
use super::failure::{Ending, Failure};
use super::save;
use super::solve::{cleared, overlaps};
use crate::output::csv;
use crate::output::number::{UNKNOWN, plain, short};
use crate::output::{Report, Section, Table};
use crate::records::Records;
use crate::study::{ControlSection, ModelSection, Study};

pub(super) const EXAMPLES: &str = "\
Examples:
  mattis mixtures                                        three memories at T = 0.3
  mattis mixtures --count 5 -T 0.3                       13 classes, 3043 states, 122 of them stable
  mattis mixtures --count 5 -T 0                         the states at T = 0, with their energies
  mattis mixtures --count 31 -T 0.1                      symmetric states only, beyond nine memories
  mattis mixtures --patterns uniform --count 2 -T 0.8
  mattis mixtures --model van-hemmen -T 0.5
  mattis mixtures --count 3 -T 0.05:1:20 --out landscape

A state is a solution of m = <ξ tanh(ξ·m/T)>, or what the unit, patterns and rule make of it; states that
symmetry maps onto each other are one class. For memories that attract, Σ (−1)^index over all states is 1:
where the sum closes, no state is missing but by an accident that cancels.";

#[derive(Debug, Args)]
pub(super) struct Flags {
    #[command(flatten)]
    model: ModelSection,
    #[command(flatten)]
    control: ControlSection,
}

pub(super) fn run(context: &mut Context, flags: Flags) -> Result<Ending, Failure> {
    let study = context.study(Study { model: flags.model, control: flags.control, ..Study::default() });
    if study.control.alpha.is_some() {
        let what = "alpha: expected --count, a finite number of memories; with a load `mattis solve` lists the states";
        return Err(Failure::Refused(what.into()));
    }
    let temperatures = study.control.temperature.as_ref().map_or(vec![0.3], |grid| grid.values.clone());
    let mut jobs: Vec<(Model, usize, f64)> = Vec::new();
    for model in study.models()? {
        let counts = match (&study.control.count, model.rule.fixed_count()) {
            (Some(many), _) => many.0.iter().map(|count| count.0).collect(),
            (None, fixed) => vec![fixed.unwrap_or(3)],
        };
        for update in study.updates(&model) {
            for count in &counts {
                let model = model.clone().with_update(update.clone());
                jobs.extend(temperatures.iter().map(|temperature| (model.clone(), *count, *temperature)));
            }
        }
    }
    let specification: Vec<_> =
        jobs.iter().map(|(model, count, temperature)| serde_json::json!({"model": model, "count": count, "temperature": temperature})).collect();
    let mut directory = context.open(None, "mixtures", serde_json::json!({"jobs": specification}), false)?;
    context.say(|| format!("mixtures at {} points", jobs.len()));
    let solve = |(model, count, temperature): &(Model, usize, f64)| {
        if Context::stopped() {
            return Ok(None);
        }
        Ok(Some(FinitePatterns::new(model, *count)?.mixtures(*temperature)?))
    };
    let solved: Vec<Option<MixturesRecord>> = jobs.par_iter().map(solve).collect::<Result<_, Failure>>()?;
    let complete = solved.iter().all(Option::is_some);
    let records: Vec<MixturesRecord> = solved.into_iter().flatten().collect();
    context.emit(
        || records.iter().map(people).collect::<Vec<_>>().join("\n"),
        || one_or_array(&records),
        || csv::joined(&records),
    )?;
    if let Some(directory) = &mut directory {
        let saved = Records { mixtures: records.clone(), ..Records::default() };
        let drawings = save::records(directory, &saved, "")?;
        let section = |record: &MixturesRecord| Section {
            title: title(record),
            table: Some(states(record)),
            text: vec![summary(record), thresholds(record)],
            ..Section::default()
        };
        let mut sections: Vec<Section> = records.iter().map(section).collect();
        sections.extend(save::figure_sections(&drawings)?);
        let classes: usize = records.iter().map(|record| record.census.classes).sum();
        let report = Report {
            title: "Mean-field states of a finite number of memories".into(),
            verdict: format!("Classes of states: {classes}. Points: {}.", records.len()),
            sections,
        };
        save::close(directory, &study, &report, complete, "mixtures")?;
    }
    Ok(if complete { Ending::Done } else { Context::stopped_ending(directory.as_ref()) })
}

fn title(record: &MixturesRecord) -> String {
    let label = save::label(&record.model, std::slice::from_ref(&record.model.update));
    format!("{label}, p = {}, T = {}", record.count, short(Some(record.temperature)))
}

fn people(record: &MixturesRecord) -> String {
    let mut text = format!("{}\n{}\n{}\n", title(record), states(record), summary(record));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{}", thresholds(record));
    text
}

/// One line per class.
fn states(record: &MixturesRecord) -> Table {
    let mut table = Table::new(["m", "n", "f", "u", "index", "smallest λ", "states", "stable"]);
    let counted = |number: Option<u64>| number.map_or_else(|| UNKNOWN.into(), |number| number.to_string());
    for state in &record.states {
        table.push([
            overlaps(&state.m),
            state.n.to_string(),
            plain(state.free_energy, 12),
            plain(state.energy.map(cleared), 9),
            counted(state.index.map(|index| index as u64)),
            plain(state.hessian.first().copied(), 6),
            counted(state.multiplicity),
            if state.stable { "yes".into() } else { "no".into() },
        ]);
    }
    table
}

/// What was counted.
fn summary(record: &MixturesRecord) -> String {
    let Census { classes, critical_points, stable, morse_sum, complete } = record.census;
    let counted = |number: Option<u64>| number.map_or_else(|| UNKNOWN.into(), |number| number.to_string());
    let closing = match (complete, morse_sum) {
        (Completeness::SumOk, _) => "Σ (−1)^index = 1: the census closes".to_string(),
        (Completeness::Unknown, sum) => match (symmetric_only(record), sum) {
            (Some(what), _) => what,
            (None, Some(sum)) => {
                format!("Σ (−1)^index = {sum}, not 1: states are missing (the search is bounded)")
            }
            (None, None) => "no Morse sum here: there may be more states".to_string(),
        },
    };
    let plural = |number: Option<u64>, one: &str, many: &str| {
        format!("{} {}", counted(number), if number == Some(1) { one } else { many })
    };
    format!(
        "{}, {}, {} of them stable; {closing}.",
        plural(Some(classes as u64), "class", "classes"),
        plural(critical_points, "state", "states"),
        counted(stable)
    )
}

/// What was searched where columns are too many for all states.
fn symmetric_only(record: &MixturesRecord) -> Option<String> {
    let theory = FinitePatterns::new(&record.model, record.count).ok()?;
    let largest = theory.lists_symmetric_only(record.temperature)?;
    Some(if record.model.patterns.mean() == record.model.centre() {
        format!("symmetric states only, n ≤ {largest}")
    } else {
        format!("only states with one or two different overlaps, n ≤ {largest} memories against the others")
    })
}

/// Thresholds that a person wants to read at once.
const SHOWN: usize = 12;

/// Where stability changes.
fn thresholds(record: &MixturesRecord) -> String {
    let mut parts = Vec::new();
    if let Some(critical) = record.critical_temperature {
        // A first-order transition may make it stable again further below.
        parts.push(format!(
            "the state without overlaps is unstable just below T = {}",
            plain(Some(critical), 12)
        ));
    }
    for threshold in record.thresholds.iter().take(SHOWN) {
        let what = match (threshold.symmetric, threshold.n) {
            (true, 1) => "one memory".into(),
            (true, n) => format!("the symmetric {n}-mixture"),
            (false, _) => format!("the state that is ({}) at T = 0", exact(&threshold.ground)),
        };
        parts.push(format!("{what} is stable below T = {}", plain(Some(threshold.temperature), 12)));
    }
    if record.thresholds.len() > SHOWN {
        parts.push(format!("{} more with --format json", record.thresholds.len() - SHOWN));
    }
    if parts.is_empty() {
        return "No temperature where stability changes is known.".into();
    }
    parts.join(";\n") + "."
}

/// Overlaps at T = 0 are fractions: as short as they are.
fn exact(m: &[f64]) -> String {
    m.iter().map(|value| short(Some(*value))).collect::<Vec<_>>().join(", ")
}
