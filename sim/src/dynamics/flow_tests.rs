//! The flow of real-valued units: its energy falls, it ends where the other updates do, and Euler's step is
//! the parallel update.

use std::sync::Arc;

use mattis_model::{CouplingLaw, Model};

use super::*;
use crate::network::{
    ContinuousNetwork, Couplings, Inhibited, Interaction, Links, Matrix, Overlaps, RealMemories, Sparse,
};
use crate::random::unit_interval;

const SOURCE: Source = Source { seed: 31, sample: 2 };

fn model(unit: &str, update: &str, field: &str) -> Model {
    let model = Model::hopfield().with_unit(unit.parse().unwrap()).with_update(update.parse().unwrap());
    model.with_field(field.parse().unwrap())
}

fn memories(law: &str, rule: &str, neurons: usize, count: usize) -> Arc<RealMemories> {
    let model = Model::hopfield().with_patterns(law.parse().unwrap()).with_rule(rule.parse().unwrap());
    Arc::new(RealMemories::draw(&model, neurons, count, SOURCE).unwrap())
}

/// Values spread over [low, high], others for every number.
fn spread(neurons: usize, number: u32, low: f64, high: f64) -> Vec<f64> {
    let words = SOURCE.stream(Purpose::Start, number, 7).take(neurons);
    words.map(|word| low + (high - low) * unit_interval(word)).collect()
}

/// −½ Σ J_ij s_i s_j − ½ J_ii Σ s_i² + Σ [V(s_i) − h s_i] − Σ b_i s_i.
fn energy<I: Interaction>(flow: &Flow, network: &ContinuousNetwork<I>, values: &[f64]) -> f64 {
    let mut there = network.clone();
    there.load(values);
    let single: f64 = values.iter().map(|s| flow.single(*s) - 0.5 * flow.diagonal() * s * s).sum();
    there.coupling_energy() + there.shift_energy() + single
}

/// Energies along the flow until rest, which must be reached.
fn fall<I: Interaction>(flow: &mut Flow, network: &mut ContinuousNetwork<I>, label: &str) -> Vec<f64> {
    let still = network.clone();
    let mut energies = vec![energy(flow, &still, still.values())];
    let judge = flow.clone();
    for _ in 0..4000 {
        let step = flow.pass(network, 1.0, |values| energies.push(energy(&judge, &still, values)));
        if flow.is_frozen(network, &step) {
            return energies;
        }
    }
    panic!("{label}: no rest");
}

fn assert_falls(energies: &[f64], label: &str) {
    let size = energies.iter().fold(1.0, |most: f64, e| most.max(e.abs()));
    for pair in energies.windows(2) {
        assert!(pair[1] <= pair[0] + 1e-13 * size, "{label}: {} after {}", pair[1], pair[0]);
    }
    let total = energies[0] - energies[energies.len() - 1];
    assert!(total > 1e-3, "{label}: the start was at rest, {total}");
}

fn falls_from<I: Interaction>(interaction: &I, model: &Model, diagonal: f64, shifted: bool, label: &str) {
    let flow = Flow::new(model, Dynamics::HeatBath, diagonal, 0.0).unwrap();
    let (low, high) = flow.domain();
    for number in 0..4 {
        let network = ContinuousNetwork::new(interaction.clone());
        let mut network = if shifted { network.with_row_sums() } else { network };
        network.load(&spread(network.values().len(), number, low, high.min(3.0)));
        assert_falls(&fall(&mut flow.clone(), &mut network, label), label);
    }
}

