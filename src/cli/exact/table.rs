//! Exact states for people.

use mattis_model::order::quantity;
use mattis_model::solved::{Enumerated, ExactPoint, ExactRecord, ExactState, Relaxation};

use super::columns::kind;
use crate::output::Table;
use crate::output::number::{UNKNOWN, plain, short, significant};

pub(super) const NOTE: &str = "Energies, entropies and heat capacities are per unit; ln Z is of the whole system. n/a is a \
                               number that is infinite or has no closed form.";

/// One temperature: a column per state; several: a line per state.
pub(super) fn people(record: &ExactRecord) -> String {
    match &record.points[..] {
        [point] => format!("{}\n{}", record.model, single(point)),
        _ => format!("{}\n{}\n{NOTE}\n", record.model, flat(record)),
    }
}

/// A name for a column or a line: unstable states say so.
fn name(state: &ExactState) -> String {
    let stability = if state.locally_stable { "" } else { " (unstable)" };
    format!("{}{stability}", kind(state))
}

/// Key, symbol and meaning where the table of quantities does not have the key, and value.
type Row = (&'static str, &'static str, fn(&ExactState) -> Option<f64>);

const ROWS: &[Row] = &[
    ("free_energy", "", |state| Some(state.free_energy)),
    ("energy", "", |state| Some(state.energy)),
    ("entropy", "", |state| Some(state.entropy)),
    ("chi", "susceptibility ∂m/∂h", |state| state.chi),
    ("C", "heat capacity per unit", |state| state.heat_capacity),
    ("ξ", "correlation length, in steps", |state| state.correlation_length),
    ("ln Z", "of the whole system", |state| state.ln_z),
    ("⟨|m|⟩", "mean modulus of the magnetisation", |state| state.abs_m),
    ("⟨m²⟩", "mean square of the magnetisation", |state| state.m2),
    ("Binder", "1 − ⟨m⁴⟩/3⟨m²⟩²", |state| state.binder),
];

/// One temperature: a column per state, a row per quantity.
pub(super) fn single(point: &ExactPoint) -> Table {
    let mut heads = vec![format!("T = {}", short(Some(point.temperature)))];
    heads.extend(point.states.iter().map(name));
    heads.push(String::new());
    let mut table = Table::new(heads).closing_words();
    let mut push = |symbol: &str, cells: Vec<String>, meaning: &str| {
        let mut row = vec![symbol.to_string()];
        row.extend(cells);
        row.push(meaning.to_string());
        table.push(row);
    };
    let columns = |f: &dyn Fn(&ExactState) -> String| point.states.iter().map(f).collect::<Vec<_>>();
    if let Some(critical) = point.critical_temperature {
        push("T_c", columns(&|_| plain(Some(critical), 12)), "critical temperature at zero field");
    }
    if point.states.iter().any(|state| !state.m.is_empty()) {
        push("m", columns(&|state| plain(state.m.first().copied(), 12)), "magnetisation per unit");
    }
    for (key, meaning, value) in ROWS {
        if point.states.iter().all(|state| value(state).is_none()) && !matches!(*key, "chi" | "C") {
            continue;
        }
        let (symbol, meaning) = match quantity(key) {
            Some(known) if meaning.is_empty() => (known.symbol, known.meaning),
            Some(known) => (known.symbol, *meaning),
            None => (*key, *meaning),
        };
        push(symbol, columns(&|state| plain(value(state), 12)), meaning);
    }
    push(
        "stable",
        columns(&|state| if state.locally_stable { "yes" } else { "no" }.to_string()),
        "a minimum of the free energy",
    );
    if let [ExactState { enumerated: Some(found), .. }] = &point.states[..] {
        for (symbol, cell, meaning) in enumerated(found) {
            push(&symbol, vec![cell], meaning);
        }
    }
    table
}

