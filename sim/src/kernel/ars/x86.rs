//! AES instructions: one block per register, or four.
//!
//! Sound because the dispatching functions check the instructions they need, and because loads and stores
//! go through arrays of exactly the size of what is read or written.
#![allow(unsafe_code)]

use std::arch::x86_64::{
    __m128i, __m512i, _mm_aesenc_si128, _mm_aesenclast_si128, _mm_loadu_si128, _mm_set_epi64x,
    _mm_storeu_si128, _mm_xor_si128, _mm512_add_epi64, _mm512_aesenc_epi128, _mm512_aesenclast_epi128,
    _mm512_broadcast_i32x4, _mm512_maskz_set1_epi64, _mm512_set_epi64, _mm512_storeu_si512, _mm512_xor_si512,
};

use super::{Block, ROUNDS, Schedule};

/// Blocks that are in work at once, to hide the latency of a round.
const AHEAD: usize = 8;
/// The same in blocks of four per register.
const WIDE: usize = 16;

pub(super) fn block(schedule: &Schedule, counter: Block) -> Block {
    let mut out = [[0; 2]];
    // SAFETY: the dispatching function, the only caller, has asked for the instructions.
    unsafe { rounds(&keys(schedule), [counter; 1], &mut out) };
    out[0]
}

/// Blocks of consecutive counters with AES-NI.
pub(super) fn fill(schedule: &Schedule, first: u64, out: &mut [Block]) {
    // SAFETY: the dispatching function, the only caller, has asked for the instructions.
    unsafe { fill_narrow(schedule, first, out) }
}

/// Blocks of consecutive counters with VAES.
pub(super) fn fill_wide(schedule: &Schedule, first: u64, out: &mut [Block]) {
    // SAFETY: the dispatching function, the only caller, has asked for the instructions.
    unsafe { fill_vaes(schedule, first, out) }
}

#[target_feature(enable = "aes")]
#[inline]
fn keys(schedule: &Schedule) -> [__m128i; ROUNDS + 1] {
    std::array::from_fn(|round| load(&schedule.0[round]))
}

#[target_feature(enable = "aes")]
#[inline]
fn load(block: &Block) -> __m128i {
    // SAFETY: a block has 16 bytes; the load needs no alignment.
    unsafe { _mm_loadu_si128(std::ptr::from_ref(block).cast()) }
}

#[target_feature(enable = "aes")]
#[inline]
fn rounds<const COUNT: usize>(
    keys: &[__m128i; ROUNDS + 1],
    counters: [Block; COUNT],
    out: &mut [Block; COUNT],
) {
    let mut states =
        counters.map(|counter| _mm_xor_si128(_mm_set_epi64x(counter[1] as i64, counter[0] as i64), keys[0]));
    for key in &keys[1..ROUNDS] {
        for state in &mut states {
            *state = _mm_aesenc_si128(*state, *key);
        }
    }
    for (state, block) in states.into_iter().zip(out) {
        let last = _mm_aesenclast_si128(state, keys[ROUNDS]);
        // SAFETY: a block has 16 bytes; the store needs no alignment.
        unsafe { _mm_storeu_si128(std::ptr::from_mut(block).cast(), last) };
    }
}

#[target_feature(enable = "aes")]
fn fill_narrow(schedule: &Schedule, first: u64, out: &mut [Block]) {
    let keys = keys(schedule);
    let (groups, rest) = out.as_chunks_mut::<AHEAD>();
    let mut next = first;
    for group in groups {
        rounds(&keys, std::array::from_fn(|k| [next.wrapping_add(k as u64), 0]), group);
        next = next.wrapping_add(AHEAD as u64);
    }
    for (k, block) in rest.iter_mut().enumerate() {
        let mut one = [*block];
        rounds(&keys, [[next.wrapping_add(k as u64), 0]], &mut one);
        *block = one[0];
    }
}

#[target_feature(enable = "avx512f,vaes")]
fn fill_vaes(schedule: &Schedule, first: u64, out: &mut [Block]) {
    let keys: [__m512i; ROUNDS + 1] =
        std::array::from_fn(|round| _mm512_broadcast_i32x4(load_wide(&schedule.0[round])));
    // Four counters to a register; the upper half of each is 0.
    let lower = 0b0101_0101;
    let mut counters: [__m512i; WIDE / 4] = std::array::from_fn(|register| {
        let base = _mm512_maskz_set1_epi64(lower, first.wrapping_add(4 * register as u64) as i64);
        _mm512_add_epi64(base, _mm512_set_epi64(0, 3, 0, 2, 0, 1, 0, 0))
    });
    let step = _mm512_maskz_set1_epi64(lower, WIDE as i64);
    let (groups, rest) = out.as_chunks_mut::<WIDE>();
    for group in groups {
        wide_rounds(&keys, &mut counters, step, group);
    }
    if !rest.is_empty() {
        let mut group = [[0; 2]; WIDE];
        wide_rounds(&keys, &mut counters, step, &mut group);
        rest.copy_from_slice(&group[..rest.len()]);
    }
}

#[target_feature(enable = "avx512f,vaes")]
#[inline]
fn load_wide(block: &Block) -> __m128i {
    // SAFETY: a block has 16 bytes; the load needs no alignment.
    unsafe { _mm_loadu_si128(std::ptr::from_ref(block).cast()) }
}

#[target_feature(enable = "avx512f,vaes")]
#[inline]
fn wide_rounds(
    keys: &[__m512i; ROUNDS + 1],
    counters: &mut [__m512i; WIDE / 4],
    step: __m512i,
    out: &mut [Block; WIDE],
) {
    let mut states = counters.map(|counter| _mm512_xor_si512(counter, keys[0]));
    for counter in counters {
        *counter = _mm512_add_epi64(*counter, step);
    }
    for key in &keys[1..ROUNDS] {
        for state in &mut states {
            *state = _mm512_aesenc_epi128(*state, *key);
        }
    }
    let (quarters, _) = out.as_chunks_mut::<4>();
    for (state, blocks) in states.into_iter().zip(quarters) {
        let last = _mm512_aesenclast_epi128(state, keys[ROUNDS]);
        // SAFETY: four blocks have 64 bytes; the store needs no alignment.
        unsafe { _mm512_storeu_si512(std::ptr::from_mut(blocks).cast(), last) };
    }
}
