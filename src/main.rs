//! The program; everything is in [`mattis::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(mattis::cli::run(std::env::args_os()))
}
