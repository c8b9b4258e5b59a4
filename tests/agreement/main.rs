//! Theory against simulation, at the loads p/N that were simulated, extrapolated to infinite size.
//!
//! **Extrapolation.** Every disorder sample gives one number, its time average less the prediction at its own
//! p/N. A straight line in 1/N is fitted by weighted least squares through the sizes; its value at 1/N = 0 is
//! the deviation. The weights are N times the number of samples, the law of self-averaging, fixed before any
//! run: a deviation is then linear in the samples and its variance follows, without bias, from the scatter of
//! the samples at each size. That the line is straight is tested by the second difference of the three sizes.
//!
//! **Significance.** Deviation over error is Student's t with the degrees of freedom of Welch and
//! Satterthwaite; z is the normal deviate of the same probability. A theory agrees where |z| < 4, for the
//! value and for the curvature; a right one fails with probability 1.3·10⁻⁴ in each row, 2 % in all rows of this
//! program together, the long ones included. A wrong theory is rejected where |z| > 5. No tolerance is tuned;
//! sizes and numbers of samples were chosen for their power.
//!
//! **Escapes.** Sizes are chosen so that no run leaves its memory; one that does is a failure of the test,
//! since an average over survivors would be biased.
//!
//! **Negative controls.** Wrong theories are solved here, by `altered`, and must be rejected by the same numbers
//! that the right one passes.
//!
//! Seeds are fixed and are not a parameter: changing one to turn a test green would void the test.

mod activity;
mod altered;
mod dilution;
mod experiment;
mod finite;
mod graded;
mod hopfield;
mod little;
mod potts;
mod rates;
mod spin_glass;
mod statistics;
mod three_state;
mod threshold_linear;
mod two_layers;
