//! `mattis` without a command: phase diagram, simulation over it, comparison, figures, report.

use std::fmt::Write as _;

use mattis_model::record::{PhaseRecord, Verdict};
use mattis_model::{Control, Model};
use mattis_sim::Start;
use mattis_theory::{PhaseRequest, phase_diagram};

use super::compare::{HOW, caution, ending, join, verdict_line};
use super::context::{Context, Defaults, json};
use super::failure::{Ending, Failure};
use super::{phase, save, simulate};
use crate::compare::{CompareOptions, rows_table};
use crate::gallery::{Effort, branch};
use crate::output::{Report, Section, csv};
use crate::records::Records;
use crate::study::{ControlSection, Study};

/// Where the figures and the report go.
pub(super) const OUT: &str = "mattis-out";

fn defaults(effort: Effort) -> Defaults {
    match effort {
        Effort::Quick => Defaults { neurons: vec![1000, 2000], samples: 12, sweeps: 15, burn_in: 15 },
        Effort::Normal => Defaults { neurons: vec![2000, 4000, 8000], samples: 16, sweeps: 30, burn_in: 30 },
        Effort::Full => Defaults { neurons: vec![2000, 4000, 8000], samples: 64, sweeps: 200, burn_in: 100 },
    }
}

/// Points all over the retrieval phase; several at T = 0.3, for the curve.
fn points(effort: Effort) -> Vec<Control> {
    let all = [(0.02, 0.3), (0.05, 0.3), (0.08, 0.3), (0.03, 0.5), (0.05, 0.15), (0.1, 0.15)];
    let count = if effort == Effort::Quick { 2 } else { all.len() };
    all[..count].iter().map(|(alpha, temperature)| Control::new(*alpha, *temperature)).collect()
}

pub(super) fn run(context: &mut Context) -> Result<Ending, Failure> {
    let study = context.study(Study::default());
    let effort = context.common.effort();
    let base = study.models()?.into_iter().next().unwrap_or_else(Model::hopfield);
    let updates = study.updates(&base);
    let model = base.with_update(updates[0].clone());
    let controls = match (&study.control.alpha, &study.control.temperature) {
        (None, None) if model.stores_memories() => points(effort),
        // Without memories only the paramagnet equilibrates.
        _ if !model.stores_memories() => study.controls(&model, &[], &[1.5])?,
        _ => study.controls(&model, &[0.05], &[0.3])?,
    };
    let mut options = CompareOptions::default();
    // A quick look sees less; it says so in its resolution column.
    let default = if effort == Effort::Quick { 0.02 } else { options.resolution };
    options.resolution = study.compare.resolution.unwrap_or(default);
    let defaults = defaults(effort);
    let build = |update: &mattis_model::Update| {
        let model = model.clone().with_update(update.clone());
        Context::simulation(&model, &controls, &study.simulation, &defaults)
    };
    let protocol = build(&updates[0])?.protocol();
    let start: Start = protocol.start.parse()?;
    let mut specification = save::specification(&model, &updates, &controls);
    specification["simulation"] = serde_json::to_value(&protocol).unwrap_or_default();
    specification["resolution"] = options.resolution.into();
    let directory = context.open(Some(OUT), "mattis", specification, true)?;
    let Some(mut directory) = directory else {
        return Err(Failure::Failed("no directory to write to".into()));
    };

    context.say(|| "phase boundaries".into());
    let phase = phase_diagram(&model, &PhaseRequest::default())?;
    let path = directory.path().to_path_buf();
    let simulated = context.simulate(&updates, Some(&path), "", build)?;
    let mut records = Records {
        phase: Some(phase.clone()),
        simulation: Some(simulated.record.clone()),
        ..Records::default()
    };
    let mut comparison = None;
    if !simulated.record.points.is_empty() {
        let (joined, predictions) = join(&model, &simulated.record, start, &options)?;
        if joined.verdict() != Verdict::Inconclusive {
            caution(context, &predictions);
        }
        records.solve = branch(&model, &simulated.record, if effort == Effort::Quick { 24 } else { 60 })?;
        records.comparison = Some(joined.record.clone());
        comparison = Some(joined);
    }
    let drawings = save::records(&mut directory, &records, "")?;
    if simulated.complete {
        save::forget_checkpoints(&mut directory, "", &updates)?;
    }
    let title = title(&model);
    let verdict = comparison.as_ref().map_or_else(|| "Nothing was simulated.".into(), verdict_line);
    let mut sections = save::figure_sections(&drawings)?;
    if let Some(comparison) = &comparison {
        let table = Some(rows_table(&comparison.record));
        sections.insert(
            sections.len().min(1),
            Section { title: "Comparison".into(), text: vec![HOW.into()], table, ..Section::default() },
        );
    }
    sections.push(Section {
        title: "Special points".into(),
        table: Some(phase::special(&phase)),
        ..Section::default()
    });
    let table = Some(simulate::table(&simulated.record));
    sections.push(Section { title: "Measurements".into(), table, ..Section::default() });
    let report = Report { title: title.clone(), verdict, sections };
    let study = Study { model: study.model.clone(), ..save::resolved(&study, &controls, Some(&protocol))? };
    // A study holds a grid; the points of the main job are not one.
    let written =
        if save::is_grid(&controls) { study } else { Study { control: ControlSection::default(), ..study } };
    save::close(&mut directory, &written, &report, simulated.complete, "")?;

    context.emit(
        || {
            let mut text = format!("{title}\n\n{}\n", people(&phase));
            if let Some(comparison) = &comparison {
                // Writing to a string cannot fail.
                let _ = write!(text, "{comparison}");
            }
            let _ = writeln!(text, "\nFigures, tables and a report are in {}.", directory.path().display());
            text
        },
        || {
            let mut value = serde_json::to_value(&records).unwrap_or_default();
            value["files"] = directory.files().into();
            json(&value)
        },
        || records.comparison.as_ref().map(csv::to_csv).unwrap_or_default(),
    )?;
    if !simulated.complete {
        return Ok(Context::stopped_ending(Some(&directory)));
    }
    Ok(comparison.as_ref().map_or(Ending::Done, ending))
}

fn title(model: &Model) -> String {
    let named = if *model == Model::hopfield() {
        "the Hopfield model".into()
    } else if *model == Model::little() {
        "the Little model".into()
    } else {
        format!("{} units, {} update", model.unit, model.update)
    };
    format!("Phase diagram of {named}: theory and simulation")
}

fn people(record: &PhaseRecord) -> String {
    phase::special(record).to_string()
}
