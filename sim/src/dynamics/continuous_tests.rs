//! Real-valued units against their measure, summed on a grid of its own.

use std::sync::Arc;

use mattis_model::address::Purpose;

use super::*;
use crate::network::{
    ContinuousNetwork, Couplings, Inhibited, Matrix, Overlaps, RealMemories, RealNetwork, Shifted,
};
use crate::statistics::{autocorrelation, mean};

const SOURCE: Source = Source { seed: 12, sample: 1 };

fn model(unit: &str, update: &str, field: &str) -> Model {
    let model = Model::hopfield().with_unit(unit.parse().unwrap()).with_update(update.parse().unwrap());
    model.with_field(field.parse().unwrap())
}

/// Cells of the midpoint rule, with s = −cos θ so that the ends are resolved.
fn grid(cells: usize) -> impl Iterator<Item = (f64, f64)> {
    let step = std::f64::consts::PI / cells as f64;
    (0..cells).map(move |k| {
        let angle = (k as f64 + 0.5) * step;
        (-angle.cos(), angle.sin() * step)
    })
}

/// V of the graded unit by its definition, ∫₀^s artanh(x) dx/g + θ s.
fn potential(gain: f64, threshold: f64, s: f64) -> f64 {
    let entropy = s * s.atanh() + 0.5 * (1.0 - s * s).ln();
    entropy / gain + threshold * s
}

const CASES: [(f64, f64, f64, f64, f64); 7] = [
    // gain, threshold, h, Γ, T
    (2.0, 0.0, 0.0, 0.0, 0.3),
    (2.0, 0.1, 0.9, 0.0, 0.3),
    (5.0, 0.0, -0.4, 0.25, 0.05),
    (1.0, -0.2, 0.3, -0.5, 1.5),
    (20.0, 0.0, 1.0, 0.0, 0.01),
    (2.0, 0.0, 0.1, 1.5, 0.1),
    (3.0, 0.0, 0.2, 0.0, 1e-4),
];

/// The frequencies of 40000 draws in twelve cells of equal probability: χ² of eleven degrees of freedom.
#[test]
fn draws_follow_the_measure() {
    for (case, (gain, threshold, h, reaction, temperature)) in (0..).zip(CASES) {
        let height = |s: f64| 0.5 * reaction * s * s - potential(gain, threshold, s);
        let action = |s: f64| (h * s + height(s)) / temperature;
        let top = grid(400_000).map(|(s, _)| action(s)).fold(f64::NEG_INFINITY, f64::max);
        let mut total = 0.0;
        let sums: Vec<(f64, f64)> = grid(400_000)
            .map(|(s, width)| {
                total += width * (action(s) - top).exp();
                (s, total)
            })
            .collect();
        let edges: Vec<f64> =
            (1..12).map(|k| sums[sums.partition_point(|c| c.1 < total * f64::from(k) / 12.0)].0).collect();
        let unit = format!("graded:gain={gain}:threshold={threshold}");
        let model = model(&unit, "sequential", "none");
        let engine =
            ContinuousEngine::new(&model, Dynamics::HeatBath, Order::Random, reaction, temperature).unwrap();
        let mut counts = [0.0_f64; 12];
        for word in SOURCE.stream(Purpose::Update, case, 0).take(40_000) {
            counts[edges.partition_point(|edge| *edge < engine.next(h, word))] += 1.0;
        }
        let expected = 40_000.0 / 12.0;
        let square: f64 = counts.iter().map(|count| (count - expected).powi(2) / expected).sum();
        // P(χ²₁₁ > 36) = 2e-4.
        assert!(
            square < 36.0,
            "{unit}, h = {h}, Γ = {reaction}, T = {temperature}: χ² = {square}, {counts:?}"
        );
        let sampler =
            Sampler::new((-1.0, 1.0), |s| 0.5 * reaction * s * s - model.unit.potential(s), temperature);
        let excess = sampler.unwrap().excess(|s| 0.5 * reaction * s * s - model.unit.potential(s));
        assert!(excess <= 1e-9, "{unit}: the density is {excess} above its hull");
    }
}

