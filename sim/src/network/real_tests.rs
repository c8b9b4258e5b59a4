//! Real memories, every law and rule, against sums over all pairs.

use std::sync::Arc;

use mattis_model::{Form, Model, Synapse, Unit};

use super::*;
use crate::random::Source;

const SOURCE: Source = Source { seed: 21, sample: 2 };
const LAWS: [&str; 11] = [
    "rademacher",
    "biased:mean=0.3",
    "gaussian",
    "uniform",
    "laplace",
    "random-axis",
    "sparse:active-fraction=0.2",
    "ternary:sparseness=0.15",
    "quaternary",
    "exponential:active-fraction=0.3",
    "histogram:values=-0.5/0.25/2:weights=1/2/3",
];
const RULES: [&str; 3] = ["hebb", "covariance", "quadratic-form:matrix=0.5,1,0/1,-0.25,0.75/0,0.75,2"];

fn model(law: &str, rule: &str) -> Model {
    Model::hopfield().with_patterns(law.parse().unwrap()).with_rule(rule.parse().unwrap())
}

/// J_ij from the formula of the rule and the components as drawn.
fn coupling(memories: &RealMemories, rule: &str, i: usize, j: usize) -> f64 {
    let form = [[0.5, 1.0, 0.0], [1.0, -0.25, 0.75], [0.0, 0.75, 2.0]];
    let mut sum = 0.0;
    for (mu, row) in form.iter().enumerate() {
        for (nu, entry) in row.iter().enumerate() {
            let weight = if rule.starts_with("quadratic") { *entry } else { f64::from(u8::from(mu == nu)) };
            sum += weight * memories.component(mu, i) * memories.component(nu, j);
        }
    }
    sum / memories.neurons() as f64
}

/// Levels of a scrambled state.
fn scrambled(neurons: usize, levels: usize) -> Vec<u8> {
    (0..neurons).map(|i| ((i * 7 + i * i / 3 + 1) % levels) as u8).collect()
}

#[test]
fn fields_and_energies_are_those_of_all_pairs() {
    let neurons = 40;
    for law in LAWS {
        for rule in RULES {
            let memories = Arc::new(RealMemories::draw(&model(law, rule), neurons, 3, SOURCE).unwrap());
            for name in ["ising", "binary:threshold=0.2", "binary:low=-0.3:high=1.7", "three-state"] {
                let unit: Unit = name.parse().unwrap();
                let levels = unit.levels();
                let mut network = RealNetwork::new(Arc::clone(&memories), &unit).unwrap();
                let mut shifted = Shifted::by_row_sums(network.clone());
                for (site, level) in scrambled(neurons, levels.len()).into_iter().enumerate() {
                    network.set(site, level);
                    shifted.set(site, level);
                }
                let s: Vec<f64> = network.states().iter().map(|l| levels[usize::from(*l)]).collect();
                let (mut energy, mut bias, mut all) = (0.0, 0.0, vec![0.0; neurons]);
                network.fields(&mut all);
                for i in 0..neurons {
                    let pairs =
                        || (0..neurons).filter(|j| *j != i).map(|j| (j, coupling(&memories, rule, i, j)));
                    let field: f64 = pairs().map(|(j, c)| c * s[j]).sum();
                    let row: f64 = pairs().map(|(_, c)| c).sum();
                    assert!((network.field(i) - field).abs() < 1e-13, "{law} {rule} {name}");
                    assert_eq!(all[i], network.field(i));
                    assert!((shifted.field(i) - field - row).abs() < 1e-13, "{law} {rule} {name}");
                    assert!((memories.coupling(i, i) - coupling(&memories, rule, i, i)).abs() < 1e-14);
                    energy -= 0.5 * s[i] * field;
                    bias -= s[i] * row;
                }
                assert!((network.coupling_energy() - energy).abs() < 1e-12);
                assert!((shifted.coupling_energy() - energy).abs() < 1e-12);
                assert!((shifted.shift_energy() - bias).abs() < 1e-12 && network.shift_energy() == 0.0);
                let mut overlaps = [0.0; 3];
                network.overlaps(&mut overlaps);
                for (memory, overlap) in overlaps.iter().enumerate() {
                    let sum: f64 = (0..neurons).map(|i| memories.component(memory, i) * s[i]).sum();
                    assert!((overlap - sum / neurons as f64).abs() < 1e-14);
                }
            }
        }
    }
}

#[test]
fn real_values_have_the_fields_of_all_pairs() {
    let neurons = 30;
    let s: Vec<f64> = (0..neurons).map(|i| ((i * 13 % 29) as f64 / 14.5 - 1.0) * 0.9).collect();
    for law in LAWS {
        for rule in RULES {
            let memories = Arc::new(RealMemories::draw(&model(law, rule), neurons, 3, SOURCE).unwrap());
            let matrix: Vec<f64> =
                (0..neurons * neurons).map(|k| coupling(&memories, rule, k / neurons, k % neurons)).collect();
            let couplings = Arc::new(Couplings::given(neurons, &matrix).unwrap());
            let mut a = ContinuousNetwork::new(Overlaps::new(Arc::clone(&memories))).with_row_sums();
            let mut b = ContinuousNetwork::new(Matrix::new(couplings, Some(memories))).with_row_sums();
            for (i, value) in s.iter().enumerate() {
                a.set(i, *value);
                b.set(i, *value);
            }
            for i in 0..neurons {
                let others = (0..neurons).filter(|j| *j != i);
                let field: f64 = others.map(|j| matrix[i * neurons + j] * (s[j] + 1.0)).sum();
                assert!((a.field(i) - field).abs() < 1e-13 && (b.field(i) - field).abs() < 1e-13);
            }
            assert!((a.coupling_energy() - b.coupling_energy()).abs() < 1e-12);
            assert!((a.shift_energy() - b.shift_energy()).abs() < 1e-12 && a.shift_energy() != 0.0);
            let (mut x, mut y) = ([0.0; 3], [0.0; 3]);
            a.overlaps(&mut x);
            b.overlaps(&mut y);
            assert!(x.iter().zip(&y).all(|(x, y)| (x - y).abs() < 1e-14) && x[0] != 0.0);
        }
    }
}

