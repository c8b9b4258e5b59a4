//! Two layers between Boolean and Gaussian.

use mattis_model::{Control, TwoLayers};
use mattis_sim::two_layers::TwoLayerSimulation;
use mattis_sim::{SampleResult, statistics::mean};
use mattis_theory::Guess;
use mattis_theory::two_layers::TwoLayerTheory;

use crate::experiment::value;
use crate::statistics::{AtSize, Deviation, Table};

/// N and the number of disorder samples.
type Sizes = &'static [(usize, usize)];

const QUICK: Sizes = &[(500, 48), (1000, 48), (2000, 24)];
const USUAL: Sizes = &[(2000, 48), (4000, 32), (8000, 16)];
/// Where few hidden units make corrections in 1/N large.
const LARGE: Sizes = &[(4000, 32), (8000, 24), (16000, 12)];

const fn machine(visible: f64, hidden: f64, weights: f64) -> TwoLayers {
    TwoLayers { visible, hidden, weights }
}

/// Samples of one size, and the load M/N.
struct Size {
    neurons: usize,
    alpha: f64,
    samples: Vec<SampleResult>,
}

/// A run at (α, T), whose escapes make the table fail.
fn run(table: &mut Table, machine: TwoLayers, (alpha, t): (f64, f64), sizes: Sizes, seed: u64) -> Vec<Size> {
    let one = |&(neurons, count): &(usize, usize)| {
        let samples = TwoLayerSimulation::new(&machine)
            .at(Control::new(alpha, t))
            .sizes([neurons])
            .samples(count)
            .burn_in(100)
            .sweeps(80)
            .seed(seed)
            .run_samples()
            .expect("a machine that is simulated");
        let alpha = samples[0].p as f64 / neurons as f64;
        Size { neurons, alpha, samples }
    };
    let run: Vec<Size> = sizes.iter().map(one).collect();
    for size in &run {
        let escaped = size.samples.iter().filter(|sample| sample.escaped).count();
        if escaped > 0 {
            table.fails(format!("{escaped} runs of N = {} escaped: {machine}, T = {t}", size.neurons));
        }
    }
    run
}

/// Simulated less predicted of a machine at T. The load of each size is its own, and so is the term of order
/// N^(−1/2), which no straight line in 1/N would remove.
fn deviation(run: &[Size], name: &str, machine: TwoLayers, t: f64) -> Deviation {
    let sizes: Vec<AtSize> = run
        .iter()
        .map(|size| {
            let theory = TwoLayerTheory::of_size(&machine, size.neurons).expect("a machine");
            let state = theory.solve(Control::new(size.alpha, t), Guess::Retrieval);
            let state = state.unwrap_or_else(|error| panic!("{machine}: {error}"));
            let predicted = if name == "r" { state.r } else { value(&state, name) }.expect("predicted");
            let off = |sample: &SampleResult| sample.mean(name).expect("measured") - predicted;
            let values = size.samples.iter().map(off).collect();
            AtSize { neurons: size.neurons, scale: size.neurons as f64, values }
        })
        .collect();
    Deviation::extrapolated(&sizes)
}

fn theory(machine: TwoLayers) -> TwoLayerTheory {
    TwoLayerTheory::new(&machine).expect("a machine")
}

/// Runs a machine and enters its own theory; theories of `wrong` machines and temperatures must fail in m.
fn enter(
    table: &mut Table,
    machine: TwoLayers,
    (alpha, t): (f64, f64),
    sizes: Sizes,
    seed: u64,
    wrong: &[(&str, TwoLayers, f64)],
) {
    let label = format!("{} {} {} ({alpha}, {t})", machine.visible, machine.hidden, machine.weights);
    let run = run(table, machine, (alpha, t), sizes, seed);
    for name in ["m", "q", "r", "activity"] {
        // Of ±1 units the activity is 1.
        if name != "activity" || machine.visible > 0.0 {
            table.agrees(format!("{label} {name}"), deviation(&run, name, machine, t));
        }
    }
    for (what, machine, t) in wrong {
        table.rejects(format!("{label} m, {what}"), deviation(&run, "m", *machine, *t));
    }
}

/// What is wrong about Ω_τ = 0.75, T = 0.3: the Hopfield model, and the one with the signal of Ω_τ alone.
const NOT_THREE_QUARTERS: [(&str, TwoLayers, f64); 2] =
    [("Hopfield", TwoLayers::HOPFIELD, 0.3), ("Hopfield at T/Ω_τ", TwoLayers::HOPFIELD, 0.4)];

#[test]
fn retrieval_in_seconds() {
    let mut table = Table::default();
    enter(&mut table, machine(0.0, 1.0, 0.0), (0.02, 0.5), QUICK, 301, &[]);
    enter(&mut table, machine(0.0, 0.75, 0.0), (0.02, 0.3), QUICK, 302, &NOT_THREE_QUARTERS);
    enter(&mut table, machine(0.0, 0.5, 0.0), (0.014, 0.2), QUICK, 303, &[]);
    table.judge();
}

#[test]
#[ignore = "minutes: six machines, N to 16000"]
fn retrieval_of_six_machines() {
    let mut table = Table::default();
    enter(&mut table, machine(0.0, 1.0, 0.0), (0.03, 0.5), USUAL, 311, &[]);
    enter(&mut table, machine(0.0, 0.75, 0.0), (0.03, 0.3), USUAL, 312, &NOT_THREE_QUARTERS);
    enter(&mut table, machine(0.0, 0.5, 0.0), (0.015, 0.2), USUAL, 313, &[]);
    enter(&mut table, machine(0.0, 0.25, 0.0), (0.005, 0.1), LARGE, 314, &[]);
    let boolean = [("Boolean weights", TwoLayers::HOPFIELD, 0.2)];
    enter(&mut table, machine(0.0, 1.0, 0.25), (0.005, 0.2), LARGE, 315, &boolean);
    let visible = [("Boolean visible units", machine(0.0, 0.75, 0.0), 0.4)];
    enter(&mut table, machine(0.1, 0.75, 0.0), (0.01, 0.4), LARGE, 316, &visible);
    table.judge();
}

/// Beyond its capacity a machine loses its memory although the Hopfield model would keep it, and below it keeps it.
#[test]
fn the_end_of_retrieval_is_where_the_machine_says() {
    let (machine, t) = (machine(0.0, 0.5, 0.0), 0.1);
    let end = theory(machine).capacity(t).expect("T").expect("a capacity").alpha;
    let hopfield = theory(TwoLayers::HOPFIELD).capacity(t).expect("T").expect("a capacity").alpha;
    let overlap = |alpha: f64| {
        let samples = TwoLayerSimulation::new(&machine)
            .at(Control::new(alpha, t))
            .sizes([1000])
            .samples(8)
            .burn_in(400)
            .sweeps(100)
            .run_samples()
            .expect("a run");
        mean(&samples.iter().map(|sample| sample.mean("m").expect("measured")).collect::<Vec<_>>())
    };
    let (below, beyond) = (0.6 * end, 1.6 * end);
    assert!(beyond < hopfield, "{beyond} is beyond the Hopfield model, too");
    let [kept, lost] = [overlap(below), overlap(beyond)].map(|m| m.expect("samples"));
    assert!(kept > 0.9 && lost < 0.6, "m = {kept} below, {lost} beyond");
}
