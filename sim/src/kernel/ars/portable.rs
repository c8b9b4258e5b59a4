//! AES rounds by tables, for any machine.

use super::{Block, ROUNDS, Schedule};

/// x·a in GF(2⁸) modulo x⁸ + x⁴ + x³ + x + 1.
const fn double(a: u8) -> u8 {
    (a << 1) ^ if a & 0x80 == 0 { 0 } else { 0x1b }
}

/// Inverse in GF(2⁸), then an affine map: powers of x + 1 run through all of the group.
const SUBSTITUTION: [u8; 256] = {
    let mut out = [0x63; 256];
    let (mut power, mut inverse) = (1_u8, 1_u8);
    let mut k = 0;
    while k < 255 {
        let b = inverse;
        out[power as usize] =
            b ^ b.rotate_left(1) ^ b.rotate_left(2) ^ b.rotate_left(3) ^ b.rotate_left(4) ^ 0x63;
        power ^= double(power);
        // Division by x + 1.
        inverse ^= inverse << 1;
        inverse ^= inverse << 2;
        inverse ^= inverse << 4;
        if inverse & 0x80 != 0 {
            inverse ^= 0x09;
        }
        k += 1;
    }
    out
};

/// What a substituted byte of the first row gives to a column of `MixColumns`.
const COLUMNS: [u32; 256] = {
    let mut out = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let s = SUBSTITUTION[byte];
        out[byte] = u32::from_le_bytes([double(s), s, s, double(s) ^ s]);
        byte += 1;
    }
    out
};

type State = [u32; 4];

fn state(block: Block) -> State {
    [block[0] as u32, (block[0] >> 32) as u32, block[1] as u32, (block[1] >> 32) as u32]
}

/// The byte of a row in a column, after `ShiftRows`.
fn shifted(state: &State, column: usize, row: usize) -> usize {
    usize::from(state[(column + row) % 4].to_le_bytes()[row])
}

pub(super) fn block(schedule: &Schedule, counter: Block) -> Block {
    let keys = schedule.0.map(state);
    let start = state(counter);
    let mut now: State = std::array::from_fn(|c| start[c] ^ keys[0][c]);
    for key in &keys[1..ROUNDS] {
        now = std::array::from_fn(|c| {
            (0..4).fold(key[c], |sum, row| sum ^ COLUMNS[shifted(&now, c, row)].rotate_left(8 * row as u32))
        });
    }
    let last: State = std::array::from_fn(|c| {
        let bytes = [0, 1, 2, 3].map(|row| SUBSTITUTION[shifted(&now, c, row)]);
        u32::from_le_bytes(bytes) ^ keys[ROUNDS][c]
    });
    [0, 2].map(|c| u64::from(last[c]) | (u64::from(last[c + 1]) << 32))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Entries of the table in FIPS 197.
    #[test]
    fn substitution_is_that_of_the_standard() {
        let listed = [(0x00, 0x63), (0x01, 0x7c), (0x53, 0xed), (0x10, 0xca), (0x9a, 0xb8), (0xff, 0x16)];
        for (byte, substituted) in listed {
            assert_eq!(SUBSTITUTION[byte], substituted);
        }
        let mut seen = SUBSTITUTION;
        seen.sort_unstable();
        assert!(seen.iter().enumerate().all(|(k, byte)| usize::from(*byte) == k));
    }
}
