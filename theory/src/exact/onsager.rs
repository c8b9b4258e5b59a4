//! The Ising model on the square lattice without field.

use std::f64::consts::{FRAC_PI_2, PI, SQRT_2};

use mattis_model::solved::{ExactKind, ExactPoint, ExactState};

use super::solved::at_rest;
use super::special::{known, softness};
use super::sum::Sum;

/// ln(1 + √2) = 2J/T_c, and what rounding leaves of it.
const CRITICAL: (f64, f64) = (0.881_373_587_019_543, -2.250_545_892_825_866e-17);

/// Catalan's constant.
const CATALAN: f64 = 0.915_965_594_177_219;

/// Above this 2J/T every correction to T = 0, e^{−8J/T}, is below any double.
const FROZEN: f64 = 200.0;

/// T_c = 2J/ln(1 + √2).
pub(super) fn critical_temperature(j: f64) -> f64 {
    2.0 * j / CRITICAL.0
}

/// With s = sinh 2K, κ = (s² − 1)/(s² + 1) and M the arithmetic-geometric mean of 1 and |κ|:
///
/// * u = −J coth 2K [1 + κ/M], as 𝖪(k) = π/2M for k² = 1 − κ² = 4s²/(1 + s²)²;
/// * −βf = 2K + ψ with the integral ψ of `excess`;
/// * C = (4/π)(K coth 2K)² {𝖪 − 𝖤 − (1 − tanh² 2K)(π/2 + κ𝖪)};
/// * m = (1 − s⁻⁴)^{1/8};
/// * the inverse correlation length along an axis is |2K* − 2K| above T_c, sinh 2K* = 1/s, and twice that below.
///
/// (Onsager 1944; Yang 1952.) A temperature equal to the double next to T_c is taken as T_c.
pub(super) fn solve(j: f64, temperature: f64) -> ExactPoint {
    let critical = critical_temperature(j);
    let state = if temperature == critical {
        at_criticality(j, temperature)
    } else if 2.0 * j > FROZEN * temperature {
        ExactState {
            m: vec![1.0],
            free_energy: -2.0 * j,
            energy: -2.0 * j,
            heat_capacity: Some(0.0),
            correlation_length: known(0.25 * temperature / j),
            ..at_rest(ExactKind::Ferromagnet)
        }
    } else {
        elsewhere(j, temperature, temperature < critical)
    };
    ExactPoint { temperature, critical_temperature: Some(critical), states: vec![state] }
}

/// −βf = ½ ln 2 + 2G/π with Catalan's constant G, u = −√2 J.
fn at_criticality(j: f64, temperature: f64) -> ExactState {
    let potential = 0.5 * std::f64::consts::LN_2 + 2.0 * CATALAN / PI;
    ExactState {
        m: vec![0.0],
        free_energy: -temperature * potential,
        energy: -SQRT_2 * j,
        entropy: potential - SQRT_2 * j / temperature,
        ..at_rest(ExactKind::Paramagnet)
    }
}

fn elsewhere(j: f64, temperature: f64, ordered: bool) -> ExactState {
    let k2 = 2.0 * j / temperature;
    let s = libm::sinh(k2);
    // s − 1 = sinh 2K − sinh 2K_c, with 2K − 2K_c from a product that is not rounded.
    let from_critical =
        (libm::fma(-temperature, CRITICAL.0, 2.0 * j) - temperature * CRITICAL.1) / temperature;
    let s_minus_1 = 2.0 * libm::cosh(0.5 * (k2 + CRITICAL.0)) * libm::sinh(0.5 * from_critical);
    let s2 = s * s;
    let kappa = s_minus_1 * (s + 1.0) / (1.0 + s2);
    let coth_minus_1 = 2.0 / libm::expm1(2.0 * k2);
    let agm = Mean::of(kappa.abs(), (s2 / (1.0 + s2)).min(1.0 / (1.0 + s2)));

    // coth 2K (1 + κ/M) = 2 − defect below T_c, and (M − |κ|)/M from above.
    let shortfall = agm.above_smaller / agm.value;
    let (energy, entropy) = if ordered {
        let defect = shortfall - coth_minus_1 * (2.0 - shortfall);
        (-j * (2.0 - defect), excess(k2, kappa) + 0.5 * k2 * defect)
    } else {
        let product = (1.0 + coth_minus_1) * shortfall;
        (-j * product, k2 + excess(k2, kappa) - 0.5 * k2 * product)
    };
    // 𝖪 − 𝖤 = 𝖪 Σ 2^{n−1} c_n², c_0 = k; π/2 + κ𝖪 = 𝖪 (M + κ).
    let first_kind = FRAC_PI_2 / agm.value;
    let c0_squared = 4.0 * s2 / ((1.0 + s2) * (1.0 + s2));
    let with_kappa = if ordered { agm.value + kappa } else { agm.above_smaller };
    let braces = first_kind * (0.5 * c0_squared + agm.squares - with_kappa / (1.0 + s2));
    let prefactor = 0.5 * k2 * (1.0 + coth_minus_1);
    let heat_capacity = known((4.0 / PI * prefactor * prefactor * braces).max(0.0));

    // 2K* − 2K = asinh(1/s) − asinh(s).
    let dual = libm::asinh(libm::sqrt(1.0 + s2) * s_minus_1.abs() / s);
    let inverse_length = if ordered { 2.0 * dual } else { dual };
    let (kind, m) = if ordered {
        let order = s_minus_1 * (s + 1.0) * (s2 + 1.0) / (s2 * s2);
        (ExactKind::Ferromagnet, libm::pow(order, 0.125))
    } else {
        (ExactKind::Paramagnet, 0.0)
    };
    ExactState {
        m: vec![m],
        free_energy: -2.0 * j - temperature * excess(k2, kappa),
        energy,
        entropy,
        heat_capacity,
        correlation_length: known(1.0 / inverse_length),
        ..at_rest(kind)
    }
}

