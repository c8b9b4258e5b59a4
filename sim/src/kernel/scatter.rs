//! What a flip sends along the links of a graph: an index and an integer weight per link, in 4 bytes where they
//! fit.
//!
//! Sound because every target is below the number of units when the links are made, and the fields are as many
//! when they are used.
#![allow(unsafe_code)]

/// Bits of a weight in four bytes; the rest are the target.
const BITS: u32 = 8;

/// Targets and weights of all links, sender after sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighted {
    units: usize,
    links: Links,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Links {
    Short(Vec<u32>),
    Long(Vec<u64>),
}

/// One link in one number.
trait Link: Copy {
    fn target(self) -> usize;
    fn weight(self) -> i32;
}

impl Link for u32 {
    #[inline(always)]
    fn target(self) -> usize {
        (self >> BITS) as usize
    }

    #[inline(always)]
    fn weight(self) -> i32 {
        i32::from(self as u8 as i8)
    }
}

impl Link for u64 {
    #[inline(always)]
    fn target(self) -> usize {
        (self >> 32) as usize
    }

    #[inline(always)]
    fn weight(self) -> i32 {
        self as u32 as i32
    }
}

impl Weighted {
    /// The links of a graph with so many units, as (target, weight).
    ///
    /// # Panics
    /// If a target is no unit.
    pub fn new(units: usize, links: impl Iterator<Item = (u32, i32)> + Clone) -> Self {
        let mut short = units <= 1 << (32 - BITS);
        for (target, weight) in links.clone() {
            assert!((target as usize) < units, "target {target} of {units} units");
            short &= i8::try_from(weight).is_ok();
        }
        let links = if short {
            Links::Short(links.map(|(target, weight)| (target << BITS) | u32::from(weight as u8)).collect())
        } else {
            let both = |(target, weight): (u32, i32)| (u64::from(target) << 32) | u64::from(weight as u32);
            Links::Long(links.map(both).collect())
        };
        Self { units, links }
    }

    /// Adds `factor` times the weight of each link of a range to the field of its target.
    ///
    /// # Panics
    /// If there are fewer fields than units.
    #[inline]
    pub fn send(&self, range: std::ops::Range<usize>, factor: i32, fields: &mut [i32]) {
        assert!(fields.len() >= self.units, "one field per unit");
        match &self.links {
            Links::Short(links) => send(&links[range], factor, fields),
            Links::Long(links) => send(&links[range], factor, fields),
        }
    }

    /// Asks for the links of a range, which will be sent soon: into the second cache, the first one is full of
    /// fields.
    #[inline]
    pub fn prefetch(&self, range: std::ops::Range<usize>) {
        match &self.links {
            Links::Short(links) => prefetch(&links[range]),
            Links::Long(links) => prefetch(&links[range]),
        }
    }
}

#[inline(always)]
fn send<L: Link>(links: &[L], factor: i32, fields: &mut [i32]) {
    for link in links {
        // SAFETY: targets are below the number of units, of which there are as many fields.
        let field = unsafe { fields.get_unchecked_mut(link.target()) };
        *field = field.wrapping_add(factor * link.weight());
    }
}

#[cfg(target_arch = "x86_64")]
#[inline(always)]
fn prefetch<L>(links: &[L]) {
    use std::arch::x86_64::{_MM_HINT_T1, _mm_prefetch};
    const LINE: usize = 64;
    for line in links.chunks(LINE / size_of::<L>()) {
        // SAFETY: a prefetch reads nothing; the instruction belongs to every machine of this kind.
        unsafe { _mm_prefetch::<_MM_HINT_T1>(line.as_ptr().cast()) };
    }
}

#[cfg(not(target_arch = "x86_64"))]
#[inline(always)]
fn prefetch<L>(_links: &[L]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_links_send_alike() {
        for largest in [127, 128, 40_000] {
            let links: Vec<(u32, i32)> =
                (0..333).map(|k| (k * 7 % 101, (k as i32 * 37 % 255 - 127) * largest / 127)).collect();
            let weighted = Weighted::new(101, links.iter().copied());
            assert_eq!(matches!(weighted.links, Links::Short(_)), largest == 127);
            for (range, factor) in [(0..333, 2), (5..6, -2), (7..7, 2), (100..250, -2)] {
                let (mut fields, mut expected) = (vec![3; 101], vec![3; 101]);
                weighted.prefetch(range.clone());
                weighted.send(range.clone(), factor, &mut fields);
                for (target, weight) in &links[range] {
                    expected[*target as usize] += factor * weight;
                }
                assert_eq!(fields, expected);
            }
        }
    }

    #[test]
    #[should_panic(expected = "target 5 of 5 units")]
    fn a_target_beyond_the_units_is_refused() {
        let _ = Weighted::new(5, [(5, 1)].into_iter());
    }
}
