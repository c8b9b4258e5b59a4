//! The first look at decisions: which ±1 units may flip, by the upper 16 bits of their words. Either at 64 at a
//! time, or by bars that fields have to be below ([`Bars`](super::bars::Bars)).
//!
//! A unit flips iff its word is below p_flip 2⁶⁴. With y = 2 s h/T and upper bits c, u = c/2¹⁶, a unit can flip
//! only if y < −ln u, by heat bath only if y < −ln u + ln(1 − u) ≤ −ln u − u − u²/2, of which bars make use. ln u is
//! bounded from below by a line between powers of two: candidates are a superset of flips, larger by some
//! percent, and the exact rule decides about each. What is rounded here, by one kind
//! of vectors as it is not by another, changes candidates and no decision.
//!
//! Sound because the dispatching function checks the instructions, and reads go through arrays of the size of
//! what is read.
#![allow(unsafe_code)]

use std::f64::consts::LOG2_E;

use mattis_simd::Vectors;

use super::ars::Block;

/// Decisions that are looked at together.
pub const TOGETHER: usize = 64;

/// An integer field: 16 or 32 bits.
pub trait Field: Copy + Into<i32> {
    /// Sixteen fields as 32-bit numbers.
    #[doc(hidden)]
    fn load(fields: &[Self; 16]) -> [i32; 16];
}

impl Field for i32 {
    #[inline(always)]
    fn load(fields: &[Self; 16]) -> [i32; 16] {
        *fields
    }
}

impl Field for i16 {
    #[inline(always)]
    fn load(fields: &[Self; 16]) -> [i32; 16] {
        fields.map(i32::from)
    }
}

/// Whether units are at +1 (1) or −1 (0).
pub type Levels = [u8; TOGETHER];

/// The upper bits of their words, eight to a block.
pub type Coarse = [Block; TOGETHER / 8];

/// Largest number of integer fields per y/ln 2: its thousandth, which rounding may hide, is beyond all fields.
const FLATTEST: f64 = 1e20;
/// Largest slope, far beyond any that decides by more than the sign.
const STEEPEST: f64 = 1e12;

/// The rule whose flips are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Law {
    /// p_flip = 1/(1 + e^y).
    HeatBath,
    /// p_flip = min(1, e^{−y}).
    Metropolis,
}

/// A bound of p_flip for units with integer fields.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Look {
    /// y/ln 2 per unit of the integer field.
    slope: f32,
    /// The same of an external field.
    external: f32,
    /// The same of what every unit adds to its own field.
    own: f32,
    /// What rounding may hide.
    margin: f32,
    /// (u + u²/2)/ln 2 of heat bath by powers of c.
    pub(super) first: f32,
    pub(super) second: f32,
    /// Integer fields per y/ln 2, and what is added to them at −1 and +1, for [`Look::bar`].
    pub(super) inverse: f32,
    pub(super) shifts: [f32; 2],
}

impl Look {
    /// The look at units with fields h = scale · integer + external + own · s at a temperature T ≥ 0.
    pub fn new(law: Law, temperature: f64, scale: f64, external: f64, own: f64) -> Self {
        let per_field = 2.0 * LOG2_E / temperature;
        let largest = [scale, external.abs(), own.abs()].map(|part| part * per_field);
        let steepest = largest.into_iter().filter(|part| !part.is_nan()).fold(0.0, f64::max);
        // Where the true slope overflows a smaller one serves: y is nearer to 0, below every positive limit.
        let capped = steepest > STEEPEST;
        let per_field = if capped { STEEPEST / scale.max(external.abs()).max(own.abs()) } else { per_field };
        let parts = [external * per_field, own * per_field];
        // With ln(1 − u) the limit may be negative.
        let of_heat_bath = if law == Law::HeatBath && !capped { LOG2_E } else { 0.0 };
        let inverse = (1.0 / (scale * per_field)).min(FLATTEST);
        let [external_fields, own_fields] = parts.map(|part| part * inverse);
        let hidden = 1e-3 * inverse + 1e-6 * (external_fields.abs() + own_fields.abs());
        let shift = hidden - own_fields;
        Self {
            slope: (scale * per_field) as f32,
            external: parts[0] as f32,
            own: parts[1] as f32,
            margin: (1e-3 + 1e-6 * (parts[0].abs() + parts[1].abs())) as f32,
            first: (of_heat_bath / RANGE) as f32,
            second: (of_heat_bath / (2.0 * RANGE * RANGE)) as f32,
            inverse: inverse as f32,
            shifts: [(shift + external_fields) as f32, (shift - external_fields) as f32],
        }
    }

