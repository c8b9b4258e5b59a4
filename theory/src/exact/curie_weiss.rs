//! The Curie–Weiss model, H = −(J/2N)(Σ S_i)² − h Σ S_i with the diagonal, for N → ∞ and for finite N.

use mattis_model::solved::{ExactKind, ExactPoint, ExactState};

use super::solved::{at_rest, finite_state};
use super::special::{descend, known, ln_2cosh, sech2, spin_entropy, tanh_defect};
use super::sum::{Sum, sum};

/// Every root of m = tanh[(Jm + h)/T], f = Jm²/2 − T ln 2cosh[(Jm + h)/T], χ = sech²/(T − J sech²), with T_c = J.
///
/// At h = 0 the root −m is not repeated. In a field below the spinodal there are three: along the field,
/// against it (metastable) and between (a maximum of f).
pub(super) fn infinite(j: f64, h: f64, temperature: f64) -> ExactPoint {
    let sign = if h < 0.0 { -1.0 } else { 1.0 };
    let roots = if temperature == 0.0 { frozen(j, h.abs()) } else { roots(j, h.abs(), temperature) };
    let states = roots.into_iter().map(|root| root.state(j, h.abs(), temperature, sign)).collect();
    ExactPoint { temperature, critical_temperature: Some(j), states }
}

/// A root: x = (Jm + h)/T, m = tanh x.
struct Root {
    x: f64,
    m: f64,
    /// T − J sech² x, which has the sign of f″(m).
    stiffness: f64,
    kind: ExactKind,
    stable: bool,
}

impl Root {
    fn state(&self, j: f64, h: f64, temperature: f64, sign: f64) -> ExactState {
        let Self { x, m, stiffness, .. } = *self;
        let (energy, entropy) = (-0.5 * j * m * m - h * m, spin_entropy(x));
        // T ln 2cosh x is |Jm + h| at T = 0, where x is infinite or, between the branches, the field is zero.
        let free_energy = if temperature == 0.0 {
            0.5 * j * m * m - (j * m + h).abs()
        } else {
            0.5 * j * m * m - temperature * ln_2cosh(x)
        };
        let chi = known(sech2(x) / stiffness);
        let heat_capacity = match chi {
            Some(_) if sech2(x) == 0.0 => Some(0.0),
            Some(chi) => known(temperature * x * x * chi),
            None => None,
        };
        ExactState {
            m: vec![sign * m],
            free_energy,
            energy,
            entropy: if x.is_infinite() { 0.0 } else { entropy },
            chi,
            heat_capacity,
            locally_stable: self.stable,
            ..at_rest(self.kind)
        }
    }
}

/// T = 0: m = sign(Jm + h), and the maximum of f between, where the field vanishes.
fn frozen(j: f64, h: f64) -> Vec<Root> {
    let up = Root { x: f64::INFINITY, m: 1.0, stiffness: 1.0, kind: ExactKind::Ferromagnet, stable: true };
    let mut roots = vec![up];
    if h < j {
        if h > 0.0 {
            let x = f64::NEG_INFINITY;
            roots.push(Root { x, m: -1.0, stiffness: 1.0, kind: ExactKind::Ferromagnet, stable: true });
        }
        let x = 0.0 - libm::atanh(h / j);
        let stiffness = -j * sech2(x);
        roots.push(Root { x, m: 0.0 - h / j, stiffness, kind: ExactKind::Paramagnet, stable: false });
    }
    roots
}

fn roots(j: f64, h: f64, t: f64) -> Vec<Root> {
    let root = |x: f64, kind, stable| Root { x, m: libm::tanh(x), stiffness: t - j * sech2(x), kind, stable };
    if h == 0.0 {
        let paramagnet =
            Root { x: 0.0, m: 0.0, stiffness: t - j, kind: ExactKind::Paramagnet, stable: t >= j };
        return if t < j { vec![spontaneous(j, t), paramagnet] } else { vec![paramagnet] };
    }
    // Local field x = (Jm + h)/T: T x − h − J tanh x = 0, convex for x > 0 and concave for x < 0.
    let equation = |x: f64| (t * x - h - j * libm::tanh(x), t - j * sech2(x));
    let along = descend((j + h) / t, equation);
    if t >= j {
        return vec![root(along, ExactKind::Paramagnet, true)];
    }
    let mut roots = vec![root(along, ExactKind::Ferromagnet, true)];
    let spinodal = -libm::acosh((j / t).sqrt());
    if equation(spinodal).0 >= 0.0 {
        roots.push(root(descend((h - j) / t, equation), ExactKind::Ferromagnet, true));
        roots.push(root(descend(0.0, equation), ExactKind::Paramagnet, false));
    }
    roots
}

