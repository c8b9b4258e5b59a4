//! Symmetries of the memories: which overlaps are the same state up to names and signs.

use crate::solve::newton::Matrix;

/// Overlaps closer than this belong to one state.
pub(super) const SAME: f64 = 1e-7;

/// A group that acts on vectors of overlaps.
#[derive(Debug, Clone)]
pub(super) enum Symmetry {
    /// Every permutation and every sign.
    Signed,
    /// Every permutation, and one common sign where `flip`.
    Permuted { flip: bool },
    /// A list of (source, sign) for every place.
    Listed(Vec<Vec<(usize, f64)>>),
}

fn factorial(n: usize) -> Option<u64> {
    (1..=n as u64).try_fold(1_u64, u64::checked_mul)
}

/// C(n, k).
fn binomial(n: usize, k: usize) -> Option<u64> {
    let k = k.min(n - k) as u128;
    let product = (0..k).try_fold(1_u128, |c, i| Some(c.checked_mul(n as u128 - i)? / (i + 1)))?;
    u64::try_from(product).ok()
}

/// Whether two vectors are one within a tolerance.
pub(super) fn same(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a - b).abs() < SAME)
}

/// Lexicographic order that takes close numbers for equal.
fn exceeds(a: &[f64], b: &[f64]) -> bool {
    a.iter().zip(b).find(|(a, b)| (*a - *b).abs() >= SAME).is_some_and(|(a, b)| a > b)
}

fn apply(element: &[(usize, f64)], m: &[f64]) -> Vec<f64> {
    // Blocks of the length of the element are mapped alike; adding 0 makes −0 a 0.
    m.chunks(element.len()).flat_map(|m| element.iter().map(|(i, sign)| sign * m[*i] + 0.0)).collect()
}

/// The product of multinomials of runs of equal numbers in a sorted vector.
fn arrangements(sorted: &[f64]) -> Option<u64> {
    let mut left = sorted.len();
    let mut out = 1_u64;
    for run in runs(sorted) {
        out = out.checked_mul(binomial(left, run)?)?;
        left -= run;
    }
    Some(out)
}

/// Lengths of runs of equal numbers.
pub(super) fn runs(m: &[f64]) -> Vec<usize> {
    let mut out: Vec<usize> = Vec::new();
    for (i, x) in m.iter().enumerate() {
        match out.last_mut() {
            Some(run) if (x - m[i - 1]).abs() < SAME => *run += 1,
            _ => out.push(1),
        }
    }
    out
}

/// Largest number of memories whose group is listed element by element.
const LARGEST_LIST: usize = 5;

impl Symmetry {
    /// The signed permutations (without `signs` only permutations) that leave a form as it is, with the
    /// common sign where `flip`.
    pub(super) fn of_form(form: &Matrix, signs: bool, flip: bool) -> Self {
        let p = form.nrows();
        let identity: Vec<(usize, f64)> = (0..p).map(|i| (i, 1.0)).collect();
        let mut list = Vec::new();
        if p > LARGEST_LIST {
            list.push(identity);
        } else {
            let patterns = if signs { 1_usize << p } else { 1 };
            for order in permutations(p) {
                for pattern in 0..patterns {
                    let element: Vec<(usize, f64)> =
                        order.iter().map(|i| (*i, if pattern >> i & 1 == 1 { -1.0 } else { 1.0 })).collect();
                    let invariant = (0..p).all(|i| {
                        (0..p).all(|j| {
                            let ((a, s), (b, t)) = (element[i], element[j]);
                            s * t * form[(a, b)] == form[(i, j)]
                        })
                    });
                    if invariant {
                        list.push(element);
                    }
                }
            }
        }
        if flip && !(signs && p <= LARGEST_LIST) {
            let flipped: Vec<_> =
                list.iter().map(|e| e.iter().map(|(i, s)| (*i, -s)).collect::<Vec<_>>()).collect();
            list.extend(flipped);
        }
        Self::Listed(list)
    }

    /// The representative of a state: largest overlaps first.
    pub(super) fn canonical(&self, m: &[f64]) -> Vec<f64> {
        let descending = |mut m: Vec<f64>| {
            m.sort_by(|a, b| b.total_cmp(a));
            m
        };
        match self {
            Self::Signed => descending(m.iter().map(|x| x.abs()).collect()),
            Self::Permuted { flip } => {
                let plain = descending(m.to_vec());
                let flipped = descending(m.iter().map(|x| -x).collect());
                if *flip && exceeds(&flipped, &plain) { flipped } else { plain }
            }
            Self::Listed(list) => list
                .iter()
                .map(|e| apply(e, m))
                .fold(m.to_vec(), |best, image| if exceeds(&image, &best) { image } else { best }),
        }
    }

