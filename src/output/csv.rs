//! Records as CSV: one line per state, boundary point, observable or row, numbers in full.

mod capacity;
mod interactions;
mod stability;

use mattis_model::record::{
    ComparisonRecord, FlowRecord, LinePoint, Mixture, MixturesRecord, PhaseRecord, SimulationRecord,
    SolvePoint, SolveRecord, State, StateKind, Verdict,
};

use super::Table;

/// A record that is a table.
pub trait Tabular {
    /// The heads of the columns.
    const HEADS: &'static [&'static str];

    /// The lines.
    fn lines(&self) -> Vec<Vec<String>>;
}

/// A record as CSV.
pub fn to_csv<R: Tabular>(record: &R) -> String {
    several(&[(String::new(), record)])
}

/// Records of several models as one CSV, with a first column that names the model where there are several.
pub fn several<R: Tabular>(records: &[(String, &R)]) -> String {
    let mut table = Table::new(R::HEADS.iter().copied());
    let labelled = records.len() > 1;
    if labelled {
        table.heads.insert(0, "model".into());
    }
    for (name, record) in records {
        for mut line in record.lines() {
            if labelled {
                line.insert(0, name.clone());
            }
            table.push(line);
        }
    }
    write(&table)
}

/// Records that tell themselves apart by their first columns as one CSV.
pub fn joined<R: Tabular>(records: &[R]) -> String {
    let mut table = Table::new(R::HEADS.iter().copied());
    records.iter().flat_map(Tabular::lines).for_each(|line| table.push(line));
    write(&table)
}

/// Any table as CSV.
pub fn write(table: &Table) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let written =
        std::iter::once(&table.heads).chain(&table.rows).try_for_each(|row| writer.write_record(row));
    let bytes = written.ok().and_then(|()| writer.into_inner().ok()).unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

fn full(value: impl Into<Option<f64>>) -> String {
    value.into().filter(|value| value.is_finite()).map(number).unwrap_or_default()
}

/// A number in full; a zero has no sign, which would be that of a rounding error.
pub fn number(value: f64) -> String {
    (value + 0.0).to_string()
}

fn whole<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Numbers in one cell, blanks between them.
fn vector(values: &[f64]) -> String {
    values.iter().map(|value| full(*value)).collect::<Vec<_>>().join(" ")
}

fn flag(value: impl Into<Option<bool>>) -> String {
    value.into().map(|value| value.to_string()).unwrap_or_default()
}

/// The word of an enumeration, as in JSON.
fn word<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(String::from)).unwrap_or_default()
}

/// The name of a state: `retrieval`, `mixture n=3`, …
pub fn state_name(state: &State) -> String {
    let kind = match state.kind {
        StateKind::Retrieval => "retrieval",
        StateKind::Mixture => "mixture",
        StateKind::SpinGlass => "spin glass",
        StateKind::Paramagnet => "paramagnet",
        StateKind::Cycle => "2-cycle",
    };
    state.n.map_or_else(|| kind.into(), |n| format!("{kind} n={n}"))
}

impl Tabular for SolveRecord {
    const HEADS: &'static [&'static str] = &[
        "alpha",
        "count",
        "temperature",
        "kind",
        "n",
        "m",
        "q",
        "activity",
        "mean",
        "correlation",
        "delta",
        "r",
        "chi",
        "d",
        "free_energy",
        "energy",
        "entropy",
        "replicon",
        "multiplicity",
        "locally_stable",
        "replica_stable",
        "residual",
        "exit",
    ];

    fn lines(&self) -> Vec<Vec<String>> {
        let line = |point: &SolvePoint, state: &State| {
            vec![
                full(point.alpha),
                whole(point.count),
                full(point.temperature),
                word(&state.kind),
                whole(state.n),
                vector(&state.m),
                full(state.q),
                full(state.activity),
                full(state.mean),
                full(state.correlation),
                full(state.delta),
                full(state.r),
                full(state.chi),
                full(state.d),
                full(state.free_energy),
                full(state.energy),
                full(state.entropy),
                full(state.replicon),
                whole(state.multiplicity),
                flag(state.locally_stable),
                flag(state.replica_stable),
                full(state.residual),
                word(&state.exit),
            ]
        };
        self.points
            .iter()
            .flat_map(|point| point.states.iter().map(move |state| line(point, state)))
            .collect()
    }
}

