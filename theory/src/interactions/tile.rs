//! Sums over hidden units of a few sets of sites with a few blocks of eight sites: the inner loops of a scan.
#![allow(
    clippy::needless_range_loop,
    reason = "indices of lanes: loops become vector instructions, see `dispatch`"
)]

use super::lanes::{LANES, Lanes, ln, split};
use super::table::Table;

/// Sets and blocks of a tile.
pub(super) const TILE: usize = 4;

/// How the numbers of a set and of a site make a sum.
#[derive(Debug, Clone)]
pub(super) enum Form {
    /// ln Π_h (a₁ + b₁ + Σ_{t>1} a_t b_t), `width` numbers each h.
    Product {
        /// Numbers of one factor.
        width: usize,
        /// Where a stretch of numbers ends whose product, in any order and starting from √½ to √2, is a normal
        /// number.
        ends: Vec<usize>,
    },
    /// Σ_h a_h b_h.
    Dot,
    /// Σ_h K(a_h + b_h).
    Lookup(Table),
}

/// Sites of the blocks of a tile.
pub(super) const WIDTH: usize = TILE * LANES;

/// Sums of each row with each site.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(super) struct Sums {
    pub(super) numbers: [[f64; WIDTH]; TILE],
    /// Powers of two beside them while they are products.
    exponents: [[f64; WIDTH]; TILE],
}

impl Sums {
    pub(super) const fn new() -> Self {
        Self { numbers: [[0.0; WIDTH]; TILE], exponents: [[0.0; WIDTH]; TILE] }
    }
}

/// The sums of up to [`TILE`] rows and blocks, ROWS and BLOCKS of them at once. Each sum is formed in the order of
/// h, so that it does not depend on these.
#[inline(always)]
pub(super) fn sums<const ROWS: usize, const BLOCKS: usize>(
    form: &Form,
    rows: &[&[f64]],
    blocks: &[&[Lanes]],
    out: &mut Sums,
) {
    let mut r = 0;
    while r + ROWS <= rows.len() {
        across::<ROWS, BLOCKS>(form, &rows[r..], blocks, out, r);
        r += ROWS;
    }
    while r < rows.len() {
        across::<1, BLOCKS>(form, &rows[r..], blocks, out, r);
        r += 1;
    }
    if let Form::Product { .. } = form {
        for (numbers, exponents) in out.numbers.iter_mut().zip(&out.exponents).take(rows.len()) {
            let width = blocks.len() * LANES;
            for (x, e) in numbers[..width].iter_mut().zip(&exponents[..width]) {
                *x = ln(*x, *e);
            }
        }
    }
}

#[inline(always)]
fn across<const ROWS: usize, const BLOCKS: usize>(
    form: &Form,
    rows: &[&[f64]],
    blocks: &[&[Lanes]],
    out: &mut Sums,
    r: usize,
) {
    let mut b = 0;
    while b + BLOCKS <= blocks.len() {
        group::<ROWS, BLOCKS>(form, rows, &blocks[b..], out, (r, b));
        b += BLOCKS;
    }
    while b < blocks.len() {
        group::<ROWS, 1>(form, rows, &blocks[b..], out, (r, b));
        b += 1;
    }
}

#[inline(always)]
fn group<const ROWS: usize, const BLOCKS: usize>(
    form: &Form,
    rows: &[&[f64]],
    blocks: &[&[Lanes]],
    out: &mut Sums,
    at: (usize, usize),
) {
    let length = rows[0].len();
    let rows: [&[f64]; ROWS] = std::array::from_fn(|r| &rows[r][..length]);
    let blocks: [&[Lanes]; BLOCKS] = std::array::from_fn(|b| &blocks[b][..length]);
    match form {
        Form::Dot => added(rows, blocks, |a, b| a * b, out, at),
        Form::Lookup(table) => added(rows, blocks, |a, b| table.at(a + b), out, at),
        Form::Product { width: 1, ends } => products(rows, blocks, 1, ends, out, at),
        Form::Product { width: 2, ends } => products(rows, blocks, 2, ends, out, at),
        Form::Product { width, ends } => products(rows, blocks, *width, ends, out, at),
    }
}

