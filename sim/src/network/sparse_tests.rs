//! Graphs and the couplings on them, against sums over all pairs.

use std::sync::Arc;

use mattis_model::{Model, Topology, Unit};

use super::*;
use crate::SimError;
use crate::random::Source;

const SOURCE: Source = Source { seed: 23, sample: 5 };

const LAWS: [&str; 9] = [
    "rademacher",
    "biased:mean=0.3",
    "gaussian",
    "random-axis",
    "sparse:active-fraction=0.2",
    "ternary",
    "quaternary",
    "exponential:active-fraction=0.3",
    "histogram:values=-0.5/0.25/2:weights=1/2/3",
];
const RULES: [&str; 3] = ["hebb", "covariance", "quadratic-form:matrix=0.5,1,0/1,-0.25,0.75/0,0.75,2"];
const CONNECTIVITIES: [&str; 4] =
    ["diluted:c=0.4", "diluted:c=0.3:symmetric=false", "extreme:inputs=7", "diluted:c=1:symmetric=false"];

fn topology(text: &str) -> Topology {
    *text.parse::<mattis_model::Connectivity>().unwrap().value()
}

fn model(law: &str, rule: &str) -> Model {
    Model::hopfield().with_patterns(law.parse().unwrap()).with_rule(rule.parse().unwrap())
}

/// Whether j → i by a look at every output.
fn linked(graph: &Graph, i: usize, j: usize) -> bool {
    graph.outputs(j).iter().any(|target| *target as usize == i)
}

/// J_ij by the formulas of the rule and the connectivity.
fn coupling(memories: &RealMemories, rule: &str, graph: &Graph, inputs: f64, i: usize, j: usize) -> f64 {
    if !linked(graph, i, j) {
        return 0.0;
    }
    let form = [[0.5, 1.0, 0.0], [1.0, -0.25, 0.75], [0.0, 0.75, 2.0]];
    let mut sum = 0.0;
    for (mu, row) in form.iter().enumerate() {
        for (nu, entry) in row.iter().enumerate() {
            let weight = if rule.starts_with("quadratic") { *entry } else { f64::from(u8::from(mu == nu)) };
            sum += weight * memories.component(mu, i) * memories.component(nu, j);
        }
    }
    sum / inputs
}

