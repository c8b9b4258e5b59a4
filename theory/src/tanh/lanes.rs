//! Eight numbers at a time: arrays on any machine, two vectors of AVX2, one of AVX-512.
//!
//! # Safety
//!
//! Loads are from references to eight numbers. The intrinsics of the vector kinds are called only in functions
//! that are compiled for them, since everything here is inlined into its caller; `kernel` makes such calls only
//! where [`Vectors::exists`](mattis_simd::Vectors::exists) found the instructions.
#![allow(unsafe_code)]

/// Numbers in a vector.
pub(super) const LANES: usize = 8;

/// 1.5·2⁵²: what is added to it is rounded to an integer.
pub(super) const ROUND: f64 = 6_755_399_441_055_744.0;
/// Bits of √½.
const HALF_ROOT: u64 = 0x3fe6_a09e_667f_3bcd;
/// The bits of a number without those of its exponent.
const FRACTION: u64 = 0x000f_ffff_ffff_ffff;
/// Bits of 2⁵².
const TWO_52: u64 = 0x4330_0000_0000_0000;

/// Eight numbers; each operation rounds once, in every lane alike.
pub(super) trait Lanes: Copy {
    fn splat(x: f64) -> Self;
    fn load(from: &[f64; LANES]) -> Self;
    fn array(self) -> [f64; LANES];
    fn add(self, other: Self) -> Self;
    fn sub(self, other: Self) -> Self;
    fn mul(self, other: Self) -> Self;
    fn div(self, other: Self) -> Self;
    /// The larger.
    fn max(self, other: Self) -> Self;
    /// The smaller.
    fn min(self, other: Self) -> Self;
    /// 2^k of `ROUND` + k.
    fn power(self) -> Self;
    /// 2⁵² + k and f of x = 2^k f ≥ 1 with f between √½ and √2.
    fn split(self) -> (Self, Self);
}

impl Lanes for [f64; LANES] {
    #[inline(always)]
    fn splat(x: f64) -> Self {
        [x; LANES]
    }
    #[inline(always)]
    fn load(from: &[f64; LANES]) -> Self {
        *from
    }
    #[inline(always)]
    fn array(self) -> [f64; LANES] {
        self
    }
    #[inline(always)]
    fn add(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] + other[i])
    }
    #[inline(always)]
    fn sub(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] - other[i])
    }
    #[inline(always)]
    fn mul(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] * other[i])
    }
    #[inline(always)]
    fn div(self, other: Self) -> Self {
        std::array::from_fn(|i| self[i] / other[i])
    }
    #[inline(always)]
    fn max(self, other: Self) -> Self {
        std::array::from_fn(|i| if self[i] > other[i] { self[i] } else { other[i] })
    }
    #[inline(always)]
    fn min(self, other: Self) -> Self {
        std::array::from_fn(|i| if self[i] < other[i] { self[i] } else { other[i] })
    }
    #[inline(always)]
    fn power(self) -> Self {
        self.map(|x| f64::from_bits(x.to_bits().wrapping_add(1023) << 52))
    }
    #[inline(always)]
    fn split(self) -> (Self, Self) {
        let bits = self.map(|x| x.to_bits().wrapping_sub(HALF_ROOT));
        let power = bits.map(|bits| f64::from_bits(TWO_52 | (bits >> 52)));
        (power, bits.map(|bits| f64::from_bits((bits & FRACTION).wrapping_add(HALF_ROOT))))
    }
}

#[cfg(target_arch = "x86_64")]
pub(super) use x86::{Avx2, Avx512};

#[cfg(target_arch = "x86_64")]
#[allow(clippy::wildcard_imports)]
mod x86 {
    use std::arch::x86_64::*;

    use super::{FRACTION, HALF_ROOT, LANES, Lanes, TWO_52};

    /// Two vectors of four.
    #[derive(Clone, Copy)]
    pub(in super::super) struct Avx2([__m256d; 2]);

    /// One vector of eight.
    #[derive(Clone, Copy)]
    pub(in super::super) struct Avx512(__m512d);

