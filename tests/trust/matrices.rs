//! The full transition matrix of the simulation's kernels, from the probabilities its words decide by.

use mattis_sim::dynamics::{Dynamics, HeatBath, Metropolis, Order, SingleSite};
use mattis_sim::network::Network;
use mattis_theory::exact::Transition;

use crate::support::{SCHEDULES, Schedule, Small, ising, lopsided, rough, three_state};

/// Rounding of products of some ten factors.
const ROUNDING: f64 = 1e-13;

fn systems() -> Vec<Small> {
    vec![
        Small::new(&ising(), rough(8, true, 0.0), 0.0, 0.5),
        Small::new(&ising(), rough(7, true, -0.3), 0.15, 0.5),
        Small::new(&three_state(), rough(5, true, 0.25), 0.15, 0.6),
        Small::new(&lopsided(), rough(4, true, 0.25), -0.1, 0.8),
    ]
}

/// The kernel of one step as the simulation computes it. A step of a sequential schedule is a single
/// update, except for the sweep order, where it is the sweep.
fn simulated(small: &Small, schedule: Schedule) -> Transition {
    let reaction = if schedule.parallel { 0.0 } else { small.diagonal };
    let site = SingleSite::new(&small.model, reaction, small.temperature).expect("a unit with levels");
    let (heat_bath, metropolis) = (HeatBath::new(site.clone()), Metropolis::new(site));
    let (n, m, levels) = (small.exact.units(), small.exact.states(), small.exact.levels().to_vec());
    let mut network = small.network();
    // p[state][unit][level]
    let single: Vec<Vec<Vec<f64>>> = (0..m)
        .map(|state| {
            small.load(&mut network, state);
            let law = |i: usize| {
                let current = network.states()[i];
                let field = network.field(i);
                (0..levels.len() as u8)
                    .map(|next| match (schedule.parallel, schedule.dynamics) {
                        (true, _) => {
                            let own = small.diagonal * levels[usize::from(current)];
                            heat_bath.probability(current, next, field + own)
                        }
                        (_, Dynamics::HeatBath) => heat_bath.probability(current, next, field),
                        (_, Dynamics::Metropolis) => metropolis.probability(current, next, field),
                    })
                    .collect()
            };
            (0..n).map(law).collect()
        })
        .collect();
    let digit = |state: usize, i: usize| state / levels.len().pow(i as u32) % levels.len();
    let moved = |state: usize, i: usize, d: usize| {
        state - digit(state, i) * levels.len().pow(i as u32) + d * levels.len().pow(i as u32)
    };
    let only = |i: usize| {
        let mut matrix = vec![0.0; m * m];
        for state in 0..m {
            for (d, p) in single[state][i].iter().enumerate() {
                matrix[state * m + moved(state, i, d)] += p;
            }
        }
        matrix
    };
    let given = |matrix| Transition::given(matrix).expect("square");
    if schedule.parallel {
        let entry = |k: usize| (0..n).map(|i| single[k / m][i][digit(k % m, i)]).product();
        given((0..m * m).map(entry).collect())
    } else if schedule.order == Order::Sweep {
        (1..n).fold(given(only(0)), |sweep, i| sweep.then(&given(only(i))).expect("same states"))
    } else {
        let mut sum = vec![0.0; m * m];
        for i in 0..n {
            sum.iter_mut().zip(only(i)).for_each(|(a, p)| *a += p / n as f64);
        }
        given(sum)
    }
}

#[test]
fn each_kernel_leaves_its_law_invariant() {
    for small in systems() {
        for schedule in SCHEDULES {
            let matrix = simulated(&small, schedule);
            let law = small.law(schedule);
            assert!(matrix.normalisation_error() < ROUNDING, "{}", schedule.name);
            let error = matrix.stationarity_error(&law).expect("same states");
            assert!(error < ROUNDING, "{}: {error:e}", schedule.name);
        }
    }
}

