//! One file a subcommand; progress, messages and exit codes beside them.

mod approve;
mod args;
mod cases;
mod check;
mod collect;
mod cost;
mod diff;
mod doctor;
mod estimate;
mod exit;
mod import;
mod include;
mod init;
mod overrides;
mod place;
mod progress;
mod publish;
mod read;
mod review;
mod run;
mod sources;
mod sources_add;
mod sources_opml;
mod stage;
mod status;
mod tell;
mod undo;
mod web;
mod why;
mod words;

use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use exit::{Exit, Stop};

/// Runs the command line. A panic is a bug of ours and exits with 1.
pub(crate) fn main() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(e) => {
            // Help and version are no errors; clap knows which stream each belongs to.
            let exit = if e.use_stderr() { Exit::Usage } else { Exit::Done };
            let _unwritable_terminal = e.print();
            return exit.into();
        }
    };
    let quiet = args.shared.quiet;
    keep_quiet_about_guarded_panics();
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| dispatch(args)));
    match outcome {
        Ok(Ok(exit)) => exit.into(),
        Ok(Err(stop)) => {
            if !(quiet && stop.message.is_empty()) {
                eprintln!("error: {}", stop.message);
            }
            stop.exit.into()
        }
        Err(_) => {
            eprintln!("error: this is a bug in digestgen; please report it with the lines above");
            Exit::Bug.into()
        }
    }
}

/// A page that makes a parser panic is data with a verdict; the terminal hears of that, and not of
/// the panic.
fn keep_quiet_about_guarded_panics() {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if !digestgen::extract::is_guarded() {
            tell(panic);
        }
    }));
}

fn dispatch(args: Args) -> Result<Exit, Stop> {
    tell::start_log(args.shared.verbose);
    match args.command {
        Command::Init(options) => init::run(&options),
        Command::Import(options) => import::run(&args.shared, &options),
        Command::Run(options) => run::run(&args.shared, &options),
        Command::Collect(options) => collect::run(&args.shared, &options),
        Command::Sources(options) => sources::run(&args.shared, &options),
        Command::Read(options) => read::run(&args.shared, &options),
        Command::Doctor(options) => doctor::run(&args.shared, &options),
        Command::Status(options) => status::run(&args.shared, &options),
        Command::Check(options) => check::run(&args.shared, &options),
        Command::Review(options) => review::run(&args.shared, &options),
        Command::Include(options) => include::include(&args.shared, &options),
        Command::Exclude(options) => include::exclude(&args.shared, &options),
        Command::Undo(options) => undo::run(&args.shared, &options),
        Command::Cases(options) => cases::run(&args.shared, &options),
        Command::Approve(options) => approve::run(&args.shared, &options),
        Command::Publish(options) => publish::run(&args.shared, &options),
        Command::Stage(options) => stage::run(&options),
    }
}
