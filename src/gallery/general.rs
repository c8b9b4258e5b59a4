//! Pictures that any run may have.

use mattis_figures::{Figure, Plot, recipes};
use mattis_model::record::{SimulationRecord, SolvePoint, SolveRecord};
use mattis_model::{Control, Load, Model};
use mattis_theory::{Guess, TheoryError};

use super::Drawing;
use crate::output::number::short;
use crate::records::Records;

/// All figures of a record; `suffix` tells several models apart in the file names.
pub fn drawings(records: &Records, suffix: &str) -> Vec<Drawing> {
    let mut drawings = Vec::new();
    let mut add = |stem: String, caption: String, plot: Plot| {
        drawings.push(Drawing { stem: format!("{stem}{suffix}"), caption, figure: Figure::from(plot) });
    };
    if let Some(phase) = &records.phase {
        let plot = recipes::phase_diagram(phase, records.comparison.as_ref());
        let caption = if records.comparison.is_some() {
            "Phase boundaries of the replica-symmetric theory, and the points that were simulated."
        } else {
            "Phase boundaries of the replica-symmetric theory."
        };
        add("phase-diagram".into(), caption.into(), plot);
    }
    if !records.mixtures.is_empty() {
        let caption = "Free energies of all states that were found; filled where stable.";
        add("states".into(), caption.into(), recipes::state_levels(&records.mixtures));
    }
    if let Some(plot) = recipes::capacities(&records.capacity) {
        let caption = "Largest load with a retrieval state of the replica-symmetric theory, p over the number of inputs.";
        add("capacity".into(), caption.into(), plot);
    }
    if !records.flow.is_empty() {
        let caption = "The overlap after each sweep: parallel updates as points, sequential ones as lines.";
        add("flow".into(), caption.into(), recipes::trajectories(&records.flow));
    }
    if let Some(plot) = recipes::interaction_orders(&records.interactions) {
        let caption = "Size of the couplings of each order: points of the machines, lines of the exact ensemble where weights are \
                       random; open and broken in ±1.";
        add("interactions".into(), caption.into(), plot);
    }
    for (index, record) in records.interactions.iter().enumerate() {
        let part = if records.interactions.len() > 1 { format!("-{}", index + 1) } else { String::new() };
        let unit = record.unit.name();
        if !record.sizes.is_empty() {
            let caption = format!(
                "Couplings of {unit} hidden units by size, in bins of a quarter of an octave, over their width."
            );
            add(format!("interaction-sizes{part}"), caption, recipes::interaction_sizes(&record.sizes));
        }
        if let Some((around, plot)) =
            record.around.as_ref().and_then(|around| Some((around, recipes::interaction_map(around)?)))
        {
            let sites: Vec<String> = around.sites.iter().map(ToString::to_string).collect();
            let caption = format!(
                "Couplings of site {} with every other one by {unit} hidden units: red above zero, blue below.",
                sites.join(" and ")
            );
            add(format!("interaction-map{part}"), caption, plot);
        }
    }
    for count in counts(records) {
        let plot =
            recipes::temperature_curve("m", count, records.solve.as_ref(), records.simulation.as_ref());
        let caption = format!("Overlap of p = {count} memories against the temperature, stable states only.");
        add(format!("overlap-p{count}"), caption, plot);
    }
    for temperature in temperatures(records) {
        let pieces = records
            .solve
            .as_ref()
            .map(|solved| recipes::theory_pieces(solved, "m", temperature))
            .unwrap_or_default();
        let t = short(Some(temperature));
        let plot = recipes::overlap_curve(temperature, &pieces, records.simulation.as_ref());
        let caption = format!(
            "Overlap with the memory at T = {t}: {}points with their standard errors from the simulation at each size.",
            if pieces.is_empty() { "" } else { "lines from the theory (dashed where locally unstable), " }
        );
        let caption = if records.simulation.is_some() {
            caption
        } else {
            format!("Overlap with the memory at T = {t}.")
        };
        add(format!("overlap-T{t}"), caption, plot);
    }
    if let Some(comparison) = &records.comparison {
        let caption = "Difference between simulation and theory in standard errors, row by row. Rows share disorder samples and \
                       lean the same way together.";
        add("z-scores".into(), caption.into(), recipes::z_scores(comparison));
    }
    if let Some(record) = &records.stability {
        let caption = "What one parallel update at T = 0 changes of the stored memories: how many of them, and how many of their bits. \
                       Lines: bits exactly, an estimate for memories.";
        let figure = Figure::new(recipes::stability(&record.points));
        drawings.push(Drawing { stem: format!("stability{suffix}"), caption: caption.into(), figure });
    }
    drawings
}

