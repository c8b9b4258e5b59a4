//! 64 × 64 bits, transposed in place.

/// Bit j of word i becomes bit i of word j. (Warren, Hacker's Delight, 2nd ed., section 7-3)
#[inline]
pub fn transpose(words: &mut [u64; 64]) {
    let mut mask = 0x0000_0000_ffff_ffff_u64;
    let mut width = 32;
    while width > 0 {
        for pair in words.chunks_exact_mut(2 * width) {
            let (low, high) = pair.split_at_mut(width);
            for (low, high) in low.iter_mut().zip(high) {
                let change = ((*low >> width) ^ *high) & mask;
                *high ^= change;
                *low ^= change << width;
            }
        }
        width /= 2;
        mask ^= mask << width;
    }
}

#[cfg(test)]
mod tests {
    use super::transpose;

    #[test]
    fn bits_change_places() {
        let mut state = 1_u64;
        let words: [u64; 64] = std::array::from_fn(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state ^ (state >> 29)
        });
        let mut turned = words;
        transpose(&mut turned);
        for (i, row) in words.iter().enumerate() {
            for (j, column) in turned.iter().enumerate() {
                assert_eq!((row >> j) & 1, (column >> i) & 1, "bit {j} of word {i}");
            }
        }
    }
}