/// ψ = −βf − 2K = ln(1 + e^{−4K}) + (1/π) ∫₀^{π/2} ln{[1 + √(1 − k² cos² θ)]/2} dθ, with
/// 1 − k² cos² θ = κ² + k² sin² θ: small at low temperature, without cancellation.
///
/// The root is nearly singular at θ = 0 close to T_c; the double-exponential rule puts its points there.
fn excess(k2: f64, kappa: f64) -> f64 {
    let modulus2 = 1.0 - kappa * kappa;
    let modulus2 = if kappa.abs() > 0.5 {
        // 1 − κ² = 4s²/(1 + s²)² = 4/(s + 1/s)².
        let s = libm::sinh(k2);
        4.0 / ((s + 1.0 / s) * (s + 1.0 / s))
    } else {
        modulus2
    };
    let integrand = |theta: f64| {
        let (sin, cos) = (libm::sin(theta), libm::cos(theta));
        let root = libm::sqrt(kappa * kappa + modulus2 * sin * sin);
        libm::log1p(-0.5 * modulus2 * cos * cos / (1.0 + root))
    };
    softness(k2) + double_exponential(integrand) / PI
}

/// ∫₀^{π/2} f(θ) dθ by θ = (π/2)/(1 + e^{−π sinh t}), step 1/24. (Takahasi and Mori 1974)
fn double_exponential(f: impl Fn(f64) -> f64) -> f64 {
    const STEP: f64 = 1.0 / 24.0;
    let mut total = Sum::default();
    for n in -100..=100 {
        let t = f64::from(n) * STEP;
        let e = libm::exp(-PI * libm::sinh(t));
        let theta = FRAC_PI_2 / (1.0 + e);
        let weight = FRAC_PI_2 * PI * libm::cosh(t) * e / ((1.0 + e) * (1.0 + e));
        if weight > 0.0 && weight.is_finite() {
            total.add(weight * f(theta));
        }
    }
    STEP * total.value()
}

/// The arithmetic-geometric mean M of 1 and a smaller number.
struct Mean {
    value: f64,
    /// M − smaller.
    above_smaller: f64,
    /// Σ_{n ≥ 1} 2^{n−1} c_n², c_n half the difference before step n.
    squares: f64,
}

impl Mean {
    /// `half_gap` is (1 − smaller)/2, known to all its digits.
    fn of(smaller: f64, half_gap: f64) -> Self {
        let (mut a, mut b, mut c) = (1.0, smaller, half_gap);
        let (mut above, mut squares, mut weight) = (2.0 * half_gap, 0.0, 1.0);
        // The differences are squared at each step; from 10⁻³⁰⁰ about a dozen steps are needed.
        for _ in 0..40 {
            (a, b) = (0.5 * (a + b), libm::sqrt(a * b));
            above -= c;
            squares += weight * c * c;
            weight *= 2.0;
            if c < 1e-20 * a {
                break;
            }
            c = c * c / (4.0 * 0.5 * (a + b));
        }
        Self { value: a, above_smaller: above, squares }
    }
}
