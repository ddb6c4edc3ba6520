//! The program `plainclothes`. What it can do stands in `cli/`.

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    plainclothes::cli::run(plainclothes::cli::Cli::parse())
}
