//! `mattis interactions`.

mod table;

use clap::Args;
use mattis_model::{Encoding, Unit};

use super::common::Format;
use super::context::{Context, json, one_or_array};
use super::failure::{Ending, Failure};
use super::save;
use crate::interactions::{InteractionsError, Origin, claims, record};
use crate::output::{Report, Section, csv};
use crate::records::Records;
use crate::study::{InteractionsSection, Study};
use crate::weights::MACHINE;

pub(super) const EXAMPLES: &str = "\
Examples:
  mattis interactions                                      four activations, random weights: sizes by order
  mattis interactions --unit step,relu,poisson,gaussian --sigma 1 --visible 12 --hidden 1 --order 8
  mattis interactions --unit poisson --sigma 0.8 --encoding 01,pm1 --samples 1000
  mattis interactions --weights W.npz --unit step --order 3 --top 50
  mattis interactions --weights W.npz --unit relu --around 406 --out couplings

A machine with hidden units z gives its visible units v the law P(v) ∝ exp Σ_S J_S Π_{i∈S} v_i: the couplings J_S of
every order |S| follow from the activation function of the hidden units. Random weights are normal and independent;
their exact moments stand beside the sampled ones. All couplings are found up to 24 visible units, those of two and three
sites of any machine. `mattis list units` shows the units.";

#[derive(Debug, Args)]
pub(super) struct Flags {
    #[command(flatten)]
    interactions: InteractionsSection,
}

/// The activations of the papers: linear, step, ReLU, exponential.
const USUAL: [&str; 4] = ["gaussian", "binary", "threshold-linear", "poisson"];

pub(super) fn run(context: &mut Context, flags: &Flags) -> Result<Ending, Failure> {
    let study = context.study(Study { interactions: flags.interactions.clone(), ..Study::default() });
    let section = &study.interactions;
    let units: Vec<Unit> = match &section.unit {
        Some(many) => many.0.clone(),
        None => USUAL.iter().map(|name| name.parse()).collect::<Result<_, _>>()?,
    };
    let encodings = section.encoding.as_ref().map_or(vec![Encoding::default()], |many| many.0.clone());
    let origin = Origin::of(section, study.simulation.seed)?;
    let specification = serde_json::json!({"interactions": section, "seed": study.simulation.seed});
    let mut directory = context.open(None, "interactions", specification, origin.ensemble().is_some())?;
    let mut records = Vec::new();
    let several = units.len() * encodings.len() > 1;
    for unit in &units {
        for encoding in &encodings {
            match record(&origin, (unit, *encoding), section, &Context::stopped) {
                Ok(record) => records.push(record),
                // One unit that has no such couplings is no reason to lose the others.
                Err(error @ InteractionsError::Theory(_)) if several => {
                    context.warn(&format!("{unit}, {encoding}: {error}"));
                }
                Err(InteractionsError::Stopped { order }) => {
                    return Ok(Ending::Stopped(InteractionsError::Stopped { order }.to_string()));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    if records.is_empty() {
        return Err(Failure::Failed(
            "interactions: no unit has such couplings, as the lines above say".into(),
        ));
    }
    let claims = match origin.ensemble() {
        // What --quick leaves out.
        Some(_) if context.common.quick => None,
        Some(ensemble) if directory.is_some() || context.common.format == Format::Table => {
            claims(ensemble, &units)?
        }
        _ => None,
    };
    context.emit(
        || table::people(&records, claims.as_ref()),
        || one_or_array(&records),
        || csv::joined(&records),
    )?;
    if let Some(directory) = &mut directory {
        let saved = Records { interactions: records.clone(), ..Records::default() };
        let drawings = save::records(directory, &saved, "")?;
        directory.write(MACHINE, json(&origin.machine(&units[0], encodings[0], 0)?)?)?;
        let mut sections: Vec<Section> = records.iter().flat_map(table::sections).collect();
        sections.extend(claims.map(|table| Section {
            title: "What has been said".into(),
            table: Some(table),
            ..Section::default()
        }));
        sections.extend(save::figure_sections(&drawings)?);
        let verdict = format!("{} machines.", records.len());
        let report = Report { title: "Effective interactions".into(), verdict, sections };
        save::close(directory, &study, &report, true, "interactions")?;
    }
    Ok(Ending::Done)
}