#[test]
fn what_is_not_offered_says_why() {
    let refused = |unit: &str, dynamics, temperature| {
        let model = model(unit, "sequential", "none");
        ContinuousEngine::new(&model, dynamics, Order::Random, 0.0, temperature).unwrap_err().to_string()
    };
    assert!(refused("graded", Dynamics::Metropolis, 0.3).contains("heat-bath"));
    assert!(refused("ising", Dynamics::HeatBath, 0.3).contains("fill no interval"));
    assert!(refused("graded", Dynamics::HeatBath, 1e-12).contains("T = 0, which is exact"));
}

/// One memory, T = 0: m = tanh[g(1 − 1/N)m] for J_ii = 0, whatever the update; with J_ii = 1/N the mean field.
#[test]
fn the_input_output_relation_holds_at_rest() {
    let neurons = 40;
    let memories = Arc::new(RealMemories::draw(&Model::hopfield(), neurons, 1, SOURCE).unwrap());
    for update in ["sequential", "parallel"] {
        for diagonal in [0.0, 1.0 / 40.0] {
            let model = model("graded:gain=1.6", update, "none");
            let mut engine =
                ContinuousEngine::new(&model, Dynamics::HeatBath, Order::Sweep, diagonal, 0.0).unwrap();
            let mut network = ContinuousNetwork::new(Overlaps::new(Arc::clone(&memories)));
            network.load(&(0..neurons).map(|i| memories.component(0, i)).collect::<Vec<f64>>());
            let mut rest = 0;
            while rest < 400 {
                let step = engine.sweep(&mut network, SOURCE, 0, rest);
                rest += 1;
                if engine.is_frozen(&network, &step) {
                    break;
                }
            }
            let mut m = [0.0];
            network.overlaps(&mut m);
            let slope = 1.6 * (1.0 - 1.0 / 40.0 + diagonal);
            let mut exact = 1.0;
            (0..2000).for_each(|_| exact = f64::tanh(slope * exact));
            assert!(
                (m[0] - exact).abs() < 1e-11 && rest < 400,
                "{update} {diagonal}: {} {exact} {rest}",
                m[0]
            );
        }
    }
}

/// Two units in every kind of field: energies of a long run against the integral over the square. The
/// parallel law has the density ∏ ∫ ds exp{[(h_i + b_i)s + b_i s_i − V(s_i) − V(s)]/T}, h with the diagonal.
#[test]
fn runs_have_the_averages_of_their_law() {
    let (coupling, diagonal, field, temperature, gain) = (0.6, 0.3, 0.15, 0.4, 2.0);
    let couplings = Couplings::given(2, &[0.0, coupling, coupling, 0.0]).unwrap();
    let couplings = Arc::new(couplings);
    let v = |s: f64| potential(gain, 0.0, s);
    let points: Vec<(f64, f64)> = grid(160).collect();
    for (update, shifted) in
        [("sequential", false), ("sequential", true), ("parallel", false), ("parallel", true)]
    {
        let b = if shifted { coupling - field } else { field };
        let log = |x: f64, y: f64| {
            let single = b * (x + y) - v(x) - v(y);
            if update == "sequential" {
                return (coupling * x * y + 0.5 * diagonal * (x * x + y * y) + single) / temperature;
            }
            let z = |h: f64| {
                points.iter().map(|(s, w)| w * (((h + b) * s - v(*s)) / temperature).exp()).sum::<f64>()
            };
            single / temperature + (z(coupling * y + diagonal * x) * z(coupling * x + diagonal * y)).ln()
        };
        let (mut total, mut first, mut product) = (0.0, 0.0, 0.0);
        for (x, wx) in &points {
            for (y, wy) in &points {
                let weight = wx * wy * log(*x, *y).exp();
                total += weight;
                first += weight * x;
                product += weight * x * y;
            }
        }
        let text = if shifted { format!("postsynaptic:u={field}") } else { format!("external:h={field}") };
        let model = model(&format!("graded:gain={gain}"), update, &text);
        for order in [Order::Random, Order::Sweep] {
            let mut engine =
                ContinuousEngine::new(&model, Dynamics::HeatBath, order, diagonal, temperature).unwrap();
            let network = ContinuousNetwork::new(Matrix::new(Arc::clone(&couplings), None));
            let mut network = if shifted { network.with_row_sums() } else { network };
            let (mut means, mut products) = (Vec::new(), Vec::new());
            for sweep in 0..40_000 {
                engine.sweep(&mut network, SOURCE, 0, sweep);
                means.push(0.5 * (network.values()[0] + network.values()[1]));
                products.push(network.values()[0] * network.values()[1]);
            }
            for (series, exact) in [(means, first / total), (products, product / total)] {
                let error = autocorrelation(&series).unwrap().error;
                let z = (mean(&series).unwrap() - exact) / error;
                assert!(z.abs() < 4.0 && error < 0.01, "{update} {text} {order}: z = {z}, exact {exact}");
            }
        }
    }
}

