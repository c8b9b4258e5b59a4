//! Plain code: groups of eight memories.

use super::tables::Tables;
use super::{BLOCK, Line};

/// Tables that stay in the first cache.
const TOGETHER: usize = 16;

pub(super) fn add(tables: &Tables, index: &[Line], groups: usize, out: &mut [i32]) {
    for value in out.iter_mut() {
        *value = value.wrapping_sub(tables.total);
    }
    for (chunk, start) in tables.entries.chunks(TOGETHER).zip((tables.range.start..).step_by(TOGETHER)) {
        for (block, out) in index.chunks_exact(groups).zip(out.chunks_mut(BLOCK)) {
            let lines = &block[start..start + chunk.len()];
            for (unit, value) in out.iter_mut().enumerate() {
                let position = 2 * (unit % 32) + unit / 32;
                let sum = lines
                    .iter()
                    .zip(chunk)
                    .fold(0_i32, |sum, (line, table)| sum.wrapping_add(table[usize::from(line.0[position])]));
                *value = value.wrapping_add(sum.wrapping_mul(2));
            }
        }
    }
}
