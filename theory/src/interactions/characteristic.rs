//! Averages of what one site contributes to a mode e^{itq}, over a normal weight W of mean μ and variance σ².
//!
//! A site of the coupling contributes D_t = (e^{itW} − 1)/(it) in 0/1 and sin(tW)/t in ±1, any other one 1 or
//! cos tW. With φ(t) = E e^{itW} all averages are written as products of differences that do not cancel at
//! small σ or t, e.g. Cov(e^{itW}, e^{isW}) = φ(t) φ(−s) (e^{tsσ²} − 1).

use mattis_model::Encoding;
use nalgebra::Complex;

/// One normal weight.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weight {
    pub(super) encoding: Encoding,
    pub(super) mean: f64,
    pub(super) sigma: f64,
}

/// E over the weight at a site, seen by the modes t and s (the second conjugate).
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    /// The site is in both couplings: E D_t D_s*.
    pub(super) both: Complex<f64>,
    /// In the first one only, times the same of the second only.
    pub(super) single: Complex<f64>,
    /// In none.
    pub(super) none: f64,
}

/// e^z − 1.
fn exp_m1(z: Complex<f64>) -> Complex<f64> {
    let half = (0.5 * z.im).sin();
    Complex::new(z.re.exp_m1() * z.im.cos() - 2.0 * half * half, z.re.exp() * z.im.sin())
}

/// (e^{−a} e^{x} − e^{−a} e^{−x})/2 for a ≥ |x|: no overflow, no cancellation.
fn damped_sinh(a: f64, x: f64) -> f64 {
    if x.abs() < 1.0 { (-a).exp() * x.sinh() } else { 0.5 * ((x - a).exp() - (-x - a).exp()) }
}

impl Weight {
    /// E D_t.
    pub(super) fn mean(self, t: f64) -> Complex<f64> {
        let a = 0.5 * (t * self.sigma).powi(2);
        match self.encoding {
            Encoding::ZeroOne => exp_m1(Complex::new(-a, t * self.mean)) / Complex::new(0.0, t),
            Encoding::PlusMinus => Complex::from((-a).exp() * (t * self.mean).sin() / t),
        }
    }

    /// E of what a site outside of the coupling contributes.
    pub(super) fn outside(self, t: f64) -> f64 {
        match self.encoding {
            Encoding::ZeroOne => 1.0,
            Encoding::PlusMinus => (-0.5 * (t * self.sigma).powi(2)).exp() * (t * self.mean).cos(),
        }
    }

    /// The averages of two modes; t and s are not 0.
    pub(super) fn pair(self, t: f64, s: f64) -> Pair {
        let variance = self.sigma * self.sigma;
        let (a, x) = (0.5 * (t * t + s * s) * variance, t * s * variance);
        match self.encoding {
            Encoding::ZeroOne => {
                let single = self.mean(t) * self.mean(s).conj();
                // φ(t)φ(−s)(e^x − 1): e^{−a+x} and e^{−a} are taken apart where they do not cancel.
                let size = if x.abs() < 1.0 { (-a).exp() * x.exp_m1() } else { (x - a).exp() - (-a).exp() };
                let covariance = Complex::from_polar(1.0, (t - s) * self.mean) * size / (t * s);
                Pair { both: covariance + single, single, none: 1.0 }
            }
            Encoding::PlusMinus => {
                let plus = (-0.5 * (t + s).powi(2) * variance).exp();
                let minus = (-0.5 * (t - s).powi(2) * variance).exp();
                let (difference, sum) = ((t - s) * self.mean, (t + s) * self.mean);
                let sines = plus * (t * self.mean).sin() * (s * self.mean).sin();
                let both = (damped_sinh(a, x) * difference.cos() + sines) / (t * s);
                // E sin tW cos sW and E cos tW sin sW.
                let odd = 0.5 * (plus * sum.sin() + minus * difference.sin()) / t;
                let even = 0.5 * (plus * sum.sin() - minus * difference.sin()) / s;
                Pair {
                    both: Complex::from(both),
                    single: Complex::from(odd * even),
                    none: 0.5 * (plus * sum.cos() + minus * difference.cos()),
                }
            }
        }
    }
}
