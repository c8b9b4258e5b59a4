//! Wrong theories of graded units at T = 0, solved by plain iteration with a trapezoid. Nothing here is taken from
//! the theory crate.

/// What is done to the equations.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Altered {
    /// Nothing: the right ones.
    Nothing,
    /// Γ = 0: a unit does not feel its own crosstalk.
    NoReaction,
    /// r = q, Δ = αq: memories other than the condensed one do not respond.
    BareNoise,
}

/// What is asked of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Values {
    pub(crate) m: f64,
    pub(crate) q: f64,
}

/// Half width of the trapezoid and its step.
const EDGE: f64 = 10.0;
const STEP: f64 = 0.01;

/// The retrieval state of s = tanh\[g(h + Γs)\] with Hebb couplings and zero diagonal.
pub(crate) fn graded(gain: f64, alpha: f64, altered: Altered) -> Values {
    let (mut m, mut q, mut chi) = (1.0, 1.0, 0.0);
    for _ in 0..10_000 {
        let rest: f64 = 1.0 - chi;
        let delta = if altered == Altered::BareNoise { alpha * q } else { alpha * q / (rest * rest) };
        let reaction = if altered == Altered::NoReaction { 0.0 } else { alpha * chi / rest };
        let mut sums = [0.0; 3];
        let count = (EDGE / STEP) as i32;
        for k in -count..=count {
            let z = f64::from(k) * STEP;
            let weight = STEP * (-0.5 * z * z).exp() / std::f64::consts::TAU.sqrt();
            let s = value(gain, m + delta.sqrt() * z, reaction);
            let slope = 1.0 / (1.0 / (gain * (1.0 - s * s)) - reaction);
            for (sum, term) in sums.iter_mut().zip([s, s * s, slope]) {
                *sum += weight * term;
            }
        }
        let change = (sums[0] - m).abs().max((sums[2] - chi).abs());
        [m, q, chi] = sums;
        if change < 1e-13 {
            return Values { m, q };
        }
    }
    panic!("no convergence at gain {gain}, α = {alpha} with {altered:?}");
}

/// s = tanh\[g(h + Γs)\] on the side of the field, by iteration from its end.
fn value(gain: f64, field: f64, reaction: f64) -> f64 {
    let mut s = field.signum();
    for _ in 0..1000 {
        let next = (gain * (field + reaction * s)).tanh();
        if (next - s).abs() < 1e-15 {
            return next;
        }
        s = next;
    }
    s
}

/// The solver is right where the equations are.
#[test]
fn the_equations_of_graded_units_have_the_solutions_of_theory() {
    use mattis_model::Control;
    use mattis_theory::Guess;

    use crate::experiment::{model, state};

    for (gain, alpha) in [(2.0, 0.05), (4.0, 0.05), (4.0, 0.1)] {
        let own = graded(gain, alpha, Altered::Nothing);
        let model = model("hopfield", &[("unit", &format!("graded:gain={gain}"))]);
        let other = state(&model, Control::new(alpha, 0.0), Guess::Retrieval);
        let error = (own.m - other.m[0]).abs().max((own.q - other.q).abs());
        println!("gain {gain}, α = {alpha}: {own:?}, off by {error:.1e}");
        for altered in [Altered::NoReaction, Altered::BareNoise] {
            println!("{altered:?}: {:?}", graded(gain, alpha, altered));
        }
        assert!(error < 1e-10, "gain {gain}, α = {alpha}: {own:?}, {} {}", other.m[0], other.q);
    }
}
