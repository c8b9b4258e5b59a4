//! One unit between Boolean and Gaussian in a random field, with the reaction of its layer's surroundings.
//!
//! The measure P_Ω(x) exp{[hx + ½Γx²]/T} of x = √Ω g + √(1 − Ω) ε has, with u = 1 − ΩΓ/T, a = Ω/u and
//! b = √(1 − Ω)/u,
//!
//! w(h) = T ln Z = a h²/(2T) + T ln cosh(bh/T) + Γ(1 − Ω)/(2u) − ½T ln u,
//!
//! and all averages over Gaussian fields follow from those of a ±1 unit in the field bh by Gaussian integration by
//! parts. (Barra, Genovese, Sollich & Tantari, Phys. Rev. E 97, 022310 (2018))

use super::dual::Dual;
use crate::closure::{Averaged, Column, Graded, Site, Spot, site};

/// A layer: Ω of its units, and of the weights to condensed memories if it sees any.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layer<'a> {
    pub(super) omega: f64,
    pub(super) weights: f64,
    /// The ±1 unit.
    pub(super) ising: &'a Averaged,
    /// The Boolean part of the condensed memories.
    pub(super) columns: &'a [Column],
    /// Their number n.
    pub(super) condensed: usize,
}

/// The field h = signal · z_n + √noise · x, z_n the sum of n condensed memories, with Γ and T.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings {
    pub(super) signal: Dual,
    pub(super) noise: Dual,
    pub(super) reaction: Dual,
    pub(super) temperature: Dual,
}

/// Averages over memories and noise.
#[derive(Debug, Clone, Copy)]
pub(super) struct Averages {
    /// E\[z_n w_h\]/n.
    pub(super) overlap: Dual,
    /// E\[w_hh\].
    pub(super) response: Dual,
    /// E\[w_h²\].
    pub(super) frozen: Dual,
    /// E\[w\].
    pub(super) potential: Dual,
    /// E\[w_hh²\], infinite at T = 0.
    pub(super) squared_response: f64,
    /// ½E\[(ξ¹ − ξ²)² w_hh\] over two condensed memories.
    pub(super) between: f64,
}

/// w″ of a unit in zero field at T = 1, D(Ω, A) = Ω/(1 − AΩ) + (1 − Ω)/(1 − AΩ)²; A is the reaction.
pub(super) fn curvature(omega: f64, reaction: f64) -> f64 {
    let u = 1.0 - omega * reaction;
    omega / u + (1.0 - omega) / (u * u)
}

impl Layer<'_> {
    /// The averages; `None` where nothing bounds the Gaussian part, u ≤ 0.
    pub(super) fn averages(&self, around: Surroundings) -> Option<Averages> {
        let Surroundings { signal, noise, reaction, temperature } = around;
        let (omega, n) = (self.omega, self.condensed as f64);
        let cold = temperature.value == 0.0;
        // A Gaussian part follows h/T: it grows without bound as T → 0.
        if cold && omega > 0.0 {
            return None;
        }
        let beta = if cold { Dual::constant(0.0) } else { temperature.recip() };
        let u = Dual::constant(1.0) - (reaction * beta).scale(omega);
        if u.value.is_nan() || u.value <= 0.0 {
            return None;
        }
        let (a, b) = (u.recip().scale(omega), u.recip().scale((1.0 - omega).sqrt()));
        let part = (1.0 - self.weights).sqrt();
        // E[h²], and the variance of what is Gaussian in h.
        let square = signal.square().scale(n) + noise;
        let gaussian = signal.square().scale(n * self.weights) + noise;
        let (slope, delta) = ((signal * b).scale(part), gaussian * b.square());
        let spot = Spot {
            m: slope.value,
            gamma: 0.0,
            delta: delta.value,
            field: 0.0,
            temperature: temperature.value,
            energies: true,
        };
        // At T = 0 a unit needs noise; temperatures next to it have no reciprocal.
        if (cold && spot.delta <= 0.0) || !spot.delta.is_finite() {
            return None;
        }
        let site = site(self.ising, self.columns, self.condensed, spot)?;
        let graded =
            |x: Graded| Dual::function(x.value, &[(x.m, slope), (x.delta, delta), (x.t, temperature)]);
        let (aligned, steep, squares) = (graded(site.overlap), graded(site.response), graded(site.frozen));
        let normal = std::f64::consts::LN_2;
        let cosh = Dual::function(
            site.w - temperature.value * normal,
            &[
                (n * site.overlap.value, slope),
                (0.5 * site.response.value, delta),
                (site.entropy - normal, temperature),
            ],
        );
        // E[z_n tanh]/n and E[h tanh], by parts in the Gaussian share of memories and noise.
        let overlap = aligned.scale(part) + (signal * b * steep).scale(self.weights);
        let product = (signal * overlap).scale(n) + noise * b * steep;
        let stiff = a * beta;
        Some(Averages {
            overlap: stiff * signal + b * overlap,
            response: stiff + b.square() * steep,
            frozen: stiff.square() * square + (stiff * b * product).scale(2.0) + b.square() * squares,
            potential: (stiff * square).scale(0.5) + cosh + (reaction * u.recip()).scale(0.5 * (1.0 - omega))
                - (temperature * u.ln()).scale(0.5),
            squared_response: stiff.value * stiff.value
                + 2.0 * stiff.value * b.value * b.value * steep.value
                + b.value.powi(4) * site.squared_response,
            between: stiff.value + b.value * b.value * self.share(&site),
        })
    }

    /// ½E\[(ξ¹ − ξ²)² w_hh\] of the ±1 unit: the Gaussian parts of ξ¹ − ξ² and of z_n are independent.
    fn share(&self, site: &Site) -> f64 {
        let boolean = if self.condensed > 1 { site.own_response - site.cross_response } else { 0.0 };
        (1.0 - self.weights) * boolean + self.weights * site.response.value
    }
}
