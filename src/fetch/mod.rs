//! Candidate → Page: asks for the page of a candidate and keeps what it answered.
