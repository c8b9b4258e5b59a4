//! What is written: tables, numbers with errors, CSV, directories with a manifest, reports.

pub mod csv;
mod directory;
pub mod number;
mod report;
mod table;

pub use directory::{
    Directory, DirectoryError, MANIFEST, Manifest, Run, provenance, read_json, read_manifest,
};
pub use report::{Report, Section};
pub use table::Table;
