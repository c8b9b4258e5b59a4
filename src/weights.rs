//! Weights of machines with hidden units, as other programs save them.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use mattis_model::Machine;
use npyz::{NpyFile, Order};

/// W with the biases that were saved beside it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Weights {
    /// W, one row for each visible unit.
    pub(crate) rows: Vec<Vec<f64>>,
    /// b.
    pub(crate) visible_bias: Option<Vec<f64>>,
    /// c.
    pub(crate) hidden_bias: Option<Vec<f64>>,
}

/// The file of a machine in the directory of a run.
pub(crate) const MACHINE: &str = "machine.json";

/// Weights from an `.npy` file (W, visible × hidden), an `.npz` archive (W and, if there are, b and c), or the
/// directory of a run that holds a machine.
///
/// # Errors
/// One line if the file cannot be read or is none of these.
pub(crate) fn read(path: &Path) -> Result<Weights, String> {
    let name = path.display();
    if path.is_dir() {
        return run(&path.join(MACHINE));
    }
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("npy") => {
            let bytes = std::fs::read(path).map_err(|error| format!("{name}: cannot be read: {error}"))?;
            let rows = array(&bytes).and_then(Array::matrix).map_err(|reason| format!("{name}: {reason}"))?;
            Ok(Weights { rows, visible_bias: None, hidden_bias: None })
        }
        Some("npz") => archive(path),
        _ => Err(format!(
            "{name}: expected the directory of a run, or a file that ends in .npz (W, b, c) or .npy (W)"
        )),
    }
}

fn run(path: &Path) -> Result<Weights, String> {
    let name = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("{name}: cannot be read: {error}; expected a run with a machine"))?;
    let machine: Machine =
        serde_json::from_str(&text).map_err(|error| format!("{name}: {error}; expected a machine"))?;
    Ok(Weights {
        rows: machine.weights,
        visible_bias: Some(machine.visible_bias),
        hidden_bias: Some(machine.hidden_bias),
    })
}

fn archive(path: &Path) -> Result<Weights, String> {
    let name = path.display();
    let file = File::open(path).map_err(|error| format!("{name}: cannot be read: {error}"))?;
    let mut archive =
        zip::ZipArchive::new(file).map_err(|error| format!("{name}: {error}; expected an .npz archive"))?;
    let mut part = |key: &str| -> Result<Option<Array>, String> {
        let Ok(mut entry) = archive.by_name(&format!("{key}.npy")) else { return Ok(None) };
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).map_err(|error| format!("{name}, {key}: {error}"))?;
        array(&bytes).map(Some).map_err(|reason| format!("{name}, {key}: {reason}"))
    };
    let (weights, visible, hidden) = (part("W")?, part("b")?, part("c")?);
    let weights = weights.ok_or_else(|| {
        let name_of = |entry: Cow<'_, str>| entry.trim_end_matches(".npy").to_owned();
        let known: Vec<String> = archive.file_names().flatten().map(name_of).collect();
        format!("{name}: no array W among {}: expected W, and b and c if there are biases", known.join(", "))
    })?;
    Ok(Weights {
        rows: weights.matrix().map_err(|reason| format!("{name}, W: {reason}"))?,
        visible_bias: visible.map(Array::vector),
        hidden_bias: hidden.map(Array::vector),
    })
}

/// An array in row-major order.
struct Array {
    shape: Vec<usize>,
    values: Vec<f64>,
}

impl Array {
    fn matrix(self) -> Result<Vec<Vec<f64>>, String> {
        match self.shape[..] {
            [rows, columns] if rows > 0 && columns > 0 => {
                Ok(self.values.chunks_exact(columns).map(<[f64]>::to_vec).collect())
            }
            [_, _] => {
                Err(format!("shape {:?}: expected at least one visible and one hidden unit", self.shape))
            }
            _ => Err(format!("shape {:?}: expected two dimensions, visible × hidden units", self.shape)),
        }
    }

    /// All values, whatever the shape: biases are saved as (N), (N, 1) or (1, N).
    fn vector(self) -> Vec<f64> {
        self.values
    }
}

