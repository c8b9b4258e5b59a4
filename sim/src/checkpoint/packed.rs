//! Numbers as text, exactly: their bytes in base 64 (RFC 4648, section 4).

use std::borrow::Cow;
use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes that become text together: whole numbers, and whole groups of three.
const PIECE: usize = 768;

/// Numbers that are kept as their bytes.
pub(crate) trait Plain: Copy {
    /// Bytes of one.
    const SIZE: usize;

    /// The number of [`Plain::SIZE`] bytes.
    fn get(bytes: &[u8]) -> Self;

    /// A list of them.
    fn pack(values: &[Self]) -> Packed<'_>;
}

impl Plain for u8 {
    const SIZE: usize = 1;

    fn get(bytes: &[u8]) -> Self {
        bytes.first().copied().unwrap_or_default()
    }

    fn pack(values: &[Self]) -> Packed<'_> {
        Packed(List::Bytes(values.into()))
    }
}

impl Plain for f64 {
    const SIZE: usize = 8;

    fn get(bytes: &[u8]) -> Self {
        let mut word = [0; 8];
        word.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
        Self::from_bits(u64::from_le_bytes(word))
    }

    fn pack(values: &[Self]) -> Packed<'_> {
        Packed(List::Floats(values))
    }
}

/// A list of numbers, every bit of them: a number that is none, an infinity and the sign of 0 too. It is not copied
/// to be written.
#[derive(Debug, Clone)]
pub(crate) struct Packed<'a>(List<'a>);

#[derive(Debug, Clone)]
enum List<'a> {
    Bytes(Cow<'a, [u8]>),
    Floats(&'a [f64]),
}

impl<'a> Packed<'a> {
    pub(crate) fn of<T: Plain>(values: &'a [T]) -> Self {
        T::pack(values)
    }

    /// The numbers; `None` if the bytes are no whole number of them.
    pub(crate) fn values<T: Plain>(&self) -> Option<Vec<T>> {
        let bytes = match &self.0 {
            List::Bytes(bytes) => Cow::Borrowed(&**bytes),
            List::Floats(values) => Cow::Owned(bytes_of(values)),
        };
        bytes.len().is_multiple_of(T::SIZE).then(|| bytes.chunks_exact(T::SIZE).map(T::get).collect())
    }
}

fn bytes_of(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_bits().to_le_bytes()).collect()
}

impl fmt::Display for Packed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            List::Bytes(bytes) => bytes.chunks(PIECE).try_for_each(|piece| f.write_str(&encode(piece))),
            List::Floats(values) => {
                values.chunks(PIECE / 8).try_for_each(|piece| f.write_str(&encode(&bytes_of(piece))))
            }
        }
    }
}

impl Serialize for Packed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Packed<'_> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = decode(text.as_bytes()).ok_or_else(|| D::Error::custom("expected bytes in base 64"))?;
        Ok(Self(List::Bytes(bytes.into())))
    }
}

fn encode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(4 * bytes.len().div_ceil(3));
    for group in bytes.chunks(3) {
        let word = (0..3).fold(0, |word, k| word << 8 | u32::from(group.get(k).copied().unwrap_or(0)));
        for k in 0..4 {
            let digit = DIGITS[(word >> (18 - 6 * k) & 63) as usize];
            out.push(if k <= group.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

/// What [`encode`] gave; `None` of any other text.
fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut values = [None; 256];
    for (value, digit) in (0_u32..).zip(DIGITS) {
        values[usize::from(*digit)] = Some(value);
    }
    let padding = text.iter().rev().take_while(|byte| **byte == b'=').count();
    if !text.len().is_multiple_of(4) || padding > 2 {
        return None;
    }
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    for group in text[..text.len() - padding].chunks(4) {
        let mut word = 0;
        for k in 0..4 {
            word = word << 6 | group.get(k).map_or(Some(0), |digit| values[usize::from(*digit)])?;
        }
        let [_, bytes @ ..] = word.to_be_bytes();
        let (whole, rest) = bytes.split_at(group.len() - 1);
        if rest.iter().any(|byte| *byte != 0) {
            return None;
        }
        out.extend(whole);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vectors_of_the_standard() {
        let known = ["", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"];
        for (length, text) in known.into_iter().enumerate() {
            assert_eq!(encode(&b"foobar"[..length]), text);
            assert_eq!(decode(text.as_bytes()).as_deref(), Some(&b"foobar"[..length]));
        }
        for wrong in ["Z", "Zg", "Zg=", "Zh==", "Zm9=", "Z===", "====", "Zg==Zg==", "Zm9v\n", "Zm!v", "=Zg="]
        {
            assert_eq!(decode(wrong.as_bytes()), None, "{wrong}");
        }
    }

    #[test]
    fn every_bit_comes_back() {
        // Longer than a piece, and not a multiple of one.
        let bytes: Vec<u8> = (0..2000).map(|k| (k * k % 251) as u8).collect();
        let odd = f64::from_bits(0x7ff8_0000_0000_0123);
        let floats = [0.0, -0.0, 0.1, -1e-310, f64::MAX, f64::NEG_INFINITY, odd].repeat(31);
        let text = |packed: &Packed| serde_json::to_string(packed).unwrap();
        let again = |packed: &Packed| -> Packed<'static> { serde_json::from_str(&text(packed)).unwrap() };
        assert_eq!(again(&Packed::of(&bytes)).values(), Some(bytes.clone()));
        assert_eq!(text(&Packed::of(&bytes)), format!("\"{}\"", encode(&bytes)));
        let bits = |list: &[f64]| list.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        for packed in [Packed::of(&floats), again(&Packed::of(&floats))] {
            assert_eq!(bits(&packed.values::<f64>().unwrap()), bits(&floats));
        }
        assert_eq!(text(&Packed::of(&floats)), format!("\"{}\"", encode(&bytes_of(&floats))));
        assert_eq!(Packed::of(&[1_u8; 12]).values::<f64>(), None);
        assert!(serde_json::from_str::<Packed>("\"Zg\"").is_err());
    }
}
