//! Integer overlaps after a flip: M_μ gains 2 ξ^μ s.
//!
//! Plain code: eight memories are one entry of a table that stays in the first cache.

/// 2ξ of eight memories by their sign bits.
static TWICE: [[i32; 8]; 256] = {
    let mut out = [[0; 8]; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            out[byte][bit] = if byte >> bit & 1 == 1 { 2 } else { -2 };
            bit += 1;
        }
        byte += 1;
    }
    out
};

/// Adds the change of one unit with this row of signs, now at ±1; `sums` has 64 places for each word.
pub fn flip(sums: &mut [i32], row: &[u64], up: bool) {
    let turned = if up { 0 } else { u64::MAX };
    let (eights, _) = sums.as_chunks_mut::<8>();
    for (group, word) in eights.chunks_exact_mut(8).zip(row) {
        for (eight, byte) in group.iter_mut().zip((word ^ turned).to_le_bytes()) {
            for (sum, change) in eight.iter_mut().zip(&TWICE[usize::from(byte)]) {
                *sum += change;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flip_moves_every_overlap_by_two() {
        let row = [0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210];
        let mut sums = [5; 128];
        flip(&mut sums, &row, true);
        for (memory, sum) in sums.iter().enumerate() {
            let positive = (row[memory / 64] >> (memory % 64)) & 1 == 1;
            assert_eq!(*sum, if positive { 7 } else { 3 });
        }
        flip(&mut sums, &row, false);
        assert_eq!(sums, [5; 128]);
    }
}