    /// The mean of a state and those images that are no farther from it than its error: what is left of a degenerate
    /// state where the iteration stopped beside it.
    pub(super) fn centred(&self, m: &[f64], error: f64) -> Vec<f64> {
        // The other groups are searched face by face, where equal overlaps stay equal.
        let Self::Listed(list) = self else { return m.to_vec() };
        let images = list.iter().map(|element| apply(element, m));
        let near: Vec<Vec<f64>> =
            images.filter(|image| image.iter().zip(m).all(|(a, b)| (a - b).abs() < error)).collect();
        let share = 1.0 / near.len().max(1) as f64;
        (0..m.len()).map(|i| share * near.iter().map(|image| image[i]).sum::<f64>()).collect()
    }

    /// Whether two canonical states are images of each other within a tolerance.
    pub(super) fn alike(&self, a: &[f64], b: &[f64], tolerance: f64) -> bool {
        let near = |b: &[f64]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < tolerance);
        match self {
            Self::Signed => near(b),
            Self::Permuted { flip } => {
                near(b) || (*flip && near(&b.iter().rev().map(|x| -x).collect::<Vec<_>>()))
            }
            Self::Listed(list) => list.iter().any(|element| near(&apply(element, b))),
        }
    }

    /// Number of states that are images of a canonical one.
    pub(super) fn multiplicity(&self, m: &[f64]) -> Option<u64> {
        match self {
            Self::Signed => {
                let condensed = m.iter().filter(|x| x.abs() >= SAME).count();
                arrangements(m)?.checked_mul(1_u64.checked_shl(condensed as u32)?)
            }
            Self::Permuted { flip } => {
                let mut flipped: Vec<f64> = m.iter().map(|x| -x).collect();
                flipped.sort_by(|a, b| b.total_cmp(a));
                let twice = *flip && !same(&flipped, m);
                arrangements(m)?.checked_mul(if twice { 2 } else { 1 })
            }
            Self::Listed(list) => {
                let mut images: Vec<Vec<f64>> = Vec::new();
                for element in list {
                    let image = apply(element, m);
                    if !images.iter().any(|other| same(other, &image)) {
                        images.push(image);
                    }
                }
                Some(images.len() as u64)
            }
        }
    }

    /// The group element by element, for p ≤ 5.
    pub(super) fn listed(&self, p: usize) -> Option<Self> {
        if let Self::Listed(_) = self {
            return Some(self.clone());
        }
        (p <= LARGEST_LIST).then(|| {
            let (signs, flip) = match self {
                Self::Permuted { flip } => (false, *flip),
                _ => (true, false),
            };
            Self::of_form(&Matrix::identity(p, p), signs, flip)
        })
    }
}

/// All orders of 0, …, n − 1.
fn permutations(n: usize) -> Vec<Vec<usize>> {
    let mut out = vec![Vec::new()];
    for i in 0..n {
        out = out
            .into_iter()
            .flat_map(|order: Vec<usize>| {
                (0..=i).map(move |place| {
                    let mut order = order.clone();
                    order.insert(place, i);
                    order
                })
            })
            .collect();
    }
    debug_assert_eq!(Some(out.len() as u64), factorial(n));
    out
}

/// The ways to take p memories in groups of equal overlaps: sizes in descending order and the number of
/// memories without overlap, which is 0 unless `zeros`.
pub(super) fn shapes(p: usize, zeros: bool) -> Vec<(Vec<usize>, usize)> {
    fn partitions(n: usize, largest: usize) -> Vec<Vec<usize>> {
        if n == 0 {
            return vec![Vec::new()];
        }
        (1..=largest.min(n))
            .rev()
            .flat_map(|first| {
                partitions(n - first, first).into_iter().map(move |mut rest| {
                    rest.insert(0, first);
                    rest
                })
            })
            .collect()
    }
    let condensed = if zeros { 1..=p } else { p..=p };
    let mut out: Vec<_> =
        condensed.flat_map(|n| partitions(n, n).into_iter().map(move |sizes| (sizes, p - n))).collect();
    out.sort_by_key(|(sizes, _)| sizes.len());
    out
}

/// The n-th point of a low-discrepancy sequence in the unit cube (Kronecker, powers of 1/φ_k with φ_k the
/// positive root of x^{k+1} = x + 1).
pub(super) fn lattice(n: usize, k: usize) -> Vec<f64> {
    let mut root = 1.5_f64;
    for _ in 0..60 {
        root = (1.0 + root).powf(1.0 / (k as f64 + 1.0));
    }
    (1..=k).map(|i| (0.5 + n as f64 * root.powi(-(i as i32))).fract()).collect()
}