/// Graded and threshold-linear units, with and without their own coupling, on every symmetric network.
#[test]
fn energies_fall_along_the_flow() {
    let (neurons, count) = (60, 9);
    for (unit, law, rule) in [
        ("graded:gain=3", "rademacher", "hebb"),
        ("graded:gain=8:threshold=0.05", "gaussian", "hebb"),
        ("graded:gain=40", "rademacher", "quadratic-form:matrix=-1"),
        ("graded:gain=12", "sparse", "covariance"),
        ("threshold-linear:gain=0.8:threshold=-0.1", "sparse", "covariance"),
        ("threshold-linear:gain=1.2:threshold=0.02", "ternary", "covariance"),
    ] {
        let form =
            matches!(rule.parse::<mattis_model::Rule>().unwrap().value(), CouplingLaw::QuadraticForm(_));
        let drawn = memories(law, rule, neurons, if form { 1 } else { count });
        for diagonal in [0.0, 0.1, -0.3] {
            for field in ["none", "external:h=0.1"] {
                let model = model(unit, "continuous", field);
                let label = format!("{unit}, {law}, {rule}, {diagonal}, {field}");
                falls_from(&Overlaps::new(Arc::clone(&drawn)), &model, diagonal, false, &label);
                let topology = "diluted:c=0.4".parse::<mattis_model::Connectivity>().unwrap();
                let links = Links::draw(*topology.value(), &drawn, SOURCE).unwrap();
                let sparse = Sparse::new(Arc::new(links), Arc::clone(&drawn));
                falls_from(&sparse, &model, diagonal, false, &label);
            }
            let field = "inhibition:strength=0.7";
            let inhibited = Inhibited::new(Overlaps::new(Arc::clone(&drawn)), 0.7);
            let own = diagonal - 0.7 / neurons as f64;
            falls_from(&inhibited, &model(unit, "continuous", field), own, false, unit);
            let bias = model(unit, "continuous", "postsynaptic:u=0.05");
            falls_from(&Overlaps::new(Arc::clone(&drawn)), &bias, diagonal, true, unit);
        }
    }
    let couplings = Arc::new(Couplings::gaussian(neurons, 1.0, SOURCE).unwrap());
    falls_from(
        &Matrix::new(couplings, None),
        &model("graded:gain=4", "continuous", "none"),
        0.2,
        false,
        "sk",
    );
}

/// Negative control: two units, one that follows and one that flees, run in a circle, and nothing falls for ever.
#[test]
fn asymmetric_networks_have_no_such_energy() {
    let couplings = Couplings::given(2, &[0.0, 2.0, -2.0, 0.0]).unwrap();
    let mut network = ContinuousNetwork::new(Matrix::new(Arc::new(couplings), None));
    network.load(&[0.3, 0.1]);
    let model = model("graded:gain=3", "continuous", "none");
    let mut flow = Flow::new(&model, Dynamics::HeatBath, 1.5, 0.0).unwrap();
    let (judge, still) = (flow.clone(), network.clone());
    let mut energies = Vec::new();
    flow.pass(&mut network, 30.0, |values| energies.push(energy(&judge, &still, values)));
    assert!(energies.windows(2).any(|pair| pair[1] > pair[0] + 1e-3), "{energies:?}");
}

/// `fields_at` of an interaction, whatever is cached.
fn check<I: Interaction>(interaction: I, values: &[f64]) {
    let mut network = ContinuousNetwork::new(interaction).with_row_sums();
    let mut at_once = vec![f64::NAN; values.len()];
    // Whatever is cached.
    network.load(&spread(values.len(), 2, 0.0, 1.0));
    network.fields_at(values, &mut at_once);
    network.load(values);
    for (site, field) in at_once.iter().enumerate() {
        assert!((field - network.field(site)).abs() < 1e-13, "{site}: {field}");
    }
}

/// All fields at once are those one by one.
#[test]
fn fields_of_all_units_are_those_of_each() {
    let neurons = 45;
    let drawn = memories("ternary", "covariance", neurons, 7);
    let values = spread(neurons, 1, -2.0, 2.0);
    check(Overlaps::new(Arc::clone(&drawn)), &values);
    check(Inhibited::new(Overlaps::new(Arc::clone(&drawn)), 0.4), &values);
    check(Matrix::new(Arc::new(Couplings::gaussian(neurons, 1.0, SOURCE).unwrap()), None), &values);
    for text in ["diluted:c=0.3", "diluted:c=0.3:symmetric=false", "extreme:inputs=5", "finite:degree=2.5"] {
        let topology = text.parse::<mattis_model::Connectivity>().unwrap();
        let links = Arc::new(Links::draw(*topology.value(), &drawn, SOURCE).unwrap());
        check(Sparse::new(links, Arc::clone(&drawn)), &values);
    }
}

