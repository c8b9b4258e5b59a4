//! `mattis capacity`.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use mattis_model::record::{CapacityPoint, CapacityRecord};
use mattis_model::{Connectivity, CouplingLaw, Model, Rule};
use mattis_theory::{CapacityRequest, Optimised, capacity};
use rayon::prelude::*;

use super::context::{Context, one_or_array};
use super::failure::{Ending, Failure};
use super::save;
use crate::output::csv;
use crate::output::number::{UNKNOWN, plain, short};
use crate::output::{Report, Section, Table};
use crate::records::Records;
use crate::study::{Activity, ControlSection, Grid, ModelSection, Study};

pub(super) const EXAMPLES: &str = "\
Examples:
  mattis capacity                                                    Hopfield: α_c = 0.137905566494932
  mattis capacity --unit threshold-linear --patterns quaternary --active-fraction 0.1
  mattis capacity --unit binary --patterns sparse --active-fraction 0.5,0.2,0.1,0.05,0.01
  mattis capacity --connectivity diluted:c=0.5
  mattis capacity --unit threshold-linear --patterns histogram:path=rates.csv
  mattis capacity -T 0:0.5:6

The load is α = p/C, C the mean number of inputs. Without --connectivity the fully connected and the extremely
diluted network are both computed. Memories with a mean use the covariance rule unless --rule says otherwise.";

/// What is optimised, on a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Optimise {
    /// The threshold
    Threshold,
    /// The gain
    Gain,
    /// Nothing: as the unit says
    None,
}

#[derive(Debug, Args)]
pub(super) struct Flags {
    #[command(flatten)]
    model: ModelSection,
    #[command(flatten)]
    control: ControlSection,
    /// Share of components of a memory that are not zero; a number, list or grid
    #[arg(long, value_name = "F", conflicts_with = "sparseness", help_heading = "Capacity")]
    active_fraction: Option<Grid<Activity>>,
    /// ⟨ξ⟩²/⟨ξ²⟩ of the memories; a number, list or grid
    #[arg(long, value_name = "A", help_heading = "Capacity")]
    sparseness: Option<Grid<Activity>>,
    /// What is chosen for the largest load [default: threshold and gain where the unit has them and states none]
    #[arg(long, value_name = "WHAT[,…]", value_delimiter = ',', help_heading = "Capacity")]
    optimise: Option<Vec<Optimise>>,
}

/// The models of a study with every activity, rule and connectivity that is meant.
fn models(study: &Study, flags: &Flags) -> Result<Vec<Vec<Model>>, Failure> {
    let activity = match (&flags.active_fraction, &flags.sparseness) {
        (Some(grid), _) => Some(("active-fraction", &grid.values)),
        (None, Some(grid)) => Some(("sparseness", &grid.values)),
        (None, None) => None,
    };
    let mut groups = Vec::new();
    for base in study.models()? {
        let laws = match activity {
            None => vec![base.patterns.clone()],
            Some((key, values)) => {
                let law = |value: &f64| format!("{}:{key}={value}", base.patterns.name()).parse();
                values.iter().map(law).collect::<Result<_, _>>()?
            }
        };
        for patterns in laws {
            let mut model = base.clone().with_patterns(patterns);
            let plain = matches!(model.rule.value(), CouplingLaw::Hebb);
            if study.model.rule.is_none() && plain && model.patterns.mean() != 0.0 {
                model = model.with_rule("covariance".parse::<Rule>()?);
            }
            let graphs = match &study.model.connectivity {
                Some(graph) => vec![graph.clone()],
                // Potts units have one connectivity.
                None if model.unit.colours().is_some() => vec![model.connectivity.clone()],
                None => vec![model.connectivity.clone(), "extreme".parse::<Connectivity>()?],
            };
            groups.push(
                graphs.into_iter().map(|connectivity| Model { connectivity, ..model.clone() }).collect(),
            );
        }
    }
    Ok(groups)
}

