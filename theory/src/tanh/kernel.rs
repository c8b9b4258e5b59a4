//! One pass over the nodes of a rule: the sums of the tanh and of its powers.
//!
//! With x the argument at a node, e = e^{−2x} and u = e/(1 + e) keep their digits at both ends, tanh x = 1 − 2u and
//! sech²x = 4u/(1 + e). Along a rule x grows by equal steps, so that e is a product of one factor for the vector
//! and one for the lane; two vectors share a division. Eight lanes on every machine, sums lane by lane,
//! multiplications never fused with additions: all [`Vectors`] give the same bytes.
//!
//! # Safety
//!
//! `unsafe` is the call of a function compiled for instructions of its own, made only where they exist.
#![allow(unsafe_code)]

use mattis_simd::Vectors;

#[cfg(target_arch = "x86_64")]
use super::lanes::{Avx2, Avx512};
use super::lanes::{LANES, Lanes, ROUND};
use super::rule::Rule;

/// E f(x) of t = tanh x and v = sech²x over the nodes of a rule.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Sums {
    /// E\[t\].
    pub(crate) t: f64,
    /// E\[t²\].
    pub(crate) tt: f64,
    /// E\[v\].
    pub(crate) v: f64,
    /// E\[tv\].
    pub(crate) tv: f64,
    /// E\[v²\].
    pub(crate) vv: f64,
    /// E\[tv²\], or 0.
    pub(crate) tvv: f64,
    /// E\[v³\], or 0.
    pub(crate) vvv: f64,
}

/// The sums for x = `centre` + `slope` z, neither of them negative; the last two only with `CURVED`.
#[inline]
pub(crate) fn sums<const CURVED: bool>(vectors: Vectors, rule: &Rule, centre: f64, slope: f64) -> Sums {
    match vectors {
        // SAFETY: the instructions exist.
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx512 if vectors.exists() => unsafe { sums_avx512::<CURVED>(rule, centre, slope) },
        // SAFETY: the instructions exist.
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx2 if vectors.exists() => unsafe { sums_avx2::<CURVED>(rule, centre, slope) },
        _ => sums_of::<[f64; LANES], CURVED>(rule, centre, slope),
    }
}