/// s + ds/dt is the parallel map; the flow, parallel and sequential updates have the same states at rest.
#[test]
fn euler_with_step_one_is_the_parallel_update() {
    let neurons = 80;
    for (unit, diagonal, field) in [
        ("graded:gain=3", 0.0, "none"),
        ("graded:gain=3", 0.2, "external:h=-0.1"),
        ("threshold-linear:gain=0.7:threshold=-0.2", -0.1, "none"),
    ] {
        let drawn = memories("rademacher", "hebb", neurons, 6);
        let flow = Flow::new(&model(unit, "continuous", field), Dynamics::HeatBath, diagonal, 0.0).unwrap();
        let parallel = model(unit, "parallel", field);
        let mut engine =
            ContinuousEngine::new(&parallel, Dynamics::HeatBath, Order::Random, diagonal, 0.0).unwrap();
        let mut network = ContinuousNetwork::new(Overlaps::new(Arc::clone(&drawn)));
        let (low, high) = flow.domain();
        network.load(&spread(neurons, 3, low, high.min(2.0)));
        let mut slopes = vec![0.0; neurons];
        for sweep in 0..20 {
            let before = network.values().to_vec();
            flow.slopes(&network, &before, &mut slopes);
            engine.sweep(&mut network, SOURCE, 0, sweep);
            for ((old, slope), new) in before.iter().zip(&slopes).zip(network.values()) {
                assert!((old + slope - new).abs() < 1e-13, "{unit}: {old} + {slope} is not {new}");
            }
        }
        network.load(&(0..neurons).map(|i| drawn.component(0, i).max(low)).collect::<Vec<f64>>());
        let mut ends = Vec::new();
        for update in ["continuous", "parallel", "sequential"] {
            let model = model(unit, update, field);
            let mut there = network.clone();
            let mut rest = false;
            if update == "continuous" {
                let mut flow = flow.clone();
                for sweep in 0..400 {
                    let step = flow.sweep(&mut there, SOURCE, 0, sweep);
                    rest |= flow.is_frozen(&there, &step);
                }
            } else {
                let mut engine =
                    ContinuousEngine::new(&model, Dynamics::HeatBath, Order::Random, diagonal, 0.0).unwrap();
                for sweep in 0..400 {
                    let step = engine.sweep(&mut there, SOURCE, 0, sweep);
                    rest |= engine.is_frozen(&there, &step);
                }
            }
            assert!(rest, "{unit} {update}");
            ends.push(there.values().to_vec());
        }
        for end in &ends[1..] {
            let most = end.iter().zip(&ends[0]).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            assert!(most < 1e-8, "{unit}: {most}");
        }
    }
}

/// How far a network with J_ii = 0 still moves in one and in two parallel updates, per unit and squared.
fn ends(gain: f64, rule: &str, count: usize) -> (f64, f64) {
    let neurons = 400;
    let model = model(&format!("graded:gain={gain}"), "parallel", "none");
    let drawn = memories("rademacher", rule, neurons, count);
    let mut engine = ContinuousEngine::new(&model, Dynamics::HeatBath, Order::Random, 0.0, 0.0).unwrap();
    let mut network = ContinuousNetwork::new(Overlaps::new(drawn));
    network.load(&spread(neurons, 4, -1.0, 1.0));
    let mut past = [Vec::new(), Vec::new()];
    for sweep in 0..3000 {
        past.swap(0, 1);
        past[0] = network.values().to_vec();
        engine.sweep(&mut network, SOURCE, 0, sweep);
    }
    let apart = |a: &[f64]| {
        network.values().iter().zip(a).map(|(x, y)| (x - y) * (x - y)).sum::<f64>() / neurons as f64
    };
    (apart(&past[0]), apart(&past[1]))
}

