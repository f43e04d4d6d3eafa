//! Entries → further reading and related papers.
