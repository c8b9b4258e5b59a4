//! `mattis capacity`.

use clap::Args;
use mattis_model::record::{CapacityPoint, CapacityRecord};
use mattis_model::{Connectivity, CouplingLaw, Field, Model, PatternLaw, Rule, Unit};
use mattis_theory::{CapacityRequest, Optimised, TheoryError, capacity};
use rayon::prelude::*;

use super::context::{Context, one_or_array};
use super::failure::{Ending, Failure};
use super::{save, stability};
use crate::output::csv;
use crate::output::number::{UNKNOWN, plain, short};
use crate::output::{Report, Section, Table};
use crate::records::Records;
use crate::study::{
    CapacitySection, ControlSection, Many, ModelSection, SimulationSection, Size, Study, positive,
};

pub(super) const EXAMPLES: &str = "\
Examples:
  mattis capacity                                                    Hopfield: α_c = 0.137905566494932
  mattis capacity --unit threshold-linear --patterns quaternary --active-fraction 0.1
  mattis capacity --unit binary --patterns sparse --active-fraction 0.5,0.2,0.1,0.05,0.01
  mattis capacity --connectivity diluted:c=0.5
  mattis capacity --unit threshold-linear --patterns histogram:path=rates.csv
  mattis capacity -T 0:0.5:6
  mattis capacity --method stability --neurons 10000 --count 50:1000:20   what one update changes

The load is α = p/C, C the mean number of inputs. Without --connectivity the fully connected and the extremely
diluted network are both computed. Memories with a mean use
the rule covariance:normalised=true unless --rule says otherwise: thresholds, gains and T are in units of the
couplings divided by the variance of a memory.";

#[derive(Debug, Args)]
pub(super) struct Flags {
    #[command(flatten)]
    model: ModelSection,
    #[command(flatten)]
    control: ControlSection,
    #[command(flatten)]
    capacity: CapacitySection,
    /// With method stability: numbers of units N [default: 10000]
    #[arg(long, value_name = "N[,…]", allow_hyphen_values = true, help_heading = "Capacity")]
    neurons: Option<Many<Size>>,
    /// With method stability: independent sets of memories; more of them keep the old ones [default: 8]
    #[arg(long, value_name = "K", value_parser = positive, allow_hyphen_values = true, help_heading = "Capacity")]
    samples: Option<usize>,
}

