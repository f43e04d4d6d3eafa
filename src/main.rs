//! The terminal of `digestgen`.

fn main() {}
