use std::sync::Arc;

use mattis_model::{Synapse, Unit};

use super::*;
use crate::network::{Couplings, DenseNetwork, Memories, PatternNetwork};
use crate::random::Uniforms;
use crate::statistics::{autocorrelation, mean};

const SOURCE: Source = Source { seed: 5, sample: 3 };

fn model(unit: &str, update: &str, field: &str) -> Model {
    let model = Model::hopfield().with_unit(unit.parse().unwrap()).with_update(update.parse().unwrap());
    model.with_field(field.parse().unwrap())
}

fn hebb(neurons: usize, count: usize) -> (Arc<Memories>, Arc<Couplings>) {
    let memories = Arc::new(Memories::draw(neurons, count, SOURCE).unwrap());
    let couplings = Arc::new(Couplings::hebb(&memories, &Synapse::neutral()).unwrap());
    (memories, couplings)
}

fn random_levels(neurons: usize, levels: usize) -> Vec<u8> {
    SOURCE.stream(Purpose::Start, 0, 0).map(|word| index(word, levels) as u8).take(neurons).collect()
}

/// Every kernel that is offered.
fn kernels() -> Vec<(&'static str, Dynamics, Order)> {
    vec![
        ("sequential", Dynamics::HeatBath, Order::Random),
        ("sequential", Dynamics::HeatBath, Order::Sweep),
        ("sequential", Dynamics::Metropolis, Order::Random),
        ("parallel", Dynamics::HeatBath, Order::Random),
    ]
}

/// Energies of all states by definition: H = −½Σ_ij J_ij s_i s_j + Σ V(s_i) − h Σ s_i, J_ii = `diagonal`.
struct Enumeration {
    states: Vec<Vec<u8>>,
    energies: Vec<f64>,
}

impl Enumeration {
    fn new(couplings: &Couplings, neurons: usize, unit: &Unit, diagonal: f64, field: f64) -> Self {
        let levels = unit.levels();
        let states: Vec<Vec<u8>> = (0..levels.len().pow(neurons as u32))
            .map(|code| {
                (0..neurons as u32).map(|i| (code / levels.len().pow(i) % levels.len()) as u8).collect()
            })
            .collect();
        let energy = |state: &Vec<u8>| {
            let s: Vec<f64> = state.iter().map(|l| levels[usize::from(*l)]).collect();
            let mut sum = 0.0;
            for i in 0..neurons {
                for j in 0..neurons {
                    let coupling = if i == j { diagonal } else { couplings.coupling(i, j) };
                    sum -= 0.5 * coupling * s[i] * s[j];
                }
                sum += unit.potential(s[i]) - field * s[i];
            }
            sum
        };
        let energies = states.iter().map(energy).collect();
        Self { states, energies }
    }

    fn law(&self, temperature: f64) -> Vec<f64> {
        let weights: Vec<f64> = self.energies.iter().map(|e| (-e / temperature).exp()).collect();
        let total: f64 = weights.iter().sum();
        weights.iter().map(|w| w / total).collect()
    }

    fn code(state: &[u8], levels: usize) -> usize {
        state.iter().rev().fold(0, |code, level| code * levels + usize::from(*level))
    }
}

#[test]
fn names_parse_as_they_print() {
    for name in ["heat-bath", "metropolis"] {
        assert_eq!(name.parse::<Dynamics>().unwrap().to_string(), name);
    }
    for name in ["random", "sweep"] {
        assert_eq!(name.parse::<Order>().unwrap().to_string(), name);
    }
    assert!("glauber".parse::<Dynamics>().is_err() && "".parse::<Order>().is_err());
}

#[test]
fn combinations_that_are_not_offered_say_why() {
    let refused = |update, order| {
        let model = model("ising", update, "none");
        Engine::new(&model, Dynamics::Metropolis, order, 0.0, 0.0).unwrap_err().to_string()
    };
    assert!(refused("sequential", Order::Sweep).contains("Metropolis in a fixed order can be reducible"));
    assert!(refused("parallel", Order::Random).contains("heat-bath with parallel updates"));
}