/// All at once, units may overshoot for ever, but only if −g times the lowest eigenvalue exceeds 1: −α for Hebb
/// couplings, −1 for the negative of one memory. The flow never does.
#[test]
fn parallel_updates_may_cycle_where_the_flow_rests() {
    for (gain, rule, count) in [(9.0, "hebb", 40), (3.2, "hebb", 120), (0.9, "quadratic-form:matrix=-1", 1)] {
        let (one, two) = ends(gain, rule, count);
        assert!(one < 1e-20 && two < 1e-20, "{rule}, g = {gain}: {one} {two}");
    }
    let (one, two) = ends(1.5, "quadratic-form:matrix=-1", 1);
    assert!(one > 1.0 && two < 1e-20, "{one} {two}");
    // A pair that repels itself: J = −1, g = 2 > 1. From equal values both change together.
    let couplings = Arc::new(Couplings::given(2, &[0.0, -1.0, -1.0, 0.0]).unwrap());
    let start = [0.6, 0.6];
    let run = |update: &str| {
        let model = model("graded:gain=2", update, "none");
        let mut network = ContinuousNetwork::new(Matrix::new(Arc::clone(&couplings), None));
        network.load(&start);
        let mut ends = Vec::new();
        for sweep in 0..200 {
            if update == "parallel" {
                let mut engine =
                    ContinuousEngine::new(&model, Dynamics::HeatBath, Order::Random, 0.0, 0.0).unwrap();
                engine.sweep(&mut network, SOURCE, 0, sweep);
            } else {
                let mut flow = Flow::new(&model, Dynamics::HeatBath, 0.0, 0.0).unwrap();
                flow.sweep(&mut network, SOURCE, 0, sweep);
            }
            ends.push(network.values()[0]);
        }
        ends
    };
    let parallel = run("parallel");
    let (last, before) = (parallel[199], parallel[198]);
    assert!((last + before).abs() < 1e-12 && last.abs() > 0.9, "{last} {before}");
    // m = tanh 2m.
    assert!((last.abs() - (2.0 * last.abs()).tanh()).abs() < 1e-12);
    let flow = run("continuous");
    assert!(flow[199].abs() < 1e-6, "{}", flow[199]);
}

/// The flow of one unit that couples to itself, s' = tanh(g J s) − s, and of one memory, m' = tanh(g m) − m,
/// against the integral t = ∫ dm/(tanh(g m) − m) by the midpoint rule.
#[test]
fn trajectories_are_those_of_the_equation() {
    let (gain, start, end) = (2.0, 0.1, 0.9);
    let cells = 400_000;
    let width = (end - start) / f64::from(cells);
    let middle = |k: i32| start + (f64::from(k) + 0.5) * width;
    let time: f64 = (0..cells).map(middle).map(|m| width / ((gain * m).tanh() - m)).sum();
    let model = model("graded:gain=2", "continuous", "none");
    for neurons in [2, 50] {
        let drawn = memories("rademacher", "hebb", neurons, 1);
        let mut flow = Flow::new(&model, Dynamics::HeatBath, 1.0 / neurons as f64, 0.0).unwrap();
        let mut network = ContinuousNetwork::new(Overlaps::new(Arc::clone(&drawn)));
        network.load(&(0..neurons).map(|i| start * drawn.component(0, i)).collect::<Vec<f64>>());
        flow.pass(&mut network, time, |_| ());
        for (i, s) in network.values().iter().enumerate() {
            let m = s * drawn.component(0, i);
            assert!((m - end).abs() < 1e-6, "{m}");
        }
    }
}

#[test]
fn what_has_no_flow_says_why() {
    let refused = |unit: &str, update: &str, dynamics, temperature| {
        Flow::new(&model(unit, update, "none"), dynamics, 0.0, temperature).unwrap_err().to_string()
    };
    for (message, word) in [
        (refused("graded", "continuous", Dynamics::HeatBath, 0.2), "no noise"),
        (refused("ising", "continuous", Dynamics::HeatBath, 0.0), "no interval"),
        (refused("graded", "parallel", Dynamics::HeatBath, 0.0), "no flow"),
        (refused("graded", "continuous", Dynamics::Metropolis, 0.0), "heat-bath"),
    ] {
        assert!(message.contains(word) && !message.contains('\n'), "{message}");
    }
}