#[test]
fn fields_and_energies_are_those_of_all_pairs() {
    let neurons = 30;
    for connectivity in CONNECTIVITIES {
        let topology = topology(connectivity);
        let inputs = topology.inputs(neurons);
        for (law, rule) in LAWS.into_iter().flat_map(|law| RULES.map(|rule| (law, rule))) {
            let memories = Arc::new(RealMemories::draw(&model(law, rule), neurons, 3, SOURCE).unwrap());
            let links = Arc::new(Links::draw(topology, &memories, SOURCE).unwrap());
            let graph = links.graph();
            let matrix: Vec<f64> = (0..neurons * neurons)
                .map(|k| coupling(&memories, rule, graph, inputs, k / neurons, k % neurons))
                .collect();
            let mirrored = |k: usize| {
                links.coupling(k / neurons, k % neurons).to_bits()
                    == links.coupling(k % neurons, k / neurons).to_bits()
            };
            let one_way =
                |k: usize| linked(graph, k / neurons, k % neurons) != linked(graph, k % neurons, k / neurons);
            let mut pairs = 0..neurons * neurons;
            if graph.is_symmetric() {
                assert!(pairs.all(mirrored), "{connectivity} {law} {rule}");
            } else {
                assert_eq!(pairs.any(one_way), !connectivity.contains("c=1"));
            }
            let interaction = Sparse::new(Arc::clone(&links), Arc::clone(&memories));
            for name in ["ising", "binary:threshold=0.2", "binary:low=-0.3:high=1.7", "three-state"] {
                let unit: Unit = name.parse().unwrap();
                let levels = unit.levels();
                let mut network = RealNetwork::with(interaction.clone(), &unit).unwrap();
                let mut shifted = Shifted::by_row_sums(network.clone());
                for site in 0..neurons {
                    let level = ((site * 7 + site * site / 3 + 1) % levels.len()) as u8;
                    network.set(site, level);
                    shifted.set(site, level);
                }
                let s: Vec<f64> = network.states().iter().map(|l| levels[usize::from(*l)]).collect();
                let (mut energy, mut all) = (0.0, vec![0.0; neurons]);
                network.fields(&mut all);
                for i in 0..neurons {
                    let row = &matrix[i * neurons..(i + 1) * neurons];
                    assert_eq!(row[i], 0.0);
                    let field: f64 = row.iter().zip(&s).map(|(c, s)| c * s).sum();
                    let sum: f64 = row.iter().sum();
                    assert!((network.field(i) - field).abs() < 1e-12, "{connectivity} {law} {rule} {name}");
                    assert_eq!(all[i], network.field(i));
                    assert!((shifted.field(i) - field - sum).abs() < 1e-12);
                    assert!((0..neurons).all(|j| (links.coupling(i, j) - row[j]).abs() < 1e-14));
                    energy -= 0.5 * s[i] * field;
                }
                assert!((network.coupling_energy() - energy).abs() < 1e-12);
                assert_eq!(network.is_symmetric(), graph.is_symmetric());
                let mut overlaps = [0.0; 3];
                network.overlaps(&mut overlaps);
                for (memory, overlap) in overlaps.iter().enumerate() {
                    let sum: f64 = (0..neurons).map(|i| memories.component(memory, i) * s[i]).sum();
                    assert!((overlap - sum / neurons as f64).abs() < 1e-14);
                }
                let before = all.clone();
                network.refresh();
                network.fields(&mut all);
                assert!(before.iter().zip(&all).all(|(a, b)| (a - b).abs() < 1e-13));
            }
            let values: Vec<f64> = (0..neurons).map(|i| (i * 13 % 29) as f64 / 14.5 - 1.0).collect();
            let mut graded = ContinuousNetwork::new(interaction);
            graded.load(&values);
            for i in 0..neurons {
                let field: f64 = (0..neurons).map(|j| matrix[i * neurons + j] * values[j]).sum();
                assert!((graded.field(i) - field).abs() < 1e-12);
            }
        }
    }
}

/// Bits or numbers, and every link or a matrix: the same couplings.
#[test]
fn signs_and_full_graphs_are_special_cases() {
    let real = Arc::new(RealMemories::draw(&Model::hopfield(), 90, 7, SOURCE).unwrap());
    let signs = Memories::draw(90, 7, SOURCE).unwrap();
    for connectivity in CONNECTIVITIES {
        let links = Links::draw(topology(connectivity), &real, SOURCE).unwrap();
        assert_eq!(links, Links::draw_signs(topology(connectivity), &signs, SOURCE).unwrap());
    }
    let all = Links::draw(topology("diluted:c=1"), &real, SOURCE).unwrap();
    assert_eq!(all, Links::draw(Topology::Full, &real, SOURCE).unwrap());
    assert_eq!(all.graph().links(), 90 * 89);
    let unit = Unit::neutral();
    let mut sparse = RealNetwork::with(Sparse::new(Arc::new(all), Arc::clone(&real)), &unit).unwrap();
    let mut overlaps = RealNetwork::new(real, &unit).unwrap();
    for network in [&mut sparse as &mut dyn Network, &mut overlaps] {
        for site in (0..90).step_by(3) {
            network.set(site, 1);
        }
    }
    assert!((0..90).all(|i| sparse.field(i) == overlaps.field(i)));
}