#[test]
fn both_networks_follow_the_same_trajectory() {
    for unit in ["ising", "three-state:crystal-field=0.2"] {
        for (update, dynamics, order) in kernels() {
            for temperature in [0.0, 0.4] {
                let model = model(unit, update, "external:h=0.03");
                let (memories, couplings) = hebb(80, 11);
                let mut engine = Engine::new(&model, dynamics, order, 0.1, temperature).unwrap();
                let mut a = PatternNetwork::new(Arc::clone(&memories), &model.unit).unwrap();
                let mut b = DenseNetwork::new(couplings, Some(memories), &model.unit).unwrap();
                let start = random_levels(80, model.unit.levels().len());
                a.load(&start);
                b.load(&start);
                for sweep in 0..20 {
                    let steps =
                        (engine.sweep(&mut a, SOURCE, 0, sweep), engine.sweep(&mut b, SOURCE, 0, sweep));
                    assert_eq!(steps.0, steps.1);
                    assert_eq!(a.states(), b.states());
                }
            }
        }
    }
}

#[test]
fn gauge_transformations_map_trajectories() {
    let neurons = 90;
    let gauge: Vec<bool> = random_levels(neurons, 2).iter().map(|level| *level == 1).collect();
    let (memories, _) = hebb(neurons, 9);
    let mirrored =
        Memories::given(neurons, 9, |memory, site| memories.is_positive(memory, site) == gauge[site])
            .unwrap();
    let glass = Couplings::gaussian(neurons, 1.0, SOURCE).unwrap();
    let eta = |site: usize| if gauge[site] { 1.0 } else { -1.0 };
    let pairs = || (0..neurons).flat_map(|i| (0..neurons).map(move |j| (i, j)));
    let plain: Vec<f64> = pairs().map(|(i, j)| glass.coupling(i, j)).collect();
    let turned: Vec<f64> = pairs().map(|(i, j)| glass.coupling(i, j) * eta(i) * eta(j)).collect();
    let start = random_levels(neurons, 2);
    let turn = |states: &[u8]| -> Vec<u8> {
        states.iter().zip(&gauge).map(|(s, keep)| if *keep { *s } else { 1 - s }).collect()
    };
    for (update, dynamics, order) in kernels() {
        for temperature in [0.0, 0.5, 1.5] {
            let model = model("ising", update, "none");
            let mut engine = Engine::new(&model, dynamics, order, 0.1, temperature).unwrap();
            let mut a = PatternNetwork::new(Arc::clone(&memories), &model.unit).unwrap();
            let mut b = PatternNetwork::new(Arc::new(mirrored.clone()), &model.unit).unwrap();
            a.load(&start);
            b.load(&turn(&start));
            let dense = |matrix: &[f64]| Arc::new(Couplings::given(neurons, matrix).unwrap());
            let mut c = DenseNetwork::new(dense(&plain), None, &model.unit).unwrap();
            let mut d = DenseNetwork::new(dense(&turned), None, &model.unit).unwrap();
            c.load(&start);
            d.load(&turn(&start));
            for sweep in 0..15 {
                assert_eq!(engine.sweep(&mut a, SOURCE, 1, sweep), engine.sweep(&mut b, SOURCE, 1, sweep));
                assert_eq!(turn(a.states()), b.states());
                engine.sweep(&mut c, SOURCE, 1, sweep);
                engine.sweep(&mut d, SOURCE, 1, sweep);
                assert_eq!(turn(c.states()), d.states());
            }
        }
    }
}