#[test]
fn detailed_balance_with_the_hamiltonian_of_each_update() {
    for small in systems() {
        for schedule in SCHEDULES {
            let error = simulated(&small, schedule)
                .detailed_balance_error(&small.law(schedule))
                .expect("same states");
            // A sweep in a fixed order has a direction: stationary without detailed balance.
            let directed = schedule.dynamics == Dynamics::HeatBath && schedule.order == Order::Sweep;
            assert_eq!(error < ROUNDING, !directed, "{}: {error:e}", schedule.name);
        }
    }
}

/// H̄ = −T Σ ln 2cosh(βh_i), written out.
#[test]
fn the_parallel_law_is_that_of_the_effective_hamiltonian() {
    let small = Small::new(&ising(), rough(8, true, -0.2), 0.0, 0.5);
    let weights = (0..small.exact.states())
        .map(|state| small.exact.local_fields(state).iter().map(|h| (2.0 * (h / 0.5).cosh()).ln()).sum())
        .collect();
    let law = small.exact.law(0.5, weights).expect("finite");
    let matrix = simulated(&small, SCHEDULES[3]);
    assert!(matrix.detailed_balance_error(&law).expect("same states") < ROUNDING);
    assert!(matrix.stationarity_error(&law).expect("same states") < ROUNDING);
}

/// The oracle builds the same matrices from couplings, levels and potentials alone.
#[test]
fn both_engines_have_the_same_matrix() {
    for small in systems().into_iter().skip(1) {
        for schedule in SCHEDULES {
            let one = simulated(&small, schedule);
            let steps =
                if schedule.parallel || schedule.order == Order::Sweep { 1 } else { small.exact.units() };
            let sweep = (1..steps).fold(one.clone(), |product, _| product.then(&one).expect("same states"));
            let exact = schedule.sweep_matrix(&small);
            for state in 0..exact.states() {
                for (a, b) in sweep.row(state).iter().zip(exact.row(state)) {
                    assert!((a - b).abs() < ROUNDING, "{}: {a} is not {b}", schedule.name);
                }
            }
        }
    }
}

/// Negative controls: the law of the other update, another temperature, the reaction left out.
#[test]
fn wrong_laws_are_not_stationary() {
    let small = Small::new(&three_state(), rough(5, true, 0.25), 0.15, 0.6);
    for schedule in SCHEDULES {
        let matrix = simulated(&small, schedule);
        let other = small.law(SCHEDULES[if schedule.parallel { 0 } else { 3 }]);
        let law = if schedule.parallel {
            mattis_theory::exact::Enumeration::parallel
        } else {
            mattis_theory::exact::Enumeration::boltzmann
        };
        let warmer = law(&small.exact, 0.61).expect("symmetric");
        let bare = Small::new(&three_state(), rough(5, true, 0.0), 0.15, 0.6);
        let bare = bare.law(schedule);
        for wrong in [&other, &warmer, &bare] {
            let error = matrix.stationarity_error(wrong).expect("same states");
            assert!(error > 1e-3, "{}: {error:e}", schedule.name);
        }
    }
}

#[test]
fn asymmetric_couplings_break_detailed_balance() {
    for (unit, n) in [(ising(), 7), (three_state(), 4)] {
        let small = Small::new(&unit, rough(n, false, 0.0), 0.0, 0.6);
        for schedule in SCHEDULES {
            let matrix = simulated(&small, schedule);
            let weights = if schedule.parallel {
                small.exact.parallel_log_weights(0.6)
            } else {
                small.exact.boltzmann_log_weights(0.6)
            };
            let naive = small.exact.law(0.6, weights.expect("T > 0")).expect("finite");
            assert!(matrix.stationarity_error(&naive).expect("same states") > 1e-2, "{}", schedule.name);
            // There is a stationary law, but no Hamiltonian for it: Kolmogorov's criterion fails.
            let stationary = matrix.stationary().expect("irreducible").iter().map(|p| p.ln()).collect();
            let law = small.exact.law(0.6, stationary).expect("finite");
            assert!(matrix.stationarity_error(&law).expect("same states") < ROUNDING, "{}", schedule.name);
            assert!(matrix.detailed_balance_error(&law).expect("same states") > 1e-2, "{}", schedule.name);
        }
    }
}
