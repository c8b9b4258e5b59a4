//! What an average over the columns yields.

use super::law::Response;

/// C of a set of perturbations that do not mix with others: both responses, and their number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Transverse {
    /// E\[η² w_hh\] along each of them.
    pub(super) even: f64,
    /// The same with the response of s − s′.
    pub(super) odd: f64,
    pub(super) multiplicity: usize,
}

/// Averages over columns z of k numbers, which give the field h = g·z + h_ext.
#[derive(Debug, Clone)]
pub(super) struct Moments {
    /// E\[w\].
    pub(super) w: f64,
    /// E\[∂w/∂T\].
    pub(super) entropy: f64,
    /// E\[w_hh\].
    pub(super) chi: f64,
    /// The same with the response of s − s′.
    pub(super) odd_chi: f64,
    /// E⟨s⟩.
    pub(super) magnetization: f64,
    /// E\[⟨s⟩²\].
    pub(super) frozen: f64,
    /// E⟨s²⟩.
    pub(super) activity: f64,
    /// E⟨s s′⟩.
    pub(super) product: f64,
    /// E\[z w_h\].
    pub(super) mean: Vec<f64>,
    /// E\[z ∂w_h/∂T\].
    pub(super) slope: Vec<f64>,
    /// E\[z zᵀ w_hh\], row by row.
    pub(super) even: Vec<f64>,
    /// The same with the response of s − s′.
    pub(super) odd: Vec<f64>,
    /// The perturbations that break the symmetry of z.
    pub(super) transverse: Vec<Transverse>,
    /// At T = 0: a column on a switch of the unit.
    pub(super) tied: bool,
}

impl Moments {
    pub(super) fn new(k: usize) -> Self {
        Self {
            w: 0.0,
            entropy: 0.0,
            chi: 0.0,
            odd_chi: 0.0,
            magnetization: 0.0,
            frozen: 0.0,
            activity: 0.0,
            product: 0.0,
            mean: vec![0.0; k],
            slope: vec![0.0; k],
            even: vec![0.0; k * k],
            odd: vec![0.0; k * k],
            transverse: Vec::new(),
            tied: false,
        }
    }

    /// Adds a column z of weight p with the unit's response to its field; returns p·w_hh and p·odd.
    pub(super) fn add(&mut self, p: f64, z: &[f64], r: &Response) -> (f64, f64) {
        let (even, odd) = (p * r.even, p * r.odd);
        let (mean, slope) = (p * r.mean, p * r.slope);
        self.w += p * r.w;
        self.entropy += p * r.entropy;
        self.chi += even;
        self.odd_chi += odd;
        self.magnetization += mean;
        self.frozen += mean * r.mean;
        self.activity += p * r.square;
        self.product += p * r.product;
        self.tied |= r.tied;
        let k = z.len();
        for (i, &x) in z.iter().enumerate() {
            self.mean[i] += mean * x;
            self.slope[i] += slope * x;
            let (even, odd) = (even * x, odd * x);
            for (j, &y) in z.iter().enumerate().take(i + 1) {
                self.even[i * k + j] += even * y;
                self.odd[i * k + j] += odd * y;
            }
        }
        (even, odd)
    }

    /// Adds sums of other columns.
    pub(super) fn merge(&mut self, other: &Self) {
        self.w += other.w;
        self.entropy += other.entropy;
        self.chi += other.chi;
        self.odd_chi += other.odd_chi;
        self.magnetization += other.magnetization;
        self.frozen += other.frozen;
        self.activity += other.activity;
        self.product += other.product;
        self.tied |= other.tied;
        for (to, from) in [
            (&mut self.mean, &other.mean),
            (&mut self.slope, &other.slope),
            (&mut self.even, &other.even),
            (&mut self.odd, &other.odd),
        ] {
            for (to, from) in to.iter_mut().zip(from) {
                *to += from;
            }
        }
    }

    /// Fills the upper triangles.
    pub(super) fn close(&mut self) {
        let k = self.mean.len();
        for i in 0..k {
            for j in 0..i {
                self.even[j * k + i] = self.even[i * k + j];
                self.odd[j * k + i] = self.odd[i * k + j];
            }
        }
    }
}