    macro_rules! avx2 {
        ($($name:ident $intrinsic:ident)*) => {$(
            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                // SAFETY: see the module.
                unsafe { Self([$intrinsic(self.0[0], other.0[0]), $intrinsic(self.0[1], other.0[1])]) }
            }
        )*};
    }

    impl Avx2 {
        #[inline(always)]
        fn each(self, f: impl Fn(__m256i) -> __m256i) -> Self {
            // SAFETY: see the module.
            unsafe { Self(self.0.map(|x| _mm256_castsi256_pd(f(_mm256_castpd_si256(x))))) }
        }
    }

    impl Lanes for Avx2 {
        #[inline(always)]
        fn splat(x: f64) -> Self {
            // SAFETY: see the module.
            unsafe { Self([_mm256_set1_pd(x); 2]) }
        }
        #[inline(always)]
        fn load(from: &[f64; LANES]) -> Self {
            let [low, high] = [from.as_ptr(), from[LANES / 2..].as_ptr()];
            // SAFETY: four numbers begin at each pointer.
            unsafe { Self([_mm256_loadu_pd(low), _mm256_loadu_pd(high)]) }
        }
        #[inline(always)]
        fn array(self) -> [f64; LANES] {
            let mut out = [0.0; LANES];
            let (low, high) = out.split_at_mut(LANES / 2);
            // SAFETY: each half has four numbers.
            unsafe {
                _mm256_storeu_pd(low.as_mut_ptr(), self.0[0]);
                _mm256_storeu_pd(high.as_mut_ptr(), self.0[1]);
            }
            out
        }
        avx2! { add _mm256_add_pd sub _mm256_sub_pd mul _mm256_mul_pd div _mm256_div_pd }
        avx2! { max _mm256_max_pd min _mm256_min_pd }
        #[inline(always)]
        fn power(self) -> Self {
            // SAFETY: see the module.
            self.each(|x| unsafe { _mm256_slli_epi64::<52>(_mm256_add_epi64(x, _mm256_set1_epi64x(1023))) })
        }
        #[inline(always)]
        fn split(self) -> (Self, Self) {
            let constant = |x: u64| {
                // SAFETY: see the module.
                unsafe { _mm256_set1_epi64x(x.cast_signed()) }
            };
            // SAFETY: see the module.
            let bits = self.each(|x| unsafe { _mm256_sub_epi64(x, constant(HALF_ROOT)) });
            // SAFETY: see the module.
            let power =
                bits.each(|x| unsafe { _mm256_or_si256(_mm256_srli_epi64::<52>(x), constant(TWO_52)) });
            // SAFETY: see the module.
            let fraction = bits.each(|x| unsafe {
                _mm256_add_epi64(_mm256_and_si256(x, constant(FRACTION)), constant(HALF_ROOT))
            });
            (power, fraction)
        }
    }

    macro_rules! avx512 {
        ($($name:ident $intrinsic:ident)*) => {$(
            #[inline(always)]
            fn $name(self, other: Self) -> Self {
                // SAFETY: see the module.
                unsafe { Self($intrinsic(self.0, other.0)) }
            }
        )*};
    }

    impl Avx512 {
        #[inline(always)]
        fn bits(self, f: impl Fn(__m512i) -> __m512i) -> Self {
            // SAFETY: see the module.
            unsafe { Self(_mm512_castsi512_pd(f(_mm512_castpd_si512(self.0)))) }
        }
    }

    impl Lanes for Avx512 {
        #[inline(always)]
        fn splat(x: f64) -> Self {
            // SAFETY: see the module.
            unsafe { Self(_mm512_set1_pd(x)) }
        }
        #[inline(always)]
        fn load(from: &[f64; LANES]) -> Self {
            // SAFETY: eight numbers begin at the pointer.
            unsafe { Self(_mm512_loadu_pd(from.as_ptr())) }
        }
        #[inline(always)]
        fn array(self) -> [f64; LANES] {
            let mut out = [0.0; LANES];
            // SAFETY: there is room for eight numbers.
            unsafe { _mm512_storeu_pd(out.as_mut_ptr(), self.0) };
            out
        }
        avx512! { add _mm512_add_pd sub _mm512_sub_pd mul _mm512_mul_pd div _mm512_div_pd }
        avx512! { max _mm512_max_pd min _mm512_min_pd }
        #[inline(always)]
        fn power(self) -> Self {
            // SAFETY: see the module.
            self.bits(|x| unsafe { _mm512_slli_epi64::<52>(_mm512_add_epi64(x, _mm512_set1_epi64(1023))) })
        }
        #[inline(always)]
        fn split(self) -> (Self, Self) {
            let constant = |x: u64| {
                // SAFETY: see the module.
                unsafe { _mm512_set1_epi64(x.cast_signed()) }
            };
            // SAFETY: see the module.
            let bits = self.bits(|x| unsafe { _mm512_sub_epi64(x, constant(HALF_ROOT)) });
            // SAFETY: see the module.
            let power =
                bits.bits(|x| unsafe { _mm512_or_si512(_mm512_srli_epi64::<52>(x), constant(TWO_52)) });
            // SAFETY: see the module.
            let fraction = bits.bits(|x| unsafe {
                _mm512_add_epi64(_mm512_and_si512(x, constant(FRACTION)), constant(HALF_ROOT))
            });
            (power, fraction)
        }
    }
}
