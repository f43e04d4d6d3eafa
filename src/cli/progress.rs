//! Progress for people: a bar for each phase, what is slow, what went wrong.

use std::collections::HashMap;
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use digestgen::pipeline::{Event, Events, Phase};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows bars on a terminal, nothing elsewhere; with `verbose` each failed unit as a line.
pub(crate) struct Progress {
    bars: bool,
    verbose: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    bars: HashMap<Phase, ProgressBar>,
    /// What is under way, oldest first.
    under_way: Vec<(Phase, String)>,
    failed: HashMap<Phase, usize>,
}

impl Progress {
    pub(crate) fn new(quiet: bool, verbose: bool) -> Self {
        Self { bars: !quiet && std::io::stderr().is_terminal(), verbose, state: Mutex::default() }
    }
}

fn label(phase: Phase) -> &'static str {
    match phase {
        Phase::Collect => "collect",
        Phase::Read => "read",
        Phase::Triage => "triage",
        Phase::Write => "write",
    }
}

fn bar(total: usize, phase: Phase, visible: bool) -> ProgressBar {
    let target = if visible { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let bar = ProgressBar::with_draw_target(Some(total as u64), target);
    let style =
        ProgressStyle::with_template("{prefix:>8} {bar:24} {pos}/{len} {elapsed} {wide_msg}");
    if let Ok(style) = style {
        bar.set_style(style.progress_chars("=> "));
    }
    bar.set_prefix(label(phase));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

impl State {
    /// The message beside a bar: what has been under way longest, and how many failed.
    fn message(&self, phase: Phase) -> String {
        let oldest = self.under_way.iter().find(|(p, _)| *p == phase);
        let failed = match self.failed.get(&phase) {
            Some(n) => format!("({n} failed) "),
            None => String::new(),
        };
        format!("{failed}{}", oldest.map_or("", |(_, what)| what.as_str()))
    }

    fn refresh(&self, phase: Phase) {
        if let Some(bar) = self.bars.get(&phase) {
            bar.set_message(self.message(phase));
        }
    }
}

impl Events for Progress {
    fn on(&self, event: Event<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            Event::Begin(phase, total) => {
                state.bars.insert(phase, bar(total, phase, self.bars));
            }
            Event::Start(phase, what) => {
                state.under_way.push((phase, what.to_owned()));
                state.refresh(phase);
            }
            Event::End(phase, what, wrong) => {
                let at = state.under_way.iter().position(|(p, w)| *p == phase && w == what);
                at.map(|at| state.under_way.remove(at));
                if let Some(wrong) = wrong {
                    *state.failed.entry(phase).or_insert(0) += 1;
                    if self.verbose {
                        let line = format!("{}: {what}: {wrong}", label(phase));
                        match state.bars.get(&phase) {
                            Some(bar) if self.bars => bar.println(line),
                            _ => eprintln!("{line}"),
                        }
                    }
                }
                if let Some(bar) = state.bars.get(&phase) {
                    bar.inc(1);
                }
                state.refresh(phase);
            }
            Event::Close(phase) => {
                if let Some(bar) = state.bars.remove(&phase) {
                    bar.finish_with_message(state.message(phase));
                }
            }
        }
    }
}
