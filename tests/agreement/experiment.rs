//! A simulation at several sizes and the predictions for it.

use mattis_model::record::State;
use mattis_model::{Control, Load, Model};
use mattis_sim::{SampleResult, Simulation, Start};
use mattis_theory::{Guess, predict};

use crate::statistics::{AtSize, Deviation, Table};

/// The observables that theory and simulation share.
pub(crate) const OBSERVABLES: [&str; 3] = ["m", "q", "energy"];

/// Predicted observables.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values {
    pub(crate) m: f64,
    pub(crate) q: f64,
    pub(crate) energy: f64,
}

impl Values {
    pub(crate) fn of(&self, name: &str) -> f64 {
        match name {
            "m" => self.m,
            "q" => self.q,
            "energy" => self.energy,
            _ => panic!("no observable {name}"),
        }
    }
}

/// What the theory says of the state that a simulation starts in.
pub(crate) fn theory(model: &Model, control: Control) -> Values {
    let guesses = if model.stores_memories() {
        &[Guess::Retrieval][..]
    } else {
        &[Guess::SpinGlass, Guess::Paramagnet]
    };
    let state = guesses
        .iter()
        .find_map(|guess| predict(model, control, *guess).ok())
        .unwrap_or_else(|| panic!("no state of {model:?} at {control:?}"));
    Values {
        m: state.m.first().copied().unwrap_or(0.0),
        q: state.q,
        energy: state.energy.unwrap_or(f64::NAN),
    }
}

/// A state of a model.
pub(crate) fn state(model: &Model, control: Control, guess: Guess) -> State {
    predict(model, control, guess).unwrap_or_else(|error| panic!("{model:?} at {control:?}: {error}"))
}

/// An observable of a state, where it has it.
pub(crate) fn value(state: &State, name: &str) -> Option<f64> {
    match name {
        "m" => state.m.first().copied(),
        "m_1" | "m_2" | "m_3" => state.m.get(name[2..].parse::<usize>().ok()? - 1).copied(),
        "q" => Some(state.q),
        "energy" => state.energy,
        "activity" => Some(state.activity),
        "mean" => state.mean,
        "correlation" => state.correlation,
        "d" => state.d,
        _ => None,
    }
}

/// Enters one state for observables of a run, whatever the size.
pub(crate) fn enter(table: &mut Table, label: &str, run: &[Ensemble], theory: &State, names: &[&str]) {
    for name in names {
        let expected = value(theory, name).unwrap_or_else(|| panic!("{label}: no {name}"));
        let sizes = deviations(run, name, |_| expected);
        table.agrees(format!("{label} {name}"), Deviation::extrapolated(&sizes));
    }
}

/// An observable of the retrieval state of a model, as a function of the control.
pub(crate) fn retrieval<'a>(model: &'a Model, name: &'a str) -> impl Fn(Control) -> f64 + use<'a> {
    move |control| {
        let state = state(model, control, Guess::Retrieval);
        value(&state, name).unwrap_or_else(|| panic!("{model:?}: no {name}"))
    }
}

/// Enters the retrieval state of a model, at the load of each size.
pub(crate) fn enter_retrieval(
    table: &mut Table,
    label: &str,
    run: &[Ensemble],
    model: &Model,
    names: &[&str],
) {
    for name in names {
        let sizes = deviations(run, name, retrieval(model, name));
        table.agrees(format!("{label} {name}"), Deviation::extrapolated(&sizes));
    }
}

/// Enters a wrong theory of one observable.
pub(crate) fn enter_wrong(
    table: &mut Table,
    label: &str,
    run: &[Ensemble],
    name: &str,
    predicted: impl Fn(Control) -> f64,
) {
    table.rejects(label, Deviation::extrapolated(&deviations(run, name, predicted)));
}

/// A model with parts by their names.
pub(crate) fn model(name: &str, parts: &[(&str, &str)]) -> Model {
    let mut model = Model::named(name).expect("a model");
    for (part, text) in parts {
        match *part {
            "unit" => model.unit = text.parse().expect("a unit"),
            "patterns" => model.patterns = text.parse().expect("a law"),
            "rule" => model.rule = text.parse().expect("a rule"),
            "connectivity" => model.connectivity = text.parse().expect("a connectivity"),
            "field" => model.field = text.parse().expect("a field"),
            "self-coupling" => model.self_coupling = text.parse().expect("a diagonal"),
            "update" => model.update = text.parse().expect("an update"),
            _ => panic!("no part {part}"),
        }
    }
    model
}

