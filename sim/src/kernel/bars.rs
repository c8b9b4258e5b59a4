//! What fields of 128 units have to be below for a flip: made once from the words, compared after every flip.
//!
//! A unit at s with an integer field k may flip only if s k < b, where b follows from the upper bits of its word
//! alone ([`Look`]). With −k = !k + 1 that is one comparison of k, or !k, with an integer.
//!
//! Sound because the dispatching functions ask whether the instructions exist, and loads and stores are of
//! arrays of exactly their size.
#![allow(unsafe_code)]

use mattis_simd::Vectors;

use super::BLOCK;
use super::ars::Block;
use super::look::{Field, Look, TOGETHER, bits};

/// An integer field that is compared with bars.
pub trait Number: Field + Default + PartialOrd + std::ops::BitXor<Output = Self> {
    /// −1, every bit set.
    const ONES: Self;

    /// The nearest number that there is.
    fn of(bar: i32) -> Self;

    /// Sixteen numbers, saturated.
    ///
    /// # Safety
    /// The machine has AVX-512 F.
    #[cfg(target_arch = "x86_64")]
    #[doc(hidden)]
    unsafe fn store(out: &mut [Self; 16], numbers: std::arch::x86_64::__m512i);

    /// Which fields are below their bars.
    ///
    /// # Safety
    /// The machine has AVX-512 F and BW.
    #[cfg(target_arch = "x86_64")]
    #[doc(hidden)]
    unsafe fn below(fields: &[Self; BLOCK], bars: &Bars<Self>) -> u128;
}

/// Of 128 units: it may flip iff field ^ turned < below.
#[derive(Debug, Clone)]
#[repr(C, align(64))]
pub struct Bars<F> {
    turned: [F; BLOCK],
    below: [F; BLOCK],
}

impl<F: Number> Default for Bars<F> {
    fn default() -> Self {
        Self { turned: [F::default(); BLOCK], below: [F::default(); BLOCK] }
    }
}

