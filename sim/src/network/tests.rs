use std::sync::Arc;

use mattis_model::address::Purpose;
use mattis_model::{Choice, Synapse, SynapseLaw, Unit};

use super::*;
use crate::SimError;
use crate::random::{Source, index};

const SOURCE: Source = Source { seed: 11, sample: 5 };

fn unit(text: &str) -> Unit {
    text.parse().unwrap()
}

/// Random moves on random units, the same for every network.
fn stir(networks: &mut [&mut dyn Stirred], neurons: usize, levels: usize, moves: usize) {
    let mut words = SOURCE.stream(Purpose::Start, 9, 0);
    for _ in 0..moves {
        let site = index(words.next().unwrap(), neurons);
        let level = index(words.next().unwrap(), levels) as u8;
        for network in networks.iter_mut() {
            network.put(site, level);
        }
    }
}

trait Stirred {
    fn put(&mut self, site: usize, level: u8);
}

impl<N: Network> Stirred for N {
    fn put(&mut self, site: usize, level: u8) {
        self.set(site, level);
    }
}

#[test]
fn levels_have_a_quantum() {
    let find = |levels: &[f64]| Quantised::new(levels).map(|q| (q.quantum, q.multiples));
    assert_eq!(find(&[-1.0, 1.0]), Some((1.0, vec![-1, 1])));
    assert_eq!(find(&[-1.0, 0.0, 1.0]), Some((1.0, vec![-1, 0, 1])));
    assert_eq!(find(&[0.0, 0.5, 0.75]), Some((0.25, vec![0, 2, 3])));
    assert_eq!(find(&[-1.0, -1.0 / 3.0, 1.0 / 3.0, 1.0]).unwrap().1, [-3, -1, 1, 3]);
    assert_eq!(find(&[1.0, std::f64::consts::SQRT_2]), None);
    assert_eq!(find(&[0.0]), Some((1.0, vec![0])));
}

#[test]
fn both_networks_have_identical_integer_fields() {
    for name in ["ising", "three-state:crystal-field=0.2"] {
        for count in [1, 2, 3, 4, 5, 63, 64, 65, 130, 255] {
            let neurons = 97;
            let unit = unit(name);
            let memories = Arc::new(Memories::draw(neurons, count, SOURCE).unwrap());
            let couplings = Arc::new(Couplings::hebb(&memories, &Synapse::neutral()).unwrap());
            let mut sparse = PatternNetwork::new(Arc::clone(&memories), &unit).unwrap();
            let mut dense = DenseNetwork::new(couplings, Some(Arc::clone(&memories)), &unit).unwrap();
            stir(&mut [&mut sparse, &mut dense], neurons, unit.levels().len(), 500);
            assert_eq!(sparse.states(), dense.states());
            for site in 0..neurons {
                assert_eq!(sparse.integer_field(site) as f64, dense.raw_field(site), "{name} {count} {site}");
                assert_eq!(sparse.field(site), dense.field(site));
                let own: f64 = (0..neurons)
                    .filter(|j| *j != site)
                    .map(|j| {
                        memories.correlation(site, j) as f64 * unit.levels()[usize::from(sparse.states()[j])]
                    })
                    .sum();
                assert_eq!(sparse.integer_field(site) as f64, own);
            }
            let (mut a, mut b) = (vec![0.0; neurons], vec![0.0; neurons]);
            sparse.fields(&mut a);
            dense.fields(&mut b);
            assert_eq!(a, b);
            assert!((0..neurons).all(|site| a[site] == sparse.field(site)));
            let (mut a, mut b) = (vec![0.0; count], vec![0.0; count]);
            sparse.overlaps(&mut a);
            dense.overlaps(&mut b);
            assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() < 1e-14));
            assert!((sparse.coupling_energy() - dense.coupling_energy()).abs() < 1e-10);
        }
    }
}

#[test]
fn more_memories_and_units_keep_the_old() {
    let few = Memories::draw(100, 3, SOURCE).unwrap();
    let many = Memories::draw(150, 70, SOURCE).unwrap();
    for memory in 0..3 {
        assert!((0..100).all(|site| few.is_positive(memory, site) == many.is_positive(memory, site)));
    }
    let mean: f64 =
        (0..70).flat_map(|m| (0..150).map(move |i| (m, i))).map(|(m, i)| many.component(m, i)).sum();
    assert!(mean.abs() < 5.0 * 10_500_f64.sqrt());
}