/// The models of a study with every activity, rule and connectivity that is meant.
fn models(study: &Study) -> Result<Vec<Vec<Model>>, Failure> {
    let activity = match (&study.capacity.active_fraction, &study.capacity.sparseness) {
        (Some(grid), _) => Some(("active-fraction", &grid.values)),
        (None, Some(grid)) => Some(("sparseness", &grid.values)),
        (None, None) => None,
    };
    let mut groups = Vec::new();
    for base in study.models()? {
        let laws = match activity {
            None => vec![base.patterns.clone()],
            Some((key, values)) => {
                // Of 0/1 memories they are one number.
                let key = if base.patterns.name() == "sparse" { "active-fraction" } else { key };
                let law = |value: &f64| format!("{}:{key}={value}", base.patterns.name()).parse();
                values.iter().map(law).collect::<Result<_, _>>()?
            }
        };
        for patterns in laws {
            let mut model = base.clone().with_patterns(patterns);
            let plain = matches!(model.rule.value(), CouplingLaw::Hebb);
            if study.model.rule.is_none() && plain && model.patterns.mean() != 0.0 {
                model = model.with_rule("covariance:normalised=true".parse::<Rule>()?);
            }
            if study.model.field.is_none() && model.unit.threshold_linear().is_some() {
                model = model.with_field("inhibition".parse::<Field>()?);
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

/// A list of what is to be optimised, or `none`.
fn optimised(text: &str) -> Result<Vec<Optimised>, Failure> {
    let parts: Vec<&str> = text.split(',').map(str::trim).collect();
    if parts == ["none"] {
        return Ok(Vec::new());
    }
    let known = |part: &&str| match *part {
        "threshold" => Ok(Optimised::Threshold),
        "gain" => Ok(Optimised::Gain),
        _ => Err(Failure::Refused(format!(
            "optimise = {text}: expected none, or a list of threshold and gain"
        ))),
    };
    parts.iter().map(known).collect()
}

/// What is optimised where nothing is said: thresholds and gains of the unit that are at their defaults.
fn meant(model: &Model, given: Option<&[Optimised]>) -> Vec<Optimised> {
    if let Some(given) = given {
        return given.to_vec();
    }
    let neutral: Option<Unit> = model.unit.name().parse().ok();
    let is_default =
        |key: &str| neutral.as_ref().is_some_and(|unit| unit.number(key) == model.unit.number(key));
    let both = [(Optimised::Threshold, "threshold"), (Optimised::Gain, "gain")];
    let open = both.into_iter().filter(|(_, key)| is_default(key)).map(|(what, _)| what);
    match model.unit.name() {
        "threshold-linear" => open.collect(),
        "binary" => open.filter(|what| *what == Optimised::Threshold).collect(),
        _ => Vec::new(),
    }
}

/// Laws whose capacities stand beside those of a measured histogram.
const BESIDE: [&str; 4] = ["sparse", "ternary", "quaternary", "exponential"];

/// The capacities of the four laws over their active fractions, for a histogram to be seen among.
fn beside(model: &Model, connectivities: &[Connectivity]) -> Result<Vec<Vec<Model>>, Failure> {
    let mut groups = Vec::new();
    for law in BESIDE {
        for i in 0..40 {
            let fraction = 10f64.powf(-2.0 + 1.95 * f64::from(i) / 39.0);
            let model = model.clone().with_patterns(format!("{law}:active-fraction={fraction:.5}").parse()?);
            let each =
                connectivities.iter().map(|graph| Model { connectivity: graph.clone(), ..model.clone() });
            groups.push(each.collect());
        }
    }
    Ok(groups)
}

fn solved(
    context: &Context,
    groups: &[Vec<Model>],
    temperatures: &[f64],
    given: Option<&[Optimised]>,
) -> Result<Vec<CapacityRecord>, Failure> {
    let record = |group: &Vec<Model>| {
        let (mut points, mut missing) = (Vec::new(), Vec::new());
        for model in group {
            for temperature in temperatures {
                let request = CapacityRequest { temperature: *temperature, optimise: meant(model, given) };
                match capacity(model, &request) {
                    Ok(point) => points.push(point),
                    Err(error @ TheoryError::NoSuchState { .. }) => {
                        missing.push((format!("{}, {}", label(model), model.connectivity), error));
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok((CapacityRecord { model: group[0].clone(), points }, missing))
    };
    let found: Vec<_> = groups.par_iter().map(record).collect::<Result<_, Failure>>()?;
    let alone = found.iter().all(|(record, _)| record.points.is_empty());
    let mut records = Vec::new();
    for (record, missing) in found {
        for (what, error) in missing {
            if alone {
                return Err(error.into());
            }
            context.warn(&format!("{what}: {error}"));
        }
        if !record.points.is_empty() {
            records.push(record);
        }
    }
    Ok(records)
}

pub(super) fn run(context: &mut Context, flags: &Flags) -> Result<Ending, Failure> {
    let study = context.study(Study {
        model: flags.model.clone(),
        control: flags.control.clone(),
        capacity: flags.capacity.clone(),
        simulation: SimulationSection {
            neurons: flags.neurons.clone(),
            samples: flags.samples,
            ..SimulationSection::default()
        },
        ..Study::default()
    });
    if stability::is_meant(&study) {
        return stability::run(context, study);
    }
    if flags.neurons.is_some() || flags.samples.is_some() {
        return Err(Failure::Refused("neurons, samples: expected --method stability beside them".into()));
    }
    if study.control.alpha.is_some() || study.control.count.is_some() {
        return Err(Failure::Refused("alpha, count: expected no load, the capacity is one".into()));
    }
    let temperatures = study.control.temperature.as_ref().map_or(vec![0.0], |grid| grid.values.clone());
    let groups = models(&study)?;
    let given = study.capacity.optimise.as_deref().map(optimised).transpose()?;
    let specification = serde_json::json!({"models": groups, "temperatures": temperatures,
        "optimise": study.capacity.optimise});
    let mut directory = context.open(None, "capacity", specification, false)?;
    let records = solved(context, &groups, &temperatures, given.as_deref())?;
    context.emit(|| people(&records), || one_or_array(&records), || csv::joined(&records))?;
    if let Some(directory) = &mut directory {
        let mut capacities = records.clone();
        if let [model, ..] = &groups[0][..]
            && groups.len() == 1
            && matches!(model.patterns.value(), PatternLaw::Histogram { .. })
        {
            let graphs: Vec<Connectivity> =
                groups[0].iter().map(|model| model.connectivity.clone()).collect();
            capacities.extend(solved(context, &beside(model, &graphs)?, &temperatures, given.as_deref())?);
        }
        let saved = Records { capacity: capacities, ..Records::default() };
        let drawings = save::records(directory, &saved, "")?;
        let mut sections = vec![Section {
            title: "Capacities".into(),
            text: notes(&records),
            table: Some(table(&records)),
            ..Section::default()
        }];
        sections.extend(save::figure_sections(&drawings)?);
        let points: usize = records.iter().map(|record| record.points.len()).sum();
        let report =
            Report { title: "Storage capacity".into(), verdict: format!("{points} capacities."), sections };
        save::close(directory, &study, &report, true, "capacity")?;
    }
    Ok(Ending::Done)
}

fn label(model: &Model) -> String {
    // The active fraction has a column.
    let law = match model.patterns.value() {
        PatternLaw::Sparse { .. }
        | PatternLaw::Ternary { .. }
        | PatternLaw::Quaternary { .. }
        | PatternLaw::Exponential { .. }
        | PatternLaw::Histogram { .. } => model.patterns.name().to_owned(),
        _ => model.patterns.brief(),
    };
    format!("{}, {law}", model.unit.brief())
}

fn people(records: &[CapacityRecord]) -> String {
    format!("{}\n{}\n", table(records), notes(records).join("\n"))
}

/// Whether a threshold has anything to say: not of ±1 units without a field.
fn has_threshold(point: &CapacityPoint) -> bool {
    point.optimum.is_some_and(|optimum| {
        optimum.gain.is_some() || optimum.effective_threshold.is_some_and(|threshold| threshold.abs() > 1e-12)
    })
}

/// How to read the table.
fn notes(records: &[CapacityRecord]) -> Vec<String> {
    let points = || records.iter().flat_map(|record| &record.points);
    let mut notes = vec![
        "α_c is the largest load, p over the mean number of inputs, with a replica-symmetric retrieval state; where m = 0 it disappears \
         continuously."
            .to_owned(),
    ];
    if points().any(|point| point.alpha_c_pattern.is_some()) {
        notes.push(
            "α_c pattern: where the state that continues the stored pattern from zero load ends; up to α_c there is another one, of \
             smaller overlap."
                .into(),
        );
    }
    if points().any(has_threshold) {
        notes.push(
            "θ and gain are best, or as the unit states them; θ_eff is the local field at which a unit switches, θ without the \
             reaction of the network on it."
                .into(),
        );
    }
    let normalised = |record: &CapacityRecord| {
        matches!(record.model.rule.value(), CouplingLaw::Covariance { normalised: true })
    };
    if records.iter().any(normalised) {
        notes.push(
            "Couplings are divided by the variance of the memories (rule covariance:normalised=true): θ, gain and T are in that \
             unit; m is 1 where 0/1 units repeat a 0/1 memory, the overlap that solve prints over the deviation of a memory."
                .into(),
        );
    }
    let rate = |record: &&CapacityRecord| record.model.unit.threshold_linear().is_some();
    let inhibited = |record: &CapacityRecord| record.model.field.value().inhibition() > 0.0;
    if records.iter().filter(rate).any(inhibited) {
        notes.push(
            "Threshold-linear units: field inhibition:strength=1 unless --field says otherwise. It sets the mean activity and with it the physical threshold; α_c does not depend \
             on its strength. θ_eff is over the signal."
                .into(),
        );
    }
    if records.iter().filter(rate).any(|record| !inhibited(record)) {
        notes.push(
            "Threshold-linear units without inhibition: with a positive threshold every state either dies out or grows without bound, so \
             that only θ = 0 is left, with less capacity."
                .into(),
        );
    }
    notes
}

fn table(records: &[CapacityRecord]) -> Table {
    let points = || records.iter().flat_map(|record| &record.points);
    let optimum = |point: &CapacityPoint| point.optimum.unwrap_or_default();
    let thermal = points().any(|point| point.temperature > 0.0);
    let pattern = points().any(|point| point.alpha_c_pattern.is_some());
    let threshold = points().any(has_threshold);
    let gain = points().any(|point| optimum(point).gain.is_some());
    let mut heads = vec!["unit, memories", "connectivity"];
    heads.extend(thermal.then_some("T"));
    heads.extend(["f", "sparseness", "α_c"]);
    heads.extend(pattern.then_some("α_c pattern"));
    heads.push("m");
    heads.extend(threshold.then_some(["θ", "θ_eff"]).into_iter().flatten());
    heads.extend(gain.then_some("gain"));
    heads.extend(["retrieved f", "correlation", "bits/synapse"]);
    let mut table = Table::new(heads).words(2);
    let number = |value: Option<f64>, decimals: usize| {
        value.map_or_else(|| UNKNOWN.into(), |value| plain(Some(value), decimals))
    };
    for record in records {
        for point in &record.points {
            let optimum = optimum(point);
            let mut row = vec![label(&record.model), point.connectivity.clone()];
            if let Ok(graph) = point.connectivity.parse::<Connectivity>() {
                row[1] = graph.brief();
            }
            row.extend(thermal.then(|| short(Some(point.temperature))));
            row.extend([
                short(point.active_fraction),
                short(point.sparseness),
                plain(Some(point.alpha_c), 12),
            ]);
            row.extend(pattern.then(|| number(point.alpha_c_pattern, 9)));
            row.push(number(point.m, 8));
            if threshold {
                row.extend([number(optimum.threshold, 6), number(optimum.effective_threshold, 6)]);
            }
            row.extend(gain.then(|| number(optimum.gain, 6)));
            row.extend([
                number(point.retrieved_activity, 5),
                number(point.correlation, 5),
                number(point.information, 5),
            ]);
            table.push(row);
        }
    }
    table
}