impl<F: Number> Bars<F> {
    /// The bars of units at these levels, with these upper bits of their words.
    #[inline]
    pub fn set(&mut self, look: &Look, levels: &[u8; BLOCK], coarse: &[Block; BLOCK / 8], vectors: Vectors) {
        match vectors {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the instructions exist.
            Vectors::Avx512 if vectors.exists() => unsafe { x86::set(self, look, levels, coarse) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the instructions exist.
            Vectors::Avx2 if vectors.exists() => unsafe { x86::set_avx2(self, look, levels, coarse) },
            _ => self.set_plain(look, levels, coarse),
        }
    }

    /// One bit for each unit that may flip.
    #[inline]
    pub fn candidates(&self, fields: &[F; BLOCK], vectors: Vectors) -> u128 {
        match vectors {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the instructions exist.
            Vectors::Avx512 if vectors.exists() => unsafe { F::below(fields, self) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the instructions exist.
            Vectors::Avx2 if vectors.exists() => unsafe { x86::candidates_avx2(self, fields) },
            _ => self.candidates_plain(fields),
        }
    }

    #[inline(always)]
    fn set_plain(&mut self, look: &Look, levels: &[u8; BLOCK], coarse: &[Block; BLOCK / 8]) {
        let words = coarse.as_flattened();
        let units = self.turned.iter_mut().zip(&mut self.below).zip(levels).enumerate();
        for (k, ((turned, below), level)) in units {
            let upper = (words[k / 4] >> (16 * (k % 4))) as u16;
            let bar = look.bar(*level, upper) as i32;
            // −k < b is !k < b − 1.
            (*turned, *below) =
                if *level == 1 { (F::default(), F::of(bar)) } else { (F::ONES, F::of(bar - 1)) };
        }
    }

    #[inline(always)]
    fn candidates_plain(&self, fields: &[F; BLOCK]) -> u128 {
        let mut flags = [0_u8; BLOCK];
        let bars = self.turned.iter().zip(&self.below);
        for ((flag, field), (turned, below)) in flags.iter_mut().zip(fields).zip(bars) {
            *flag = u8::from(*field ^ *turned < *below);
        }
        let halves = flags.as_chunks::<TOGETHER>().0;
        u128::from(bits(&halves[0])) | (u128::from(bits(&halves[1])) << TOGETHER)
    }
}

impl Number for i32 {
    const ONES: Self = -1;

    #[inline(always)]
    fn of(bar: i32) -> Self {
        bar
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn store(out: &mut [i32; 16], numbers: std::arch::x86_64::__m512i) {
        // SAFETY: the caller says that the instructions exist; sixteen numbers of 32 bits.
        unsafe { std::arch::x86_64::_mm512_storeu_si512(out.as_mut_ptr().cast(), numbers) }
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn below(fields: &[i32; BLOCK], bars: &Bars<i32>) -> u128 {
        // SAFETY: the caller says that the instructions exist.
        unsafe { x86::below_wide(fields, bars) }
    }
}

impl Number for i16 {
    const ONES: Self = -1;

    #[inline(always)]
    fn of(bar: i32) -> Self {
        bar.clamp(i16::MIN.into(), i16::MAX.into()) as i16
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn store(out: &mut [i16; 16], numbers: std::arch::x86_64::__m512i) {
        // SAFETY: the caller says that the instructions exist.
        unsafe { x86::store_narrow(out, numbers) }
    }

    #[cfg(target_arch = "x86_64")]
    #[inline(always)]
    unsafe fn below(fields: &[i16; BLOCK], bars: &Bars<i16>) -> u128 {
        // SAFETY: the caller says that the instructions exist.
        unsafe { x86::below_narrow(fields, bars) }
    }
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::{
        __m512i, _MM_FROUND_NO_EXC, _MM_FROUND_TO_POS_INF, _mm_loadu_si128, _mm_set1_epi8,
        _mm_testn_epi8_mask, _mm256_loadu_si256, _mm256_storeu_si256, _mm512_add_epi32, _mm512_castps_si512,
        _mm512_cmplt_epi16_mask, _mm512_cmplt_epi32_mask, _mm512_cvt_roundps_epi32, _mm512_cvtepi32_ps,
        _mm512_cvtepu16_epi32, _mm512_cvtsepi32_epi16, _mm512_fmadd_ps, _mm512_fnmadd_ps, _mm512_loadu_si512,
        _mm512_mask_mov_ps, _mm512_maskz_set1_epi32, _mm512_max_ps, _mm512_min_ps, _mm512_set1_ps,
        _mm512_xor_si512,
    };

    use super::{BLOCK, Bars, Block, Look, Number};
    use crate::kernel::look::{BITS, FAR, TOP};

    #[target_feature(enable = "avx2")]
    pub(super) fn set_avx2<F: Number>(
        bars: &mut Bars<F>,
        look: &Look,
        levels: &[u8; BLOCK],
        coarse: &[Block; BLOCK / 8],
    ) {
        bars.set_plain(look, levels, coarse);
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn candidates_avx2<F: Number>(bars: &Bars<F>, fields: &[F; BLOCK]) -> u128 {
        bars.candidates_plain(fields)
    }

    #[target_feature(enable = "avx512f,avx512bw,avx512vl")]
    pub(super) fn set<F: Number>(
        bars: &mut Bars<F>,
        look: &Look,
        levels: &[u8; BLOCK],
        coarse: &[Block; BLOCK / 8],
    ) {
        let (top, step) = (_mm512_set1_ps(TOP), _mm512_set1_ps(BITS));
        let (first, second) = (_mm512_set1_ps(look.first), _mm512_set1_ps(look.second));
        let (inverse, shifts) =
            (_mm512_set1_ps(look.inverse), look.shifts.map(|shift| _mm512_set1_ps(shift)));
        let (least, most) = (_mm512_set1_ps(-FAR), _mm512_set1_ps(FAR));
        let outs = bars.turned.as_chunks_mut::<16>().0.iter_mut().zip(bars.below.as_chunks_mut::<16>().0);
        let units = levels.as_chunks::<16>().0.iter().zip(coarse.as_chunks::<2>().0);
        for ((turned, below), (levels, words)) in outs.zip(units) {
            // SAFETY: sixteen levels have 16 bytes, two blocks 32; no load needs alignment.
            let (level, upper) = unsafe {
                (_mm_loadu_si128(levels.as_ptr().cast()), _mm256_loadu_si256(words.as_ptr().cast()))
            };
            let down = _mm_testn_epi8_mask(level, _mm_set1_epi8(1));
            let number = _mm512_cvtepi32_ps(_mm512_cvtepu16_epi32(upper));
            let logarithm = _mm512_cvtepi32_ps(_mm512_castps_si512(number));
            let limit = _mm512_fnmadd_ps(logarithm, step, top);
            let limit = _mm512_fnmadd_ps(number, _mm512_fmadd_ps(number, second, first), limit);
            let shift = _mm512_mask_mov_ps(shifts[1], down, shifts[0]);
            let bar = _mm512_fmadd_ps(limit, inverse, shift);
            let bar = _mm512_min_ps(_mm512_max_ps(bar, least), most);
            let bar = _mm512_cvt_roundps_epi32::<{ _MM_FROUND_TO_POS_INF | _MM_FROUND_NO_EXC }>(bar);
            let turn = _mm512_maskz_set1_epi32(down, -1);
            // SAFETY: this function asks for the same instructions.
            unsafe {
                F::store(turned, turn);
                F::store(below, _mm512_add_epi32(bar, turn));
            }
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    pub(super) fn store_narrow(out: &mut [i16; 16], numbers: __m512i) {
        // SAFETY: sixteen numbers of 16 bits; the store needs no alignment.
        unsafe { _mm256_storeu_si256(out.as_mut_ptr().cast(), _mm512_cvtsepi32_epi16(numbers)) }
    }

    #[target_feature(enable = "avx512f,avx512bw")]
    pub(super) fn below_narrow(fields: &[i16; BLOCK], bars: &Bars<i16>) -> u128 {
        let bars = bars.turned.as_chunks::<32>().0.iter().zip(bars.below.as_chunks::<32>().0);
        let mut mask = 0;
        for (k, (fields, (turned, below))) in fields.as_chunks::<32>().0.iter().zip(bars).enumerate() {
            // SAFETY: 32 numbers of 16 bits each; no load needs alignment.
            let [field, turned, below] =
                [fields, turned, below].map(|numbers| unsafe { _mm512_loadu_si512(numbers.as_ptr().cast()) });
            let low = _mm512_cmplt_epi16_mask(_mm512_xor_si512(field, turned), below);
            mask |= u128::from(low) << (32 * k);
        }
        mask
    }

    #[target_feature(enable = "avx512f,avx512bw")]
    pub(super) fn below_wide(fields: &[i32; BLOCK], bars: &Bars<i32>) -> u128 {
        let bars = bars.turned.as_chunks::<16>().0.iter().zip(bars.below.as_chunks::<16>().0);
        let mut mask = 0;
        for (k, (fields, (turned, below))) in fields.as_chunks::<16>().0.iter().zip(bars).enumerate() {
            // SAFETY: sixteen numbers of 32 bits each; no load needs alignment.
            let [field, turned, below] =
                [fields, turned, below].map(|numbers| unsafe { _mm512_loadu_si512(numbers.as_ptr().cast()) });
            let low = _mm512_cmplt_epi32_mask(_mm512_xor_si512(field, turned), below);
            mask |= u128::from(low) << (16 * k);
        }
        mask
    }
}
