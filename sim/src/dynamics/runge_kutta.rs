//! An embedded Runge–Kutta method of order 5(4) with error control, for the flow of real-valued units.

/// The tableau of Dormand & Prince, J. Comput. Appl. Math. 6, 19 (1980), RK5(4)7M; its last row is the new
/// value.
const ROWS: [&[f64]; 6] = [
    &[1.0 / 5.0],
    &[3.0 / 40.0, 9.0 / 40.0],
    &[44.0 / 45.0, -56.0 / 15.0, 32.0 / 9.0],
    &[19372.0 / 6561.0, -25360.0 / 2187.0, 64448.0 / 6561.0, -212.0 / 729.0],
    &[9017.0 / 3168.0, -355.0 / 33.0, 46732.0 / 5247.0, 49.0 / 176.0, -5103.0 / 18656.0],
    &[35.0 / 384.0, 0.0, 500.0 / 1113.0, 125.0 / 192.0, -2187.0 / 6784.0, 11.0 / 84.0],
];

/// The weights of order 5 less those of order 4.
const ERROR: [f64; 7] =
    [71.0 / 57600.0, 0.0, -71.0 / 16695.0, 71.0 / 1920.0, -17253.0 / 339200.0, 22.0 / 525.0, -1.0 / 40.0];

/// Error of a step that is tolerated, in absolute terms and relative to the value.
const TOLERANCE: f64 = 1e-8;

/// The same relative to the largest |dy/dt|. It keeps steps stable where the absolute error would not notice,
/// so that a solution that should come to rest does.
const OF_SPEED: f64 = 1e-3;

/// The shortest step; an error that is too large even here is accepted, where y leaves the range of numbers.
const SHORTEST: f64 = 1e-9;

/// Solves dy/dt = f(y). The error of every component is at most 1e-8 (1 + |y|) per step, and at most 1e-3 of
/// the largest |dy/dt|.
#[derive(Debug, Clone)]
pub struct DormandPrince {
    /// The next step, as the last error advises.
    step: f64,
    /// f at the seven stages.
    slopes: [Vec<f64>; 7],
    trial: Vec<f64>,
}

impl Default for DormandPrince {
    fn default() -> Self {
        Self { step: 0.1, slopes: Default::default(), trial: Vec::new() }
    }
}

/// Largest |x|; not finite if one of them is not.
fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most: f64, x| if x.is_finite() { most.max(x.abs()) } else { f64::INFINITY })
}

impl DormandPrince {
    /// Advances y by a time and returns the largest |dy/dt| at the end. What is known about the length of
    /// steps is kept. `within` is where f keeps y: rounding beyond it is cut off. `seen` is shown y after
    /// every step. Where f is not finite nothing moves any more.
    pub fn advance(
        &mut self,
        y: &mut [f64],
        time: f64,
        (low, high): (f64, f64),
        mut f: impl FnMut(&[f64], &mut [f64]),
        mut seen: impl FnMut(&[f64]),
    ) -> f64 {
        for buffer in self.slopes.iter_mut().chain([&mut self.trial]) {
            buffer.resize(y.len(), 0.0);
        }
        f(y, &mut self.slopes[0]);
        let mut speed = largest(&self.slopes[0]);
        let mut left = time;
        while left > 0.0 && speed.is_finite() {
            let last = self.step >= left;
            let step = if last { left } else { self.step };
            for (stage, row) in ROWS.iter().enumerate() {
                self.combine(y, step, row);
                f(&self.trial, &mut self.slopes[stage + 1]);
            }
            let error = self.error(y, step, speed);
            let shortest = step <= SHORTEST;
            let factor = if error.is_finite() { (0.9 * error.powf(-0.2)).clamp(0.2, 5.0) } else { 0.1 };
            // A step cut short by the end says only that its length is allowed.
            self.step = if last && error <= 1.0 { self.step.max(step * factor) } else { step * factor };
            self.step = self.step.max(SHORTEST);
            if error > 1.0 && !shortest {
                continue;
            }
            left = if last { 0.0 } else { left - step };
            let mut cut = false;
            for (value, new) in y.iter_mut().zip(&self.trial) {
                *value = new.clamp(low, high);
                cut |= *value != *new;
            }
            // The last stage is the first of the next step.
            self.slopes.swap(0, 6);
            if cut {
                f(y, &mut self.slopes[0]);
            }
            speed = largest(&self.slopes[0]);
            seen(y);
        }
        speed
    }

    /// The length of the next step, if the time allows it: all that is known from the last ones.
    pub fn next_step(&self) -> f64 {
        self.step
    }

    /// Makes the next step this long; whether that is a length, finite and > 0.
    pub fn begin_with(&mut self, step: f64) -> bool {
        let fits = step.is_finite() && step > 0.0;
        if fits {
            self.step = step;
        }
        fits
    }

    /// y + step Σ row·slopes.
    fn combine(&mut self, y: &[f64], step: f64, row: &[f64]) {
        self.trial.copy_from_slice(y);
        for (weight, slope) in row.iter().zip(&self.slopes) {
            for (value, slope) in self.trial.iter_mut().zip(slope) {
                *value += step * weight * slope;
            }
        }
    }