/// What is optimised where nothing is said: what the unit has and states nothing of.
fn meant(model: &Model, flags: &Flags) -> Vec<Optimised> {
    if let Some(given) = &flags.optimise {
        let known = |what: &Optimise| match what {
            Optimise::Threshold => Some(Optimised::Threshold),
            Optimise::Gain => Some(Optimised::Gain),
            Optimise::None => None,
        };
        return given.iter().filter_map(known).collect();
    }
    let neutral: Option<mattis_model::Unit> = model.unit.name().parse().ok();
    if neutral.is_none_or(|neutral| neutral != model.unit) {
        return Vec::new();
    }
    match model.unit.name() {
        "threshold-linear" => vec![Optimised::Threshold, Optimised::Gain],
        "binary" => vec![Optimised::Threshold],
        _ => Vec::new(),
    }
}

pub(super) fn run(context: &mut Context, flags: &Flags) -> Result<Ending, Failure> {
    let study = context.study(Study {
        model: flags.model.clone(),
        control: flags.control.clone(),
        ..Study::default()
    });
    if study.control.alpha.is_some() || study.control.count.is_some() {
        return Err(Failure::Refused("alpha, count: expected no load, the capacity is one".into()));
    }
    let temperatures = study.control.temperature.as_ref().map_or(vec![0.0], |grid| grid.values.clone());
    let groups = models(&study, flags)?;
    let specification = serde_json::json!({"models": groups, "temperatures": temperatures,
        "optimise": flags.optimise.as_ref().map(|list| format!("{list:?}"))});
    let mut directory = context.open(None, "capacity", specification, false)?;
    let record = |group: &Vec<Model>| {
        let mut points: Vec<CapacityPoint> = Vec::new();
        for model in group {
            for temperature in &temperatures {
                let request = CapacityRequest { temperature: *temperature, optimise: meant(model, flags) };
                points.push(capacity(model, &request)?);
            }
        }
        Ok(CapacityRecord { model: group[0].clone(), points })
    };
    let records: Vec<CapacityRecord> = groups.par_iter().map(record).collect::<Result<_, Failure>>()?;
    context.emit(|| people(&records), || one_or_array(&records), || csv::joined(&records))?;
    if let Some(directory) = &mut directory {
        let saved = Records { capacity: records.clone(), ..Records::default() };
        let drawings = save::records(directory, &saved, "")?;
        let mut sections =
            vec![Section { title: "Capacities".into(), table: Some(table(&records)), ..Section::default() }];
        sections.extend(save::figure_sections(&drawings)?);
        let points: usize = records.iter().map(|record| record.points.len()).sum();
        let report =
            Report { title: "Storage capacity".into(), verdict: format!("{points} capacities."), sections };
        save::close(directory, &study, &report, true, "capacity")?;
    }
    Ok(Ending::Done)
}

fn label(model: &Model) -> String {
    format!("{}, {}", model.unit, model.patterns)
}

fn people(records: &[CapacityRecord]) -> String {
    let mut text = table(records).to_string();
    let optimised = records.iter().flat_map(|record| &record.points).any(|point| point.optimum.is_some());
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "\nα_c is the largest load p/C with a replica-symmetric retrieval state; m = 0 there: it disappears continuously.{}",
        if optimised { " θ is the threshold of the unit, in units of the coupling." } else { "" }
    );
    text
}

fn table(records: &[CapacityRecord]) -> Table {
    let mut table = Table::new([
        "unit, memories",
        "connectivity",
        "T",
        "f",
        "sparseness",
        "α_c",
        "m",
        "α_c pattern",
        "θ",
        "gain",
        "retrieved f",
        "bits/synapse",
    ])
    .words(2);
    let number = |value: Option<f64>, decimals: usize| {
        value.map_or_else(|| UNKNOWN.into(), |value| plain(Some(value), decimals))
    };
    for record in records {
        for point in &record.points {
            let optimum = point.optimum.unwrap_or_default();
            table.push([
                label(&record.model),
                point.connectivity.clone(),
                short(Some(point.temperature)),
                short(point.active_fraction),
                short(point.sparseness),
                plain(Some(point.alpha_c), 12),
                number(point.m, 8),
                number(point.alpha_c_pattern, 9),
                number(optimum.threshold, 6),
                number(optimum.gain, 6),
                number(point.retrieved_activity, 5),
                number(point.information, 5),
            ]);
        }
    }
    table
}
