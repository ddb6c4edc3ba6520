//! The program `plainclothes`. What it can do stands in `cli/`.

use std::process::ExitCode;

use clap::Parser as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    plainclothes::cli::run(plainclothes::cli::Cli::parse())
}
