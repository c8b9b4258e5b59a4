//! The jackknife: errors and bias of functions of several means.

/// A function of means with its error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Jackknife {
    /// The function of the means less the bias.
    pub value: f64,
    /// √[(n − 1)/n Σ(θ_k − θ̄)²], θ_k with sample k left out.
    pub error: f64,
    /// (n − 1)(θ̄ − θ).
    pub bias: f64,
}

/// Applies a function to the means of several quantities; a row holds the quantities of one sample.
/// `None` for fewer than two rows, rows of different length, or a result that is not finite.
pub fn jackknife(rows: &[Vec<f64>], function: impl Fn(&[f64]) -> f64) -> Option<Jackknife> {
    let width = rows.first()?.len();
    if rows.len() < 2 || rows.iter().any(|row| row.len() != width) {
        return None;
    }
    let count = rows.len() as f64;
    let sums: Vec<f64> = (0..width).map(|k| rows.iter().map(|row| row[k]).sum()).collect();
    let means: Vec<f64> = sums.iter().map(|sum| sum / count).collect();
    let whole = function(&means);
    let left_out: Vec<f64> = rows
        .iter()
        .map(|row| {
            let rest: Vec<f64> = sums.iter().zip(row).map(|(sum, x)| (sum - x) / (count - 1.0)).collect();
            function(&rest)
        })
        .collect();
    let centre = left_out.iter().sum::<f64>() / count;
    let spread: f64 = left_out.iter().map(|x| (x - centre) * (x - centre)).sum();
    let bias = (count - 1.0) * (centre - whole);
    let out = Jackknife { value: whole - bias, error: ((count - 1.0) / count * spread).sqrt(), bias };
    (out.value.is_finite() && out.error.is_finite()).then_some(out)
}