/// Symbol, value, meaning.
fn enumerated(found: &Enumerated) -> Vec<(String, String, &'static str)> {
    let mut rows = Vec::new();
    let mut number =
        |symbol: String, value: Option<f64>, meaning| rows.push((symbol, plain(value, 12), meaning));
    for (mu, memory) in found.memories.iter().enumerate() {
        number(format!("⟨m²⟩ {}", mu + 1), Some(memory.m2), "mean square overlap with the memory");
        number(format!("⟨|m|⟩ {}", mu + 1), Some(memory.abs_m), "mean modulus of the overlap");
    }
    number("⟨max|m|⟩".into(), Some(found.max_abs_m), "mean of the largest |overlap|");
    number("u ground".into(), Some(found.ground_energy), "lowest energy per unit");
    if let Some(law) = &found.parallel_law {
        number("ln Z ∥".into(), Some(law.ln_z), "parallel updates: ln Σ Π 2cosh βh of the whole network");
        for (mu, m2) in law.m2.iter().enumerate() {
            number(format!("⟨m²⟩ {} ∥", mu + 1), Some(*m2), "parallel updates: mean square overlap");
        }
        number("⟨S S′⟩ ∥".into(), Some(law.self_overlap), "parallel updates: overlap of successive states");
    }
    let fixed = &found.fixed;
    for (symbol, count, meaning) in [
        ("ground states", found.ground_degeneracy, "states of lowest energy"),
        ("fixed", fixed.points, "fixed points at T = 0; a unit without local field keeps its value"),
        ("strict", fixed.strict, "those where every unit has a local field"),
        ("2-cycles", fixed.two_cycle_states, "states on cycles of two of parallel updates"),
        ("longer", fixed.longer_cycle_states, "states on longer cycles of parallel updates"),
        ("minima", fixed.minima, "states that no single flip lowers in energy"),
        ("strict", fixed.strict_minima, "those where every flip costs energy"),
    ] {
        rows.push((symbol.into(), count.to_string(), meaning));
    }
    for (relaxation, mark, second, lowest, time) in [
        (
            &found.sequential,
            "",
            "random heat bath, one update: second eigenvalue",
            "its lowest eigenvalue",
            "its relaxation time in sweeps",
        ),
        (
            &found.parallel,
            " ∥",
            "parallel heat bath, one update: second eigenvalue",
            "its lowest eigenvalue",
            "its relaxation time in sweeps",
        ),
    ] {
        let Some(Relaxation { leading, lowest: low, relaxation_time, detailed_balance, .. }) = relaxation
        else {
            continue;
        };
        rows.push((format!("λ₂{mark}"), plain(leading.get(1).copied(), 12), second));
        rows.push((format!("λ min{mark}"), plain(*low, 12), lowest));
        let time_cell = relaxation_time.map_or_else(|| UNKNOWN.into(), |t| significant(Some(t), 9));
        rows.push((format!("τ{mark}"), time_cell, time));
        rows.push((
            format!("balance{mark}"),
            significant(Some(*detailed_balance), 1),
            "largest violation of detailed balance",
        ));
    }
    rows
}

/// Many temperatures: a line per state.
pub(super) fn flat(record: &ExactRecord) -> Table {
    let finite = record.model.neurons().is_some();
    let mut heads = vec!["state", "T", "m", "f", "u", "S", "C", "χ"];
    heads.extend(if finite { ["ln Z", "⟨|m|⟩"] } else { ["ξ", "stable"] });
    let mut table = Table::new(heads);
    for point in &record.points {
        for state in &point.states {
            let mut row = vec![
                name(state),
                short(Some(point.temperature)),
                plain(state.m.first().copied(), 12),
                plain(Some(state.free_energy), 12),
                plain(Some(state.energy), 12),
                plain(Some(state.entropy), 9),
                plain(state.heat_capacity, 9),
                plain(state.chi, 9),
            ];
            if finite {
                let largest = state.abs_m.or(state.enumerated.as_ref().map(|found| found.max_abs_m));
                row.extend([plain(state.ln_z, 9), plain(largest, 9)]);
            } else {
                let stable = if state.locally_stable { "yes" } else { "no" };
                row.extend([plain(state.correlation_length, 9), stable.into()]);
            }
            table.push(row);
        }
    }
    table
}
