//! From data to paper: the extents of axes and the map between the two.

use crate::geometry::{Place, Rect};
use crate::series::Mark;
use crate::{Axis, FigureError, Plot, Range, Scale};

/// Numbers beyond this are treated as out of any range, so that differences never overflow.
const HUGE: f64 = 1e300;

/// An axis with its ends known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) scale: Scale,
}

impl Extent {
    /// Where a value stands, 0 at the lower end and 1 at the upper; `None` if it has no place.
    pub(super) fn share(&self, value: f64) -> Option<f64> {
        if !value.is_finite() {
            return None;
        }
        let share = match self.scale {
            Scale::Linear => (value / 2.0 - self.low / 2.0) / (self.high / 2.0 - self.low / 2.0),
            Scale::Log if value <= 0.0 => return None,
            Scale::Log => (value.ln() - self.low.ln()) / (self.high.ln() - self.low.ln()),
        };
        // Far away is far enough: beyond this, clipping would lose its digits.
        (!share.is_nan()).then(|| share.clamp(-1e6, 1e6))
    }
}

/// The axes of a plot and the frame they span.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct View {
    pub(super) frame: Rect,
    pub(super) x: Extent,
    pub(super) y: Extent,
}

impl View {
    pub(super) fn place(&self, x: f64, y: f64) -> Option<Place> {
        Some((self.across(x)?, self.down(y)?))
    }

    pub(super) fn across(&self, x: f64) -> Option<f64> {
        Some(self.frame.left + self.x.share(x)? * self.frame.width())
    }

    pub(super) fn down(&self, y: f64) -> Option<f64> {
        Some(self.frame.bottom - self.y.share(y)? * self.frame.height())
    }

    /// Places inside the frame only, with a hair's breadth for rounding.
    pub(super) fn inside(&self, x: f64, y: f64) -> Option<Place> {
        self.place(x, y).filter(|&place| self.frame.grown(0.01).contains(place))
    }
}

/// The ends of both axes.
pub(super) fn extents(plot: &Plot) -> Result<(Extent, Extent), FigureError> {
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    for series in &plot.series {
        collect(&series.mark, &mut xs, &mut ys);
    }
    for note in &plot.annotations {
        xs.push(note.x);
        ys.push(note.y);
    }
    Ok((extent(&plot.x, &xs)?, extent(&plot.y, &ys)?))
}

fn collect(mark: &Mark, xs: &mut Vec<f64>, ys: &mut Vec<f64>) {
    let mut pair = |x: f64, y: f64| {
        // A point that is not drawn must not stretch an axis.
        if x.is_finite() && y.is_finite() {
            xs.push(x);
            ys.push(y);
        }
    };
    match mark {
        Mark::Line { points, .. }
        | Mark::Points { points, .. }
        | Mark::Region { outline: points }
        | Mark::Tile { outline: points } => {
            for &(x, y) in points {
                pair(x, y);
            }
        }
        Mark::PointsWithErrors { points, .. } => {
            for point in points {
                pair(point.x, point.y);
                if let Some(error) = point.error.filter(|error| error.is_finite()) {
                    pair(point.x, point.y - error.abs());
                    pair(point.x, point.y + error.abs());
                }
            }
        }
        Mark::Band { points } => {
            for &(x, low, high) in points {
                pair(x, low);
                pair(x, high);
            }
        }
        Mark::HorizontalBand { low, high } => ys.extend([*low, *high]),
        Mark::Vertical { x, .. } => xs.push(*x),
        Mark::Horizontal { y, .. } => ys.push(*y),
    }
}

