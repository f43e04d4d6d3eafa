//! Everything that stands in the file can be written on the page: section titles, dates, links, free
//! text of several lines, new details and key points.

use super::driver::{CONTROL, ENTER, ESCAPE};
use super::editing::text_of;
use super::{Browser, demo, opened, picture};

/// Opens the text at `css`, and writes another in its place.
async fn write(browser: &Browser, css: &str, text: &str, save: &[&str]) {
    browser.click(css).await;
    browser.until(&format!("document.querySelector({css:?}).matches('[aria-current]')")).await;
    browser.keys(&["e"]).await;
    browser.until("document.activeElement.matches('.editing textarea')").await;
    browser.eval("document.activeElement.select()").await;
    browser.type_text(text).await;
    browser.keys(save).await;
    let shown = format!(
        "(f => f.textContent === {text:?} && f.matches('[aria-current]'))(document.querySelector({css:?}))"
    );
    browser.until(&shown).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn titles_dates_links_and_free_text_are_written_in_place() {
    let digest = demo();
    let path = digest.folder().join("issue.md");
    let with = digest.issue().replacen("## 1. ", "给读者的一句话\n\n## 1. ", 1);
    std::fs::write(&path, with).unwrap();
    let Some((browser, _review)) = opened(&digest).await else { return };
    write(&browser, "#paper h2 .field", "基础设施", &[ENTER]).await;
    assert!(digest.issue().contains("## 1. 基础设施\n"));
    write(&browser, ".masthead .field", "AI 速报", &[ENTER]).await;
    assert!(digest.issue().starts_with("# AI 速报 (2026-01-03"));
    write(&browser, "#paper .entry .facts .field", "2026-01-02", &[ENTER]).await;
    assert!(digest.issue().contains("`[2026-01-02]`"));
    // Enter gives a new line in free text; Ctrl+Enter saves.
    write(&browser, ".free .field", "第一行\n第二行", &[CONTROL, ENTER]).await;
    assert!(digest.issue().contains("\n第一行\n第二行\n"), "{}", digest.issue());
    // The link by the entry's menu.
    browser.click("#paper .entry .menu > summary").await;
    browser.click("#paper .entry [data-act=edit-link]").await;
    browser.until("document.activeElement.value?.startsWith('http')").await;
    browser.eval("document.activeElement.select()").await;
    browser.type_text("https://other.example/a").await;
    browser.keys(&[ENTER]).await;
    browser
        .until("document.querySelector('#paper .entry .origin a').textContent.includes('other')")
        .await;
    assert!(digest.issue().contains("(https://other.example/a)"));
    assert_eq!(browser.log().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn details_and_key_points_are_added_and_taken_out() {
    let digest = demo();
    let before = digest.issue();
    let Some((browser, _review)) = opened(&digest).await else { return };
    let details = "document.querySelectorAll('#paper .entry .details > li').length";
    let count = browser.eval(details).await.as_u64().unwrap();
    browser.click("#paper .entry .details .field").await;
    browser.keys(&["+"]).await;
    browser.until("document.activeElement.name === 'lead'").await;
    browser.keys(&[ESCAPE]).await;
    browser.until("!document.querySelector('.adding-box')").await;
    browser.keys(&["+"]).await;
    browser.until("document.activeElement.name === 'lead'").await;
    browser.type_text("编者补充").await;
    browser.click(".adding-box textarea").await;
    browser.type_text("这一条是编者加的。").await;
    picture(&browser, "adding").await;
    browser.keys(&[ENTER]).await;
    browser.until(&format!("{details} === {}", count + 1)).await;
    assert!(digest.issue().contains("    - **编者补充**：这一条是编者加的。\n"));
    let points = "document.querySelectorAll('#paper .entry .points > li').length";
    let stood = browser.eval(points).await.as_u64().unwrap();
    browser.click("#paper .entry .menu > summary").await;
    browser.click("#paper .entry [data-act=add-point]").await;
    browser.until("document.activeElement.name === 'heading'").await;
    browser.type_text("编者的要点").await;
    browser.click(".adding-box textarea").await;
    browser.type_text("要点之下的一条。").await;
    browser.keys(&[ENTER]).await;
    browser.until(&format!("{points} === {}", stood + 1)).await;
    assert!(digest.issue().contains(" - **编者的要点**\n    - 要点之下的一条。\n"));
    // The key point goes with its heading.
    browser.eval("[...document.querySelectorAll('#paper h4 .field')].find(f => f.textContent === '编者的要点').click()").await;
    browser.keys(&["d"]).await;
    browser.until(&format!("{points} === {stood}")).await;
    assert!(!text_of(&browser, "#paper").await.contains("编者的要点"));
    for _ in 0..3 {
        let version = browser.eval("document.body.dataset.version").await;
        browser.keys(&["u"]).await;
        browser.until(&format!("document.body.dataset.version !== {version}")).await;
    }
    assert_eq!(digest.issue(), before, "all of it goes back");
    assert_eq!(browser.log().await, Vec::<String>::new());
}
