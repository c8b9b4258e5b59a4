//! `mattis solve`.

use std::fmt::Write as _;

use clap::Args;
use mattis_model::order::quantity;
use mattis_model::record::{SolvePoint, SolveRecord, State, StateKind};
use mattis_model::{Control, Load, Model};
use mattis_theory::Guess;
use rayon::prelude::*;

use super::context::{Context, one_or_array};
use super::exact;
use super::failure::{Ending, Failure};
use super::save;
use crate::output::csv::{several, state_name};
use crate::output::number::{UNKNOWN, plain, short, significant};
use crate::output::{Report, Section, Table};
use crate::records::Records;
use crate::study::{ControlSection, ModelSection, Study};

pub(super) const EXAMPLES: &str = "\
Examples:
  mattis solve --alpha 0.05 -T 0.3                       all states of the Hopfield model at a point
  mattis solve --alpha 0.01:0.13:13 -T 0,0.1 --format csv
  mattis solve --unit three-state:crystal-field=0.2 --alpha 0.03 -T 0.3
  mattis solve --model little --self-coupling kept --alpha 0.05 -T 0.5
  mattis solve --model sk -T 0.5
  mattis solve --count 3 -T 0.3                          a finite number of memories: exact mean-field theory
  mattis solve --patterns biased:mean=0.2 --rule covariance --count 3 -T 0.3
  mattis solve --model van-hemmen -T 0.2,0.5,0.8
  mattis solve --model onsager -T 2,2.269185314213022    also curie-weiss, ising-chain, bethe, enumerated

A state is a solution of the saddle-point equations. It is locally stable against changes of its
overlaps; where its replicon is negative, replica symmetry is broken and its numbers approximate.";

#[derive(Debug, Args)]
pub(super) struct Flags {
    #[command(flatten)]
    model: ModelSection,
    #[command(flatten)]
    control: ControlSection,
}

pub(super) fn run(context: &mut Context, flags: Flags) -> Result<Ending, Failure> {
    let study = context.study(Study { model: flags.model, control: flags.control, ..Study::default() });
    if let Some(exact) = study.exact()? {
        let temperatures = study.control.temperature.as_ref().map_or(&[1.0][..], |grid| &grid.values);
        return exact::run(context, &exact, temperatures);
    }
    let mut jobs: Vec<(Model, Vec<Control>)> = Vec::new();
    for model in study.models()? {
        let controls = study.controls(&model, &[0.05], &[0.3])?;
        for update in study.updates(&model) {
            jobs.push((model.clone().with_update(update), controls.clone()));
        }
    }
    let jobs_json: Vec<serde_json::Value> = jobs
        .iter()
        .map(|(model, controls)| save::specification(model, std::slice::from_ref(&model.update), controls))
        .collect();
    let mut directory = context.open(None, "solve", serde_json::json!({"jobs": jobs_json}), false)?;
    let mut records = Vec::new();
    for (model, controls) in &jobs {
        context.say(|| {
            format!(
                "solve {} at {} points",
                save::label(model, std::slice::from_ref(&model.update)),
                controls.len()
            )
        });
        records.push(SolveRecord { model: model.clone(), points: points(model, controls)? });
        if Context::stopped() {
            break;
        }
    }
    for record in &records {
        nothing(context, record);
    }
    let labels: Vec<String> = records.iter().map(|record| label(&record.model)).collect();
    context.emit(
        || records.iter().map(|record| people(record, records.len() > 1)).collect::<Vec<_>>().join("\n"),
        || one_or_array(&records),
        || several(&labels.iter().cloned().zip(&records).collect::<Vec<_>>()),
    )?;
    if let Some(directory) = &mut directory {
        let mut sections = Vec::new();
        for (index, record) in records.iter().enumerate() {
            let saved = Records { solve: Some(record.clone()), ..Records::default() };
            let drawings = save::records(directory, &saved, &save::suffix(index, records.len()))?;
            sections.push(Section {
                title: labels[index].clone(),
                table: Some(flat(record)),
                text: vec![NOTE.into()],
                ..Section::default()
            });
            sections.extend(save::figure_sections(&drawings)?);
        }
        let report = Report {
            title: "Mean-field states".into(),
            verdict: format!(
                "{} states at {} points.",
                states(&records),
                records.iter().map(|r| r.points.len()).sum::<usize>()
            ),
            sections,
        };
        let controls = jobs.first().map_or(&[][..], |(_, controls)| controls);
        let study = save::resolved(&study, controls, None)?;
        save::close(directory, &study, &report, !Context::stopped(), "solve")?;
    }
    Ok(if records.len() < jobs.len() || Context::stopped() {
        Context::stopped_ending(directory.as_ref())
    } else {
        Ending::Done
    })
}

