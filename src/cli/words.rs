//! Words for people beside the codes of an account.

use digestgen::pipeline::CandidateRow;

/// Reason codes and what they say. A reason that is not here (of the network, a verdict) brings a
/// sentence of its own.
const REASONS: &[(&str, &str)] = &[
    ("lead", "leads its entry"),
    ("same_story", "another report of an entry's story"),
    ("below_cut", "below the cut, listed as further reading"),
    ("no_room", "ranks below the last entry"),
    ("section_full", "its section has all the entries that it may have"),
    ("source_full", "its source leads all the entries that it may lead"),
    ("reject_term", "a term of `reject` is prominent in it"),
    ("model_reject", "the model does not want it for this edition"),
    ("expiring_link", "its link stops working within days"),
    ("same_url", "the same address as another candidate"),
    ("same_text", "the same text as another candidate"),
    ("repost", "a re-post of another candidate"),
    ("same_article", "an earlier issue carried this article"),
    ("same_title", "an earlier issue carried this title"),
    ("same_event", "an earlier issue carried this event"),
    ("left_out_earlier", "its editor left it out of an earlier issue"),
    ("deleted", "the editor deleted it from the draft"),
    ("excluded", "the editor took it out"),
    ("other_language", "written in another language than the edition's"),
    ("budget", "the budget ended before its turn"),
    ("triage_budget", "the budget ended before it was judged"),
    ("triage_missing", "the model left it out of its answers"),
    ("triage_swapped", "the model's answers took it for another article"),
    ("triage_invalid", "the model's judgement cannot be used"),
    ("too_little_text", "it has too little text for an entry"),
    ("not_recorded", "the recording has no answer for it"),
    ("robots", "its site's robots.txt forbids it"),
    ("soft_not_found", "its page says that there is nothing"),
    ("gone", "its page is gone"),
    ("paywall", "only the teaser of a paid article"),
    ("challenge", "its site asks visitors to prove that they are people"),
    ("login_wall", "its site asks visitors to log in"),
    ("consent_wall", "its site shows a consent form in the place of the article"),
    ("too_short", "its page has too little readable text"),
];

/// What became of a candidate: the code, its words, the detail.
pub(crate) fn outcome(row: &CandidateRow) -> String {
    let words = REASONS.iter().find(|(code, _)| *code == row.reason).map(|(_, words)| *words);
    let told = [words.unwrap_or(""), row.detail.as_str()];
    let told: Vec<&str> = told.into_iter().filter(|t| !t.is_empty()).collect();
    match told.is_empty() {
        true => row.reason.clone(),
        false => format!("{}: {}", row.reason, told.join("; ")),
    }
}