/// E\[ln(1 + e^{−2x})\] and the entropy E\[ln 2cosh x − x tanh x\] for the same arguments.
#[inline]
pub(crate) fn entropies(vectors: Vectors, rule: &Rule, centre: f64, slope: f64) -> [f64; 2] {
    match vectors {
        // SAFETY: the instructions exist.
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx512 if vectors.exists() => unsafe { log_avx512(rule, centre, slope) },
        // SAFETY: the instructions exist.
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx2 if vectors.exists() => unsafe { log_avx2(rule, centre, slope) },
        _ => log_of::<[f64; LANES]>(rule, centre, slope),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn sums_avx512<const CURVED: bool>(rule: &Rule, centre: f64, slope: f64) -> Sums {
    sums_of::<Avx512, CURVED>(rule, centre, slope)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn sums_avx2<const CURVED: bool>(rule: &Rule, centre: f64, slope: f64) -> Sums {
    sums_of::<Avx2, CURVED>(rule, centre, slope)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq,avx512vl")]
fn log_avx512(rule: &Rule, centre: f64, slope: f64) -> [f64; 2] {
    log_of::<Avx512>(rule, centre, slope)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn log_avx2(rule: &Rule, centre: f64, slope: f64) -> [f64; 2] {
    log_of::<Avx2>(rule, centre, slope)
}

/// ln 2 in two parts, the first with zero bits at the end.
const LN_2: [f64; 2] = [6.931_471_803_691_238e-1, 1.908_214_929_270_587_7e-10];

/// e^y for |y| ≤ 700, to a unit of the last digit: the Taylor series to order 13 within ±½ln 2.
#[inline(always)]
pub(super) fn exp<L: Lanes>(y: L) -> L {
    const C: [f64; 14] = [
        1.0,
        1.0,
        0.5,
        1.0 / 6.0,
        1.0 / 24.0,
        1.0 / 120.0,
        1.0 / 720.0,
        1.0 / 5040.0,
        1.0 / 40320.0,
        1.0 / 362_880.0,
        1.0 / 3_628_800.0,
        1.0 / 39_916_800.0,
        1.0 / 479_001_600.0,
        1.0 / 6_227_020_800.0,
    ];
    let shifted = y.mul(L::splat(std::f64::consts::LOG2_E)).add(L::splat(ROUND));
    let k = shifted.sub(L::splat(ROUND));
    let r = y.sub(k.mul(L::splat(LN_2[0]))).sub(k.mul(L::splat(LN_2[1])));
    let pair = |j: usize| L::splat(C[j]).add(r.mul(L::splat(C[j + 1])));
    let r2 = r.mul(r);
    let r4 = r2.mul(r2);
    let low = pair(4).add(pair(6).mul(r2));
    let high = pair(8).add(pair(10).mul(r2)).add(pair(12).mul(r4));
    let rest = pair(2).add(r2.mul(low.add(high.mul(r4))));
    // The largest terms last.
    L::splat(1.0).add(r.add(r2.mul(rest))).mul(shifted.power())
}

/// 0, 1, … 7.
const COUNT: [f64; LANES] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0];

/// The factor of e^{−2x} of each lane.
#[inline(always)]
fn steps<L: Lanes>(rule: &Rule, slope: f64) -> L {
    let by = L::splat(-2.0 * (slope * rule.step));
    exp(L::load(&COUNT).mul(by).max(L::splat(-700.0)))
}

/// x at the first node of each vector of a block of 64 nodes.
#[inline(always)]
fn arguments<L: Lanes>(rule: &Rule, block: usize, centre: f64, slope: f64) -> L {
    // Half-integers, which are exact.
    let before = (LANES * LANES * block) as f64 - 0.5 * (rule.weights.len() - 1) as f64;
    let index = L::load(&COUNT).mul(L::splat(LANES as f64)).add(L::splat(before));
    index.mul(L::splat(rule.step)).mul(L::splat(slope)).add(L::splat(centre))
}

/// The factors of e^{−2x} of these vectors. Beyond e^{170} a tanh is −1 and the rest 0.
#[inline(always)]
fn starts<L: Lanes>(x: L) -> [f64; LANES] {
    exp(x.mul(L::splat(-2.0)).max(L::splat(-700.0)).min(L::splat(170.0))).array()
}

/// Lanes added in one order.
#[inline(always)]
pub(super) fn total<L: Lanes>(x: L) -> f64 {
    let x = x.array();
    ((x[0] + x[4]) + (x[2] + x[6])) + ((x[1] + x[5]) + (x[3] + x[7]))
}

#[inline(always)]
fn sums_of<L: Lanes, const CURVED: bool>(rule: &Rule, centre: f64, slope: f64) -> Sums {
    let lane = steps::<L>(rule, slope);
    let one = L::splat(1.0);
    let [mut t, mut tt, mut v, mut tv, mut vv, mut tvv, mut vvv] = [L::splat(0.0); 7];
    let (vectors, _) = rule.weights.as_chunks::<LANES>();
    for (block, weights) in vectors.chunks(LANES).enumerate() {
        let start = starts(arguments::<L>(rule, block, centre, slope));
        for (weights, start) in weights.chunks_exact(2).zip(start.chunks_exact(2)) {
            let e = [L::splat(start[0]).mul(lane), L::splat(start[1]).mul(lane)];
            let d = [one.add(e[0]), one.add(e[1])];
            let inverse = one.div(d[0].mul(d[1]));
            for half in 0..2 {
                let r = d[1 - half].mul(inverse);
                let u = e[half].mul(r);
                let tanh = one.sub(u.add(u));
                let weight = L::load(&weights[half]);
                // sech²x/4, and the weight times it.
                let s = u.mul(r);
                let wt = weight.mul(tanh);
                let ws = weight.mul(s);
                let wss = ws.mul(s);
                t = t.add(wt);
                tt = tt.add(wt.mul(tanh));
                v = v.add(ws);
                tv = tv.add(ws.mul(tanh));
                vv = vv.add(wss);
                if CURVED {
                    tvv = tvv.add(wss.mul(tanh));
                    vvv = vvv.add(wss.mul(s));
                }
            }
        }
    }
    Sums {
        t: total(t),
        tt: total(tt),
        v: 4.0 * total(v),
        tv: 4.0 * total(tv),
        vv: 16.0 * total(vv),
        tvv: 16.0 * total(tvv),
        vvv: 64.0 * total(vvv),
    }
}

/// ln(1 + e), 0 ≤ e ≤ e^{170}: the series of 2 artanh (f − 1)/(f + 1) where 1 + e = 2^k f.
#[inline(always)]
fn log_one_plus<L: Lanes>(e: L) -> L {
    // 2/(2j + 1); |s| ≤ 0.1716, and the next term is below 10⁻¹⁷ of the sum.
    const C: [f64; 10] = [
        2.0,
        2.0 / 3.0,
        2.0 / 5.0,
        2.0 / 7.0,
        2.0 / 9.0,
        2.0 / 11.0,
        2.0 / 13.0,
        2.0 / 15.0,
        2.0 / 17.0,
        2.0 / 19.0,
    ];
    let one = L::splat(1.0);
    let d = one.add(e);
    let (power, f) = d.split();
    let k = power.sub(L::splat(4_503_599_627_370_496.0));
    let s = f.sub(one).div(f.add(one));
    let s2 = s.mul(s);
    let mut series = L::splat(C[9]);
    for c in C[..9].iter().rev() {
        series = L::splat(*c).add(s2.mul(series));
    }
    // What rounding took from 1 + e.
    let lost = e.sub(d.sub(one)).div(d);
    let small = s.mul(series).add(k.mul(L::splat(LN_2[1]))).add(lost);
    k.mul(L::splat(LN_2[0])).add(small)
}

#[inline(always)]
fn log_of<L: Lanes>(rule: &Rule, centre: f64, slope: f64) -> [f64; 2] {
    let lane = steps::<L>(rule, slope);
    let along = L::load(&COUNT).mul(L::splat(slope * rule.step));
    let [mut log, mut entropy] = [L::splat(0.0); 2];
    let (vectors, _) = rule.weights.as_chunks::<LANES>();
    for (block, weights) in vectors.chunks(LANES).enumerate() {
        let asked = arguments::<L>(rule, block, centre, slope);
        // Where e would overflow, ln(1 + e) is −2x.
        let taken = asked.max(L::splat(-85.0));
        let beyond = taken.sub(asked).array();
        let starts = starts(taken).into_iter().zip(taken.array()).zip(beyond);
        for (weights, ((start, x), beyond)) in weights.iter().zip(starts) {
            let e = L::splat(start).mul(lane);
            let part = log_one_plus(e);
            let weight = L::load(weights);
            log = log.add(weight.mul(part.add(L::splat(beyond + beyond))));
            // x(1 − tanh x) = 2xe/(1 + e).
            let x = L::splat(x).add(along);
            let rest = x.add(x).mul(e).div(L::splat(1.0).add(e));
            entropy = entropy.add(weight.mul(part.add(rest)));
        }
    }
    [total(log), total(entropy)]
}
