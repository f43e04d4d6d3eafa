//! The file and the page are one: two tabs, another editor, approval and its end.

use super::driver::ENTER;
use super::editing::rewrite_first;
use super::{demo, doubtful, opened, picture};

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_that_edit_the_same_text_lose_nothing() {
    let digest = demo();
    let Some((browser, review)) = opened(&digest).await else { return };
    let first = browser.tab().await;
    rewrite_first(&browser, "甲标签页的文字。").await;
    browser.new_tab().await;
    let second = browser.tab().await;
    browser.open(&review.url).await;
    browser.until("document.body.dataset.ready").await;
    rewrite_first(&browser, "乙标签页的文字。").await;
    browser.keys(&[ENTER]).await;
    browser
        .until(
            "document.querySelector('#paper .summary .field').textContent === '乙标签页的文字。'",
        )
        .await;
    browser.to_tab(&first).await;
    browser.until("document.querySelector('.editing textarea').value === '甲标签页的文字。'").await;
    browser.click(".editing textarea").await;
    browser.keys(&[ENTER]).await;
    browser.until("document.querySelector('.editing .conflict .theirs').textContent === '乙标签页的文字。'").await;
    picture(&browser, "conflict").await;
    assert_eq!(
        browser.eval("document.querySelector('.editing textarea').value").await,
        "甲标签页的文字。"
    );
    assert!(digest.issue().contains("乙标签页的文字。"), "nothing was written over");
    browser.click("[data-act=keep-mine]").await;
    browser
        .until(
            "document.querySelector('#paper .summary .field').textContent === '甲标签页的文字。'",
        )
        .await;
    assert!(digest.issue().contains("甲标签页的文字。"));
    assert!(digest.file("review.jsonl").contains("乙标签页的文字。"), "the record has both");
    browser.to_tab(&second).await;
    browser
        .until(
            "document.querySelector('#paper .summary .field').textContent === '甲标签页的文字。'",
        )
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_editor_writes_into_the_file_shows_on_the_page() {
    let digest = demo();
    let Some((browser, _review)) = opened(&digest).await else { return };
    let path = digest.folder().join("issue.md");
    let changed = digest.issue().replace("12 层 DRAM 直接", "十二层 DRAM 直接");
    std::fs::write(
        &path,
        changed.replace("## 1. AI 基础设施", "给读者的一句话\n\n## 1. AI 基础设施"),
    )
    .unwrap();
    browser
        .until("document.querySelector('#paper .summary .field').textContent.startsWith('十二层')")
        .await;
    browser
        .until("document.querySelector('#paper .free .field').textContent === '给读者的一句话'")
        .await;
    // A file that is not in the format is said to be so, and comes back when it is mended.
    let good = digest.issue();
    std::fs::write(&path, good.replace("# AI 前沿", "AI 前沿")).unwrap();
    browser.until("document.querySelector('#gone').hidden === false || document.querySelector('#notice').textContent !== ''").await;
    browser.reload().await;
    browser
        .until("document.querySelector('main [role=alert]').textContent.startsWith('第 1 行')")
        .await;
    std::fs::write(&path, &good).unwrap();
    browser.until("document.querySelectorAll('#paper .entry').length === 10").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn approval_waits_for_red_findings_and_is_of_one_text() {
    let digest = doubtful();
    let Some((browser, _review)) = opened(&digest).await else { return };
    let red = "document.querySelectorAll('.decision .badge.red').length";
    browser.keys(&["A"]).await;
    browser.until("document.querySelector('#approve').open").await;
    browser.until("document.querySelector('#approve [data-act=confirm-approve]').disabled").await;
    browser.click("#approve [data-act=close-dialog]").await;
    let mut keys = 0;
    while browser.eval(red).await.as_u64().unwrap() > 0 {
        let left = browser.eval(red).await.as_u64().unwrap();
        if browser
            .eval("document.querySelector('.decision[aria-current] .badge.red') === null")
            .await
            == true
        {
            browser.keys(&["j"]).await;
            keys += 1;
        }
        browser.until("document.querySelector('.decision[aria-current] .badge.red')").await;
        browser.keys(&["a"]).await;
        browser.until("document.querySelector('#accept').open").await;
        browser.keys(&["3"]).await;
        keys += 2;
        browser.until(&format!("{red} < {left}")).await;
    }
    browser.until("!document.body.dataset.sending").await;
    browser.keys(&["A"]).await;
    browser
        .until(
            "document.activeElement.matches('#approve [data-act=confirm-approve]:not(:disabled)')",
        )
        .await;
    picture(&browser, "approve").await;
    browser.keys(&[ENTER]).await;
    keys += 2;
    browser.until("document.querySelector('#bar .state.approved')").await;
    eprintln!("approved with {keys} keystrokes");
    digest.command("publish").arg("--dry-run").assert().code(2);
    assert!(digest.file("review.jsonl").contains("\"what\":\"approve\""));
    browser.reload().await;
    browser.until("document.querySelector('#bar .state.approved')").await;
    // A small change afterwards is approved again in one step, without the decisions before.
    rewrite_first(&browser, "改一个字。").await;
    browser.keys(&[ENTER]).await;
    browser.until("!document.querySelector('#bar .state.approved')").await;
    assert_eq!(browser.eval(red).await, 0);
    browser.keys(&["A"]).await;
    browser.until("document.querySelector('#approve .diff .plus')").await;
    browser.until("document.activeElement.matches('#approve [data-act=confirm-approve]')").await;
    browser.keys(&[ENTER]).await;
    browser.until("document.querySelector('#bar .state.approved')").await;
    assert_eq!(browser.log().await, Vec::<String>::new());
}