/// A point, how it is run, and the seed that stays what it is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan<'a> {
    pub(crate) control: Control,
    /// N and the number of disorder samples.
    pub(crate) sizes: &'a [(usize, usize)],
    pub(crate) burn_in: usize,
    pub(crate) sweeps: usize,
    pub(crate) seed: u64,
}

/// All samples of one size.
pub(crate) struct Ensemble {
    pub(crate) neurons: usize,
    /// What finite-size effects are inversely proportional to: the number of inputs where it grows, else N.
    pub(crate) scale: f64,
    /// The control as simulated, load p/C.
    pub(crate) control: Control,
    samples: Vec<SampleResult>,
}

impl Plan<'_> {
    /// Runs a model. Escapes are entered into the table, which they make fail.
    pub(crate) fn run(&self, table: &mut Table, model: &Model) -> Vec<Ensemble> {
        self.run_from(table, model, None)
    }

    /// The same from a start of its own.
    pub(crate) fn run_from(&self, table: &mut Table, model: &Model, start: Option<Start>) -> Vec<Ensemble> {
        let mut one = |&(neurons, count): &(usize, usize)| {
            let samples = start
                .into_iter()
                .fold(Simulation::new(model), Simulation::start)
                .at(self.control)
                .sizes([neurons])
                .samples(count)
                .burn_in(self.burn_in)
                .sweeps(self.sweeps)
                .seed(self.seed)
                .run_samples()
                .expect("a model that is simulated");
            let escaped = samples.iter().filter(|sample| sample.escaped).count();
            if escaped > 0 {
                table.fails(format!(
                    "{escaped} of {count} runs of N = {neurons} escaped at {:?}",
                    self.control
                ));
            }
            let inputs = model.connectivity.value().inputs(neurons);
            let load = match (self.control.load, samples[0].p) {
                (Load::Extensive(_), p) => Load::Extensive(p as f64 / inputs),
                (load, _) => load,
            };
            let grows = model.connectivity.value().inputs(2 * neurons) > inputs;
            let scale = if grows { inputs } else { neurons as f64 };
            Ensemble { neurons, scale, control: Control { load, ..self.control }, samples }
        };
        self.sizes.iter().map(&mut one).collect()
    }
}

/// Simulated less predicted, by size and sample.
pub(crate) fn deviations(run: &[Ensemble], name: &str, predicted: impl Fn(Control) -> f64) -> Vec<AtSize> {
    run.iter()
        .map(|size| {
            let expected = predicted(size.control);
            let value = |sample: &SampleResult| sample.mean(name).expect("measured") - expected;
            AtSize {
                neurons: size.neurons,
                scale: size.scale,
                values: size.samples.iter().map(value).collect(),
            }
        })
        .collect()
}

/// First less second on the same disorder samples, less what is predicted of the difference.
pub(crate) fn differences(
    first: &[Ensemble],
    second: &[Ensemble],
    name: &str,
    predicted: impl Fn(Control) -> f64,
) -> Vec<AtSize> {
    let of = |run: &[Ensemble]| deviations(run, name, |_| 0.0);
    let controls = first.iter().map(|size| size.control);
    of(first)
        .into_iter()
        .zip(of(second))
        .zip(controls)
        .map(|((a, b), control)| {
            let expected = predicted(control);
            let values = a.values.iter().zip(b.values).map(|(a, b)| a - b - expected).collect();
            AtSize { values, ..a }
        })
        .collect()
}

/// Runs a model and enters its own theory for every observable.
pub(crate) fn enter_own_theory(
    table: &mut Table,
    label: &str,
    model: &Model,
    plan: &Plan<'_>,
) -> Vec<Ensemble> {
    let run = plan.run(table, model);
    for name in OBSERVABLES {
        if name == "m" && !model.stores_memories() {
            continue;
        }
        let sizes = deviations(&run, name, |control| theory(model, control).of(name));
        table.agrees(format!("{label} {name}"), Deviation::extrapolated(&sizes));
    }
    run
}