/// Number of links, spread of the degrees and share of links that go both ways, at four standard errors.
#[test]
fn degrees_have_their_statistics() {
    let units = 2000_usize;
    let size = units as f64;
    for (fraction, symmetric) in [(0.02, true), (0.02, false), (0.5, true), (0.5, false)] {
        let graph = Graph::draw(Topology::Diluted { fraction, symmetric }, units, SOURCE).unwrap();
        let pairs = size * (size - 1.0);
        // A symmetric link counts twice.
        let spread = (pairs * fraction * (1.0 - fraction) * if symmetric { 2.0 } else { 1.0 }).sqrt();
        let z = (graph.links() as f64 - pairs * fraction) / spread;
        assert!(z.abs() < 4.0, "{fraction} {symmetric}: {z}");
        let degrees = graph.in_degrees();
        let mean = graph.links() as f64 / size;
        let variance = degrees.iter().map(|d| (*d as f64 - mean).powi(2)).sum::<f64>() / (size - 1.0);
        let expected = size * fraction * (1.0 - fraction);
        let z = (variance / expected - 1.0) / (2.0 / size).sqrt();
        assert!(z.abs() < 4.0, "{fraction} {symmetric}: variance {variance}, not {expected}");
        let both = (0..units)
            .flat_map(|j| graph.outputs(j).iter().map(move |i| (*i as usize, j)))
            .filter(|(i, j)| graph.outputs(*i).binary_search(&(*j as u32)).is_ok())
            .count();
        if symmetric {
            assert_eq!(both, graph.links());
        } else {
            let share = both as f64 / graph.links() as f64;
            // Pairs are counted twice.
            let error = (2.0 * fraction * (1.0 - fraction) / graph.links() as f64).sqrt();
            assert!((share - fraction).abs() < 4.0 * error, "{share} of {fraction}");
        }
        assert!((0..units).all(|j| !linked(&graph, j, j)));
        let increasing = |j| graph.outputs(j).windows(2).all(|pair| pair[0] < pair[1]);
        assert!((0..units).all(increasing));
    }
    let graph = Graph::draw(Topology::Extreme { inputs: Some(20) }, units, SOURCE).unwrap();
    assert!(graph.in_degrees().iter().all(|degree| *degree == 20) && !graph.is_symmetric());
    let mean_square = (0..units).map(|j| (graph.outputs(j).len() as f64 - 20.0).powi(2)).sum::<f64>() / size;
    let z = (mean_square / 20.0 - 1.0) / (2.0 / size).sqrt();
    assert!(z.abs() < 4.0 && (0..units).all(|j| !linked(&graph, j, j)), "{z}");
}

#[test]
fn more_units_keep_the_old_links_where_they_can() {
    let of = |units| Graph::draw(topology("diluted:c=0.3"), units, SOURCE).unwrap();
    let (few, many) = (of(40), of(60));
    assert!((0..40).all(|i| (0..40).all(|j| linked(&few, i, j) == linked(&many, i, j))));
    let other = Graph::draw(topology("diluted:c=0.3"), 40, Source { seed: 24, ..SOURCE }).unwrap();
    assert_ne!(few, other);
}

#[test]
fn impossible_graphs_say_why() {
    let draw = |text, units| Graph::draw(topology(text), units, SOURCE);
    let message = draw("extreme:inputs=100", 100).unwrap_err().to_string();
    assert!(message.contains("fewer than N = 100") && !message.contains('\n'), "{message}");
    assert!(draw("extreme:inputs=99", 100).is_ok());
    assert!(matches!(draw("diluted:c=0.5", 100_000), Err(SimError::Memory { .. })));
}

/// Integer products of components that are none: fields cannot drift, and overlaps can.
#[test]
fn integers_need_integer_components() {
    let of = |components: [f64; 2]| {
        let memories = RealMemories::given(2, 1, None, |_, site| components[site]).unwrap();
        let links = Links::draw(topology("diluted:c=1"), &memories, SOURCE).unwrap();
        (links.coupling(0, 1), Sparse::new(Arc::new(links), Arc::new(memories)).is_integer())
    };
    assert_eq!(of([0.5, 2.0]), (0.5, false));
    assert_eq!(of([1.0, -1.0]), (-0.5, true));
    assert!(!of([0.5, 1.0]).1);
}