/// −Σ s_i′ J_ij s_j − Σ b_i (s_i + s_i′) + Σ [V(s_i) + V(s_i′)] over all pairs, b_i = Σ_{j≠i} J_ij − U.
#[test]
fn two_time_energies_count_fields_at_both_times() {
    let (neurons, diagonal, threshold) = (12, 0.25, 0.3);
    let patterns = Model::hopfield().with_patterns("gaussian".parse().unwrap());
    let memories = Arc::new(RealMemories::draw(&patterns, neurons, 2, SOURCE).unwrap());
    let expected = |old: &[f64], new: &[f64], potential: &dyn Fn(f64) -> f64| {
        let mut energy = 0.0;
        for i in 0..neurons {
            let own = diagonal * old[i] * new[i];
            energy += potential(old[i]) + potential(new[i]) + threshold * (old[i] + new[i]) - own;
            for j in (0..neurons).filter(|j| *j != i) {
                energy -= memories.coupling(i, j) * (new[i] * old[j] + old[i] + new[i]);
            }
        }
        energy
    };
    for name in ["three-state:crystal-field=0.2", "binary:threshold=0.1", "ising"] {
        let model = model(name, "parallel", "postsynaptic:u=0.3");
        let levels = model.unit.levels();
        let network = RealNetwork::new(Arc::clone(&memories), &model.unit).unwrap();
        let mut network = Shifted::by_row_sums(network);
        let mut engine = Engine::new(&model, Dynamics::HeatBath, Order::Random, diagonal, 0.7).unwrap();
        for sweep in 0..5 {
            let values = |states: &[u8]| states.iter().map(|l| levels[usize::from(*l)]).collect::<Vec<f64>>();
            let old = values(network.states());
            let found = engine.sweep(&mut network, SOURCE, 0, sweep).two_time_energy.unwrap();
            let exact = expected(&old, &values(network.states()), &|s| model.unit.potential(s));
            assert!((found - exact).abs() < 1e-12, "{name}: {found} {exact}");
        }
    }
    let model = model("graded", "parallel", "postsynaptic:u=0.3");
    let mut engine = ContinuousEngine::new(&model, Dynamics::HeatBath, Order::Random, diagonal, 0.7).unwrap();
    let mut network = ContinuousNetwork::new(Overlaps::new(Arc::clone(&memories))).with_row_sums();
    for sweep in 0..5 {
        let old = network.values().to_vec();
        let found = engine.sweep(&mut network, SOURCE, 0, sweep).two_time_energy.unwrap();
        let exact = expected(&old, network.values(), &|s| model.unit.potential(s));
        assert!((found - exact).abs() < 1e-12, "graded: {found} {exact}");
    }
}

/// Threshold-linear units on 0/1 memories of activity 0.1 with inhibition k: 12 (0.081 A − 0.1 k A + 0.1) is the
/// rate A of the active units, near 14 for k = 0.05, and their field −(0.009 + 0.1 k) A + 0.1 silences the others.
const LINEAR: &str = "threshold-linear:gain=12:threshold=-0.1";

fn sparse_memories(neurons: usize, count: usize) -> Arc<RealMemories> {
    let patterns = Model::hopfield().with_patterns("sparse".parse().unwrap());
    let model = patterns.with_rule("covariance".parse().unwrap());
    Arc::new(RealMemories::draw(&model, neurons, count, SOURCE).unwrap())
}

