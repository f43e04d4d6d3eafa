//! What the page must be for everybody: no overflow, no errors, the rules of axe-core, and text
//! from outside that stays text.

use super::driver::{ENTER, aloud, required};
use super::editing::rewrite_first;
use super::vectors::vectors;
use super::{Browser, Review, demo, doubtful, english, opened, picture};

/// The script of axe-core; `None`, said aloud, where it was not handed in and is not required.
fn axe() -> Option<String> {
    match std::env::var_os("DIGESTGEN_AXE") {
        Some(path) => Some(std::fs::read_to_string(path).unwrap()),
        None => {
            assert!(!required(), "DIGESTGEN_AXE is required and not set; .ci/run sets it");
            aloud("the rules of axe-core; DIGESTGEN_AXE names no file");
            None
        }
    }
}

/// Fails with the rules that the page breaks.
async fn accessible(browser: &Browser, axe: &str, place: &str) {
    browser.devtools("Runtime.evaluate", serde_json::json!({ "expression": axe })).await;
    let broken = browser
        .await_js("axe.run(document, { resultTypes: ['violations'] }).then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.target.join(' ') + ' ' + n.failureSummary).slice(0, 3).join(' | ')))")
        .await;
    assert_eq!(broken, serde_json::json!([]), "{place}");
}

const VIEWS: [&str; 5] = ["issue", "left-out", "changes", "run", "versions"];

async fn show(browser: &Browser, view: &str) {
    browser.eval(&format!("location.hash = '#{view}'")).await;
    browser.until(&format!("!document.querySelector('#view-{view}').hidden")).await;
    let filled = "document.querySelector('#view-VIEW h2, #view-VIEW .entry')".replace("VIEW", view);
    browser.until(&filled).await;
}