/// Temperatures at which an overlap was found at two loads at least.
fn temperatures(records: &Records) -> Vec<f64> {
    let solved =
        records.solve.iter().flat_map(|record| &record.points).map(|point| (point.alpha, point.temperature));
    let measured = records
        .simulation
        .iter()
        .flat_map(|record| &record.points)
        .map(|point| (point.alpha_requested, point.temperature));
    let points: Vec<(f64, f64)> = solved.chain(measured).filter_map(|(alpha, t)| Some((alpha?, t))).collect();
    let mut found: Vec<f64> = Vec::new();
    for (alpha, temperature) in &points {
        let other = points.iter().any(|(a, t)| t == temperature && a != alpha);
        if other && !found.contains(temperature) {
            found.push(*temperature);
        }
    }
    found
}

/// Finite numbers of memories for which an overlap was found at two temperatures at least.
fn counts(records: &Records) -> Vec<usize> {
    let solved = records
        .solve
        .iter()
        .flat_map(|record| &record.points)
        .filter_map(|point| Some((point.count?, point.temperature)));
    let measured = records
        .simulation
        .iter()
        .flat_map(|record| &record.points)
        .filter(|point| point.alpha.is_none() && point.p > 0)
        .map(|point| (point.p, point.temperature));
    let points: Vec<(usize, f64)> = solved.chain(measured).collect();
    let several = |(count, t): &&(usize, f64)| points.iter().any(|(p, other)| p == count && other != t);
    let mut found: Vec<usize> = points.iter().filter(several).map(|(count, _)| *count).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// All states along the loads of a simulation at each temperature where there are several, or the retrieval
/// state of a finite number of memories along the temperatures, for the lines under the points.
///
/// # Errors
/// If the theory does not treat the model.
pub fn branch(
    model: &Model,
    simulation: &SimulationRecord,
    points: usize,
) -> Result<Option<SolveRecord>, TheoryError> {
    let mut record = SolveRecord { model: model.clone(), points: Vec::new() };
    let probe = Records { simulation: Some(simulation.clone()), ..Records::default() };
    for temperature in temperatures(&probe) {
        let loads = simulation.points.iter().filter(|point| point.temperature == temperature);
        let loads: Vec<f64> = loads.filter_map(|point| point.alpha).collect();
        let top = 1.5 * loads.iter().copied().fold(0.0, f64::max);
        for i in 1..=points {
            let alpha = top * i as f64 / points as f64;
            let control = Control { load: Load::Extensive(alpha), temperature };
            let states = mattis_theory::states(model, control)?;
            record.points.push(SolvePoint { alpha: Some(alpha), count: None, temperature, states });
        }
    }
    for count in counts(&probe) {
        let measured = simulation.points.iter().filter(|point| point.p == count);
        let top = 1.2 * measured.map(|point| point.temperature).fold(0.0, f64::max);
        for i in 1..=points {
            let temperature = top * i as f64 / points as f64;
            let state = mattis_theory::predict(model, Control::finite(count, temperature), Guess::Retrieval);
            let states = state.into_iter().collect();
            record.points.push(SolvePoint { alpha: None, count: Some(count), temperature, states });
        }
    }
    Ok((!record.points.is_empty()).then_some(record))
}
