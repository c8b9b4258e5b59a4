//! Couplings of small networks, written out.

use mattis_model::Diagonal;

use super::ExactError;

/// J_ij = (1/N) Σ_μ ξ_i^μ ξ_j^μ, row by row, with the diagonal that is asked for; `Kept` is (1/N) Σ_μ (ξ_i^μ)².
///
/// # Errors
/// If there is no memory, or memories differ in length.
pub fn hebb(patterns: &[Vec<f64>], diagonal: Diagonal) -> Result<Vec<f64>, ExactError> {
    let n = patterns.first().map_or(0, Vec::len);
    if n == 0 {
        return Err(ExactError::NotSquare { entries: 0 });
    }
    if let Some(odd) = patterns.iter().find(|pattern| pattern.len() != n) {
        return Err(ExactError::Length { what: "memory", given: odd.len(), expected: n });
    }
    let mut couplings = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..n {
            let product: f64 = patterns.iter().map(|pattern| pattern[i] * pattern[j]).sum();
            couplings[i * n + j] = match diagonal {
                Diagonal::Zero if i == j => 0.0,
                Diagonal::Value(value) if i == j => value,
                _ => product / n as f64,
            };
        }
    }
    Ok(couplings)
}
