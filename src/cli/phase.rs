//! `mattis phase`.

use std::fmt::Write as _;

use clap::Args;
use mattis_model::Model;
use mattis_model::record::{Line, PhaseRecord};
use mattis_theory::{PhaseRequest, phase_diagram};

use super::context::{Context, one_or_array};
use super::failure::{Ending, Failure};
use super::save;
use crate::output::csv::several;
use crate::output::number::{plain, short, significant};
use crate::output::{Report, Section, Table};
use crate::records::Records;
use crate::study::{ControlSection, ModelSection, Study};

pub(super) const EXAMPLES: &str = "\
Examples:
  mattis phase                                  all curves and special points of the Hopfield model
  mattis phase --alpha 0.01:0.13:13             points of every boundary at thirteen loads
  mattis phase -T 0.1,0.3,0.5                   loads of every boundary at three temperatures
  mattis phase --model little --out little      curves, figure and report in ./little

Lines: retrieval_spinodal (memories are metastable below), first_order (they are the global minimum
below), spin_glass (the rest freezes below), retrieval_at (replica symmetry breaks in the retrieval
state below; its temperatures are tiny, so ln T is given too), mixture_3, mixture_5, mixture_7.";

#[derive(Debug, Args)]
pub(super) struct Flags {
    #[command(flatten)]
    model: ModelSection,
    #[command(flatten)]
    control: ControlSection,
}

pub(super) fn run(context: &mut Context, flags: Flags) -> Result<Ending, Failure> {
    let study = context.study(Study { model: flags.model, control: flags.control, ..Study::default() });
    if study.control.count.is_some() {
        let what = "count: expected a load, --alpha; for a finite number of memories `mattis mixtures` gives the temperatures";
        return Err(Failure::Refused(what.into()));
    }
    let mut models: Vec<Model> = Vec::new();
    for model in study.models()? {
        models.extend(study.updates(&model).into_iter().map(|update| model.clone().with_update(update)));
    }
    let request = PhaseRequest {
        alphas: study.control.alpha.as_ref().map(|grid| grid.values.clone()),
        temperatures: study.control.temperature.as_ref().map(|grid| grid.values.clone()),
    };
    let asked = request.alphas.is_some() || request.temperatures.is_some();
    let specification =
        serde_json::json!({"models": models, "alpha": request.alphas, "temperature": request.temperatures});
    let mut directory = context.open(None, "phase", specification, false)?;
    let mut records: Vec<PhaseRecord> = Vec::new();
    for model in &models {
        context.say(|| {
            format!("phase boundaries of {}", save::label(model, std::slice::from_ref(&model.update)))
        });
        records.push(phase_diagram(model, &request)?);
        if Context::stopped() {
            break;
        }
    }
    let labels: Vec<String> =
        models.iter().map(|model| save::label(model, std::slice::from_ref(&model.update))).collect();
    context.emit(
        || {
            let texts = records.iter().zip(&labels);
            let text = |(record, label): (&PhaseRecord, &String)| {
                let title = if records.len() > 1 { format!("{label}\n") } else { String::new() };
                title + &people(record, asked)
            };
            texts.map(text).collect::<Vec<_>>().join("\n")
        },
        || one_or_array(&records),
        || several(&labels.iter().cloned().zip(&records).collect::<Vec<_>>()),
    )?;
    if let Some(directory) = &mut directory {
        let mut sections = Vec::new();
        for (index, record) in records.iter().enumerate() {
            let saved = Records { phase: Some(record.clone()), ..Records::default() };
            let drawings = save::records(directory, &saved, &save::suffix(index, records.len()))?;
            sections.extend(save::figure_sections(&drawings)?);
            sections.push(Section {
                title: labels[index].clone(),
                table: Some(special(record)),
                ..Section::default()
            });
            if asked {
                sections.push(Section {
                    title: "Boundaries".into(),
                    table: Some(lines(record)),
                    ..Section::default()
                });
            }
        }
        let report = Report {
            title: "Phase boundaries".into(),
            verdict: "Boundaries of the replica-symmetric theory.".into(),
            sections,
        };
        save::close(directory, &study, &report, !Context::stopped(), "phase")?;
    }
    Ok(if records.len() < models.len() { Context::stopped_ending(directory.as_ref()) } else { Ending::Done })
}

/// What a boundary is.
pub(super) fn meaning(line: &str) -> String {
    match line {
        "retrieval_spinodal" => "retrieval exists below (T_M)".into(),
        "first_order" => "retrieval has the lowest free energy below (T_c)".into(),
        "spin_glass" => "units freeze without a memory below (T_g)".into(),
        "retrieval_at" => "replica symmetry breaks in the retrieval state below (T_R)".into(),
        "almeida_thouless" => "replica symmetry breaks below".into(),
        other => other
            .strip_prefix("mixture_")
            .map_or_else(String::new, |n| format!("symmetric mixtures of {n} memories exist below")),
    }
}

fn people(record: &PhaseRecord, asked: bool) -> String {
    let mut text = String::new();
    if asked {
        let _ = write!(text, "{}", lines(record));
    } else {
        let _ = write!(text, "{}", summary(record));
        text += "\nWhole curves: --format csv or json, or --out DIR; --alpha or -T ask for points.\n";
    }
    if !record.special.is_empty() {
        let _ = write!(text, "\n{}", special(record));
    }
    text
}

fn summary(record: &PhaseRecord) -> Table {
    let mut table = Table::new(["line", "", "points", "α from", "to", "T from", "to"]).words(2);
    for line in &record.lines {
        let range = |values: &mut dyn Iterator<Item = f64>| {
            values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)))
        };
        let alpha = range(&mut line.points.iter().filter_map(|point| point.alpha));
        let t = range(&mut line.points.iter().map(|point| point.temperature));
        table.push([
            line.name.clone(),
            meaning(&line.name),
            line.points.len().to_string(),
            short(Some(alpha.0)),
            short(Some(alpha.1)),
            short(Some(t.0)),
            short(Some(t.1)),
        ]);
    }
    table
}

fn lines(record: &PhaseRecord) -> Table {
    let field = record.lines.iter().flat_map(|line| &line.points).any(|point| point.field.is_some());
    let mut table = Table::new(["line", if field { "h" } else { "α" }, "T", "ln T", "m"]);
    let push = |table: &mut Table, line: &Line| {
        for point in &line.points {
            table.push([
                line.name.clone(),
                if field { short(point.field) } else { short(point.alpha) },
                significant(Some(point.temperature), 12),
                point.ln_temperature.map_or_else(String::new, |ln| plain(Some(ln), 6)),
                plain(point.m, 8),
            ]);
        }
    };
    record.lines.iter().for_each(|line| push(&mut table, line));
    table
}

/// The special points.
pub(super) fn special(record: &PhaseRecord) -> Table {
    let mut table = Table::new(["point", "", "α", "T", "m"]).words(2);
    for point in &record.special {
        let meaning = match point.name.as_str() {
            "alpha_c" => "retrieval ends at T = 0",
            "alpha_1" => "retrieval is the global minimum up to here at T = 0",
            "alpha_max" => "largest load with retrieval: the boundary re-enters",
            "at_meets_spinodal" => "the AT line meets the spinodal",
            _ => "",
        };
        table.push([
            point.name.clone(),
            meaning.into(),
            plain(Some(point.alpha), 12),
            plain(Some(point.temperature), 9),
            plain(point.m, 9),
        ]);
    }
    table
}
