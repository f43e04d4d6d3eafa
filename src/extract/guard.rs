//! A panic of a parser that is not ours stays within the page that caused it.
//!
//! The panic is caught here, but the program's hook runs before that and would write to the
//! terminal. A library must not change the hook; so it says which panics are expected to be caught
//! ([`is_guarded`]), and a program that owns the terminal can keep silent about those.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static GUARDS: Cell<u32> = const { Cell::new(0) };
}

/// What `work` gives, `None` where it panics.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    GUARDS.with(|g| g.set(g.get() + 1));
    let outcome = catch_unwind(AssertUnwindSafe(work));
    GUARDS.with(|g| g.set(g.get() - 1));
    outcome.ok()
}

/// Whether a panic on this thread is caught within this room: the page gets less text, or the
/// verdict that it has none, and nothing else happens.
pub fn is_guarded() -> bool {
    GUARDS.with(Cell::get) > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_no_value() {
        assert_eq!(guarded(|| 1), Some(1));
        assert!(!is_guarded());
        let seen = guarded(|| {
            assert!(is_guarded());
            std::panic::resume_unwind(Box::new("a parser of theirs"));
        });
        assert!(seen.is_none() && !is_guarded());
    }
}