impl Tabular for MixturesRecord {
    const HEADS: &'static [&'static str] = &[
        "unit",
        "patterns",
        "rule",
        "update",
        "count",
        "temperature",
        "m",
        "n",
        "symmetric",
        "free_energy",
        "energy",
        "entropy",
        "index",
        "stable",
        "multiplicity",
        "hessian",
        "residual",
    ];

    fn lines(&self) -> Vec<Vec<String>> {
        let line = |state: &Mixture| {
            vec![
                self.model.unit.to_string(),
                self.model.patterns.to_string(),
                self.model.rule.to_string(),
                self.model.update.to_string(),
                self.count.to_string(),
                full(self.temperature),
                vector(&state.m),
                state.n.to_string(),
                flag(state.symmetric),
                full(state.free_energy),
                full(state.energy),
                full(state.entropy),
                whole(state.index),
                flag(state.stable),
                whole(state.multiplicity),
                vector(&state.hessian),
                full(state.residual),
            ]
        };
        self.states.iter().map(line).collect()
    }
}

impl Tabular for FlowRecord {
    const HEADS: &'static [&'static str] =
        &["connectivity", "alpha", "temperature", "update", "start", "t", "m"];

    fn lines(&self) -> Vec<Vec<String>> {
        let mut lines = Vec::new();
        for point in &self.points {
            for trajectory in &point.trajectories {
                for (t, m) in trajectory.m.iter().enumerate() {
                    lines.push(vec![
                        self.model.connectivity.to_string(),
                        full(point.alpha),
                        full(point.temperature),
                        trajectory.update.clone(),
                        full(trajectory.m.first().copied()),
                        t.to_string(),
                        full(*m),
                    ]);
                }
            }
        }
        lines
    }
}

impl Tabular for PhaseRecord {
    const HEADS: &'static [&'static str] =
        &["what", "name", "alpha", "field", "temperature", "ln_temperature", "m"];

    fn lines(&self) -> Vec<Vec<String>> {
        let line = |name: &str, point: &LinePoint| {
            vec![
                "line".into(),
                name.into(),
                full(point.alpha),
                full(point.field),
                full(point.temperature),
                full(point.ln_temperature),
                full(point.m),
            ]
        };
        let lines = self
            .lines
            .iter()
            .flat_map(|boundary| boundary.points.iter().map(move |point| line(&boundary.name, point)));
        let special = self.special.iter().map(|point| {
            vec![
                "special".into(),
                point.name.clone(),
                full(point.alpha),
                String::new(),
                full(point.temperature),
                String::new(),
                full(point.m),
            ]
        });
        lines.chain(special).collect()
    }
}

impl Tabular for SimulationRecord {
    const HEADS: &'static [&'static str] = &[
        "alpha",
        "temperature",
        "update",
        "neurons",
        "p",
        "samples",
        "escaped",
        "observable",
        "value",
        "error",
        "thermal_error",
        "sample_error",
        "tau",
        "n_eff",
    ];

    fn lines(&self) -> Vec<Vec<String>> {
        let mut lines = Vec::new();
        for point in &self.points {
            for estimate in &point.observables {
                lines.push(vec![
                    full(point.alpha),
                    full(point.temperature),
                    point.update.clone(),
                    point.neurons.to_string(),
                    point.p.to_string(),
                    point.samples.to_string(),
                    point.escaped.to_string(),
                    estimate.name.clone(),
                    full(estimate.value),
                    full(estimate.error),
                    full(estimate.thermal_error),
                    full(estimate.sample_error),
                    full(estimate.tau),
                    full(estimate.n_eff),
                ]);
            }
        }
        lines
    }
}

impl Tabular for ComparisonRecord {
    const HEADS: &'static [&'static str] = &[
        "alpha",
        "temperature",
        "update",
        "p",
        "observable",
        "theory",
        "simulation",
        "error",
        "z",
        "resolution",
        "verdict",
        "neurons",
        "extrapolated",
        "escaped",
    ];

    fn lines(&self) -> Vec<Vec<String>> {
        let line = |row: &mattis_model::record::ComparisonRow| {
            vec![
                full(row.alpha),
                full(row.temperature),
                row.update.clone(),
                row.p.to_string(),
                row.observable.clone(),
                full(row.theory),
                full(row.simulation),
                full(row.error),
                full(row.z),
                full(row.resolution),
                word::<Verdict>(&row.verdict),
                row.neurons.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
                flag(row.extrapolated),
                row.escaped.to_string(),
            ]
        };
        self.rows.iter().map(line).collect()
    }
}