    /// y/ln 2 below which a unit with these upper bits may flip.
    #[inline(always)]
    fn limit(&self, upper: u16) -> f32 {
        let number = f32::from(upper);
        let logarithm = number.to_bits() as i32 as f32 * BITS;
        TOP - logarithm - number * (self.first + number * self.second)
    }

    /// What s k of a unit with these upper bits is below if it may flip.
    #[inline(always)]
    pub(super) fn bar(&self, level: u8, upper: u16) -> f32 {
        (self.limit(upper) * self.inverse + self.shifts[usize::from(level)]).clamp(-FAR, FAR).ceil()
    }

    /// One bit for each unit that may flip.
    #[inline]
    pub fn candidates<F: Field>(
        &self,
        fields: &[F; TOGETHER],
        levels: &Levels,
        coarse: &Coarse,
        vectors: Vectors,
    ) -> u64 {
        match vectors {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the instructions exist.
            Vectors::Avx512 if vectors.exists() => unsafe { x86::candidates(self, fields, levels, coarse) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the instructions exist.
            Vectors::Avx2 if vectors.exists() => unsafe {
                x86::plain_candidates(self, fields, levels, coarse)
            },
            _ => plain(self, fields, levels, coarse),
        }
    }
}

/// 143 = 16 + 127, the exponent of 2¹⁶ in the bits of a number.
pub(super) const TOP: f32 = 143.0;
/// Far beyond every field, and an integer of 32 bits.
pub(super) const FAR: f32 = 2e9;
/// What u is multiplied with to give c.
const RANGE: f64 = 65_536.0;
/// One step of the exponent in the bits of a number.
pub(super) const BITS: f32 = 1.0 / 8_388_608.0;

#[inline(always)]
fn plain<F: Field>(look: &Look, fields: &[F; TOGETHER], levels: &Levels, coarse: &Coarse) -> u64 {
    let mut flags = [0_u8; TOGETHER];
    let words = coarse.as_flattened();
    for (k, ((flag, field), level)) in flags.iter_mut().zip(fields).zip(levels).enumerate() {
        let upper = (words[k / 4] >> (16 * (k % 4))) as u16;
        let linear = (*field).into() as f32 * look.slope + look.external;
        let aligned = f32::from_bits(linear.to_bits() ^ (u32::from(level ^ 1) << 31)) + look.own;
        let logarithm = f32::from(upper).to_bits() as i32 as f32 * BITS;
        *flag = u8::from(aligned < TOP - logarithm + look.margin);
    }
    bits(&flags)
}

/// One bit for each flag, 0 or 1.
#[inline(always)]
pub(super) fn bits(flags: &[u8; TOGETHER]) -> u64 {
    let eight = |bytes: &[u8; 8]| u64::from_le_bytes(*bytes).wrapping_mul(0x0102_0408_1020_4080) >> 56;
    flags.as_chunks::<8>().0.iter().enumerate().fold(0, |mask, (k, bytes)| mask | (eight(bytes) << (8 * k)))
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m512i, _CMP_LT_OQ, _mm_loadu_si128, _mm_set1_epi8, _mm_testn_epi8_mask, _mm256_loadu_si256,
        _mm512_add_ps, _mm512_castps_si512, _mm512_cmp_ps_mask, _mm512_cvtepi32_ps, _mm512_cvtepu16_epi32,
        _mm512_fmadd_ps, _mm512_fnmadd_ps, _mm512_loadu_si512, _mm512_mask_sub_ps, _mm512_set1_ps,
        _mm512_setzero_ps,
    };

