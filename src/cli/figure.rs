//! `mattis figure NAME`.

use clap::Args;
use mattis_model::Update;
use mattis_model::catalogue::nearest;
use mattis_sim::Simulation;
use serde::Serialize;

use super::context::{Context, Defaults, json};
use super::failure::{Ending, Failure};
use super::main_job::OUT;
use super::save;
use crate::gallery::{Check, Counted, RECIPES, Recipe, Request};
use crate::output::number::{UNKNOWN, significant};
use crate::output::{Report, Section, Table, csv};
use crate::study::Study;

pub(super) const EXAMPLES: &str = "\
Examples:
  mattis figure ags1987-phase-diagram           SVG, PNG and report in ./mattis-out
  mattis figure ags1985-capacity --full         more samples and larger networks
  mattis list figures                           what there is

Every figure is computed when it is asked for. Its published numbers are checked; exit 4 if one is off.";

#[derive(Debug, Args)]
pub(super) struct Flags {
    /// Name of the figure
    #[arg(value_name = "NAME", default_value = "ags1987-phase-diagram")]
    name: String,
}

#[derive(Serialize)]
struct FigureRecord<'a> {
    name: &'a str,
    checks: &'a [Check],
    files: Vec<String>,
}

pub(super) fn find(name: &str) -> Result<&'static Recipe, Failure> {
    Recipe::named(name).ok_or_else(|| {
        let names: Vec<&str> = RECIPES.iter().map(|recipe| recipe.name).collect();
        let suggestion =
            nearest(name, &names).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default();
        Failure::Refused(format!("unknown figure `{name}`: expected one of {}{suggestion}", names.join(", ")))
    })
}

pub(super) fn run(context: &mut Context, flags: &Flags) -> Result<Ending, Failure> {
    let recipe = find(&flags.name)?;
    let effort = context.common.effort();
    let study = context.study(Study::default());
    let request = (recipe.request)(effort);
    let build = |request: &Request, update: &Update| {
        let defaults = Defaults {
            neurons: request.neurons.clone(),
            samples: request.samples,
            sweeps: request.sweeps,
            burn_in: request.burn_in,
        };
        let model = request.model.clone().with_update(update.clone());
        let simulation = Context::simulation(&model, &request.controls, &study.simulation, &defaults)?;
        Ok::<_, Failure>(request.start.into_iter().fold(simulation, Simulation::start))
    };
    let protocol = match &request {
        Some(request) => Some(build(request, &request.updates[0])?.protocol()),
        None => None,
    };
    let random = request.is_some() || recipe.experiments.is_some();
    let seed = study.simulation.seed.unwrap_or(1);
    let specification =
        serde_json::json!({"name": recipe.name, "simulation": protocol, "seed": seed, "effort": effort});
    let opened = context.open(Some(OUT), "figure", specification, random)?;
    let Some(mut directory) = opened else { return Err(Failure::Failed("no directory to write to".into())) };
    let path = directory.path().to_path_buf();

    let mut complete = true;
    let mut measured = None;
    let suffix = format!("-{}", recipe.name);
    if let Some(request) = &request {
        let run =
            context.simulate(&request.updates, Some(&path), &suffix, |update| build(request, update))?;
        complete = run.complete;
        measured = Some(run.record);
        if complete {
            save::forget_checkpoints(&mut directory, &suffix, &request.updates)?;
        }
    }
    let counted = recipe.experiments.map_or(Ok(Counted::default()), |count| count(effort, seed))?;
    context.say(|| format!("solve {}", recipe.name));
    let records = recipe.records(effort, measured, counted)?;
    let checks = (recipe.checks)(&records);
    directory.write(&format!("{}.json", recipe.name), json(&records)?)?;
    let drawing = recipe.drawing(&records);
    for file in drawing.write(&path)? {
        directory.record(&file);
    }
    let table = table(&checks);
    directory.write(&format!("{}.csv", recipe.name), csv::write(&exact(&checks)))?;
    let off: Vec<&Check> = checks.iter().filter(|check| !check.ok).collect();
    let mut sections = save::figure_sections(&[drawing])?;
    sections.push(Section {
        title: "Published numbers".into(),
        table: Some(table.clone()),
        ..Section::default()
    });
    let report = Report {
        title: recipe.name.into(),
        verdict: if off.is_empty() {
            format!("All {} published numbers are reproduced.", checks.len())
        } else {
            format!("{} of {} published numbers are off.", off.len(), checks.len())
        },
        sections,
    };
    save::close_figure(&mut directory, recipe.name, &report, complete)?;

    let figures: Vec<String> = directory.files();
    let figures = figures.iter().map(|file| path.join(file).display().to_string()).collect();
    context.emit(
        || format!("{}\n{}\n\n{table}\n{}\n", recipe.shows, recipe.source, report.verdict),
        || json(&FigureRecord { name: recipe.name, checks: &checks, files: figures }),
        || csv::write(&exact(&checks)),
    )?;
    if !complete {
        return Ok(Context::stopped_ending(Some(&directory)));
    }
    Ok(off.first().map_or(Ending::Done, |check| {
        Ending::Disagreed(format!(
            "{}: {} = {}, expected {} ± {} ({})",
            recipe.name,
            check.quantity,
            check.computed.map_or_else(|| UNKNOWN.into(), |value| value.to_string()),
            check.published,
            check.tolerance,
            check.source
        ))
    }))
}

fn table(checks: &[Check]) -> Table {
    let mut table =
        Table::new(["quantity", "", "computed", "published", "tolerance", "source"]).words(2).closing_words();
    for check in checks {
        table.push([
            check.quantity.clone(),
            if check.ok { "ok".into() } else { "OFF".into() },
            significant(check.computed, 10),
            check.published.to_string(),
            format!("{:e}", check.tolerance),
            check.source.clone(),
        ]);
    }
    table
}

fn exact(checks: &[Check]) -> Table {
    let mut table = Table::new(["quantity", "computed", "published", "tolerance", "source", "ok"]);
    for check in checks {
        table.push([
            check.quantity.clone(),
            check.computed.map(|value| value.to_string()).unwrap_or_default(),
            check.published.to_string(),
            check.tolerance.to_string(),
            check.source.clone(),
            check.ok.to_string(),
        ]);
    }
    table
}
