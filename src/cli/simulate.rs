//! `mattis simulate`.

use clap::Args;
use mattis_model::order::quantity;
use mattis_model::record::SimulationRecord;
use mattis_model::{Control, Model, Topology, Update};

use super::context::{Context, Defaults, one_or_array};
use super::failure::{Ending, Failure};
use super::save;
use crate::gallery::Effort;
use crate::output::csv::several;
use crate::output::number::{UNKNOWN, plain, short, with_error};
use crate::output::{Report, Section, Table};
use crate::records::Records;
use crate::study::{ControlSection, ModelSection, SimulationSection, Study};

pub(super) const EXAMPLES: &str = "\
Examples:
  mattis simulate --alpha 0.05 -T 0.3 --neurons 1000,2000
  mattis simulate --alpha 0.02:0.1:5 -T 0.3 --samples 32 --out run   Ctrl-C, repeat: goes on
  mattis simulate --update sequential,parallel --alpha 0.05 -T 0.5
  mattis simulate --start mixture:n=3 --alpha 0.005 -T 0.2 --trace --out mixtures
  mattis simulate --model sk -T 1.5

A value is printed with its standard error in the last digits, 0.9912(3). The error is between
disorder samples; its thermal part and that between samples stand apart in JSON and CSV. Runs that
leave the state they started in are counted as escaped and are in no average.";

#[derive(Debug, Args)]
pub(super) struct Flags {
    #[command(flatten)]
    model: ModelSection,
    #[command(flatten)]
    control: ControlSection,
    #[command(flatten)]
    simulation: SimulationSection,
    /// Keep every observable after every sweep, in trace.csv (needs --out)
    #[arg(long, requires = "out", help_heading = "Simulation")]
    trace: bool,
}

fn defaults(effort: Effort) -> Defaults {
    match effort {
        Effort::Quick => Defaults { neurons: vec![1000], samples: 8, sweeps: 50, burn_in: 30 },
        Effort::Normal => Defaults { neurons: vec![2000], samples: 16, sweeps: 200, burn_in: 100 },
        Effort::Full => Defaults { neurons: vec![2000, 4000, 8000], samples: 64, sweeps: 1000, burn_in: 300 },
    }
}

/// One model with everything that is simulated of it.
pub(super) struct Job {
    pub(super) model: Model,
    pub(super) updates: Vec<Update>,
    pub(super) controls: Vec<Control>,
}

impl Job {
    /// The jobs of a study, one per unit.
    pub(super) fn all(study: &Study) -> Result<Vec<Self>, Failure> {
        let mut jobs = Vec::new();
        for model in study.models()? {
            let controls = study.controls(&model, &[0.05], &[0.3])?;
            let updates = study.updates(&model);
            jobs.push(Self { model: model.clone().with_update(updates[0].clone()), updates, controls });
        }
        Ok(jobs)
    }

    /// What a directory remembers of them.
    pub(super) fn specifications(jobs: &[Self]) -> Vec<serde_json::Value> {
        jobs.iter().map(|job| save::specification(&job.model, &job.updates, &job.controls)).collect()
    }
}