    use super::{BITS, Coarse, Field, Levels, Look, TOGETHER, TOP};

    #[target_feature(enable = "avx2")]
    pub(super) fn plain_candidates<F: Field>(
        look: &Look,
        fields: &[F; TOGETHER],
        levels: &Levels,
        coarse: &Coarse,
    ) -> u64 {
        super::plain(look, fields, levels, coarse)
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
    pub(super) fn candidates<F: Field>(
        look: &Look,
        fields: &[F; TOGETHER],
        levels: &Levels,
        coarse: &Coarse,
    ) -> u64 {
        let (slope, external) = (_mm512_set1_ps(look.slope), _mm512_set1_ps(look.external));
        let (own, top) = (_mm512_set1_ps(look.own), _mm512_set1_ps(TOP + look.margin));
        let (step, zero) = (_mm512_set1_ps(BITS), _mm512_setzero_ps());
        let mut mask = 0;
        let fields = fields.as_chunks::<16>().0;
        for (k, fields) in fields.iter().enumerate() {
            let (levels, words) = (&levels[16 * k..16 * k + 16], &coarse[2 * k..2 * k + 2]);
            let fields = F::load(fields);
            // SAFETY: sixteen fields have 64 bytes, sixteen levels 16, two blocks 32; no load needs alignment.
            let (field, level, upper): (__m512i, _, _) = unsafe {
                (
                    _mm512_loadu_si512(fields.as_ptr().cast()),
                    _mm_loadu_si128(levels.as_ptr().cast()),
                    _mm256_loadu_si256(words.as_ptr().cast()),
                )
            };
            let linear = _mm512_fmadd_ps(_mm512_cvtepi32_ps(field), slope, external);
            let down = _mm_testn_epi8_mask(level, _mm_set1_epi8(1));
            let aligned = _mm512_add_ps(_mm512_mask_sub_ps(linear, down, zero, linear), own);
            let number = _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(upper));
            let bits = _mm512_cvtepi32_ps(_mm512_castps_si512(number));
            let bound = _mm512_fnmadd_ps(bits, step, top);
            mask |= u64::from(_mm512_cmp_ps_mask::<_CMP_LT_OQ>(aligned, bound)) << (16 * k);
        }
        mask
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::BLOCK;
    use crate::kernel::bars::Bars;
    use crate::random::Source;
    use mattis_model::address::Purpose;

    /// Fields, levels and upper bits; whether the smallest word with these bits flips.
    type Case = ([i16; TOGETHER], Levels, Coarse, [bool; TOGETHER]);

    /// Fields of the whole range, or where all is extreme −1, 0 and 1.
    fn cases(law: Law, temperature: f64, external: f64, own: f64) -> impl Iterator<Item = Case> {
        let few = temperature < COLD;
        let mut words = Source { seed: 8, sample: 1 }.stream(Purpose::Start, 0, 0);
        let mut word = move || words.next().unwrap();
        let case = move |_| {
            let range = |field: i16| if few { field % 2 } else { field / 2 };
            let fields: [i16; TOGETHER] = std::array::from_fn(|_| range((word() >> 48) as i16));
            let levels: Levels = std::array::from_fn(|_| (word() >> 63) as u8);
            let coarse: Coarse = std::array::from_fn(|_| [word(), word()]);
            let flips = |k: usize| {
                let sign = if levels[k] == 1 { 1.0 } else { -1.0 };
                let aligned = sign * (f64::from(fields[k]) * 1e-4 + external) + own;
                let y = 2.0 * aligned / temperature;
                let upper = coarse[k / 8][k / 4 % 2] >> (16 * (k % 4)) & 0xffff;
                let probability = match law {
                    _ if temperature == 0.0 => f64::from(u8::from(aligned < 0.0)),
                    Law::HeatBath => 1.0 / (1.0 + libm::exp(y)),
                    Law::Metropolis => libm::exp(-y).min(1.0),
                };
                (upper as f64) < probability * RANGE
            };
            (fields, levels, coarse, std::array::from_fn(flips))
        };
        (0..500).map(case)
    }

    const POINTS: [(f64, f64, f64); 13] = [
        (0.2, 0.0, 0.0),
        (1.3, 0.4, 0.0),
        (0.01, -3.0, 0.05),
        (0.0, 0.0, 0.0),
        (1e-300, 0.1, 0.2),
        (1e300, 0.0, 0.0),
        (0.0, 5e-17, 0.0),
        (0.0, -5e-17, 0.0),
        (1e-17, 0.0, 1e-16),
        (1e-309, 0.0, 0.0),
        (0.0, -1e306, 0.0),
        (1e290, 1e306, 0.0),
        (3e27, 1e28, -1e27),
    ];

    /// Below this temperature many units of the test are tied, and every one of them is a candidate.
    const COLD: f64 = 1e-5;

    /// Of heat bath at y = 0, where the bound of ln(1 − u) is worst.
    const SURPLUS: f64 = 1.12;

    /// Every unit whose word could flip it is a candidate, and not many others are.
    #[test]
    fn candidates_hold_every_flip() {
        for law in [Law::HeatBath, Law::Metropolis] {
            for (vectors, (temperature, external, own)) in
                Vectors::available().flat_map(|vectors| POINTS.map(|point| (vectors, point)))
            {
                let look = Look::new(law, temperature, 1e-4, external, own);
                let (mut count, mut candidates) = (0, 0);
                for (fields, levels, coarse, flips) in cases(law, temperature, external, own) {
                    let mask = look.candidates(&fields, &levels, &coarse, vectors);
                    assert_eq!(look.candidates(&fields.map(i32::from), &levels, &coarse, vectors), mask);
                    let missed = (0..TOGETHER).find(|k| flips[*k] && mask >> k & 1 == 0);
                    assert_eq!(missed, None, "{vectors} T = {temperature}");
                    candidates += mask.count_ones();
                    count += flips.iter().filter(|flips| **flips).count();
                }
                let most = if temperature < COLD || law == Law::HeatBath {
                    f64::INFINITY
                } else {
                    SURPLUS * count as f64 + 50.0
                };
                assert!(f64::from(candidates) < most, "{candidates} for {count}");
            }
        }
    }

    #[test]
    fn bars_hold_every_flip() {
        for law in [Law::HeatBath, Law::Metropolis] {
            for (vectors, (temperature, external, own)) in
                Vectors::available().flat_map(|vectors| POINTS.map(|point| (vectors, point)))
            {
                let look = Look::new(law, temperature, 1e-4, external, own);
                let (mut short, mut long) = (Bars::<i16>::default(), Bars::<i32>::default());
                let (mut count, mut candidates) = (0, 0);
                let cases: Vec<Case> = cases(law, temperature, external, own).collect();
                for pair in cases.as_chunks::<2>().0 {
                    let [left, right] = pair;
                    let both = |k: usize| if k < TOGETHER { (left, k) } else { (right, k - TOGETHER) };
                    let fields: [i16; BLOCK] = std::array::from_fn(|k| both(k).0.0[both(k).1]);
                    let levels: [u8; BLOCK] = std::array::from_fn(|k| both(k).0.1[both(k).1]);
                    let coarse: [Block; BLOCK / 8] =
                        std::array::from_fn(|k| both(8 * k).0.2[both(8 * k).1 / 8]);
                    short.set(&look, &levels, &coarse, vectors);
                    long.set(&look, &levels, &coarse, vectors);
                    let mask = short.candidates(&fields, vectors);
                    assert_eq!(long.candidates(&fields.map(i32::from), vectors), mask, "{vectors}");
                    let flips = |k: usize| both(k).0.3[both(k).1];
                    let missed = (0..BLOCK).find(|k| flips(*k) && mask >> k & 1 == 0);
                    assert_eq!(missed, None, "{vectors} T = {temperature}");
                    candidates += mask.count_ones();
                    count += (0..BLOCK).filter(|k| flips(*k)).count();
                }
                let most = if temperature < COLD { f64::INFINITY } else { SURPLUS * count as f64 + 50.0 };
                assert!(f64::from(candidates) < most, "{candidates} for {count}");
            }
        }
    }
}