/// The positive root at h = 0: 1 − tanh(x)/x = 1 − T/J, whose two sides are free of cancellation near T_c.
fn spontaneous(j: f64, t: f64) -> Root {
    let gap = (j - t) / j;
    let equation = |x: f64| {
        let defect = tanh_defect(x);
        let ratio = 1.0 - defect;
        (defect - gap, (x * x * ratio * ratio - defect) / x)
    };
    // T x − J tanh x is convex, so its Newton steps from J/T stay to the right of the root.
    let near = descend(j / t, |x| (t * x - j * libm::tanh(x), t - j * sech2(x)));
    // Close to T_c the rounding of T x − J tanh x hides the root; its expansion does not.
    let start = if gap < 1e-3 { (3.0 * gap * (1.0 + 1.2 * gap)).sqrt() } else { near };
    let x = if start > 2.0 { start } else { descend(start, equation) };
    let defect = tanh_defect(x);
    let stiffness =
        if x > 2.0 { t - j * sech2(x) } else { j * (x * x * (1.0 - defect) * (1.0 - defect) - defect) };
    Root { x, m: libm::tanh(x), stiffness, kind: ExactKind::Ferromagnet, stable: true }
}

/// The exact sum over the N + 1 magnetisations, Z = Σ_k C(N, k) exp β{J M²/2N + h M}, M = N − 2k.
///
/// Logarithms of weights are added up from ratio to ratio, relative to the largest weight and with compensated
/// sums, so that averages keep thirteen digits up to N = 10⁵.
pub(super) fn finite(j: f64, h: f64, n: usize, temperature: f64) -> ExactPoint {
    let size = n as f64;
    let state = if temperature == 0.0 {
        let (degenerate, m) = if h == 0.0 { (2.0, 0.0) } else { (1.0, h.signum()) };
        let energy = -0.5 * j - h.abs();
        ExactState {
            m: vec![m],
            free_energy: energy,
            energy,
            entropy: libm::log(degenerate) / size,
            chi: (h != 0.0).then_some(0.0),
            heat_capacity: Some(0.0),
            abs_m: Some(1.0),
            m2: Some(1.0),
            binder: Some(2.0 / 3.0),
            ..at_rest(ExactKind::Finite)
        }
    } else {
        let beta = 1.0 / temperature;
        let (ln_z, law) = law(beta * j, beta * h, n);
        let average = |f: &dyn Fn(f64) -> f64| {
            sum(law.iter().enumerate().map(|(k, p)| p * f((n as f64 - 2.0 * k as f64) / size)))
        };
        let m = if h == 0.0 { 0.0 } else { average(&|m| m) };
        let m2 = average(&|m| m * m);
        let m4 = average(&|m| m.powi(4));
        let energy = -0.5 * j * m2 - h * m;
        let variance = average(&|x| (x - m) * (x - m));
        let fluctuation = average(&|x| {
            let e = -0.5 * j * x * x - h * x - energy;
            e * e
        });
        finite_state(
            ExactState {
                m: vec![m],
                energy,
                chi: known(beta * size * variance),
                heat_capacity: known(beta * beta * size * fluctuation),
                ln_z: Some(ln_z),
                abs_m: Some(average(&|m: f64| m.abs())),
                m2: Some(m2),
                binder: known(1.0 - m4 / (3.0 * m2 * m2)),
                ..at_rest(ExactKind::Finite)
            },
            size,
            temperature,
        )
    };
    ExactPoint { temperature, critical_temperature: None, states: vec![state] }
}

/// ln Z and P(M = N − 2k) for k = 0 … N.
fn law(coupling: f64, field: f64, n: usize) -> (f64, Vec<f64>) {
    let size = n as f64;
    // ln of the weight at k + 1 over that at k, C(N, k+1)/C(N, k) = (N − k)/(k + 1), M → M − 2.
    let ratio = |k: usize| {
        let (k, m) = (k as f64, size - 2.0 * k as f64);
        libm::log((size - k) / (k + 1.0)) - 2.0 * coupling * (m - 1.0) / size - 2.0 * field
    };
    let first = 0.5 * coupling * size + field * size;
    let (mut peak, mut top) = (0, first);
    let mut walk = Sum::default();
    walk.add(first);
    for k in 0..n {
        walk.add(ratio(k));
        if walk.value() > top {
            (peak, top) = (k + 1, walk.value());
        }
    }
    let mut weights = vec![0.0; n + 1];
    let mut above = Sum::default();
    for k in peak..n {
        above.add(ratio(k));
        weights[k + 1] = above.value();
    }
    let mut below = Sum::default();
    for k in (0..peak).rev() {
        below.add(-ratio(k));
        weights[k] = below.value();
    }
    let ln_z = top + super::sum::normalise(&mut weights);
    (ln_z, weights)
}
