//! Wrong theories for negative controls: the replica-symmetric equations of sequential updates with a term
//! altered, solved by plain iteration with a trapezoid. Nothing here is taken from the theory crate.

use crate::experiment::Values;

/// What is done to the equations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Altered {
    /// Nothing: the right ones.
    Nothing,
    /// Γ = 0: a unit does not feel its own crosstalk.
    NoReaction,
    /// r = q, Δ = αq: memories other than the condensed one do not respond.
    BareNoise,
    /// J_ii = α where the network has none.
    DiagonalLeftIn,
}

/// A unit with these levels and potential D s² in a network with Hebb couplings and zero diagonal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Network {
    pub(crate) levels: &'static [f64],
    pub(crate) crystal_field: f64,
}

pub(crate) const ISING: Network = Network { levels: &[-1.0, 1.0], crystal_field: 0.0 };
pub(crate) const THREE_STATE: Network = Network { levels: &[-1.0, 0.0, 1.0], crystal_field: 0.2 };

/// Half width of the trapezoid and its step: e^{−50} and far below the width of any structure at T ≥ 0.1.
const EDGE: f64 = 10.0;
const STEP: f64 = 0.01;

impl Network {
    /// The state that iteration from a perfect memory ends in.
    pub(crate) fn solve(&self, altered: Altered, alpha: f64, temperature: f64) -> Values {
        let (mut m, mut chi, mut q) = (1.0, 0.0, 1.0);
        for _ in 0..100_000 {
            let noise = match altered {
                Altered::BareNoise => alpha * q,
                _ => alpha * q / ((1.0 - chi) * (1.0 - chi)),
            };
            let reaction = match altered {
                Altered::NoReaction => 0.0,
                Altered::DiagonalLeftIn => alpha / (1.0 - chi),
                _ => alpha * chi / (1.0 - chi),
            };
            let [overlap, frozen, activity] = self.averages(m, noise.sqrt(), reaction, temperature);
            let response = (activity - frozen) / temperature;
            let change = f64::max((overlap - m).abs(), (response - chi).abs());
            (m, q, chi) = (overlap, frozen, response);
            if change < 1e-13 {
                let crosstalk =
                    activity * alpha * chi / (1.0 - chi) + q * chi * alpha / ((1.0 - chi) * (1.0 - chi));
                let energy = -0.5 * m * m - 0.5 * crosstalk + self.crystal_field * activity;
                return Values { m, q, energy };
            }
        }
        panic!("no convergence at α = {alpha}, T = {temperature} with {altered:?}");
    }

    /// E⟨s⟩, E⟨s⟩² and E⟨s²⟩ over fields m + width·z, in the gauge of the memory.
    fn averages(&self, m: f64, width: f64, reaction: f64, temperature: f64) -> [f64; 3] {
        let count = (EDGE / STEP) as i32;
        let mut out = [0.0; 3];
        for k in -count..=count {
            let z = f64::from(k) * STEP;
            let weight = STEP * (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
            let field = m + width * z;
            let action = |s: f64| field * s + (0.5 * reaction - self.crystal_field) * s * s;
            let best = self.levels.iter().map(|s| action(*s)).fold(f64::NEG_INFINITY, f64::max);
            let mut moments = [0.0; 3];
            for s in self.levels {
                let p = ((action(*s) - best) / temperature).exp();
                for (moment, power) in moments.iter_mut().zip([1.0, *s, s * s]) {
                    *moment += p * power;
                }
            }
            let [total, first, second] = moments;
            let mean = first / total;
            for (sum, value) in out.iter_mut().zip([mean, mean * mean, second / total]) {
                *sum += weight * value;
            }
        }
        out
    }
}

/// The solver is right where the equations are, and gives the listed values where they are not.
#[test]
fn the_altered_equations_have_the_listed_solutions() {
    use mattis_model::{Control, Model};

    use crate::experiment::{OBSERVABLES, theory};

    let ternary = Model::hopfield().with_unit("three-state:crystal-field=0.2".parse().expect("a unit"));
    for (network, model, alpha, temperature) in [
        (ISING, &Model::hopfield(), 0.08, 0.3),
        (ISING, &Model::hopfield(), 0.05, 0.5),
        (THREE_STATE, &ternary, 0.03, 0.3),
    ] {
        let own = network.solve(Altered::Nothing, alpha, temperature);
        let other = theory(model, Control::new(alpha, temperature));
        for name in OBSERVABLES {
            assert!((own.of(name) - other.of(name)).abs() < 1e-11, "{name}: {own:?}, {other:?}");
        }
    }
    for (altered, listed) in [
        (Altered::Nothing, 0.868_181),
        (Altered::NoReaction, 0.860_747),
        (Altered::BareNoise, 0.897_168),
        (Altered::DiagonalLeftIn, 0.877_716),
    ] {
        let m = THREE_STATE.solve(altered, 0.03, 0.3).m;
        assert!((m - listed).abs() < 0.5e-6 * 1.001, "{altered:?}: {m}");
    }
    let m = ISING.solve(Altered::Nothing, 0.05, 0.5).m;
    assert!((m - 0.904_106_075_270).abs() < 1e-11, "{m}");
}
