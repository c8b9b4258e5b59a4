//! Points, rectangles, clipping and dashes, in logical pixels with y downwards.

/// A place on paper.
pub(crate) type Place = (f64, f64);

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rect {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Rect {
    pub(crate) fn width(&self) -> f64 {
        self.right - self.left
    }

    pub(crate) fn height(&self) -> f64 {
        self.bottom - self.top
    }

    pub(crate) fn contains(&self, (x, y): Place) -> bool {
        x >= self.left && x <= self.right && y >= self.top && y <= self.bottom
    }

    pub(crate) fn grown(&self, by: f64) -> Self {
        Self { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    /// Area shared with another rectangle.
    pub(crate) fn overlap(&self, other: &Self) -> f64 {
        let width = self.right.min(other.right) - self.left.max(other.left);
        let height = self.bottom.min(other.bottom) - self.top.max(other.top);
        width.max(0.0) * height.max(0.0)
    }

    pub(crate) fn corners(&self) -> Vec<Place> {
        vec![
            (self.left, self.top),
            (self.right, self.top),
            (self.right, self.bottom),
            (self.left, self.bottom),
        ]
    }
}

fn distance(a: Place, b: Place) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

fn between(a: Place, b: Place, share: f64) -> Place {
    (a.0 + share * (b.0 - a.0), a.1 + share * (b.1 - a.1))
}

/// The part of a segment inside a rectangle (Liang and Barsky).
fn clip_segment(a: Place, b: Place, rect: &Rect) -> Option<(Place, Place)> {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    for (speed, room) in
        [(-dx, a.0 - rect.left), (dx, rect.right - a.0), (-dy, a.1 - rect.top), (dy, rect.bottom - a.1)]
    {
        if speed == 0.0 {
            if room < 0.0 {
                return None;
            }
        } else if speed < 0.0 {
            enter = enter.max(room / speed);
        } else {
            leave = leave.min(room / speed);
        }
    }
    (enter <= leave).then(|| (between(a, b, enter), between(a, b, leave)))
}

/// The pieces of a line inside a rectangle; a `None` breaks the line.
pub(crate) fn clip_line(points: &[Option<Place>], rect: &Rect) -> Vec<Vec<Place>> {
    let mut pieces: Vec<Vec<Place>> = Vec::new();
    let mut open = false;
    for pair in points.windows(2) {
        let (Some(a), Some(b)) = (pair[0], pair[1]) else {
            open = false;
            continue;
        };
        let Some((start, end)) = clip_segment(a, b, rect) else {
            open = false;
            continue;
        };
        match pieces.last_mut() {
            Some(piece) if open && start == a => piece.push(end),
            _ => pieces.push(vec![start, end]),
        }
        open = end == b;
    }
    pieces.iter().map(|piece| thinned(piece)).filter(|piece| piece.len() > 1).collect()
}

/// Drops points that the eye cannot tell from the one before.
fn thinned(points: &[Place]) -> Vec<Place> {
    const EYE: f64 = 0.25;
    let mut kept: Vec<Place> = Vec::with_capacity(points.len());
    for &point in points {
        if kept.last().is_none_or(|&last| distance(last, point) >= EYE) {
            kept.push(point);
        }
    }
    if let (Some(&last), Some(end)) = (points.last(), kept.last_mut())
        && *end != last
    {
        if points.len() > 1 && distance(*end, last) < EYE {
            *end = last;
        } else {
            kept.push(last);
        }
    }
    kept
}

/// The part of a polygon inside a rectangle (Sutherland and Hodgman).
pub(crate) fn clip_polygon(corners: &[Place], rect: &Rect) -> Vec<Place> {
    type Side = (fn(&Rect, Place) -> f64, fn(Place) -> f64);
    let sides: [Side; 4] = [
        (|r, p| p.0 - r.left, |p| p.0),
        (|r, p| r.right - p.0, |p| p.0),
        (|r, p| p.1 - r.top, |p| p.1),
        (|r, p| r.bottom - p.1, |p| p.1),
    ];
    let mut kept = corners.to_vec();
    for (inside, _) in sides {
        let before = std::mem::take(&mut kept);
        for (k, &here) in before.iter().enumerate() {
            let last = before[(k + before.len() - 1) % before.len()];
            let (was, is) = (inside(rect, last), inside(rect, here));
            if (was < 0.0) != (is < 0.0) {
                kept.push(between(last, here, was / (was - is)));
            }
            if is >= 0.0 {
                kept.push(here);
            }
        }
    }
    kept
}

/// Cuts a line into the dashes of a pattern (on, off, on, off, …); an empty pattern leaves it whole.
pub(crate) fn dashes(points: &[Place], pattern: &[f64]) -> Vec<Vec<Place>> {
    if pattern.is_empty() || pattern.iter().any(|part| *part <= 0.0) {
        return vec![points.to_vec()];
    }
    let mut found = Vec::new();
    let mut part = 0;
    let mut left = pattern[0];
    let mut current: Vec<Place> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let (mut a, b) = (pair[0], pair[1]);
        let mut length = distance(a, b);
        while length > left {
            a = between(a, b, left / length);
            length -= left;
            if part % 2 == 0 {
                current.push(a);
                found.push(std::mem::take(&mut current));
            } else {
                current = vec![a];
            }
            part = (part + 1) % pattern.len();
            left = pattern[part];
        }
        left -= length;
        if part % 2 == 0 {
            current.push(b);
        }
    }
    if current.len() > 1 {
        found.push(current);
    }
    found
}

/// Places along a line no further apart than `step`.
pub(crate) fn sampled(points: &[Place], step: f64) -> Vec<Place> {
    let mut found: Vec<Place> = points.first().copied().into_iter().collect();
    for pair in points.windows(2) {
        let parts = (distance(pair[0], pair[1]) / step).ceil().clamp(1.0, 1e4) as usize;
        found.extend((1..=parts).map(|k| between(pair[0], pair[1], k as f64 / parts as f64)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Rect = Rect { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };

    #[test]
    fn a_line_is_clipped_and_broken() {
        let across = [Some((-5.0, 5.0)), Some((5.0, 5.0)), Some((15.0, 5.0))];
        assert_eq!(clip_line(&across, &UNIT), [vec![(0.0, 5.0), (5.0, 5.0), (10.0, 5.0)]]);
        let broken = [Some((1.0, 1.0)), Some((2.0, 1.0)), None, Some((3.0, 1.0)), Some((4.0, 1.0))];
        assert_eq!(clip_line(&broken, &UNIT).len(), 2);
        let twice = [Some((1.0, 1.0)), Some((1.0, -4.0)), Some((8.0, -4.0)), Some((8.0, 4.0))];
        assert_eq!(clip_line(&twice, &UNIT).len(), 2);
        assert!(clip_line(&[Some((1.0, 1.0))], &UNIT).is_empty());
    }

    #[test]
    fn thinning_keeps_the_ends() {
        let dense: Vec<_> = (0..=1000).map(|k| Some((f64::from(k) * 0.01, 5.0))).collect();
        let piece = &clip_line(&dense, &UNIT)[0];
        assert!(piece.len() < 45);
        assert_eq!((piece[0], piece[piece.len() - 1]), ((0.0, 5.0), (10.0, 5.0)));
    }

    #[test]
    fn a_polygon_is_clipped() {
        let corners = [(-5.0, -5.0), (20.0, -5.0), (20.0, 20.0), (-5.0, 20.0)];
        let kept = clip_polygon(&corners, &UNIT);
        assert_eq!(kept.len(), 4);
        assert!(kept.iter().all(|&p| UNIT.contains(p)));
        assert!(clip_polygon(&[(20.0, 20.0), (30.0, 20.0), (30.0, 30.0)], &UNIT).is_empty());
        assert!(clip_polygon(&[], &UNIT).is_empty());
    }

    #[test]
    fn dashes_follow_the_line() {
        let cut = dashes(&[(0.0, 0.0), (3.0, 0.0), (10.0, 0.0)], &[4.0, 2.0]);
        assert_eq!(cut, [vec![(0.0, 0.0), (3.0, 0.0), (4.0, 0.0)], vec![(6.0, 0.0), (10.0, 0.0)]]);
        assert_eq!(dashes(&[(0.0, 0.0), (3.0, 0.0)], &[]).len(), 1);
        assert!(dashes(&[], &[1.0, 1.0]).is_empty());
    }
}
