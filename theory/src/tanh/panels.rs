//! One pass over Gauss–Legendre panels around the field where a tanh that is steep next to the noise rises.
//!
//! The nodes are those of [`Nodes`](crate::average::Nodes) around one kink; tanh and density are evaluated eight nodes
//! at a time, multiplications never fused with additions: all [`Vectors`] give the same bytes.
//!
//! # Safety
//!
//! `unsafe` is the call of a function compiled for instructions of its own, made only where they exist.
#![allow(unsafe_code)]

use std::f64::consts::PI;
use std::sync::OnceLock;

use mattis_simd::Vectors;

use super::kernel::{exp, total};
#[cfg(target_arch = "x86_64")]
use super::lanes::{Avx2, Avx512};
use super::lanes::{LANES, Lanes};
use crate::average::{cuts, legendre};

/// E f of t = tanh x and v = sech²x with x = (z − `kink`) `slope` over a standard normal z.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Steep {
    /// E\[t\].
    pub(crate) t: f64,
    /// E\[t²\].
    pub(crate) tt: f64,
    /// E\[v²\].
    pub(crate) vv: f64,
    /// E\[v He_k(z)\] for k from 0 to 4.
    pub(crate) rise: [f64; 5],
}

/// The averages; `slope` is positive.
pub(crate) fn steep(vectors: Vectors, kink: f64, slope: f64) -> Steep {
    match vectors {
        // SAFETY: the instructions exist.
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx512 if vectors.exists() => unsafe { steep_avx512(kink, slope) },
        // SAFETY: the instructions exist.
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx2 if vectors.exists() => unsafe { steep_avx2(kink, slope) },
        _ => steep_of::<[f64; LANES]>(kink, slope),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn steep_avx512(kink: f64, slope: f64) -> Steep {
    steep_of::<Avx512>(kink, slope)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn steep_avx2(kink: f64, slope: f64) -> Steep {
    steep_of::<Avx2>(kink, slope)
}

/// Nodes and weights of a panel, eight at a time.
fn rule() -> &'static [([f64; LANES], [f64; LANES]); 2] {
    static RULE: OnceLock<[([f64; LANES], [f64; LANES]); 2]> = OnceLock::new();
    RULE.get_or_init(|| {
        let at = |i: usize| legendre().get(i).copied().unwrap_or_default();
        [0, LANES]
            .map(|first| (std::array::from_fn(|i| at(first + i).0), std::array::from_fn(|i| at(first + i).1)))
    })
}

#[inline(always)]
fn steep_of<L: Lanes>(kink: f64, slope: f64) -> Steep {
    let rule = rule();
    let (zero, one) = (L::splat(0.0), L::splat(1.0));
    let [mut t, mut tt, mut vv] = [zero; 3];
    let mut rise = [zero; 5];
    for side in [-1.0, 1.0] {
        for (start, stop) in cuts(side, kink, 1.0 / slope) {
            let (centre, half) = (0.5 * (start + stop), 0.5 * (stop - start));
            for (nodes, weights) in rule {
                let distance = L::splat(centre).add(L::splat(half).mul(L::load(nodes)));
                let z = L::splat(kink).add(L::splat(side).mul(distance));
                let z2 = z.mul(z);
                let bound = L::splat(-700.0);
                let density = exp(z2.mul(L::splat(-0.5)).max(bound));
                let weight = L::load(weights).mul(L::splat(half)).mul(density);
                let e = exp(distance.mul(L::splat(-2.0 * slope)).max(bound));
                let r = one.div(one.add(e));
                let u = e.mul(r);
                let tanh = one.sub(u.add(u));
                // sech²x/4.
                let s = u.mul(r);
                let ws = weight.mul(s);
                t = t.add(L::splat(side).mul(weight.mul(tanh)));
                tt = tt.add(weight.mul(tanh).mul(tanh));
                vv = vv.add(ws.mul(s));
                let six = z2.sub(L::splat(6.0));
                let hermite =
                    [one, z, z2.sub(one), z.mul(z2.sub(L::splat(3.0))), z2.mul(six).add(L::splat(3.0))];
                rise = std::array::from_fn(|k| rise[k].add(ws.mul(hermite[k])));
            }
        }
    }
    let norm = 1.0 / (2.0 * PI).sqrt();
    Steep {
        t: norm * total(t),
        tt: norm * total(tt),
        vv: 16.0 * norm * total(vv),
        rise: rise.map(|sum| 4.0 * norm * total(sum)),
    }
}
