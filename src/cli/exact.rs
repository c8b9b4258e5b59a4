//! Exactly solved models: what `mattis solve` does when one of them is named.

mod columns;
mod table;

use mattis_model::Solved;
use mattis_model::solved::{ExactPoint, ExactRecord};
use mattis_theory::exact::solve_exact;
use rayon::prelude::*;

use super::context::{Context, json};
use super::failure::{Ending, Failure};
use super::save;
use crate::output::{Report, Section, csv};
use crate::records::Records;
use crate::study::{ControlSection, Grid, ModelSection, Study};

/// Solves a model at every temperature, prints it, and saves it where there is a directory.
pub(super) fn run(context: &mut Context, model: &Solved, temperatures: &[f64]) -> Result<Ending, Failure> {
    let specification = serde_json::json!({"model": model, "temperature": temperatures});
    let mut directory = context.open(None, "solve", specification, false)?;
    context.say(|| format!("solve {model} at {} temperatures", temperatures.len()));
    let solve = |temperature: &f64| {
        if Context::stopped() {
            return Ok(None);
        }
        Ok(Some(solve_exact(model.value(), *temperature)?))
    };
    let solved: Vec<Option<ExactPoint>> =
        temperatures.par_iter().map(solve).collect::<Result<_, Failure>>()?;
    let complete = solved.iter().all(Option::is_some);
    let record = ExactRecord { model: model.clone(), points: solved.into_iter().flatten().collect() };
    context.emit(|| table::people(&record), || json(&record), || csv::to_csv(&record))?;
    if let Some(directory) = &mut directory {
        directory.write("states.csv", csv::to_csv(&record))?;
        let states: usize = record.points.iter().map(|point| point.states.len()).sum();
        let verdict = format!("{states} states at {} temperatures, exact to rounding.", record.points.len());
        let mut sections = vec![Section {
            title: model.to_string(),
            table: Some(table::flat(&record)),
            text: vec![table::NOTE.into()],
            ..Section::default()
        }];
        sections.extend(record.points.iter().filter(|_| model.neurons().is_some()).map(|point| Section {
            title: format!("T = {}", crate::output::number::short(Some(point.temperature))),
            table: Some(table::single(point)),
            ..Section::default()
        }));
        let saved = Records { exact: Some(record), ..Records::default() };
        save::records(directory, &saved, "")?;
        let report = Report { title: "Exact states".into(), verdict, sections };
        let study = Study {
            model: ModelSection { name: Some(model.to_string()), ..ModelSection::default() },
            control: ControlSection {
                temperature: Some(Grid::new(temperatures.to_vec())?),
                ..ControlSection::default()
            },
            ..Study::default()
        };
        save::close(directory, &study, &report, complete, "solve")?;
    }
    Ok(if complete { Ending::Done } else { Context::stopped_ending(directory.as_ref()) })
}
