//! Many points at once against points alone.

use mattis_model::{Control, Model};
use mattis_theory::{Guess, ReplicaSymmetric, predict, states, states_at};

/// A state does not depend on what else was asked for: the same bits in any order and company.
#[test]
fn points_are_what_they_are_alone() {
    let unit = "three-state:crystal-field=0.2".parse().expect("a unit");
    let cases = [
        (
            Model::hopfield(),
            vec![4e-4, 0.002, 0.02, 0.05, 0.1372, 0.16],
            vec![0.0, 0.02, 0.3, 0.61, 0.93, 1.2],
        ),
        (Model::hopfield().with_unit(unit), vec![0.004, 0.03, 7e-4], vec![0.1]),
        (Model::little(), vec![0.02, 0.05], vec![0.3]),
    ];
    for (model, loads, temperatures) in cases {
        // Neither loads nor temperatures in order.
        let mut controls: Vec<Control> = Vec::new();
        for (i, &alpha) in loads.iter().enumerate().rev() {
            for j in 0..temperatures.len() {
                controls.push(Control::new(alpha, temperatures[(i + j) % temperatures.len()]));
            }
        }
        let together = states_at(&model, &controls).expect("states");
        assert_eq!(together.len(), controls.len());
        for (control, found) in controls.iter().zip(&together) {
            assert_eq!(found, &states(&model, *control).expect("states"), "{control:?}");
        }
        assert!(together.iter().map(Vec::len).sum::<usize>() > controls.len());
    }
}

/// Solutions of a row against single predictions, which iterate from saturation, and against the list of states.
#[test]
fn rows_of_solutions() {
    let theory = ReplicaSymmetric::new(&Model::hopfield()).expect("a theory");
    let loads: Vec<f64> = (0..33).map(|i| 0.002 + 0.0047 * f64::from(i)).collect();
    let mut count = 0;
    for temperature in [0.02, 0.11, 0.3, 0.57, 0.84, 0.99] {
        for guess in [Guess::Retrieval, Guess::Mixture(3), Guess::SpinGlass] {
            let row = theory.solutions_at(temperature, &loads, guess).expect("a row");
            for (&alpha, solution) in loads.iter().zip(&row) {
                let control = Control::new(alpha, temperature);
                let alone = predict(&Model::hopfield(), control, guess);
                let what = format!("{guess:?} {alpha} {temperature}");
                assert_eq!(solution.is_some(), alone.is_ok(), "{what}: {solution:?} {alone:?}");
                if let (Some(solution), Ok(state)) = (solution, alone) {
                    assert!(solution.residual <= 2e-13, "{what}");
                    let m = state.m.first().copied().unwrap_or(0.0);
                    assert!((solution.y[0] - m).abs() < 1e-9, "{what}: {} {m}", solution.y[0]);
                    assert!((solution.y[1] - state.chi).abs() < 1e-9, "{what}");
                    assert!((solution.y[2] - state.delta).abs() < 1e-9, "{what}");
                    count += 1;
                }
            }
        }
    }
    assert!(count > 100, "{count}");
}

/// The grid of the benchmark: as many points with retrieval as an independent solver has, all certified.
#[test]
fn retrieval_on_a_grid() {
    let theory = ReplicaSymmetric::new(&Model::hopfield()).expect("a theory");
    let grid = |from: f64, to: f64| -> Vec<f64> {
        (0..100).map(|i| from + (to - from) * f64::from(i) / 99.0).collect()
    };
    let loads = grid(0.002, 0.16);
    let mut count = 0;
    for temperature in grid(0.02, 1.0) {
        let row = theory.solutions_at(temperature, &loads, Guess::Retrieval).expect("a row");
        count += row.iter().flatten().filter(|solution| solution.residual <= 1e-12).count();
    }
    assert_eq!(count, 3872);
}
