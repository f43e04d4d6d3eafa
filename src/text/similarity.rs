//! Likeness of texts.
