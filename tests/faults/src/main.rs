//! x
mod dice;
mod proxy;
fn main() {}
