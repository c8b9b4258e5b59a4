//! An autonomous equation dm/dt = g(m) by adaptive steps of the Dormand–Prince method.
//!
//! Dormand & Prince, J. Comput. Appl. Math. 6, 19 (1980).

/// The nodes do not enter an autonomous equation; rows of the tableau, the last being the fifth-order solution.
const TABLEAU: [&[f64]; 6] = [
    &[1.0 / 5.0],
    &[3.0 / 40.0, 9.0 / 40.0],
    &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
    &[19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0],
    &[9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0],
    &[35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
];
/// Fifth minus fourth order.
const DIFFERENCE: [f64; 7] =
    [71.0 / 57600.0, 0.0, -71.0 / 16695.0, 71.0 / 1920.0, -17253.0 / 339200.0, 22.0 / 525.0, -1.0 / 40.0];
/// Allowed difference per step.
const TOLERANCE: f64 = 2e-14;
/// A step shorter than this is taken as it is.
const SHORTEST: f64 = 1e-6;

/// The solution after a step, with the estimated error.
fn step(g: &dyn Fn(f64) -> f64, m: f64, length: f64) -> (f64, f64) {
    let mut slopes = [0.0; 7];
    slopes[0] = g(m);
    let mut end = m;
    for (i, row) in TABLEAU.iter().enumerate() {
        end = m + length * row.iter().zip(&slopes).map(|(a, k)| a * k).sum::<f64>();
        slopes[i + 1] = g(end);
    }
    let error = length * DIFFERENCE.iter().zip(&slopes).map(|(a, k)| a * k).sum::<f64>();
    (end, error.abs())
}

/// m at each of the times, from m at 0.
pub(super) fn follow(g: &dyn Fn(f64) -> f64, start: f64, times: &[f64]) -> Vec<f64> {
    let (mut now, mut m, mut length) = (0.0, start, 0.01);
    times
        .iter()
        .map(|&time| {
            while now < time {
                let last = now + length >= time;
                let tried = if last { time - now } else { length };
                let (next, error) = step(g, m, tried);
                if error <= TOLERANCE || tried <= SHORTEST {
                    m = next;
                    now = if last { time } else { now + tried };
                }
                if !last || error > TOLERANCE {
                    let factor = 0.9 * (TOLERANCE / error.max(1e-30)).powf(0.2);
                    length = (tried * factor.clamp(0.2, 4.0)).clamp(SHORTEST, 1.0);
                }
            }
            m
        })
        .collect()
}