#[inline(always)]
fn products<const ROWS: usize, const BLOCKS: usize>(
    rows: [&[f64]; ROWS],
    blocks: [&[Lanes]; BLOCKS],
    width: usize,
    ends: &[usize],
    out: &mut Sums,
    at: (usize, usize),
) {
    let mut from = 0;
    for (stretch, end) in ends.iter().enumerate() {
        let product = stretch_of(rows.map(|row| &row[from..*end]), blocks.map(|b| &b[from..*end]), width);
        if stretch == 0 {
            store(&product, out, at);
        } else {
            for r in 0..ROWS {
                for b in 0..BLOCKS {
                    for l in 0..LANES {
                        let (row, site) = (at.0 + r, (at.1 + b) * LANES + l);
                        let (m, e) = split(out.numbers[row][site]);
                        let before = if stretch == 1 { 0.0 } else { out.exponents[row][site] };
                        out.numbers[row][site] = product[r][b].0[l] * m;
                        out.exponents[row][site] = before + e;
                    }
                }
            }
        }
        from = *end;
    }
}

/// Π (a₁ + b₁ + …).
#[inline(always)]
fn stretch_of<const ROWS: usize, const BLOCKS: usize>(
    rows: [&[f64]; ROWS],
    blocks: [&[Lanes]; BLOCKS],
    width: usize,
) -> [[Lanes; BLOCKS]; ROWS] {
    let mut product = [[Lanes::of(1.0); BLOCKS]; ROWS];
    // Of one length, so that no place is asked for twice.
    let length = rows[0].len();
    let (rows, blocks) = (rows.map(|row| &row[..length]), blocks.map(|block| &block[..length]));
    let mut h = 0;
    while h + width <= length {
        if width == 1 {
            for r in 0..ROWS {
                let a = rows[r][h];
                for b in 0..BLOCKS {
                    for l in 0..LANES {
                        product[r][b].0[l] *= a + blocks[b][h].0[l];
                    }
                }
            }
        } else {
            for r in 0..ROWS {
                let a = rows[r][h];
                let mut factor = blocks.map(|block| block[h]);
                for b in 0..BLOCKS {
                    for l in 0..LANES {
                        factor[b].0[l] += a;
                    }
                }
                for t in h + 1..h + width {
                    let a = rows[r][t];
                    for b in 0..BLOCKS {
                        for l in 0..LANES {
                            factor[b].0[l] += a * blocks[b][t].0[l];
                        }
                    }
                }
                for b in 0..BLOCKS {
                    for l in 0..LANES {
                        product[r][b].0[l] *= factor[b].0[l];
                    }
                }
            }
        }
        h += width;
    }
    product
}

/// Writes the sums of a few rows and blocks to their places.
#[inline(always)]
fn store<const ROWS: usize, const BLOCKS: usize>(
    found: &[[Lanes; BLOCKS]; ROWS],
    out: &mut Sums,
    (row, block): (usize, usize),
) {
    for r in 0..ROWS {
        for b in 0..BLOCKS {
            if let Some(place) = out.numbers[row + r][(block + b) * LANES..].first_chunk_mut() {
                *place = found[r][b].0;
            }
        }
    }
}

/// Σ f(a, b).
#[inline(always)]
fn added<const ROWS: usize, const BLOCKS: usize>(
    rows: [&[f64]; ROWS],
    blocks: [&[Lanes]; BLOCKS],
    f: impl Fn(f64, f64) -> f64,
    out: &mut Sums,
    at: (usize, usize),
) {
    let length = rows[0].len();
    let rows: [&[f64]; ROWS] = std::array::from_fn(|r| &rows[r][..length]);
    let blocks: [&[Lanes]; BLOCKS] = std::array::from_fn(|b| &blocks[b][..length]);
    let mut sum = [[Lanes::of(0.0); BLOCKS]; ROWS];
    for h in 0..length {
        let x: [Lanes; BLOCKS] = std::array::from_fn(|b| blocks[b][h]);
        for r in 0..ROWS {
            let a = rows[r][h];
            for b in 0..BLOCKS {
                for l in 0..LANES {
                    sum[r][b].0[l] += f(a, x[b].0[l]);
                }
            }
        }
    }
    store(&sum, out, at);
}