/// Says why there is no state at a point.
fn nothing(context: &Context, record: &SolveRecord) {
    let empty: Vec<&SolvePoint> = record.points.iter().filter(|point| point.states.is_empty()).collect();
    let Some(point) = empty.first() else { return };
    let load = match (point.alpha, point.count) {
        (Some(alpha), _) => Load::Extensive(alpha),
        (None, Some(count)) => Load::Finite(count),
        (None, None) => Load::Empty,
    };
    let control = Control { load, temperature: point.temperature };
    let because = match mattis_theory::predict(&record.model, control, Guess::Retrieval) {
        Err(error) => error.to_string(),
        Ok(_) => format!("no state at T = {}", short(Some(point.temperature))),
    };
    let more = if empty.len() > 1 {
        format!(", and none at {} points more", empty.len() - 1)
    } else {
        String::new()
    };
    context.warn(&format!("{because}{more}"));
}

fn label(model: &Model) -> String {
    save::label(model, std::slice::from_ref(&model.update))
}

fn states(records: &[SolveRecord]) -> usize {
    records.iter().flat_map(|record| &record.points).map(|point| point.states.len()).sum()
}

/// Every state at every point, in the order of the points. Points of one temperature are solved together.
pub(super) fn points(model: &Model, controls: &[Control]) -> Result<Vec<SolvePoint>, Failure> {
    let mut rows: Vec<(f64, Vec<usize>)> = Vec::new();
    for (place, control) in controls.iter().enumerate() {
        match rows.iter_mut().find(|row| row.0 == control.temperature) {
            Some(row) => row.1.push(place),
            None => rows.push((control.temperature, vec![place])),
        }
    }
    // Some pieces of work for every thread; what is found does not depend on how it is cut.
    let cuts = (4 * rayon::current_num_threads()).div_ceil(rows.len().max(1));
    let pieces: Vec<&[usize]> =
        rows.iter().flat_map(|row| row.1.chunks(row.1.len().div_ceil(cuts).max(1))).collect();
    let solve = |places: &&[usize]| {
        if Context::stopped() {
            return Ok(Vec::new());
        }
        let here: Vec<Control> = places.iter().map(|place| controls[*place]).collect();
        let states = mattis_theory::states_at(model, &here)?;
        Ok(places.iter().copied().zip(states).collect())
    };
    let solved: Vec<Vec<(usize, Vec<State>)>> =
        pieces.par_iter().map(solve).collect::<Result<_, Failure>>()?;
    let mut solved: Vec<(usize, Vec<State>)> = solved.into_iter().flatten().collect();
    solved.sort_by_key(|(place, _)| *place);
    let point = |(place, states): (usize, Vec<State>)| {
        let control: Control = controls[place];
        SolvePoint {
            alpha: control.alpha_if_any(),
            count: control.count(),
            temperature: control.temperature,
            states,
        }
    };
    Ok(solved.into_iter().map(point).collect())
}

const NOTE: &str = "Locally stable: against changes of the overlaps on the replica-symmetric branch. Replica-symmetric: the \
                    replicon Λ is positive. Energies are per unit, in units of the coupling; entropies in units of k_B.";

/// Reads a quantity off a state.
type Quantity = fn(&State) -> Option<f64>;

/// Quantities of a state, in the order of a table.
const ROWS: &[(&str, Quantity)] = &[
    ("q", |state| Some(state.q)),
    ("activity", |state| Some(state.activity)),
    ("mean", |state| state.mean),
    ("correlation", |state| state.correlation),
    ("delta", |state| Some(state.delta)),
    ("r", |state| state.r),
    ("chi", |state| Some(state.chi)),
    ("d", |state| state.d),
    ("free_energy", |state| state.free_energy),
    ("energy", |state| state.energy),
    ("entropy", |state| state.entropy),
    ("replicon", |state| state.replicon),
];

fn people(record: &SolveRecord, titled: bool) -> String {
    let mut text = String::new();
    if titled {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", label(&record.model));
    }
    if record.points.iter().all(|point| point.states.is_empty()) {
        text += "no state\n";
    } else if let [point] = &record.points[..]
        && point.count.is_none()
    {
        text += &single(&record.model, point);
    } else {
        let _ = write!(text, "{}", flat(record));
    }
    let stated = save::stated(&record.model);
    if !stated.is_empty() {
        let _ = writeln!(text, "\n{}", stated.trim());
    }
    let tied = |point: &SolvePoint| point.count.is_some() && point.temperature == 0.0;
    let steps = record.model.unit.continuous().is_none() && record.model.patterns.value().support().is_some();
    if steps && record.points.iter().any(tied) {
        text +=
            "\nUnstable states with units on a switch have no χ at T = 0: `mattis mixtures` lists them.\n";
    }
    text
}