/// Nothing is wider than the window, and no text leaves its box.
async fn fits(browser: &Browser, place: &str) {
    let wide = browser
        .eval("[...document.querySelectorAll('body *')].filter(e => { const r = e.getBoundingClientRect(), s = getComputedStyle(e); return r.width > 1 && r.height > 1 && s.position !== 'fixed' && !e.closest('dialog, .unseen, #views, .skip, details:not([open]) > :not(summary)') && (r.right > document.documentElement.clientWidth + 1 || r.left < -1); }).map(e => e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 40)).slice(0, 5)")
        .await;
    assert_eq!(wide, serde_json::json!([]), "{place}");
    let scroll = browser
        .eval("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        .await;
    assert_eq!(scroll, true, "{place}");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_views_fit_and_follow_the_rules_in_light_and_dark() {
    let axe = axe();
    for (name, digest) in [("zh", doubtful()), ("en", english())] {
        let Some((browser, _review)) = opened(&digest).await else { return };
        for (device, width, height) in [("laptop", 1366, 800), ("phone", 360, 740)] {
            browser.size(width, height, device == "phone").await;
            for dark in [false, true] {
                browser.scheme(dark).await;
                let scheme = if dark { "dark" } else { "light" };
                for view in VIEWS {
                    show(&browser, view).await;
                    let place = format!("{name}-{device}-{scheme}-{view}");
                    if view == "issue" {
                        browser.keys(&["j"]).await;
                        browser.until("!document.querySelector('#source[aria-busy]')").await;
                    }
                    fits(&browser, &place).await;
                    picture(&browser, &place).await;
                    // In the other language the same page takes every second turn.
                    let its_turn = name == "zh" || dark == (device == "phone");
                    if let (Some(axe), true) = (&axe, its_turn) {
                        accessible(&browser, axe, &place).await;
                    }
                }
            }
            show(&browser, "issue").await;
            browser.keys(&["?"]).await;
            browser.until("document.querySelector('#help').open").await;
            picture(&browser, &format!("{name}-{device}-help")).await;
            if let Some(axe) = &axe {
                accessible(&browser, axe, &format!("{name} {device} help")).await;
            }
            browser.eval("document.querySelector('#help').close()").await;
        }
        assert_eq!(browser.log().await, Vec::<String>::new(), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn long_words_and_addresses_stay_within_their_boxes() {
    let digest = demo();
    let long = "https://long.example/".to_owned() + &"a".repeat(400);
    let text = digest
        .issue()
        .replacen("12 层 DRAM 直接", &format!("{long} {} 直接", "长".repeat(300)), 1)
        .replacen("岑山实验室把光交换机", &"W".repeat(200), 1);
    std::fs::write(digest.folder().join("issue.md"), text).unwrap();
    let Some((browser, _review)) = opened(&digest).await else { return };
    for (width, phone) in [(1366, false), (820, false), (360, true)] {
        browser.size(width, 800, phone).await;
        browser.click("#paper .entry .summary .field").await;
        browser.until("document.querySelector('#source .s')").await;
        fits(&browser, &format!("{width}")).await;
        if width < 992 {
            picture(&browser, &format!("source-{width}")).await;
            browser.until("document.querySelector('#source').classList.contains('open')").await;
            browser.click("#source [data-act=close-source]").await;
            browser.until("!document.querySelector('#source').classList.contains('open')").await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_in_titles_articles_and_edits_never_runs() {
    let vectors = vectors();
    assert!(vectors.len() >= 100, "{}", vectors.len());
    let digest = crate::browser::nasty(&vectors);
    let Some((browser, _review)) = opened(&digest).await else { return };
    let shown = browser.eval("document.querySelector('#paper').textContent").await;
    assert!(shown.as_str().unwrap().contains("window.ran=1"));
    for view in VIEWS {
        show(&browser, view).await;
    }
    show(&browser, "issue").await;
    // Every text of the page and what it rests on.
    let fields =
        browser.eval("document.querySelectorAll('#paper .field').length").await.as_u64().unwrap();
    for n in (0..fields).step_by(3) {
        browser.eval(&format!("document.querySelectorAll('#paper .field')[{n}].click()")).await;
    }
    browser.until("!document.querySelector('#source[aria-busy]')").await;
    // What an editor types is text too.
    for vector in vectors.iter().step_by(9).filter(|v| v.is_ascii()) {
        rewrite_first(&browser, vector).await;
        browser.keys(&[ENTER]).await;
        browser.until("!document.body.dataset.sending && !document.querySelector('.editing:not(:has(textarea))')").await;
        if browser.eval("document.querySelector('.editing') !== null").await == true {
            browser.eval("document.querySelector('[data-act=cancel-edit]').click()").await;
        }
        browser.until("!document.querySelector('.editing')").await;
    }
    assert_eq!(browser.eval("window.ran ?? null").await, serde_json::Value::Null);
    assert_eq!(browser.eval("document.querySelectorAll('#paper script, #paper img, #paper iframe, #source img, #source script').length").await, 0);
    let log = browser.log().await;
    assert!(log.iter().all(|l| l.contains("422") || l.contains("409")), "{log:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_goes_to_the_clipboard_as_markdown_and_as_rich_text() {
    let digest = demo();
    let Some((browser, review)) = opened(&digest).await else { return };
    let origin = review.url.split(review.token()).next().unwrap().trim_end_matches('/').to_owned();
    browser
        .devtools("Browser.grantPermissions", serde_json::json!({ "origin": origin, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] }))
        .await;
    browser.click("#bar .menu > summary").await;
    browser.click("[data-act=copy-md]").await;
    browser.until("document.querySelector('#notice').textContent.includes('Markdown')").await;
    let text = browser.await_js("navigator.clipboard.readText()").await;
    let text = text.as_str().unwrap();
    assert!(text.starts_with("# AI 前沿动态速报") && !text.contains("<!-- digestgen"), "{text}");
    browser.click("#bar .menu > summary").await;
    browser.click("[data-act=copy-rich]").await;
    browser.until("document.querySelector('#notice').textContent.includes('公众号')").await;
    let html = browser
        .await_js("navigator.clipboard.read().then(async items => (await items[0].getType('text/html')).text())")
        .await;
    let html = html.as_str().unwrap();
    assert!(html.contains("style=") && html.contains("[1]") && !html.contains("href"), "{html}");
}

#[test]
fn the_page_ends_at_an_interrupt() {
    assert_eq!(Review::of(&demo()).interrupt(), Some(0));
}
