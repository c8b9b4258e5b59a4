//! Signs from the rows of units into lines of one group of memories.
//!
//! `unsafe` because code compiled for vector instructions may run only where they exist; [`pack`] asks.

#![allow(unsafe_code)]
// Plain bodies are compiled again inside each function for vector instructions.

use mattis_simd::Vectors;

use super::{BLOCK, Line, width};
use crate::network::Memories;

/// One line per block and group.
pub(super) fn pack(memories: &Memories, vectors: Vectors) -> Vec<Line> {
    match vectors {
        // SAFETY: the instructions exist.
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx512 if vectors.exists() => unsafe { pack_avx512(memories) },
        // SAFETY: the instructions exist.
        #[cfg(target_arch = "x86_64")]
        Vectors::Avx2 if vectors.exists() => unsafe { pack_avx2(memories) },
        _ => lines::<8>(memories),
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl")]
fn pack_avx512(memories: &Memories) -> Vec<Line> {
    debug_assert_eq!(width(Vectors::Avx512), 6);
    lines::<6>(memories)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn pack_avx2(memories: &Memories) -> Vec<Line> {
    debug_assert_eq!(width(Vectors::Avx2), 8);
    lines::<8>(memories)
}

#[inline(always)]
fn lines<const WIDTH: usize>(memories: &Memories) -> Vec<Line> {
    let (neurons, groups) = (memories.neurons(), memories.count().div_ceil(WIDTH));
    let mut out = Vec::with_capacity(neurons.div_ceil(BLOCK) * groups);
    // Words of the 64 units of a block in the order of a line, and a word of zeros behind the last.
    let mut words = vec![[0_u64; BLOCK]; memories.count().div_ceil(64) + 1];
    for start in (0..neurons).step_by(BLOCK) {
        for position in 0..BLOCK {
            let unit = start + position / 2 + 32 * (position % 2);
            if unit < neurons {
                for (word, &bits) in words.iter_mut().zip(memories.row(unit)) {
                    word[position] = bits;
                }
            } else {
                for word in &mut words {
                    word[position] = 0;
                }
            }
        }
        for group in 0..groups {
            let (word, shift) = (WIDTH * group / 64, WIDTH * group % 64);
            let (low, high) = (&words[word], &words[word + 1]);
            let mut line = Line([0; BLOCK]);
            for ((byte, low), high) in line.0.iter_mut().zip(low).zip(high) {
                let bits = (low >> shift) | ((high << 1) << (63 - shift));
                *byte = (bits & ((1 << WIDTH) - 1)) as u8;
            }
            out.push(line);
        }
    }
    out
}
