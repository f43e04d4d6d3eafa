//! Entry → Findings by a judge model, where one is configured: amber only, and nothing waits for it.

use futures_util::StreamExt;
use futures_util::stream;

use super::Run;
use super::gather::Gathered;
use super::write::{AT_ONCE, Fate, Written, WrittenStory, edition, feeding};
use crate::model::Model;
use crate::summarize::judge;
use crate::verify::{Claim, Origin};

/// Has the claims that the model wrote judged by another look. What cannot be judged or paid for is
/// noted: the issue is the same without it.
pub(super) async fn judge(
    run: &Run<'_>,
    model: &Model,
    gathered: &Gathered,
    written: &mut Written,
) {
    let edition = &edition(run.config);
    // Made before the stream: a closure inside it would bind the run to one task.
    let mut calls = Vec::new();
    for (at, WrittenStory { story, fate, .. }) in written.stories.iter().enumerate() {
        if let Fate::Entry(entry) = fate
            && entry.writer == Origin::Model
        {
            let (entry, articles) = (entry.clone(), feeding(gathered, story));
            calls.push(async move {
                let answer = judge::judge(model, run.prompts, edition, &entry, &articles).await;
                (at, answer)
            });
        }
    }
    let answers: Vec<_> = stream::iter(calls).buffered(AT_ONCE).collect().await;
    for (at, answer) in answers {
        let Some(WrittenStory { story, fate: Fate::Entry(entry), .. }) =
            written.stories.get_mut(at)
        else {
            continue;
        };
        let note = match answer {
            Err(gap) => Some(format!("“{}” was not judged: {}", story.title, gap.detail)),
            Ok(judged) => {
                let mut claims: Vec<&mut Claim> = judge::claims_of(entry).collect();
                for (claim, doubt) in judged.doubts {
                    if let Some(claim) = claims.get_mut(claim) {
                        claim.findings.get_or_insert_default().push(doubt);
                    }
                }
                let count = judged.left_out.len();
                let why = judged.why.map(|gap| format!(": {}", gap.detail)).unwrap_or_default();
                (count > 0).then(|| {
                    format!("“{}”: the judge leaves {count} claims unjudged{why}", story.title)
                })
            }
        };
        written.notes.extend(note);
    }
}
