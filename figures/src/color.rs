//! Colours that people with any colour vision can tell apart.

/// An opaque colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Color {
    /// Red.
    pub red: u8,
    /// Green.
    pub green: u8,
    /// Blue.
    pub blue: u8,
}

impl Color {
    /// Black.
    pub const BLACK: Self = Self::new(0x00, 0x00, 0x00);
    /// White.
    pub const WHITE: Self = Self::new(0xff, 0xff, 0xff);
    /// Middle grey.
    pub const GREY: Self = Self::new(0x76, 0x76, 0x76);
    /// Blue of the palette.
    pub const BLUE: Self = Self::new(0x00, 0x72, 0xb2);
    /// Vermillion of the palette.
    pub const VERMILLION: Self = Self::new(0xd5, 0x5e, 0x00);
    /// Bluish green of the palette.
    pub const GREEN: Self = Self::new(0x00, 0x9e, 0x73);
    /// Reddish purple of the palette.
    pub const PURPLE: Self = Self::new(0xcc, 0x79, 0xa7);
    /// Orange of the palette.
    pub const ORANGE: Self = Self::new(0xe6, 0x9f, 0x00);
    /// Sky blue of the palette.
    pub const SKY: Self = Self::new(0x56, 0xb4, 0xe9);

    /// A colour from its three parts.
    pub const fn new(red: u8, green: u8, blue: u8) -> Self {
        Self { red, green, blue }
    }

    /// The colour mixed with white; `share` is what is left of the colour.
    #[must_use]
    pub fn tint(self, share: f64) -> Self {
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 1.0 };
        let mix = |part: u8| (255.0 - share * (255.0 - f64::from(part))).round() as u8;
        Self::new(mix(self.red), mix(self.green), mix(self.blue))
    }

    /// `#rrggbb`.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

/// The palette of Okabe and Ito without its yellow, which white paper swallows; series without a
/// colour of their own take these in turn.
pub const PALETTE: [Color; 7] =
    [Color::BLUE, Color::VERMILLION, Color::GREEN, Color::PURPLE, Color::ORANGE, Color::SKY, Color::BLACK];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tint_runs_from_white_to_the_colour() {
        assert_eq!(Color::BLUE.tint(0.0), Color::WHITE);
        assert_eq!(Color::BLUE.tint(1.0), Color::BLUE);
        assert_eq!(Color::BLUE.tint(f64::NAN), Color::BLUE);
        assert_eq!(Color::BLACK.tint(0.5).hex(), "#808080");
    }
}
