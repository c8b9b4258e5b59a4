//! A scene as PNG: painted by plotters' bitmap backend at a multiple of the final size, then averaged.

use plotters::backend::BitMapBackend;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::Polygon;
use plotters::style::{Color as _, RGBColor, ShapeStyle};

use crate::font::Typeface;
use crate::geometry::{Place, dashes};
use crate::scene::{Align, Scene, Shape, Text};
use crate::{Color, FigureError};

/// Pixels of the PNG per logical pixel.
pub(crate) const RESOLUTION: u32 = 2;
/// The backend works in whole pixels; painting finer and averaging makes edges smooth.
const OVERSAMPLING: u32 = 3;
/// 192 pixels per inch.
const PIXELS_PER_METRE: u32 = 7559;

type Area<'a> = DrawingArea<BitMapBackend<'a>, plotters::coord::Shift>;

pub(crate) fn render(scene: &Scene) -> Result<Vec<u8>, FigureError> {
    let fine = (scene.width * RESOLUTION * OVERSAMPLING, scene.height * RESOLUTION * OVERSAMPLING);
    let mut pixels = vec![255_u8; fine.0 as usize * fine.1 as usize * 3];
    {
        let area = BitMapBackend::with_buffer(&mut pixels, fine).into_drawing_area();
        let painter =
            Painter { area, face: Typeface::bundled()?, scale: f64::from(RESOLUTION * OVERSAMPLING) };
        for shape in &scene.shapes {
            painter.shape(shape)?;
        }
        painter.area.present().map_err(refused)?;
    }
    encode(&averaged(&pixels, fine), (scene.width * RESOLUTION, scene.height * RESOLUTION))
}

fn refused(error: impl std::fmt::Display) -> FigureError {
    FigureError::Bitmap { reason: error.to_string() }
}

struct Painter<'a> {
    area: Area<'a>,
    face: &'static Typeface,
    scale: f64,
}

