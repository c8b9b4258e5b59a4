//! Results on disk: the same files for every command.

use mattis_model::record::Protocol;
use mattis_model::{Control, Load, Model, Update};
use mattis_sim::{Trace, checkpoint_files};
use serde_json::{Value, json};

use super::context::{Context, checkpoint_name, json as to_json};
use super::failure::Failure;
use crate::gallery::{Drawing, drawings};
use crate::output::{Directory, Report, Section, Table, csv, provenance};
use crate::records::Records;
use crate::study::{Count, Grid, Many, SimulationSection, Size, Study};

/// Everything that the results of one model depend on.
pub(super) fn specification(model: &Model, updates: &[Update], controls: &[Control]) -> Value {
    let points: Vec<Value> = controls
        .iter()
        .map(|control| match control.count() {
            Some(count) => json!({"count": count, "temperature": control.temperature}),
            None => json!({"alpha": control.alpha_if_any(), "temperature": control.temperature}),
        })
        .collect();
    json!({"model": model, "updates": updates, "controls": points})
}

/// What tells several models of one command apart in file names.
pub(super) fn suffix(index: usize, count: usize) -> String {
    if count > 1 { format!("-{}", index + 1) } else { String::new() }
}

/// What a model is called beside others.
pub(super) fn label(model: &Model, updates: &[Update]) -> String {
    let mut parts = vec![model.unit.to_string()];
    let neutral = Model::default();
    if model.patterns != neutral.patterns {
        parts.push(model.patterns.to_string());
    }
    if model.rule != neutral.rule {
        parts.push(model.rule.to_string());
    }
    parts.push(updates.iter().map(Update::name).collect::<Vec<_>>().join("+"));
    if model.self_coupling != neutral.self_coupling {
        parts.push(format!("self-coupling {}", model.self_coupling));
    }
    if model.field != neutral.field {
        parts.push(format!("field {}", model.field));
    }
    parts.join(", ")
}

/// The field, where there is one: a sentence for tables that do not show it.
pub(super) fn stated(model: &Model) -> String {
    if model.field == Model::default().field { String::new() } else { format!("Field {}. ", model.field) }
}

impl Context {
    /// Opens the directory of a command, if there is to be one.
    pub(super) fn open(
        &self,
        default: Option<&str>,
        command: &str,
        mut specification: Value,
        random: bool,
    ) -> Result<Option<Directory>, Failure> {
        let Some(path) = self.out(default) else { return Ok(None) };
        specification["command"] = command.into();
        let provenance = provenance(self.arguments(), random);
        let directory = Directory::open(&path, provenance, specification)?;
        Ok(Some(directory.announcing(!self.common.quiet)))
    }
}

/// Writes the records of one model: JSON, CSV, figures. Gives the figures for the report.
pub(super) fn records(
    directory: &mut Directory,
    records: &Records,
    suffix: &str,
) -> Result<Vec<Drawing>, Failure> {
    directory.write(&format!("record{suffix}.json"), to_json(records)?)?;
    if let Some(solve) = &records.solve {
        directory.write(&format!("states{suffix}.csv"), csv::to_csv(solve))?;
    }
    if !records.mixtures.is_empty() {
        directory.write(&format!("mixtures{suffix}.csv"), csv::joined(&records.mixtures))?;
    }
    if !records.capacity.is_empty() {
        directory.write(&format!("capacity{suffix}.csv"), csv::joined(&records.capacity))?;
    }
    if let Some(stability) = &records.stability {
        directory.write(&format!("stability{suffix}.csv"), csv::to_csv(stability))?;
    }
    if !records.flow.is_empty() {
        directory.write(&format!("flow{suffix}.csv"), csv::joined(&records.flow))?;
    }
    if !records.interactions.is_empty() {
        directory.write(&format!("interactions{suffix}.csv"), csv::joined(&records.interactions))?;
    }
    if let Some(phase) = &records.phase {
        directory.write(&format!("phase{suffix}.csv"), csv::to_csv(phase))?;
    }
    if let Some(simulation) = &records.simulation {
        directory.write(&format!("simulation{suffix}.csv"), csv::to_csv(simulation))?;
    }
    if let Some(comparison) = &records.comparison {
        directory.write(&format!("comparison{suffix}.csv"), csv::to_csv(comparison))?;
    }
    let drawings = drawings(records, suffix);
    for drawing in &drawings {
        for file in drawing.write(directory.path())? {
            directory.record(&file);
        }
    }
    Ok(drawings)
}