/// Inhibited fields and energies are those of couplings J_ij − k/N, the diagonal included.
#[test]
fn inhibition_is_a_coupling_of_all_pairs() {
    let (neurons, strength) = (40, 0.7);
    let memories = sparse_memories(neurons, 4);
    let mut network = ContinuousNetwork::new(Inhibited::new(Overlaps::new(Arc::clone(&memories)), strength));
    let s: Vec<f64> = (0..neurons).map(|i| (i * 13 % 29) as f64 / 9.5).collect();
    for (site, value) in s.iter().enumerate() {
        network.set(site, *value);
    }
    let x = s.iter().sum::<f64>() / neurons as f64;
    let mut energy = 0.0;
    for i in 0..neurons {
        let coupled: f64 = (0..neurons).filter(|j| *j != i).map(|j| memories.coupling(i, j) * s[j]).sum();
        let own = strength / neurons as f64 * s[i];
        assert!((network.field(i) - own - (coupled - strength * x)).abs() < 1e-13);
        energy -= 0.5 * s[i] * coupled + 0.5 * own * s[i];
    }
    energy += 0.5 * neurons as f64 * strength * x * x;
    assert!((network.coupling_energy() - energy).abs() < 1e-12);
}

#[test]
fn threshold_linear_units_settle_in_a_memory() {
    let (neurons, strength) = (1000, 0.05);
    // Active where a digit of the unit is 0: every memory has the activity 0.1 and none overlaps with another.
    let component =
        |mu: usize, i: usize| if (i / 10_usize.pow(mu as u32)).is_multiple_of(10) { 0.9 } else { -0.1 };
    let memories = Arc::new(RealMemories::given(neurons, 3, None, component).unwrap());
    let mut ends = Vec::new();
    for update in ["sequential", "parallel"] {
        let model = model(LINEAR, update, "inhibition:strength=0.05");
        let own = -strength / neurons as f64;
        let engine = ContinuousEngine::new(&model, Dynamics::HeatBath, Order::Random, own, 0.0).unwrap();
        let interaction = Inhibited::new(Overlaps::new(Arc::clone(&memories)), strength);
        let mut network = ContinuousNetwork::new(interaction);
        let start: Vec<f64> = (0..neurons).map(|i| engine.driven(memories.value(0, i))).collect();
        assert!(start.iter().all(|s| *s == 0.0 || (s - 12.0).abs() < 1e-12));
        network.load(&start);
        let energy = |network: &ContinuousNetwork<Inhibited<Overlaps>>| {
            let own: f64 = network.values().iter().map(|s| engine.single(*s) - 0.5 * own * s * s).sum();
            network.coupling_energy() + own
        };
        let mut energies = vec![energy(&network)];
        let mut engine = engine.clone();
        let sweeps = (0..1000).find(|sweep| {
            let step = engine.sweep(&mut network, SOURCE, 0, *sweep);
            energies.push(energy(&network));
            engine.is_frozen(&network, &step)
        });
        assert!(sweeps.is_some(), "{update}: not at rest");
        if update == "sequential" {
            assert!(energies.windows(2).all(|pair| pair[1] <= pair[0] + 1e-9), "{energies:?}");
        }
        let s = network.values();
        let x = s.iter().sum::<f64>() / neurons as f64;
        for i in 0..neurons {
            let coupled: f64 = (0..neurons).filter(|j| *j != i).map(|j| memories.coupling(i, j) * s[j]).sum();
            let expected = 12.0 * (coupled - strength * x + 0.1).max(0.0);
            assert!((s[i] - expected).abs() < 1e-7, "{update}: {} and {expected}", s[i]);
            assert_eq!(s[i] > 0.0, memories.value(0, i) > 0.5);
        }
        ends.push(s.to_vec());
    }
    assert!(ends[0].iter().zip(&ends[1]).all(|(a, b)| (a - b).abs() < 1e-7));
}

#[test]
fn unbounded_units_say_what_they_cannot() {
    let of = |diagonal, temperature| {
        let model = model(LINEAR, "sequential", "none");
        ContinuousEngine::new(&model, Dynamics::HeatBath, Order::Random, diagonal, temperature)
    };
    assert!(of(0.0, 0.0).is_ok());
    for (refused, word) in [(of(0.0, 0.2), "T = 0"), (of(0.1, 0.0), "without bound")] {
        let message = refused.unwrap_err().to_string();
        assert!(message.contains(word) && !message.contains('\n'), "{message}");
    }
}