#[test]
fn permutations_of_units_map_trajectories() {
    let neurons = 70;
    let (memories, _) = hebb(neurons, 7);
    let place = |site: usize| (site * 11 + 3) % neurons;
    let mut origin = vec![0; neurons];
    (0..neurons).for_each(|site| origin[place(site)] = site);
    let moved = Arc::new(
        Memories::given(neurons, 7, |memory, site| memories.is_positive(memory, origin[site])).unwrap(),
    );
    for unit in ["ising", "three-state"] {
        let model = model(unit, "sequential", "none");
        let rule = HeatBath::new(SingleSite::new(&model, 0.0, 0.4).unwrap());
        let mut a = PatternNetwork::new(Arc::clone(&memories), &model.unit).unwrap();
        let mut b = PatternNetwork::new(Arc::clone(&moved), &model.unit).unwrap();
        let start = random_levels(neurons, model.unit.levels().len());
        a.load(&start);
        b.load(&(0..neurons).map(|site| start[origin[site]]).collect::<Vec<u8>>());
        let mut fields = vec![0.0; neurons];
        for sweep in 0..20 {
            let words: Vec<u64> = SOURCE.stream(Purpose::Update, 0, sweep).take(neurons).collect();
            if sweep % 2 == 0 {
                rule.visit(&mut a, (0..neurons).map(|site| (site, words[site])));
                rule.visit(&mut b, (0..neurons).map(|site| (place(site), words[site])));
            } else {
                step(&rule, &mut a, 0.0, &mut fields, words.iter().copied());
                step(&rule, &mut b, 0.0, &mut fields, origin.iter().map(|site| words[*site]));
            }
            assert!((0..neurons).all(|site| a.states()[site] == b.states()[place(site)]));
        }
    }
}

#[test]
fn single_unit_frequencies_are_those_of_the_measure() {
    let stratum = u64::MAX / 100_000;
    for (unit, field, reaction, temperature) in [
        ("ising", 0.3, 0.7, 0.5),
        ("three-state:crystal-field=0.4", -0.35, 0.1, 0.6),
        ("three-state", 0.0, 0.0, 2.0),
    ] {
        let model = model(unit, "sequential", "external:h=0.1");
        let site = SingleSite::new(&model, reaction, temperature).unwrap();
        let levels = model.unit.levels();
        let weight =
            |s: f64| ((field + 0.1) * s + 0.5 * reaction * s * s - model.unit.potential(s)) / temperature;
        let total: f64 = levels.iter().map(|s| weight(*s).exp()).sum();
        let rule = HeatBath::new(site.clone());
        let metropolis = Metropolis::new(site);
        for current in 0..levels.len() as u8 {
            let mut counts = vec![0.0; levels.len()];
            (0..100_000).for_each(|k| counts[usize::from(rule.next(current, field, k * stratum))] += 1e-5);
            for (next, count) in (0..).zip(&counts) {
                let exact = weight(levels[usize::from(next)]).exp() / total;
                assert!((count - exact).abs() < 2e-5, "{unit}: {count} and {exact}");
                assert!((rule.probability(current, next, field) - exact).abs() < 1e-15);
                let back = weight(levels[usize::from(current)]).exp() / total;
                let there = metropolis.probability(current, next, field) * back;
                let here = metropolis.probability(next, current, field) * exact;
                assert!((there - here).abs() < 1e-15, "Metropolis balances in detail");
            }
        }
    }
}

/// The matrix of one update on a random unit, from the probabilities that the kernels decide by.
#[test]
fn sequential_kernels_leave_the_gibbs_law_invariant() {
    for (unit, neurons) in [("ising", 7), ("three-state:crystal-field=0.2", 4)] {
        let model = model(unit, "sequential", "external:h=0.07");
        let (memories, couplings) = hebb(neurons, 3);
        let levels = model.unit.levels().len();
        let exact = Enumeration::new(&couplings, neurons, &model.unit, 0.25, 0.07);
        let law = exact.law(0.6);
        let site = SingleSite::new(&model, 0.25, 0.6).unwrap();
        let (heat_bath, metropolis) = (HeatBath::new(site.clone()), Metropolis::new(site));
        let mut network = PatternNetwork::new(memories, &model.unit).unwrap();
        let mut after = [vec![0.0; law.len()], vec![0.0; law.len()]];
        for (state, weight) in exact.states.iter().zip(&law) {
            network.load(state);
            for i in 0..neurons {
                for next in 0..levels as u8 {
                    let mut target = state.clone();
                    target[i] = next;
                    let target = Enumeration::code(&target, levels);
                    let field = network.field(i);
                    let share = weight / neurons as f64;
                    after[0][target] += share * heat_bath.probability(state[i], next, field);
                    after[1][target] += share * metropolis.probability(state[i], next, field);
                }
            }
        }
        for after in after {
            assert!(after.iter().zip(&law).all(|(a, b)| (a - b).abs() < 1e-14));
        }
    }
}