/// Bits or numbers: the integers are the same, and so is every field.
#[test]
fn signs_are_a_special_case() {
    let signs = Arc::new(Memories::draw(90, 7, SOURCE).unwrap());
    let real = Arc::new(RealMemories::draw(&Model::hopfield(), 90, 7, SOURCE).unwrap());
    let couplings = Arc::new(Couplings::hebb(&signs, &Synapse::neutral()).unwrap());
    for name in ["ising", "binary", "three-state"] {
        let unit: Unit = name.parse().unwrap();
        let mut a = Shifted::by_row_sums(PatternNetwork::new(Arc::clone(&signs), &unit).unwrap());
        let mut b = Shifted::by_row_sums(RealNetwork::new(Arc::clone(&real), &unit).unwrap());
        let dense = DenseNetwork::new(Arc::clone(&couplings), None, &unit).unwrap();
        let mut c = Shifted::by_row_sums(dense);
        assert_eq!(a.shifts(), b.shifts());
        assert_eq!(a.shifts(), c.shifts());
        let levels = scrambled(90, unit.levels().len());
        a.load(&levels);
        b.load(&levels);
        c.load(&levels);
        for i in 0..90 {
            assert_eq!(a.field(i), b.field(i));
            assert_eq!(a.field(i), c.field(i));
        }
    }
}

#[test]
fn refreshing_leaves_no_trace_of_the_path() {
    let memories = Arc::new(RealMemories::draw(&model("gaussian", "hebb"), 50, 5, SOURCE).unwrap());
    let mut network = RealNetwork::new(memories, &Unit::neutral()).unwrap();
    let mut other = network.clone();
    for k in 0..4000_usize {
        network.set(k * 31 % 50, (k / 3 % 2) as u8);
    }
    let states = network.states().to_vec();
    other.load(&states);
    network.refresh();
    assert!((0..50).all(|i| network.field(i).to_bits() == other.field(i).to_bits()));
}

/// Mean, variance and fourth moment of every law, from 60000 components, at four standard errors.
#[test]
fn laws_have_their_moments() {
    for law in LAWS {
        let model = model(law, "hebb");
        let (neurons, count) = (20_000, 3);
        let memories = RealMemories::draw(&model, neurons, count, SOURCE).unwrap();
        let all: Vec<f64> = (0..neurons)
            .flat_map(|i| (0..count).map(move |mu| (mu, i)))
            .map(|(mu, i)| memories.component(mu, i))
            .collect();
        let size = all.len() as f64;
        let patterns = model.patterns.value();
        let fourth = |x: f64| ((x - patterns.mean()) / patterns.variance().sqrt()).powi(4);
        let average = |f: &dyn Fn(f64) -> f64| {
            let mean = all.iter().map(|x| f(*x)).sum::<f64>() / size;
            let spread = all.iter().map(|x| (f(*x) - mean).powi(2)).sum::<f64>() / size;
            (mean, (spread / size).sqrt() + 1e-12)
        };
        for (what, (found, error), expected) in [
            ("mean", average(&|x| x), patterns.mean()),
            ("square", average(&|x| x * x), patterns.variance() + patterns.mean().powi(2)),
            ("kurtosis", average(&fourth), patterns.excess_kurtosis(count) + 3.0),
        ] {
            assert!((found - expected).abs() < 4.0 * error, "{law}: {what} {found}({error}), not {expected}");
        }
        let cross: f64 =
            (0..neurons).map(|i| memories.component(0, i) * memories.component(1, i)).sum::<f64>() / 2e4;
        assert!((cross - patterns.mean().powi(2)).abs() < 4.0 / 2e4_f64.sqrt(), "{law}: {cross}");
        if law == "random-axis" {
            let length = |i| (0..count).map(|mu| memories.component(mu, i).powi(2)).sum::<f64>();
            assert!((0..neurons).all(|i| (length(i) - 3.0).abs() < 1e-13));
        }
    }
}

#[test]
fn more_memories_and_units_keep_the_old() {
    for law in LAWS.iter().filter(|law| **law != "random-axis") {
        let draw = |n, p| RealMemories::draw(&model(law, "covariance"), n, p, SOURCE).unwrap();
        let (few, many) = (draw(70, 2), draw(100, 5));
        assert!((0..2).all(|mu| (0..70).all(|i| few.component(mu, i) == many.component(mu, i))), "{law}");
        assert!((0..70).any(|i| many.component(0, i) != many.component(2, i)));
    }
    // What the covariance rule stores is centred.
    let centred = RealMemories::draw(&model("biased:mean=0.3", "covariance"), 10, 1, SOURCE).unwrap();
    assert!((0..10).all(|i| [0.7, -1.3].contains(&centred.component(0, i))));
}

#[test]
fn impossible_memories_say_why() {
    let form = Form::new(&[vec![0.0, 1.0], vec![1.0, 0.0]]).unwrap();
    let message = RealMemories::given(4, 3, Some(&form), |_, _| 1.0).unwrap_err().to_string();
    assert!(message.contains("size of the matrix") && !message.contains('\n'), "{message}");
    assert!(RealMemories::given(4, 1, None, |_, _| f64::NAN).is_err());
    assert!(RealMemories::draw(&Model::hopfield(), 1_000_000_000, 1000, SOURCE).is_err());
}