impl Painter<'_> {
    fn shape(&self, shape: &Shape) -> Result<(), FigureError> {
        match shape {
            Shape::Line { points, color, width, pattern } => {
                dashes(points, pattern).iter().try_for_each(|piece| self.line(piece, *color, *width))
            }
            Shape::Fill { corners, fill, edge } => {
                self.polygon(corners, *fill)?;
                let Some((color, width)) = *edge else { return Ok(()) };
                let mut closed = corners.clone();
                closed.extend(corners.iter().take(2));
                self.line(&closed, color, width)
            }
            Shape::Disc { centre, radius, fill, edge } => {
                let Some((color, width)) = *edge else { return self.disc(*centre, *radius, *fill) };
                self.disc(*centre, radius + width / 2.0, color)?;
                self.disc(*centre, radius - width / 2.0, *fill)
            }
            Shape::Text(text) => self.text(text),
            Shape::Hover { .. } => Ok(()),
        }
    }

    fn polygon(&self, corners: &[Place], color: Color) -> Result<(), FigureError> {
        let near = |value: f64| (value * self.scale).round() as i32;
        let corners: Vec<_> = corners.iter().map(|&(x, y)| (near(x), near(y))).collect();
        self.area.draw(&Polygon::new(corners, style(color))).map_err(refused)
    }

    fn disc(&self, centre: Place, radius: f64, color: Color) -> Result<(), FigureError> {
        let sides = if radius < 2.0 { 16 } else { 40 };
        let rim: Vec<Place> = (0..sides)
            .map(|k| {
                let turn = std::f64::consts::TAU * f64::from(k) / f64::from(sides);
                (centre.0 + radius * turn.cos(), centre.1 + radius * turn.sin())
            })
            .collect();
        self.polygon(&rim, color)
    }

    /// A quadrangle for each segment and a disc at each bend: the outline of a whole line crosses itself,
    /// which the backend's polygons do not survive.
    fn line(&self, points: &[Place], color: Color, width: f64) -> Result<(), FigureError> {
        let half = width / 2.0;
        for (k, pair) in points.windows(2).enumerate() {
            let ((x0, y0), (x1, y1)) = (pair[0], pair[1]);
            let length = (x1 - x0).hypot(y1 - y0);
            if length == 0.0 {
                continue;
            }
            let (nx, ny) = (half * (y1 - y0) / length, half * (x0 - x1) / length);
            let corners = [(x0 + nx, y0 + ny), (x1 + nx, y1 + ny), (x1 - nx, y1 - ny), (x0 - nx, y0 - ny)];
            self.polygon(&corners, color)?;
            if k > 0 && bends(points[k - 1], pair[0], pair[1]) {
                self.disc((x0, y0), half, color)?;
            }
        }
        Ok(())
    }

    fn text(&self, text: &Text) -> Result<(), FigureError> {
        let size = text.size * self.scale;
        let (glyphs, full) = self.face.place(&text.words, size);
        let shift = match text.align {
            Align::Start => 0.0,
            Align::Middle => -full / 2.0,
            Align::End => -full,
        };
        let origin = (text.at.0 * self.scale, text.at.1 * self.scale);
        if text.halo {
            let reach = 1.5 * self.scale;
            for k in 0..16 {
                let turn = std::f64::consts::TAU * f64::from(k) / 16.0;
                let moved = (origin.0 + reach * turn.cos(), origin.1 + reach * turn.sin());
                self.glyphs(&glyphs, shift, moved, text.upward, Color::WHITE)?;
            }
        }
        self.glyphs(&glyphs, shift, origin, text.upward, text.color)
    }

    fn glyphs(
        &self,
        glyphs: &[crate::font::Placed],
        shift: f64,
        origin: Place,
        upward: bool,
        color: Color,
    ) -> Result<(), FigureError> {
        let ink = RGBColor(color.red, color.green, color.blue);
        let mut outcome = Ok(());
        for glyph in glyphs {
            let along = (shift + glyph.x, -glyph.raise);
            let start = if upward { along } else { (origin.0 + along.0, origin.1 + along.1) };
            self.face.paint(glyph.id, glyph.size, start, |x, y, coverage| {
                let place =
                    if upward { (origin.0.round() as i32 + y, origin.1.round() as i32 - x) } else { (x, y) };
                let painted = self.area.draw_pixel(place, &ink.mix(coverage)).map_err(refused);
                if painted.is_err() {
                    outcome = painted;
                }
            });
        }
        outcome
    }
}

/// Whether a line turns enough for a gap to show between two segments.
fn bends(a: Place, b: Place, c: Place) -> bool {
    let (before, after) = ((b.1 - a.1).atan2(b.0 - a.0), (c.1 - b.1).atan2(c.0 - b.0));
    let turn = (after - before).abs();
    turn.min(std::f64::consts::TAU - turn) > 0.08
}

fn style(color: Color) -> ShapeStyle {
    RGBColor(color.red, color.green, color.blue).filled()
}

/// Means over squares of the oversampled picture.
fn averaged(pixels: &[u8], (width, height): (u32, u32)) -> Vec<u8> {
    let block = OVERSAMPLING as usize;
    let (columns, rows) = (width as usize / block, height as usize / block);
    let mut out = Vec::with_capacity(columns * rows * 3);
    let mut sums = vec![0_u32; columns * 3];
    for band in pixels.chunks_exact(width as usize * 3 * block) {
        sums.fill(0);
        for line in band.chunks_exact(width as usize * 3) {
            for (cell, sum) in line.chunks_exact(3 * block).zip(sums.chunks_exact_mut(3)) {
                for shift in 0..block {
                    sum[0] += u32::from(cell[3 * shift]);
                    sum[1] += u32::from(cell[3 * shift + 1]);
                    sum[2] += u32::from(cell[3 * shift + 2]);
                }
            }
        }
        let count = (block * block) as u32;
        out.extend(sums.iter().map(|sum| ((sum + count / 2) / count) as u8));
    }
    out
}

fn encode(pixels: &[u8], (width, height): (u32, u32)) -> Result<Vec<u8>, FigureError> {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_pixel_dims(Some(png::PixelDimensions {
        xppu: PIXELS_PER_METRE,
        yppu: PIXELS_PER_METRE,
        unit: png::Unit::Meter,
    }));
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(out)
}
