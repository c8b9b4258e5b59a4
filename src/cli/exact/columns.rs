//! Exact states as CSV.

use mattis_model::solved::{ExactKind, ExactRecord, ExactState, Relaxation};

use crate::output::csv::{Tabular, number};

fn full(value: Option<f64>) -> String {
    value.map(number).unwrap_or_default()
}

fn list(values: impl IntoIterator<Item = f64>) -> String {
    values.into_iter().map(number).collect::<Vec<_>>().join(" ")
}

/// The word of a kind, as in JSON.
pub(super) fn kind(state: &ExactState) -> &'static str {
    match state.kind {
        ExactKind::Ferromagnet => "ferromagnet",
        ExactKind::Paramagnet => "paramagnet",
        ExactKind::Finite => "finite",
    }
}

impl Tabular for ExactRecord {
    const HEADS: &'static [&'static str] = &[
        "temperature",
        "critical_temperature",
        "kind",
        "m",
        "free_energy",
        "energy",
        "entropy",
        "chi",
        "heat_capacity",
        "correlation_length",
        "locally_stable",
        "ln_z",
        "abs_m",
        "m2",
        "binder",
        "memory_m2",
        "memory_abs_m",
        "max_abs_m",
        "ground_energy",
        "ground_degeneracy",
        "fixed_points",
        "strict_fixed_points",
        "two_cycle_states",
        "longer_cycle_states",
        "minima",
        "strict_minima",
        "parallel_ln_z",
        "parallel_m2",
        "parallel_self_overlap",
        "sequential_leading",
        "sequential_lowest",
        "sequential_relaxation_time",
        "sequential_detailed_balance",
        "parallel_leading",
        "parallel_lowest",
        "parallel_relaxation_time",
        "parallel_detailed_balance",
    ];

    fn lines(&self) -> Vec<Vec<String>> {
        let mut lines = Vec::new();
        for point in &self.points {
            for state in &point.states {
                let mut line = vec![
                    full(Some(point.temperature)),
                    full(point.critical_temperature),
                    kind(state).into(),
                    list(state.m.iter().copied()),
                    full(Some(state.free_energy)),
                    full(Some(state.energy)),
                    full(Some(state.entropy)),
                    full(state.chi),
                    full(state.heat_capacity),
                    full(state.correlation_length),
                    state.locally_stable.to_string(),
                    full(state.ln_z),
                    full(state.abs_m),
                    full(state.m2),
                    full(state.binder),
                ];
                line.extend(enumerated(state));
                line.resize(Self::HEADS.len(), String::new());
                lines.push(line);
            }
        }
        lines
    }
}

/// The columns of an enumeration; none for another state.
fn enumerated(state: &ExactState) -> Vec<String> {
    let Some(found) = &state.enumerated else { return Vec::new() };
    let law = found.parallel_law.as_ref();
    let mut line = vec![
        list(found.memories.iter().map(|memory| memory.m2)),
        list(found.memories.iter().map(|memory| memory.abs_m)),
        full(Some(found.max_abs_m)),
        full(Some(found.ground_energy)),
        found.ground_degeneracy.to_string(),
        found.fixed.points.to_string(),
        found.fixed.strict.to_string(),
        found.fixed.two_cycle_states.to_string(),
        found.fixed.longer_cycle_states.to_string(),
        found.fixed.minima.to_string(),
        found.fixed.strict_minima.to_string(),
        full(law.map(|law| law.ln_z)),
        law.map(|law| list(law.m2.iter().copied())).unwrap_or_default(),
        full(law.map(|law| law.self_overlap)),
    ];
    for relaxation in [&found.sequential, &found.parallel] {
        let value = |f: fn(&Relaxation) -> Option<f64>| full(relaxation.as_ref().and_then(f));
        line.push(relaxation.as_ref().map(|r| list(r.leading.iter().copied())).unwrap_or_default());
        line.push(value(|r| r.lowest));
        line.push(value(|r| r.relaxation_time));
        line.push(value(|r| Some(r.detailed_balance)));
    }
    line
}

#[cfg(test)]
mod tests {
    use mattis_model::Solved;
    use mattis_theory::exact::solve_exact;

    use super::*;

    #[test]
    fn every_line_has_every_column_and_no_nan() {
        for text in
            ["curie-weiss", "ising-chain:neurons=8", "onsager", "bethe", "enumerated:neurons=4:masks=0b11"]
        {
            let model: Solved = text.parse().expect("a model");
            for temperature in [0.0, 0.9] {
                let points = vec![solve_exact(&model, temperature).expect("a temperature")];
                let record = ExactRecord { model: model.clone(), points };
                for line in record.lines() {
                    assert_eq!(line.len(), ExactRecord::HEADS.len());
                    assert!(
                        line.iter().all(|cell| !cell.contains("NaN") && !cell.contains("inf")),
                        "{line:?}"
                    );
                }
                let json = serde_json::to_string(&record).expect("serialises");
                assert_eq!(serde_json::from_str::<ExactRecord>(&json).expect("reads back"), record);
                let filled = record.lines()[0].iter().skip(15).any(|cell| !cell.is_empty());
                assert_eq!(filled, text.starts_with("enumerated"));
            }
        }
    }
}