#[test]
fn sequential_runs_agree_with_enumeration() {
    let temperature = 0.7;
    for (unit, neurons, potential) in [("ising", 8, 0.0), ("three-state:crystal-field=0.3", 6, 0.3)] {
        let (memories, couplings) = hebb(neurons, 3);
        for (update, dynamics, order) in kernels().into_iter().filter(|kernel| kernel.0 == "sequential") {
            let model = model(unit, update, "external:h=0.05");
            let exact = Enumeration::new(&couplings, neurons, &model.unit, 0.2, 0.05);
            let law = exact.law(temperature);
            let energy: f64 = law.iter().zip(&exact.energies).map(|(p, e)| p * e).sum();
            let mut engine = Engine::new(&model, dynamics, order, 0.2, temperature).unwrap();
            let mut network = PatternNetwork::new(Arc::clone(&memories), &model.unit).unwrap();
            let levels = model.unit.levels();
            let series: Vec<f64> = (0..30_000)
                .map(|sweep| {
                    engine.sweep(&mut network, SOURCE, 0, sweep);
                    let values = || network.states().iter().map(|l| levels[usize::from(*l)]);
                    let square: f64 = values().map(|s| s * s).sum();
                    let single = (potential - 0.1) * square - 0.05 * values().sum::<f64>();
                    network.coupling_energy() + single
                })
                .collect();
            let error = autocorrelation(&series).unwrap().error;
            let z = (mean(&series).unwrap() - energy) / error;
            assert!(z.abs() < 4.0 && error < 0.05, "{unit} {dynamics} {order}: z = {z}");
        }
    }
}

/// Case A of the project's reference enumeration (reference/enumeration.json, `seed_sign`): 12 units, the
/// memories 0b000011111100 and 0b010101010101, J_ii = 0, β = 1.3. The stationary law Π 2cosh βh_i is even
/// in h, so only the one-step overlap sees the sign of the update.
#[test]
fn one_step_overlap_of_parallel_updates() {
    let masks = [0b0000_1111_1100_u32, 0b0101_0101_0101];
    let memories = Arc::new(Memories::given(12, 2, |memory, site| masks[memory] >> site & 1 == 1).unwrap());
    let model = model("ising", "parallel", "none");
    let temperature = 1.0 / 1.3;
    let rule = HeatBath::new(SingleSite::new(&model, 0.0, temperature).unwrap());
    let mut network = PatternNetwork::new(memories, &model.unit).unwrap();
    let (mut total, mut sum) = (0.0, 0.0);
    let mut fields = [0.0; 12];
    for code in 0..4096_u32 {
        network.load(&(0..12).map(|i| (code >> i & 1) as u8).collect::<Vec<u8>>());
        network.fields(&mut fields);
        let weight: f64 = fields.iter().map(|h| 2.0 * (1.3 * h).cosh()).product();
        let kept: f64 = (0..12)
            .map(|i| {
                let current = network.states()[i];
                2.0 * rule.probability(current, current, fields[i]) - 1.0
            })
            .sum();
        total += weight;
        sum += weight * kept / 12.0;
    }
    assert!((sum / total - 0.258_720_185_940_655).abs() < 1e-14, "{}", sum / total);

    let mut engine = Engine::new(&model, Dynamics::HeatBath, Order::Random, 0.0, temperature).unwrap();
    let series: Vec<f64> = (0..40_000)
        .map(|sweep| 1.0 - engine.sweep(&mut network, SOURCE, 0, sweep).changes as f64 / 6.0)
        .collect();
    let z = (mean(&series).unwrap() - 0.258_720_185_940_655) / autocorrelation(&series).unwrap().error;
    assert!(z.abs() < 4.0, "z = {z}");
}

