//! Opening the page, walking through it, looking at sources.

use super::{demo, doubtful, opened, picture};

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_without_findings_opens_with_nothing_to_decide() {
    let digest = demo();
    let Some((browser, _review)) = opened(&digest).await else { return };
    browser.until("document.querySelectorAll('#paper .entry').length === 10").await;
    assert_eq!(browser.eval("document.documentElement.lang").await, "zh-CN");
    assert_eq!(browser.eval("document.querySelectorAll('.decision').length").await, 0);
    picture(&browser, "demo-laptop").await;
    // A click on a sentence shows what it rests on.
    browser.click("#paper .summary .field").await;
    browser.until("document.querySelector('#source .cited mark.quote')").await;
    let same = "document.querySelector('#source .claim-shown').textContent === document.querySelector('.field[aria-current]').textContent";
    browser.until(same).await;
    picture(&browser, "demo-source").await;
    assert_eq!(browser.log().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn every_decision_is_reached_and_made_by_keyboard() {
    let digest = doubtful();
    let Some((browser, _review)) = opened(&digest).await else { return };
    let all = browser.eval("document.querySelectorAll('.decision').length").await;
    let all = all.as_u64().unwrap();
    assert!(all >= 4, "{all}");
    // Each names the words that it is about.
    let quoted = "[...document.querySelectorAll('.decision')].every(d => document.getElementById(d.dataset.field).textContent.includes(d.querySelector('.words').textContent.replaceAll('…', '')))";
    browser.until(quoted).await;
    picture(&browser, "doubtful-laptop").await;
    for n in 0..all {
        browser.keys(&["j"]).await;
        let at = format!(
            "[...document.querySelectorAll('.decision')].findIndex(d => d.getAttribute('aria-current') === 'true') === {n}"
        );
        browser.until(&at).await;
        browser
            .until("document.querySelector('#paper .field[aria-current]').id === document.querySelector('.decision[aria-current]').dataset.field")
            .await;
    }
    browser.keys(&["k"]).await;
    picture(&browser, "doubtful-decision").await;
    assert_eq!(browser.log().await, Vec::<String>::new());
}
