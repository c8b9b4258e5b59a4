//! Cached integer fields, in 16 bits where that is certain to be enough.

use mattis_simd::Vectors;

use crate::kernel::ars::Block;
use crate::kernel::bars::Bars;
use crate::kernel::look::{Coarse, Levels, Look, TOGETHER};
use crate::kernel::{Aligned, BLOCK};

/// Numbers k_i; the couplings say what field they stand for.
#[derive(Debug, Clone)]
pub enum Cache {
    /// Any numbers.
    Wide(Aligned<i32>),
    /// Small numbers.
    Narrow {
        /// k_i.
        numbers: Aligned<i16>,
        /// How much all of them may still change before they have to be looked at again.
        slack: i32,
    },
}

impl Cache {
    /// Zeros, filled up to whole blocks.
    pub(super) fn new(units: usize) -> Self {
        Self::Wide(Aligned::new(units.next_multiple_of(BLOCK)))
    }

    /// k_i.
    #[inline]
    pub fn number(&self, unit: usize) -> i32 {
        match self {
            Self::Wide(numbers) => numbers[unit],
            Self::Narrow { numbers, .. } => numbers[unit].into(),
        }
    }

    /// The numbers in 32 bits, from now on.
    pub fn wide(&mut self) -> &mut [i32] {
        if let Self::Narrow { numbers, .. } = self {
            let mut wide = Aligned::new(numbers.len());
            for (wide, number) in wide.iter_mut().zip(&**numbers) {
                *wide = i32::from(*number);
            }
            *self = Self::Wide(wide);
        }
        match self {
            Self::Wide(numbers) => numbers,
            Self::Narrow { .. } => &mut [],
        }
    }

    /// In 16 bits from now on, if the first `units` numbers leave room for changes.
    pub fn try_narrow(&mut self, units: usize) {
        let Self::Wide(numbers) = self else { return };
        let largest = numbers[..units].iter().map(|number| number.unsigned_abs()).max().unwrap_or(0);
        if largest <= MOST {
            let mut narrow = Aligned::new(numbers.len());
            for (narrow, number) in narrow[..units].iter_mut().zip(&**numbers) {
                *narrow = *number as i16;
            }
            *self = Self::Narrow { slack: room(&narrow[..units]), numbers: narrow };
        }
    }

    /// The 16-bit numbers, if every one of the first `units` can change by this much.
    #[inline]
    pub fn narrow(&mut self, units: usize, change: i16) -> Option<&mut [i16]> {
        let Self::Narrow { numbers, slack } = self else { return None };
        *slack -= i32::from(change);
        if *slack < 0 {
            *slack = room(&numbers[..units]) - i32::from(change);
        }
        (*slack >= 0).then_some(&mut **numbers)
    }

    /// The first look at a group of 64.
    #[inline]
    pub(super) fn candidates(
        &self,
        look: &Look,
        group: usize,
        levels: &Levels,
        coarse: &Coarse,
        vectors: Vectors,
    ) -> u64 {
        match self {
            Self::Wide(numbers) => {
                look.candidates(&numbers.as_chunks::<TOGETHER>().0[group], levels, coarse, vectors)
            }
            Self::Narrow { numbers, .. } => {
                look.candidates(&numbers.as_chunks::<TOGETHER>().0[group], levels, coarse, vectors)
            }
        }
    }
}

/// Bars of a block of units, for numbers of either kind.
#[derive(Default)]
pub(super) struct Watch {
    wide: Bars<i32>,
    narrow: Bars<i16>,
    /// For which of them the bars were made.
    is_wide: bool,
}

impl Watch {
    /// The bars of units at these levels and with these words, and which may flip.
    #[inline]
    pub(super) fn begin(
        &mut self,
        cache: &Cache,
        block: usize,
        look: &Look,
        (levels, coarse): (&[u8; BLOCK], &[Block; BLOCK / 8]),
        vectors: Vectors,
    ) -> u128 {
        match cache {
            Cache::Wide(numbers) => {
                self.is_wide = true;
                self.wide.set(look, levels, coarse, vectors);
                self.wide.candidates(&numbers.as_chunks().0[block], vectors)
            }
            Cache::Narrow { numbers, .. } => {
                self.is_wide = false;
                self.narrow.set(look, levels, coarse, vectors);
                self.narrow.candidates(&numbers.as_chunks().0[block], vectors)
            }
        }
    }

    /// Which may flip now; none where the cache has become another one.
    #[inline]
    pub(super) fn candidates(&self, cache: &Cache, block: usize, vectors: Vectors) -> Option<u128> {
        match cache {
            Cache::Wide(numbers) if self.is_wide => {
                Some(self.wide.candidates(&numbers.as_chunks().0[block], vectors))
            }
            Cache::Narrow { numbers, .. } if !self.is_wide => {
                Some(self.narrow.candidates(&numbers.as_chunks().0[block], vectors))
            }
            _ => None,
        }
    }
}

/// How much every number may change; a bar has to be above all of them.
fn room(numbers: &[i16]) -> i32 {
    let largest = numbers.iter().map(|number| number.unsigned_abs()).max().unwrap_or(0);
    i32::from(i16::MAX) - 1 - i32::from(largest)
}

/// The largest number that is put into 16 bits.
const MOST: u32 = 24_000;
