//! Issue ↔ Markdown.
