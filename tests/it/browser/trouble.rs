//! Damaged files: the page says so in its language, with what to do.

use super::editing::text_of;
use super::{Browser, demo, opened};

/// Whether a text has a sentence in English: three words of it in a row, outside of brackets.
async fn is_chinese(browser: &Browser, css: &str) {
    let text = text_of(browser, css).await;
    let told: String = text.split('[').next().unwrap_or_default().to_owned();
    let words = told.split(|c: char| !c.is_ascii_alphabetic() && c != ' ' && c != '.');
    let english = words.filter(|w| w.split_whitespace().count() > 3).collect::<Vec<_>>();
    assert!(!text.trim().is_empty() && english.is_empty(), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_told_in_the_language_of_the_page() {
    let digest = demo();
    let Some((browser, _review)) = opened(&digest).await else { return };
    let file = |name: &str| digest.folder().join(name);
    let report = digest.file("report.json");
    std::fs::write(file("report.json"), "{ torn").unwrap();
    browser.until("document.querySelector('#banners').textContent.includes('report.json')").await;
    is_chinese(&browser, "#banners").await;
    for view in ["left-out", "run"] {
        browser.eval(&format!("location.hash = '#{view}'")).await;
        browser
            .until(&format!(
                "document.querySelector('#view-{view}').textContent.includes('digestgen run')"
            ))
            .await;
    }
    std::fs::remove_file(file("report.json")).unwrap();
    browser.until("document.querySelector('#banners').textContent.includes('没有运行报告')").await;
    std::fs::write(file("report.json"), &report).unwrap();
    browser.until("document.querySelector('#banners').textContent.trim() === ''").await;
    let json = digest.file("issue.json");
    std::fs::write(file("issue.json"), "{ torn").unwrap();
    browser.reload().await;
    browser
        .until("document.querySelector('main [role=alert]')?.textContent.includes('issue.json')")
        .await;
    is_chinese(&browser, "main [role=alert]").await;
    std::fs::write(file("issue.json"), &json).unwrap();
    browser.until("document.querySelectorAll('#paper .entry').length === 10").await;
}