/// An array of floating-point numbers or integers.
fn array(bytes: &[u8]) -> Result<Array, String> {
    let open = || NpyFile::new(Cursor::new(bytes)).map_err(|error| format!("{error}; expected an array"));
    let file = open()?;
    let shape: Vec<usize> = file.shape().iter().map(|length| *length as usize).collect();
    let fortran = file.order() == Order::Fortran;
    let kind = file.dtype();
    let refused =
        || format!("numbers of type {}: expected real numbers of 32 or 64 bits, or integers", kind.descr());
    let read = |file: NpyFile<Cursor<&[u8]>>| -> Result<Vec<f64>, String> {
        /// Reads numbers of one type as f64, if they are of that type.
        macro_rules! attempt {
            ($file:ident, $($number:ty => $convert:expr),*) => {
                $(let $file = match $file.try_data::<$number>() {
                    Ok(data) => {
                        let values: std::io::Result<Vec<$number>> = data.collect();
                        let values = values.map_err(|error| format!("{error}; expected an array that is whole"))?;
                        return Ok(values.into_iter().map($convert).collect());
                    }
                    Err(file) => file,
                };)*
                let _ = $file;
            };
        }
        attempt!(file, f64 => |x| x, f32 => f64::from, i64 => |x| x as f64, i32 => f64::from, i16 => f64::from,
            i8 => f64::from, u8 => f64::from);
        Err(refused())
    };
    let values = read(file)?;
    match shape[..] {
        [rows, columns] if fortran => {
            let values = (0..rows)
                .flat_map(|row| (0..columns).map(move |column| column * rows + row))
                .map(|place| values[place])
                .collect();
            Ok(Array { shape, values })
        }
        _ => Ok(Array { shape, values }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A version 1.0 header with data.
    fn npy(descr: &str, fortran: &str, shape: &str, data: &[u8]) -> Vec<u8> {
        let mut head = format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}");
        while (head.len() + 11) % 64 != 0 {
            head.push(' ');
        }
        head.push('\n');
        let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
        bytes.extend((head.len() as u16).to_le_bytes());
        bytes.extend(head.as_bytes());
        bytes.extend(data);
        bytes
    }

    fn doubles(values: &[f64]) -> Vec<u8> {
        values.iter().flat_map(|x| x.to_le_bytes()).collect()
    }

    #[test]
    fn orders_and_types_are_understood() {
        let rows = array(&npy("<f8", "False", "(2, 3)", &doubles(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0])));
        let expected = vec![vec![1.0, 2.0, 3.0], vec![4.0, 5.0, 6.0]];
        assert_eq!(rows.and_then(Array::matrix).unwrap(), expected);
        let columns = array(&npy("<f8", "True", "(2, 3)", &doubles(&[1.0, 4.0, 2.0, 5.0, 3.0, 6.0])));
        assert_eq!(columns.and_then(Array::matrix).unwrap(), expected);
        let single: Vec<u8> = [1.5_f32, -2.0].iter().flat_map(|x| x.to_be_bytes()).collect();
        let single = array(&npy(">f4", "False", "(2, 1)", &single)).and_then(Array::matrix).unwrap();
        assert_eq!(single, [[1.5], [-2.0]]);
    }

    #[test]
    fn what_is_wrong_is_told() {
        let error = |bytes: &[u8]| array(bytes).and_then(Array::matrix).unwrap_err();
        assert!(error(b"no array").contains("expected an array"));
        assert!(
            error(&npy("<c16", "False", "(1, 1)", &doubles(&[1.0, 0.0]))).contains("expected real numbers")
        );
        assert!(
            error(&npy("<f8", "False", "(2,)", &doubles(&[1.0, 0.0]))).contains("expected two dimensions")
        );
        assert!(!error(&npy("<f8", "False", "(2, 2)", &doubles(&[1.0]))).is_empty());
        for path in ["nowhere.npz", "nowhere.npy", "nowhere.txt"] {
            assert!(read(Path::new(path)).unwrap_err().starts_with(path));
        }
    }
}