    /// The largest error of the trial over what is tolerated.
    fn error(&self, y: &[f64], step: f64, speed: f64) -> f64 {
        let mut most: f64 = 0.0;
        for (i, (old, new)) in y.iter().zip(&self.trial).enumerate() {
            let sum: f64 = ERROR.iter().zip(&self.slopes).map(|(weight, slope)| weight * slope[i]).sum();
            let tolerated = (TOLERANCE * (1.0 + old.abs().max(new.abs()))).min(OF_SPEED * speed);
            let error = if sum == 0.0 { 0.0 } else { (step * sum).abs() / tolerated };
            if !error.is_finite() {
                return f64::INFINITY;
            }
            most = most.max(error);
        }
        most
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FREE: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);

    /// A rotation that slows down, a decay of another rate and a logistic curve, in one step or many.
    #[test]
    fn solutions_are_the_known_ones() {
        let f = |y: &[f64], out: &mut [f64]| {
            out[0] = -0.1 * y[0] - y[1];
            out[1] = y[0] - 0.1 * y[1];
            out[2] = -20.0 * y[2];
            out[3] = y[3] * (1.0 - y[3]);
        };
        let mut y = [1.0, 0.0, 1.0, 0.01];
        let (mut solver, mut steps) = (DormandPrince::default(), 0);
        for t in 1..=20 {
            let speed = solver.advance(&mut y, 1.0, FREE, f, |_| steps += 1);
            let t = f64::from(t);
            let decay = (-0.1 * t).exp();
            let growth = 0.01 * t.exp();
            let exact = [decay * t.cos(), decay * t.sin(), (-20.0 * t).exp(), growth / (0.99 + growth)];
            for (found, exact) in y.iter().zip(exact) {
                assert!((found - exact).abs() < 2e-7, "t = {t}: {y:?} {exact}");
            }
            let mut slopes = [0.0; 4];
            f(&y, &mut slopes);
            assert_eq!(speed, largest(&slopes));
        }
        assert!((40..2000).contains(&steps), "{steps} steps");
    }

    /// One step of length h has an error of order h⁶, and its estimate one of order h⁵.
    #[test]
    fn one_step_has_its_order() {
        let f = |y: &[f64], out: &mut [f64]| out[0] = -y[0].powi(3);
        let one = |h: f64| {
            let mut solver = DormandPrince::default();
            for buffer in solver.slopes.iter_mut().chain([&mut solver.trial]) {
                buffer.resize(1, 0.0);
            }
            f(&[1.0], &mut solver.slopes[0]);
            for (stage, row) in ROWS.iter().enumerate() {
                solver.combine(&[1.0], h, row);
                let trial = solver.trial.clone();
                f(&trial, &mut solver.slopes[stage + 1]);
            }
            let tolerated = TOLERANCE * (1.0 + solver.trial[0]);
            ((solver.trial[0] - 1.0 / (1.0 + 2.0 * h).sqrt()).abs(), solver.error(&[1.0], h, 1e9) * tolerated)
        };
        let ((coarse, coarse_estimate), (fine, fine_estimate)) = (one(0.05), one(0.025));
        let order = |a: f64, b: f64| (a / b).log2();
        assert!((5.5..7.0).contains(&order(coarse, fine)), "{coarse} {fine}");
        assert!((order(coarse_estimate, fine_estimate) - 5.0).abs() < 0.3);
        assert!(
            ROWS.iter()
                .zip([0.2, 0.3, 0.8, 8.0 / 9.0, 1.0, 1.0])
                .all(|(row, c)| { (row.iter().sum::<f64>() - c).abs() < 1e-14 })
        );
        assert!(ERROR.iter().sum::<f64>().abs() < 1e-15);
    }

    /// What decays fast comes to rest, stiff or not; what explodes ends.
    #[test]
    fn rest_is_reached_and_explosions_end() {
        for rate in [1.0, 3.0, 40.0, 1000.0] {
            let (mut solver, mut y) = (DormandPrince::default(), [1.0, 0.5]);
            let f = |y: &[f64], out: &mut [f64]| (out[0], out[1]) = (-rate * (y[0] - 0.3), 0.3 - y[1]);
            let mut speed = f64::INFINITY;
            let mut time = 0;
            while speed > 1e-11 && time < 100 {
                speed = solver.advance(&mut y, 1.0, FREE, f, |_| ());
                time += 1;
            }
            assert!(time < 32 && y.iter().all(|y| (y - 0.3).abs() < 2e-11), "{rate}: {time} {y:?}");
        }
        let (mut solver, mut y) = (DormandPrince::default(), [1.0]);
        for _ in 0..4 {
            solver.advance(&mut y, 1.0, FREE, |y, out| out[0] = y[0] * y[0], |_| ());
        }
        assert!(y[0].is_nan() || y[0] > 1e8, "{y:?}");
        let mut y = [1.0];
        for _ in 0..20 {
            solver.advance(&mut y, 1.0, FREE, |y, out| out[0] = 90.0 * y[0], |_| ());
        }
        assert!(y[0].is_nan() || y[0] > 1e300, "{y:?}");
    }
}
