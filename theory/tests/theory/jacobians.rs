//! Analytic Jacobians of both closures against finite differences.

use mattis_theory::ReplicaSymmetric;
use mattis_theory::closure::{Closure, Phase, Point};
use mattis_theory::solve::newton::Vector;

use crate::free_energy::derivative;
use crate::support::{Findings, variant};

/// ∂F/∂(y, α, T) by finite differences: one column per argument.
fn column(closure: &dyn Closure, phase: Phase, y: &Vector, at: Point, j: usize) -> Vec<f64> {
    let k = y.len();
    let residual = |row: usize, h: f64| {
        let (mut y, mut at) = (y.clone(), at);
        match j {
            j if j < k => y[j] += h,
            j if j == k => at.alpha += h,
            _ => at.temperature += h,
        }
        closure.residual(phase, &y, at).map_or(f64::NAN, |f| f[row])
    };
    let step = match j {
        j if j < k => 0.02 * y[j].abs().max(1e-2),
        j if j == k => 0.02 * at.alpha,
        _ => 0.05 * at.temperature,
    };
    (0..k).map(|row| derivative(step, &|h: f64| residual(row, h))).collect()
}

fn check(findings: &mut Findings, what: &str, closure: &dyn Closure, phase: Phase, y: &[f64], at: Point) {
    let y = Vector::from_vec(y.to_vec());
    let (_, jacobian) = closure.linearize(phase, &y, at).unwrap_or_else(|| panic!("{what}: {y} is outside"));
    // At T = 0 the slope in T vanishes and has no two sides.
    let last = if at.temperature == 0.0 { y.len() + 1 } else { y.len() + 2 };
    for j in 0..last {
        // An overlap that is pinned to zero is no argument.
        if j == 0 && phase.condensed() == 0 {
            continue;
        }
        for (i, slope) in column(closure, phase, &y, at, j).into_iter().enumerate() {
            let entry = jacobian[(i, j)];
            findings.close(
                &format!("{what} {phase:?} {at:?} ∂F{i}/∂{j}"),
                Some(slope),
                entry,
                3e-8 * (1.0 + jacobian.column(j).amax()),
            );
        }
    }
    if at.temperature == 0.0 {
        assert!(jacobian.column(last).iter().enumerate().all(|(i, x)| *x == 0.0 || i == last));
    }
}

const PHASES: [Phase; 4] = [Phase::Condensed(1), Phase::Condensed(3), Phase::Condensed(5), Phase::SpinGlass];
const UNITS: [&str; 3] = ["ising", "three-state:crystal-field=0.2", "three-state:crystal-field=-0.3"];

#[test]
fn sequential() {
    let mut findings = Findings::default();
    for (unit, field, diagonal) in
        UNITS.iter().flat_map(|u| [(*u, 0.0, "zero"), (*u, 0.15, "kept"), (*u, 0.0, "0.2")])
    {
        let theory = ReplicaSymmetric::new(&variant(unit, field, diagonal, "sequential")).expect("a theory");
        for phase in PHASES {
            let m = if phase.condensed() > 0 { 0.9 / (phase.condensed() as f64).sqrt() } else { 0.0 };
            for temperature in [0.0, 1e-3, 0.02, 0.1, 0.4, 1.5] {
                for (chi, delta) in [(0.1, 0.08), (0.5, 0.4)] {
                    let at = Point { alpha: 0.06, temperature };
                    check(
                        &mut findings,
                        &format!("{unit} {field} {diagonal}"),
                        theory.closure(),
                        phase,
                        &[m, chi, delta],
                        at,
                    );
                }
            }
        }
    }
    findings.settle(5000);
}

#[test]
fn parallel() {
    let mut findings = Findings::default();
    for (unit, field, diagonal) in
        UNITS.iter().flat_map(|u| [(*u, 0.0, "zero"), (*u, 0.15, "kept"), (*u, 0.0, "0.2")])
    {
        let theory = ReplicaSymmetric::new(&variant(unit, field, diagonal, "parallel")).expect("a theory");
        for phase in PHASES {
            let m = if phase.condensed() > 0 { 0.9 / (phase.condensed() as f64).sqrt() } else { 0.0 };
            for temperature in [5e-3, 0.1, 0.5] {
                for (plus, minus, delta) in [(0.1, 0.02, 0.08), (0.5, 0.3, 0.4)] {
                    let at = Point { alpha: 0.06, temperature };
                    let y = [m, plus, minus, delta];
                    check(
                        &mut findings,
                        &format!("{unit} {field} {diagonal}"),
                        theory.closure(),
                        phase,
                        &y,
                        at,
                    );
                }
            }
        }
    }
    findings.settle(4000);
}

#[test]
fn without_memories() {
    let mut findings = Findings::default();
    for unit in UNITS {
        for update in ["sequential", "parallel"] {
            let mut model = variant(unit, 0.2, "0.1", update);
            model.rule = "none:strength=1.3".parse().expect("a rule");
            let theory = ReplicaSymmetric::new(&model).expect("a theory");
            for temperature in [0.02, 0.3, 1.0] {
                let y: &[f64] = if update == "parallel" { &[0.0, 0.7, 0.1, 0.5] } else { &[0.0, 0.7, 0.5] };
                let at = Point { alpha: 0.0, temperature };
                let y = Vector::from_vec(y.to_vec());
                let (_, jacobian) = theory.closure().linearize(Phase::SpinGlass, &y, at).expect("inside");
                for j in (1..y.len()).chain([y.len() + 1]) {
                    for (i, slope) in
                        column(theory.closure(), Phase::SpinGlass, &y, at, j).into_iter().enumerate()
                    {
                        let scale = 1.0 + jacobian.column(j).amax();
                        findings.close(
                            &format!("{unit} {update} {at:?} {i} {j}"),
                            Some(slope),
                            jacobian[(i, j)],
                            3e-8 * scale,
                        );
                    }
                }
            }
        }
    }
    findings.settle(150);
}
