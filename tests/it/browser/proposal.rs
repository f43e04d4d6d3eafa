//! What the model proposes for a sentence, and what is decided once for two places.

use super::driver::{ENTER, ESCAPE};
use super::editing::text_of;
use super::{doubtful, opened, picture};

#[tokio::test(flavor = "multi_thread")]
async fn a_proposal_is_taken_by_a_second_key_and_left_by_escape() {
    let digest = doubtful();
    let Some((browser, _review)) = opened(&digest).await else { return };
    browser.keys(&["j"]).await;
    browser.until("document.querySelector('#paper .field[aria-current]')").await;
    let before = text_of(&browser, ".field[aria-current]").await;
    assert!(before.contains("7 731"), "{before}");
    let file = digest.issue();
    let red = "document.querySelectorAll('.decision .badge.red').length";
    let open = browser.eval(red).await.as_u64().unwrap();
    browser.keys(&["r"]).await;
    browser.until("document.activeElement.matches('.proposal [data-act=take]')").await;
    picture(&browser, "proposal").await;
    // Both texts stand there, and the file is as it was.
    assert_eq!(text_of(&browser, ".field[aria-current]").await, before);
    let proposed = text_of(&browser, ".proposal .text").await;
    assert!(!proposed.contains("7 731") && digest.issue() == file, "{proposed}");
    browser.keys(&[ESCAPE]).await;
    browser.until("!document.querySelector('.proposal')").await;
    browser.until("document.activeElement.matches('.field[aria-current]')").await;
    assert_eq!(digest.issue(), file);
    // Asked again it is the same, and not paid for again.
    browser.keys(&["r"]).await;
    browser.until("document.activeElement.matches('.proposal [data-act=take]')").await;
    browser.keys(&["y"]).await;
    browser.until(&format!("{red} < {open}")).await;
    browser.until("!document.querySelector('.proposal')").await;
    assert_eq!(text_of(&browser, ".field[aria-current]").await, proposed);
    assert!(digest.issue().contains(&proposed));
    assert!(digest.file("review.jsonl").contains("\"what\":\"rewrite\""));
    assert_eq!(browser.log().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_highlights_repeat_is_decided_once() {
    let digest = doubtful();
    // The highlight of the first entry with a finding says what the sentence says.
    let issue = digest.issue_json();
    let entries =
        issue["sections"].as_array().unwrap().iter().flat_map(|s| s["entries"].as_array().unwrap());
    let entry =
        entries.into_iter().find(|e| e["summary"][0]["text"].as_str().unwrap().contains("7 731"));
    let story = entry.unwrap()["story"].clone();
    let sentence = entry.unwrap()["summary"][0]["text"].as_str().unwrap().to_owned();
    let lines = issue["highlights"].as_array().unwrap();
    let line = lines.iter().find(|h| h["story"] == story).unwrap()["text"].as_str().unwrap();
    assert_eq!(line, sentence, "the stub repeats the first sentence");
    let Some((browser, _review)) = opened(&digest).await else { return };
    browser.keys(&["j"]).await;
    browser.until("document.querySelector('.decision[aria-current] .twin')").await;
    let text = text_of(&browser, ".field[aria-current]").await;
    let count = format!(
        "[...document.querySelectorAll('#paper .field')].filter(f => f.textContent === {text:?}).length"
    );
    assert_eq!(browser.eval(&count).await, 2);
    let in_file = digest.issue().matches(&text).count();
    let red = "document.querySelectorAll('.decision .badge.red').length";
    let open = browser.eval(red).await.as_u64().unwrap();
    // Dropped in both places, and back in both.
    browser.keys(&["d"]).await;
    browser.until(&format!("{count} === 0 && {red} === {}", open - 1)).await;
    assert_eq!(digest.issue().matches(&text).count(), in_file - 2);
    browser.keys(&["u"]).await;
    browser.until(&format!("{count} === 2 && {red} === {open}")).await;
    // Edited in both.
    browser.click(".decision > button").await;
    browser.keys(&["e"]).await;
    browser.until("document.activeElement.matches('.editing textarea')").await;
    browser.eval("document.activeElement.select()").await;
    browser.type_text("改过的一句。").await;
    browser.keys(&[ENTER]).await;
    browser.until(&format!("{count} === 0 && {red} === {}", open - 1)).await;
    assert_eq!(digest.issue().matches("改过的一句。").count(), 2);
    assert_eq!(browser.log().await, Vec::<String>::new());
}
