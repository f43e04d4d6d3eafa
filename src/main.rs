//! The terminal of `digestgen`: it parses words, reads the environment, prints, and chooses the
//! exit code. All else is in the library.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