pub(super) fn run(context: &mut Context, flags: Flags) -> Result<Ending, Failure> {
    let study = context.study(Study {
        model: flags.model,
        control: flags.control,
        simulation: flags.simulation,
        ..Study::default()
    });
    let defaults = defaults(context.common.effort());
    let jobs = Job::all(&study)?;
    let build = |job: &Job, update: &Update| {
        let model = job.model.clone().with_update(update.clone());
        let simulation = Context::simulation(&model, &job.controls, &study.simulation, &defaults)?;
        Ok(simulation.trace(flags.trace))
    };
    let protocol = build(&jobs[0], &jobs[0].updates[0])?.protocol();
    let specifications = Job::specifications(&jobs);
    let specification =
        serde_json::json!({"jobs": specifications, "simulation": protocol, "trace": flags.trace});
    let mut directory = context.open(None, "simulate", specification, true)?;
    let mut records: Vec<SimulationRecord> = Vec::new();
    let mut sections = Vec::new();
    let mut complete = true;
    for (index, job) in jobs.iter().enumerate() {
        let suffix = save::suffix(index, jobs.len());
        let path = directory.as_ref().map(|directory| directory.path().to_path_buf());
        let simulated =
            context.simulate(&job.updates, path.as_deref(), &suffix, |update| build(job, update))?;
        complete &= simulated.complete;
        if let Some(directory) = &mut directory {
            let saved = Records { simulation: Some(simulated.record.clone()), ..Records::default() };
            let drawings = save::records(directory, &saved, &suffix)?;
            save::traces(directory, &simulated.traces, &suffix)?;
            if simulated.complete {
                save::forget_checkpoints(directory, &suffix, &job.updates)?;
            }
            sections.push(Section {
                title: save::label(&job.model, &job.updates),
                table: Some(table(&simulated.record)),
                ..Section::default()
            });
            sections.extend(save::figure_sections(&drawings)?);
        }
        records.push(simulated.record);
        if !complete {
            break;
        }
    }
    let labels: Vec<String> = jobs.iter().map(|job| save::label(&job.model, &job.updates)).collect();
    context.emit(
        || {
            let texts = records.iter().zip(&labels);
            let text = |(record, label): (&SimulationRecord, &String)| {
                let title = if records.len() > 1 { format!("{label}\n") } else { String::new() };
                format!("{title}{}{}", table(record), notes(record))
            };
            texts.map(text).collect::<Vec<_>>().join("\n")
        },
        || one_or_array(&records),
        || several(&labels.iter().cloned().zip(&records).collect::<Vec<_>>()),
    )?;
    if let Some(directory) = &mut directory {
        let report = Report {
            title: "Monte Carlo measurements".into(),
            verdict: format!(
                "{} points measured.",
                records.iter().map(|record| record.points.len()).sum::<usize>()
            ),
            sections,
        };
        let study = save::resolved(&study, &jobs[0].controls, Some(&protocol))?;
        save::close(directory, &study, &report, complete, "simulate")?;
    }
    Ok(if complete { Ending::Done } else { Context::stopped_ending(directory.as_ref()) })
}

/// One line per point, with the observables that exist.
pub(super) fn table(record: &SimulationRecord) -> Table {
    let mut names: Vec<&str> = Vec::new();
    for estimate in record.points.iter().flat_map(|point| &point.observables) {
        if !names.contains(&estimate.name.as_str()) {
            names.push(&estimate.name);
        }
    }
    let symbol =
        |name: &&str| quantity(name).map_or((*name).to_string(), |quantity| quantity.symbol.to_string());
    let full = *record.model.connectivity.value() == Topology::Full;
    let loads: &[&str] = if full { &["α = p/N"] } else { &["α = p/C", "p/N"] };
    let mut heads = vec!["update".to_string()];
    heads.extend(loads.iter().copied().chain(["T", "N", "p", "samples", "escaped"]).map(String::from));
    heads.extend(names.iter().map(symbol));
    heads.push("τ(m)".into());
    let mut table = Table::new(heads);
    for point in &record.points {
        let mut row = vec![point.update.clone()];
        row.extend((!full).then(|| short(point.alpha)));
        row.extend([
            short((point.p > 0).then(|| point.p as f64 / point.neurons as f64)),
            short(Some(point.temperature)),
            point.neurons.to_string(),
            point.p.to_string(),
            point.samples.to_string(),
            point.escaped.to_string(),
        ]);
        row.extend(names.iter().map(|name| {
            point
                .observable(name)
                .map_or_else(|| UNKNOWN.into(), |estimate| with_error(estimate.value, estimate.error))
        }));
        let tau = point.observable("m").or_else(|| point.observable("q")).and_then(|estimate| estimate.tau);
        row.push(plain(tau, 1));
        table.push(row);
    }
    table
}

fn notes(record: &SimulationRecord) -> String {
    let protocol = &record.simulation;
    let escaped: usize = record.points.iter().map(|point| point.escaped).sum();
    let escaped = if escaped > 0 {
        let unbounded = record.model.unit.threshold_linear().is_some();
        let grew = if unbounded { ", or grew without bound," } else { "" };
        format!(" {escaped} runs left the state they started in{grew} and are in no average.")
    } else {
        String::new()
    };
    format!(
        "\n{}{} sweeps after {} of burn-in, started from {}, {} dynamics, seed {}. Errors are of the mean over disorder \
         samples; τ is in sweeps.{escaped}\n",
        save::stated(&record.model),
        protocol.sweeps,
        protocol.burn_in,
        protocol.start,
        protocol.dynamics,
        protocol.seed
    )
}