fn extent(axis: &Axis, values: &[f64]) -> Result<Extent, FigureError> {
    let scale = axis.scale;
    let drawable = |value: f64| value.abs() <= HUGE && (scale == Scale::Linear || value >= 1.0 / HUGE);
    let ends = |low: f64, high: f64| {
        let name = || axis.label.clone();
        if scale == Scale::Log && (low <= 0.0 || high <= 0.0) {
            return Err(FigureError::LogRange { axis: name(), low, high });
        }
        if !(drawable(low) && drawable(high) && low < high) {
            return Err(FigureError::Range { axis: name(), low, high });
        }
        Ok((low, high))
    };
    let (low, high) = match axis.range {
        Range::Given(low, high) => {
            let (low, high) = ends(low, high)?;
            return Ok(apart(low, high, scale));
        }
        Range::Including(low, high) => {
            let (low, high) = ends(low, high)?;
            let (least, most) =
                bounds(values.iter().copied().filter(|value| drawable(*value))).unwrap_or((low, high));
            // An end that was named is kept; only data beyond it move it, with a margin.
            let wide = padded(low.min(least), high.max(most), scale);
            return Ok(apart(
                if least < low { wide.0 } else { low },
                if most > high { wide.1 } else { high },
                scale,
            ));
        }
        Range::Auto => match bounds(values.iter().copied().filter(|value| drawable(*value))) {
            Some(found) => found,
            None if scale == Scale::Log => (0.1, 10.0),
            None => (0.0, 1.0),
        },
    };
    let Extent { low, high, .. } = apart(low, high, scale);
    let (low, high) = padded(low, high, scale);
    Ok(Extent { low, high, scale })
}

fn bounds(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |found, value| {
        Some(found.map_or((value, value), |(low, high): (f64, f64)| (low.min(value), high.max(value))))
    })
}

/// Ends that are apart by more than rounding.
fn apart(low: f64, high: f64, scale: Scale) -> Extent {
    let size = low.abs().max(high.abs());
    let (low, high) = match scale {
        Scale::Log if (high / low).ln() < 1e-9 => (low / 3.0, high * 3.0),
        Scale::Linear if size < 1e-290 => (-1.0, 1.0),
        Scale::Linear if high / 2.0 - low / 2.0 <= size * 1e-12 => (low - 0.1 * size, high + 0.1 * size),
        _ => (low, high),
    };
    Extent { low, high, scale }
}

fn padded(low: f64, high: f64, scale: Scale) -> (f64, f64) {
    const MARGIN: f64 = 0.045;
    match scale {
        Scale::Linear => {
            let margin = MARGIN * 2.0 * (high / 2.0 - low / 2.0);
            (low - margin, high + margin)
        }
        Scale::Log => {
            let margin = MARGIN * (high.ln() - low.ln());
            ((low.ln() - margin).exp().max(1e-305), (high.ln() + margin).exp().min(1e305))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extents_hold_their_data_and_are_apart() {
        let axis = Axis::new("x");
        for values in [
            vec![],
            vec![f64::NAN, f64::INFINITY],
            vec![0.0],
            vec![1e-310],
            vec![0.3; 4],
            vec![-1e300, 1e300],
            vec![1e-12, 2e-12],
            vec![1.0, 1.0 + 1e-15],
            vec![f64::MAX, 1.0],
        ] {
            let found = extent(&axis, &values).expect("automatic ranges cannot fail");
            assert!(found.high > found.low, "{values:?}: {found:?}");
            for value in values.iter().filter(|value| value.abs() <= HUGE) {
                let share = found.share(*value).expect("finite");
                assert!((0.0..=1.0).contains(&share), "{values:?}: {share}");
            }
        }
    }

    #[test]
    fn log_extents_ignore_what_is_not_positive() {
        let found = extent(&Axis::new("x").log(), &[-1.0, 0.0, 1e-3, 10.0]).expect("automatic");
        assert!(found.low > 4e-4 && found.low < 1e-3);
        assert_eq!(found.share(-1.0), None);
    }

    #[test]
    fn impossible_ranges_are_errors() {
        assert!(matches!(extent(&Axis::new("x").range(1.0, 1.0), &[]), Err(FigureError::Range { .. })));
        assert!(matches!(extent(&Axis::new("x").range(0.0, f64::NAN), &[]), Err(FigureError::Range { .. })));
        assert!(matches!(
            extent(&Axis::new("x").log().range(0.0, 1.0), &[]),
            Err(FigureError::LogRange { .. })
        ));
    }

    #[test]
    fn an_included_end_is_kept_until_data_pass_it() {
        let axis = Axis::new("x").including(0.0, 1.0);
        let found = extent(&axis, &[0.5, 2.0]).expect("fine");
        assert_eq!(found.low, 0.0);
        assert!(found.high > 2.0 && found.high < 2.2);
    }
}