/// One point: a column per state, a row per quantity.
fn single(model: &Model, point: &SolvePoint) -> String {
    let at = point.alpha.map_or(String::new(), |alpha| format!("α = {}, ", short(Some(alpha))));
    let mut heads = vec![format!("{at}T = {}", short(Some(point.temperature)))];
    heads.extend(point.states.iter().map(state_name));
    heads.push(String::new());
    let mut table = Table::new(heads).closing_words();
    let meaning =
        |key: &str| quantity(key).map_or((String::new(), ""), |q| (q.symbol.to_string(), q.meaning));
    let mut push = |symbol: String, cells: Vec<String>, meaning: &str| {
        let mut row = vec![symbol];
        row.extend(cells);
        row.push(meaning.to_string());
        table.push(row);
    };
    let (symbol, text) = meaning("m");
    let m = |state: &State| state.m.first().map_or_else(|| UNKNOWN.into(), |m| plain(Some(*m), 12));
    push(symbol, point.states.iter().map(m).collect(), text);
    for (key, value) in ROWS {
        if point.states.iter().all(|state| value(state).is_none()) && *key != "free_energy" {
            continue;
        }
        let (symbol, text) = meaning(key);
        push(symbol, point.states.iter().map(|state| plain(value(state), 12)).collect(), text);
    }
    let yes = |known: Option<bool>| known.map_or(UNKNOWN, |yes| if yes { "yes" } else { "no" }).to_string();
    push(
        "stable".into(),
        point.states.iter().map(|s| yes(Some(s.locally_stable))).collect(),
        "against changes of the overlaps",
    );
    push(
        "Λ > 0".into(),
        point.states.iter().map(|s| yes(s.replica_stable)).collect(),
        "replica symmetry holds",
    );
    push(
        "residual".into(),
        point.states.iter().map(|s| significant(Some(s.residual), 1)).collect(),
        "of the equations",
    );
    // The silent state of other units is not listed, and may be the lowest.
    let even = model.unit.is_even() || point.count.is_some();
    format!("{table}{}", if even { sentence(point) } else { String::new() })
}

/// What the point says.
fn sentence(point: &SolvePoint) -> String {
    // A paramagnet below its freezing temperature is no competitor, whatever its free energy.
    let frozen = point.states.iter().any(|state| state.kind == StateKind::SpinGlass);
    let rivals = point
        .states
        .iter()
        .filter(|state| state.locally_stable && !(frozen && state.kind == StateKind::Paramagnet))
        .filter_map(|state| Some((state.free_energy?, state)));
    let rivals: Vec<(f64, &State)> = rivals.collect();
    match rivals.iter().min_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((f, state)) if rivals.len() > 1 => format!(
            "\nOf the stable states the {} has the lowest free energy, f = {}.\n",
            state_name(state),
            plain(Some(*f), 9)
        ),
        _ => String::new(),
    }
}

/// A finite number of memories: a line per state with all its overlaps.
fn finite(record: &SolveRecord) -> Table {
    let heads = ["state", "p", "T", "m", "q", "f", "u", "S", "states", "stable"];
    let mut table = Table::new(heads);
    for point in &record.points {
        for state in &point.states {
            let mut overlaps = overlaps(&state.m);
            if let Some(next) = &state.m_next {
                overlaps = format!("{overlaps} ↔ {}", self::overlaps(next));
            }
            table.push([
                state_name(state),
                point.count.map(|p| p.to_string()).unwrap_or_default(),
                short(Some(point.temperature)),
                overlaps,
                plain(Some(state.q), 9),
                plain(state.free_energy, 12),
                plain(state.energy.map(cleared), 9),
                plain(state.entropy, 9),
                state.multiplicity.map_or_else(|| UNKNOWN.into(), |states| states.to_string()),
                if state.locally_stable { "yes".into() } else { "no".into() },
            ]);
        }
    }
    table
}

/// An energy, without what rounding leaves of one that cancels.
pub(super) fn cleared(energy: f64) -> f64 {
    if energy.abs() < 1e-14 { 0.0 } else { energy }
}

/// Overlaps with nine decimals, equal neighbours counted: 0.480438504 ×3.
pub(super) fn overlaps(m: &[f64]) -> String {
    let mut parts: Vec<(String, usize)> = Vec::new();
    for value in m {
        let text = if *value == 0.0 { "0".to_string() } else { plain(Some(*value), 9) };
        match parts.last_mut() {
            Some((last, count)) if *last == text => *count += 1,
            _ => parts.push((text, 1)),
        }
    }
    let part = |(text, count): &(String, usize)| {
        if *count == 1 { text.clone() } else { format!("{text} ×{count}") }
    };
    parts.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// Many points: a line per state.
pub(super) fn flat(record: &SolveRecord) -> Table {
    if record.points.iter().any(|point| point.count.is_some()) {
        return finite(record);
    }
    let heads = ["state", "α", "T", "m", "q", "r", "χ", "f", "u", "S", "Λ", "stable"];
    let mut table = Table::new(heads);
    for point in &record.points {
        for state in &point.states {
            table.push([
                state_name(state),
                short(point.alpha),
                short(Some(point.temperature)),
                plain(state.m.first().copied(), 8),
                plain(Some(state.q), 8),
                plain(state.r, 6),
                plain(Some(state.chi), 6),
                plain(state.free_energy, 8),
                plain(state.energy, 8),
                plain(state.entropy, 6),
                plain(state.replicon, 5),
                if state.locally_stable { "yes".into() } else { "no".into() },
            ]);
        }
    }
    table
}
