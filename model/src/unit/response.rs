//! Arrays of w and its derivatives.

/// w and its derivatives for a slice of fields, one array each.
///
/// Derivatives with respect to Γ follow from those with respect to h, since ∂w/∂Γ = ½(T ∂²w/∂h² + (∂w/∂h)²).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Responses {
    /// w.
    pub w: Vec<f64>,
    /// ∂w/∂h = ⟨s⟩, the activation function.
    pub mean: Vec<f64>,
    /// ∂²w/∂h² = Var(s)/T, the response.
    pub response: Vec<f64>,
    /// ∂³w/∂h³.
    pub third: Vec<f64>,
    /// ∂⁴w/∂h⁴.
    pub fourth: Vec<f64>,
    /// ∂w/∂T, the single-site entropy.
    pub entropy: Vec<f64>,
    /// ∂²w/∂h∂T.
    pub mean_slope: Vec<f64>,
    /// ∂³w/∂h²∂T.
    pub response_slope: Vec<f64>,
}

impl Responses {
    /// Sets the length of every array; contents are unspecified.
    pub fn resize(&mut self, len: usize) {
        for array in self.arrays() {
            array.resize(len, 0.0);
        }
    }

    /// Every number undefined.
    pub(super) fn undefined(&mut self, len: usize) {
        *self = Self::default();
        for array in self.arrays() {
            array.resize(len, f64::NAN);
        }
    }

    fn arrays(&mut self) -> [&mut Vec<f64>; 8] {
        [
            &mut self.w,
            &mut self.mean,
            &mut self.response,
            &mut self.third,
            &mut self.fourth,
            &mut self.entropy,
            &mut self.mean_slope,
            &mut self.response_slope,
        ]
    }
}
