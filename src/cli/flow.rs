//! `mattis flow`.

use std::fmt::Write as _;

use clap::Args;
use mattis_model::record::{FixedOverlap, FlowPoint, FlowRecord, Trajectory};
use mattis_model::{Control, Model, Schedule, Topology, Update};
use mattis_theory::OverlapMap;

use super::context::{Context, one_or_array};
use super::failure::{Ending, Failure};
use super::save;
use crate::output::csv;
use crate::output::number::{plain, short};
use crate::output::{Report, Section, Table};
use crate::records::Records;
use crate::study::{ControlSection, FlowSection, ModelSection, Study};

pub(super) const EXAMPLES: &str = "\
Examples:
  mattis flow                                               extreme dilution, α = 0.5, T = 0, from m = 0.2
  mattis flow --alpha 0.3 -T 0 --overlap 0.1,0.5 --steps 20
  mattis flow --connectivity finite:degree=10 --alpha 0.4 --update parallel

Where the inputs of a unit never meet again the overlap obeys m(t + 1) = f(m(t)) under parallel updates and
dm/dt = f(m) − m under sequential ones, t in sweeps, exactly. `mattis simulate --trace` shows the same of a network.";

#[derive(Debug, Args)]
pub(super) struct Flags {
    #[command(flatten)]
    model: ModelSection,
    #[command(flatten)]
    control: ControlSection,
    #[command(flatten)]
    flow: FlowSection,
}

pub(super) fn run(context: &mut Context, flags: &Flags) -> Result<Ending, Failure> {
    let study = context.study(Study {
        model: flags.model.clone(),
        control: flags.control.clone(),
        flow: flags.flow.clone(),
        ..Study::default()
    });
    let starts = study.flow.overlap.as_ref().map_or(vec![0.2], |grid| grid.values.clone());
    let steps = study.flow.steps.unwrap_or(10) as usize;
    let mut records = Vec::new();
    for base in study.models()? {
        let given = study.model.connectivity.is_some();
        let model = if given { base } else { Model { connectivity: "extreme".parse()?, ..base } };
        let updates = match &study.model.update {
            Some(many) => many.0.clone(),
            None => vec!["parallel".parse()?, "sequential".parse()?],
        };
        let load = if matches!(model.connectivity.value(), Topology::Finite { .. }) { 0.4 } else { 0.5 };
        let controls = study.controls(&model, &[load], &[0.0])?;
        let points = controls
            .iter()
            .map(|control| point(&model, *control, &updates, &starts, steps))
            .collect::<Result<_, Failure>>()?;
        records.push(FlowRecord { model, points });
    }
    let specification = serde_json::json!({"models": records.iter().map(|record| &record.model).collect::<Vec<_>>(),
            "control": study.control, "start": starts, "steps": steps, "update": study.model.update});
    let mut directory = context.open(None, "flow", specification, false)?;
    context.emit(|| people(&records), || one_or_array(&records), || csv::joined(&records))?;
    if let Some(directory) = &mut directory {
        let saved = Records { flow: records.clone(), ..Records::default() };
        let drawings = save::records(directory, &saved, "")?;
        let mut sections = vec![Section {
            title: "Overlap after each sweep".into(),
            table: Some(table(&records)),
            ..Section::default()
        }];
        sections.extend(save::figure_sections(&drawings)?);
        let verdict = format!("{} trajectories.", trajectories(&records).count());
        let report = Report { title: "Motion of the overlap".into(), verdict, sections };
        save::close(directory, &study, &report, true, "flow")?;
    }
    Ok(Ending::Done)
}

fn point(
    model: &Model,
    control: Control,
    updates: &[Update],
    starts: &[f64],
    steps: usize,
) -> Result<FlowPoint, Failure> {
    let map = OverlapMap::new(model, control)?;
    let times: Vec<f64> = (0..=steps).map(|t| t as f64).collect();
    let mut trajectories = Vec::new();
    for update in updates {
        for start in starts {
            let m = match update.value() {
                Schedule::Parallel => map.parallel(*start, steps),
                _ => map.sequential(*start, &times),
            };
            trajectories.push(Trajectory { update: update.name().into(), m });
        }
    }
    let fixed = |found: &mattis_theory::FixedPoint| FixedOverlap {
        m: found.m,
        slope: found.slope,
        stable: found.is_stable(),
    };
    let alpha = match (control.count(), model.connectivity.value()) {
        (Some(count), Topology::Finite { degree }) => count as f64 / degree,
        _ => control.alpha(),
    };
    Ok(FlowPoint {
        alpha,
        temperature: control.temperature,
        trajectories,
        fixed_points: map.fixed_points().iter().map(fixed).collect(),
        map: (0..=100).map(|i| 0.01 * f64::from(i)).map(|m| (m, map.value(m))).collect(),
    })
}

fn table(records: &[FlowRecord]) -> Table {
    let mut heads = vec!["t".to_owned()];
    let mut columns: Vec<&[f64]> = Vec::new();
    for (record, point, trajectory) in trajectories(records) {
        let mut head = trajectory.update.clone();
        if point.trajectories.len() > 2 {
            let _ = write!(head, " from {}", short(trajectory.m.first().copied()));
        }
        if records.len() > 1 {
            let _ = write!(head, ", {}", record.model.connectivity);
        }
        if record.points.len() > 1 {
            let _ =
                write!(head, ", α = {}, T = {}", short(Some(point.alpha)), short(Some(point.temperature)));
        }
        heads.push(head);
        columns.push(&trajectory.m);
    }
    let mut table = Table::new(heads);
    for t in 0..columns.iter().map(|column| column.len()).max().unwrap_or(0) {
        let mut row = vec![t.to_string()];
        row.extend(columns.iter().map(|column| plain(column.get(t).copied(), 12)));
        table.push(row);
    }
    table
}

fn trajectories(records: &[FlowRecord]) -> impl Iterator<Item = (&FlowRecord, &FlowPoint, &Trajectory)> {
    records.iter().flat_map(|record| {
        record.points.iter().flat_map(move |point| {
            point.trajectories.iter().map(move |trajectory| (record, point, trajectory))
        })
    })
}

fn people(records: &[FlowRecord]) -> String {
    let mut text = table(records).to_string();
    for record in records {
        for point in &record.points {
            let fixed: Vec<String> = point
                .fixed_points
                .iter()
                .map(|fixed| {
                    format!(
                        "{} ({})",
                        plain(Some(fixed.m), 12),
                        if fixed.stable { "stable" } else { "unstable" }
                    )
                })
                .collect();
            // Writing to a string cannot fail.
            let _ = writeln!(
                text,
                "\n{}, α = {}, T = {}: overlaps that stay, m = {}.",
                record.model.connectivity,
                short(Some(point.alpha)),
                short(Some(point.temperature)),
                fixed.join(", ")
            );
        }
    }
    text
}