#[test]
fn descent_never_raises_the_energy() {
    for unit in ["ising", "three-state:crystal-field=0.1"] {
        let model = model(unit, "sequential", "none");
        let (memories, _) = hebb(120, 30);
        for (dynamics, order) in [
            (Dynamics::HeatBath, Order::Random),
            (Dynamics::HeatBath, Order::Sweep),
            (Dynamics::Metropolis, Order::Random),
        ] {
            let mut engine = Engine::new(&model, dynamics, order, 0.0, 0.0).unwrap();
            let mut network = PatternNetwork::new(Arc::clone(&memories), &model.unit).unwrap();
            network.load(&random_levels(120, model.unit.levels().len()));
            let energy = |network: &PatternNetwork| {
                let site = engine_site(&model);
                network.coupling_energy() + network.states().iter().map(|l| site.potential(*l)).sum::<f64>()
            };
            let mut before = energy(&network);
            let mut frozen = false;
            for sweep in 0..200 {
                let step = engine.sweep(&mut network, SOURCE, 0, sweep);
                let after = energy(&network);
                assert!(after <= before + 1e-9);
                assert!(!frozen || step.changes == 0, "a frozen network stays as it is");
                frozen = engine.is_frozen(&network, &step);
                before = after;
            }
            assert!(frozen, "{unit} {dynamics} {order}");
        }
    }
}

fn engine_site(model: &Model) -> SingleSite {
    SingleSite::new(model, 0.0, 0.0).unwrap()
}

#[test]
fn ties_at_zero_temperature_follow_the_rule() {
    let ising = engine_site(&model("ising", "sequential", "none"));
    assert_eq!((winner(&ising, 0, 0.0), winner(&ising, 1, 0.0), winner(&ising, 0, 1e-9)), (0, 1, 1));
    let three = engine_site(&model("three-state:crystal-field=0.5", "sequential", "none"));
    // At h = D the levels 0 and 1 tie, at h = −D the levels −1 and 0.
    assert_eq!([winner(&three, 1, 0.5), winner(&three, 2, 0.5), winner(&three, 0, 0.5)], [1, 2, 1]);
    assert_eq!([winner(&three, 1, -0.5), winner(&three, 2, -0.5), winner(&three, 0, -0.5)], [1, 0, 0]);
}

#[test]
fn words_are_addressed_by_step_or_unit() {
    let (memories, _) = hebb(40, 4);
    let model = model("ising", "sequential", "none");
    let rule = HeatBath::new(SingleSite::new(&model, 0.0, 0.6).unwrap());
    for order in [Order::Random, Order::Sweep] {
        let mut engine = Engine::new(&model, Dynamics::HeatBath, order, 0.0, 0.6).unwrap();
        let mut a = PatternNetwork::new(Arc::clone(&memories), &model.unit).unwrap();
        let mut b = a.clone();
        engine.sweep(&mut a, SOURCE, 2, 7);
        let mut sites: Uniforms = SOURCE.stream(Purpose::Order, 2, 7);
        let mut coarse: Uniforms = SOURCE.stream(Purpose::Update, 2, 7);
        let mut fine: Uniforms = SOURCE.stream(Purpose::Refinement, 2, 7);
        for position in 0..40 {
            let site = if order == Order::Random { index(sites.at(position), 40) } else { position as usize };
            let upper = (coarse.at(position / 4) >> (16 * (position % 4))) << 48;
            let word = upper | (fine.at(position) & 0xffff_ffff_ffff);
            let next = rule.next(b.states()[site], b.field(site), word);
            b.set(site, next);
        }
        assert_eq!(a.states(), b.states());
    }
}