/// Histories as CSV: one line per sweep, one column per observable.
pub(super) fn traces(
    directory: &mut Directory,
    traces: &[(String, Trace)],
    suffix: &str,
) -> Result<(), Failure> {
    let Some((_, first)) = traces.first() else { return Ok(()) };
    let mut heads: Vec<String> =
        ["alpha", "temperature", "update", "neurons", "sample", "replica", "sweep", "measured"]
            .map(String::from)
            .into();
    heads.extend(first.columns.iter().map(|column| column.name.clone()));
    let mut table = Table::new(heads);
    for (update, trace) in traces {
        let sweeps = trace.columns.iter().map(|column| column.values.len()).max().unwrap_or(0);
        for sweep in 0..sweeps {
            let mut row = vec![
                trace.alpha.map(csv::number).unwrap_or_default(),
                csv::number(trace.temperature),
                update.clone(),
                trace.neurons.to_string(),
                trace.sample.to_string(),
                trace.replica.to_string(),
                sweep.to_string(),
                (sweep >= trace.burn_in).to_string(),
            ];
            row.extend(
                trace
                    .columns
                    .iter()
                    .map(|column| column.values.get(sweep).copied().map(csv::number).unwrap_or_default()),
            );
            table.push(row);
        }
    }
    Ok(directory.write(&format!("trace{suffix}.csv"), csv::write(&table))?)
}

/// Has checkpoints removed that have done their work, once everything is saved, and all that is in work beside them.
pub(super) fn forget_checkpoints(
    directory: &mut Directory,
    suffix: &str,
    updates: &[Update],
) -> Result<(), Failure> {
    for update in updates {
        for file in checkpoint_files(&directory.path().join(checkpoint_name(suffix, update)))? {
            directory.spend(&file.file_name().unwrap_or_default().to_string_lossy());
        }
    }
    Ok(())
}

/// The figures of a record as sections.
pub(super) fn figure_sections(drawings: &[Drawing]) -> Result<Vec<Section>, Failure> {
    let section = |drawing: &Drawing| {
        Ok(Section {
            title: drawing.stem.replace('-', " "),
            figure: Some(drawing.figure.to_svg()?),
            caption: drawing.caption.clone(),
            ..Section::default()
        })
    };
    drawings.iter().map(section).collect()
}

/// Writes study, report and manifest.
pub(super) fn close(
    directory: &mut Directory,
    study: &Study,
    report: &Report,
    complete: bool,
    verb: &str,
) -> Result<(), Failure> {
    let text = toml::to_string(study).map_err(|error| Failure::Failed(format!("study: {error}")))?;
    directory.write("study.toml", text)?;
    directory.mark(complete);
    let verb = if verb.is_empty() { String::new() } else { format!("{verb} ") };
    let reproduce = vec![
        format!("{}    # as given", directory.run().provenance.command.join(" ")),
        format!("mattis {verb}--study study.toml --out again    # with the study beside this report"),
    ];
    let html = report.to_html(directory.run(), &reproduce);
    directory.write("report.html", html)?;
    Ok(directory.finish(complete)?)
}

/// The same for a published figure, which needs no study: its name says everything.
pub(super) fn close_figure(
    directory: &mut Directory,
    name: &str,
    report: &Report,
    complete: bool,
) -> Result<(), Failure> {
    directory.mark(complete);
    let command = directory.run().provenance.command.join(" ");
    let html = report.to_html(directory.run(), &[command]);
    // The main job has a report of its own beside it.
    let own = format!("{name}.html");
    let file = if directory.stands_alone() { "report.html" } else { own.as_str() };
    directory.write(file, html)?;
    Ok(directory.finish(complete)?)
}

/// A study with everything filled in, so that it repeats a run without knowing the defaults of the day.
pub(super) fn resolved(
    study: &Study,
    controls: &[Control],
    protocol: Option<&Protocol>,
) -> Result<Study, Failure> {
    let mut study = study.clone();
    let values = |value: fn(&Control) -> Option<f64>| {
        let mut values: Vec<f64> = Vec::new();
        for value in controls.iter().filter_map(value) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    };
    let loads = values(Control::alpha_if_any);
    let mut counts: Vec<usize> = controls.iter().filter_map(Control::count).collect();
    counts.dedup();
    study.control.count =
        if counts.is_empty() { None } else { Some(Many(counts.into_iter().map(Count).collect())) };
    let temperatures = values(|control| Some(control.temperature));
    study.control.alpha = if loads.is_empty() { None } else { Some(Grid::new(loads)?) };
    study.control.temperature = if temperatures.is_empty() { None } else { Some(Grid::new(temperatures)?) };
    if let Some(protocol) = protocol {
        study.simulation = SimulationSection {
            neurons: Some(Many(protocol.neurons.iter().copied().map(Size).collect())),
            samples: Some(protocol.samples),
            sweeps: Some(protocol.sweeps),
            burn_in: Some(protocol.burn_in),
            start: Some(protocol.start.clone()),
            dynamics: Some(protocol.dynamics.clone()),
            order: Some(protocol.order.clone()),
            seed: Some(protocol.seed),
        };
    }
    Ok(study)
}

/// Whether points are every load with every temperature.
pub(super) fn is_grid(controls: &[Control]) -> bool {
    let has = |load: Load, temperature: f64| {
        controls.iter().any(|c| c.load == load && c.temperature == temperature)
    };
    controls.iter().all(|a| controls.iter().all(|b| has(a.load, b.temperature)))
}