#[test]
fn drift_of_cached_fields_is_stopped() {
    let neurons = 60;
    let couplings = Arc::new(Couplings::gaussian(neurons, 1.0, SOURCE).unwrap());
    let mut network = DenseNetwork::new(Arc::clone(&couplings), None, &unit("ising")).unwrap();
    stir(&mut [&mut network], neurons, 2, 1000);
    let moved: Vec<f64> = (0..neurons).map(|i| network.field(i)).collect();
    network.refresh();
    for (i, old) in moved.iter().enumerate() {
        let levels = network.levels();
        let direct: f64 =
            (0..neurons).map(|j| couplings.coupling(i, j) * levels[usize::from(network.states()[j])]).sum();
        assert!((network.field(i) - direct).abs() < 1e-13 && (old - direct).abs() < 1e-11);
    }
}

#[test]
fn gaussian_couplings_are_symmetric_with_variance_over_n() {
    let neurons = 300;
    let couplings = Couplings::gaussian(neurons, 0.5, SOURCE).unwrap();
    let pairs = || (0..neurons).flat_map(|i| (0..i).map(move |j| (i, j)));
    assert!(pairs().all(|(i, j)| couplings.coupling(i, j) == couplings.coupling(j, i)));
    assert!((0..neurons).all(|i| couplings.coupling(i, i) == 0.0));
    let square: f64 =
        pairs().map(|(i, j)| couplings.coupling(i, j).powi(2)).sum::<f64>() / pairs().count() as f64;
    assert!((square * neurons as f64 / 0.25 - 1.0).abs() < 5.0 * (2.0 / pairs().count() as f64).sqrt());
}

#[derive(Debug)]
struct Clipped;

impl SynapseLaw for Clipped {
    fn apply(&self, x: f64) -> f64 {
        if x > 0.0 { 1.0 } else { -1.0 }
    }
    fn signal(&self) -> f64 {
        (2.0 / std::f64::consts::PI).sqrt()
    }
    fn power(&self) -> f64 {
        1.0
    }
}

#[test]
fn a_nonlinear_synapse_acts_on_every_coupling() {
    let memories = Memories::draw(30, 9, SOURCE).unwrap();
    let clipped: Synapse = Choice::custom("clipped-here", &[], Arc::new(Clipped));
    let couplings = Couplings::hebb(&memories, &clipped).unwrap();
    let size = (std::f64::consts::PI / 2.0).sqrt() * 3.0 / 30.0;
    for i in 0..30 {
        for j in (0..30).filter(|j| *j != i) {
            let expected = size * (memories.correlation(i, j) as f64).signum();
            assert!((couplings.coupling(i, j) - expected).abs() < 1e-15);
        }
    }
}

#[test]
fn an_asymmetric_matrix_moves_fields_by_its_columns() {
    let matrix = [9.0, 2.0, 3.0, 4.0, 9.0, 6.0, 7.0, 8.0, 9.0];
    let couplings = Arc::new(Couplings::given(3, &matrix).unwrap());
    let mut network = DenseNetwork::new(couplings, None, &unit("ising")).unwrap();
    network.set(1, 1);
    assert_eq!([network.field(0), network.field(1), network.field(2)], [-1.0, -10.0, 1.0]);
    let moved = [network.field(0), network.field(1), network.field(2)];
    network.refresh();
    assert_eq!(moved, [network.field(0), network.field(1), network.field(2)]);
    assert!(Couplings::given(3, &matrix[..8]).is_err());
    assert!(Couplings::given(1, &[f64::NAN]).is_err());
}

#[test]
fn too_large_a_matrix_is_refused_before_it_is_allocated() {
    let error = Couplings::gaussian(1_000_000, 1.0, SOURCE).unwrap_err();
    assert!(matches!(error, SimError::Memory { .. }), "{error}");
    assert!(Memories::draw(1_000_000_000, 1_000_000, SOURCE).is_err());
}
