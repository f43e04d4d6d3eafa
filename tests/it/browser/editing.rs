//! Editing, moving, taking out and bringing back; every act shows in the file, and can be undone.

use super::driver::{ALT, CONTROL, DOWN, ENTER, ESCAPE};
use super::{Browser, demo, opened, picture};
use crate::harness::Digest;

/// The paragraphs of a page that somebody saved.
const SAVED: [&str; 3] = [
    "白榆实验室1月4日开放古琴音色库，收录37张古琴的8600段录音，供语音合成研究使用。",
    "录音由9位琴师完成，采样率为96千赫，每段都标注了弦序与指法。实验室另附一个小模型，可把文字谱转成指法序列，在600首琴曲上的一致率为88%。",
    "音色库以署名许可发布，下载前需填写用途。实验室计划在秋季补充箫与瑟的录音。",
];

const FIRST: &str = "#paper .entry .summary .field";

/// Selects the first sentence of the first entry, opens it, and writes `text` in its place.
pub async fn rewrite_first(browser: &Browser, text: &str) {
    browser.click(FIRST).await;
    browser.until("document.querySelector('#paper .summary .field[aria-current]')").await;
    browser.keys(&["e"]).await;
    browser.until("document.activeElement.matches('.editing textarea')").await;
    browser.keys(&[CONTROL, "a"]).await;
    browser.type_text(text).await;
}

pub async fn text_of(browser: &Browser, css: &str) -> String {
    let text = browser.eval(&format!("document.querySelector({css:?}).textContent")).await;
    text.as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_in_place_shows_in_the_file_and_is_undone_to_the_byte() {
    let digest = demo();
    let before = digest.issue();
    let Some((browser, _review)) = opened(&digest).await else { return };
    rewrite_first(&browser, "Brindle B2 单卡内存 144 GB。").await;
    browser.keys(&[ENTER]).await;
    browser.until("document.querySelector('#paper .summary .field').textContent === 'Brindle B2 单卡内存 144 GB。'").await;
    browser.until("!document.querySelector('.editing')").await;
    assert!(digest.issue().contains("> **概要**：Brindle B2 单卡内存 144 GB。"));
    browser
        .until("document.querySelector('#paper .summary .field').matches('.editor[aria-current]')")
        .await;
    let record = digest.file("review.jsonl");
    assert!(
        record.contains("\"what\":\"edit\"") && record.contains("\"who\":\"test\""),
        "{record}"
    );
    browser.click("#views a[href='#changes']").await;
    browser.until("document.querySelector('#view-changes .plus .differs')").await;
    picture(&browser, "changes").await;
    let plus = text_of(&browser, "#view-changes .plus").await;
    assert!(plus.contains("Brindle B2 单卡内存 144 GB。"), "{plus}");
    browser.click("#views a[href='#issue']").await;
    // What was read is marked, and stays so.
    browser.keys(&["m"]).await;
    browser.until("document.querySelector('#paper .entry .badge.done')").await;
    browser.reload().await;
    browser.until("document.querySelector('#paper .entry .badge.done')").await;
    // Leaving the field saves too.
    rewrite_first(&browser, "第二稿：内存 145 GB。").await;
    browser.click("#bar h1").await;
    browser
        .until("document.querySelector('#paper .summary .field').textContent.startsWith('第二稿')")
        .await;
    // The checks ran again: the source says 144.
    browser.until("document.querySelector('#paper .summary .field mark.amber')").await;
    // Escape leaves the text as it was.
    rewrite_first(&browser, "verworfen").await;
    browser.keys(&[ESCAPE]).await;
    browser.until("!document.querySelector('.editing')").await;
    assert!(text_of(&browser, FIRST).await.starts_with("第二稿"));
    for left in ["Brindle B2 单卡", "12 层 DRAM"] {
        browser.keys(&["u"]).await;
        browser
            .until(&format!(
                "document.querySelector('#paper .summary .field').textContent.startsWith('{left}')"
            ))
            .await;
    }
    assert_eq!(digest.issue(), before, "undone to the byte");
    assert_eq!(browser.log().await, Vec::<String>::new());
}

/// The titles of the entries in the order of the page.
async fn titles(browser: &Browser) -> Vec<String> {
    let all = browser
        .eval("[...document.querySelectorAll('#paper .entry h3 .field')].map(f => f.textContent)")
        .await;
    all.as_array().unwrap().iter().map(|t| t.as_str().unwrap().to_owned()).collect()
}

fn in_order(digest: &Digest, titles: &[String]) {
    let issue = digest.issue();
    let places: Vec<usize> =
        titles.iter().map(|t| issue.find(&format!("### **{t}**")).unwrap()).collect();
    assert!(places.is_sorted(), "{titles:?} in {issue}");
}

#[tokio::test(flavor = "multi_thread")]
async fn entries_are_moved_by_keyboard_menu_and_drag() {
    let digest = demo();
    let Some((browser, _review)) = opened(&digest).await else { return };
    let before = titles(&browser).await;
    browser.click(FIRST).await;
    browser.keys(&[ALT, DOWN]).await;
    browser
        .until(&format!(
            "document.querySelectorAll('#paper .entry h3 .field')[1].textContent === {:?}",
            before[0]
        ))
        .await;
    in_order(&digest, &titles(&browser).await);
    // Into another section by the menu.
    let moved = titles(&browser).await[0].clone();
    browser.click("#paper .entry .menu > summary").await;
    browser.eval("(s => { s.value = '2'; s.dispatchEvent(new Event('change', { bubbles: true })); })(document.querySelector('#paper .entry select[data-move]'))").await;
    let last = format!(
        "[...document.querySelectorAll('section[data-section=\"2\"] .entry h3 .field')].at(-1).textContent === {moved:?}"
    );
    browser.until(&last).await;
    in_order(&digest, &titles(&browser).await);
    browser.until("!document.body.dataset.busy").await;
    // By drag: the first entry of the first section before the first of the second.
    let dragged = titles(&browser).await[0].clone();
    // Both stand in the window.
    browser.size(1400, 3000, false).await;
    browser.eval("window.scrollTo(0, document.querySelector('section[data-section=\"1\"]').offsetTop - 1500)").await;
    browser
        .drag(
            "section[data-section=\"0\"] .entry:last-of-type .handle",
            "section[data-section=\"1\"] .entry .number",
        )
        .await;
    browser
        .until("document.querySelectorAll('section[data-section=\"0\"] .entry').length === 1")
        .await;
    in_order(&digest, &titles(&browser).await);
    assert_eq!(titles(&browser).await.len(), 10);
    assert!(titles(&browser).await.contains(&dragged));
    assert_eq!(browser.log().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entry_is_deleted_and_brought_back_and_a_dropped_article_is_included() {
    let digest = demo();
    let Some((browser, _review)) = opened(&digest).await else { return };
    let title = titles(&browser).await[0].clone();
    browser.click("#paper .entry .menu > summary").await;
    browser.click("#paper .entry [data-act=delete]").await;
    browser.until("document.querySelectorAll('#paper .entry').length === 9").await;
    assert!(!digest.issue().contains(&title));
    browser.click("#views a[href='#left-out']").await;
    browser.until("document.querySelector('#view-left-out [data-act=bring-back]')").await;
    picture(&browser, "left-out").await;
    let text = text_of(&browser, "#view-left-out").await;
    assert!(text.contains("等待模型") && text.contains("读不到正文"), "{text}");
    browser.click("#view-left-out [data-act=bring-back]").await;
    browser.until("document.querySelectorAll('#paper .entry').length === 10").await;
    assert!(digest.issue().contains(&format!("### **{title}**")));
    // One stroke includes what was ranked below the cut.
    browser.click("#views a[href='#left-out']").await;
    browser.until("document.querySelector('#view-left-out [data-act=include]')").await;
    browser.click("#view-left-out [data-act=include]").await;
    browser.until("document.querySelectorAll('#paper .entry').length === 11").await;
    assert_eq!(digest.issue().matches("\n### **").count(), 11);
    // It is taken back by the key that takes back edits, and comes in again.
    browser.keys(&["u"]).await;
    browser.until("document.querySelectorAll('#paper .entry').length === 10").await;
    browser.click("#views a[href='#left-out']").await;
    browser.until("document.querySelector('#view-left-out [data-act=include]')").await;
    browser.click("#view-left-out [data-act=include]").await;
    browser.until("document.querySelectorAll('#paper .entry').length === 11").await;
    // A text of one's own.
    browser.click("#views a[href='#left-out']").await;
    browser.until("!document.querySelector('#view-left-out').hidden").await;
    browser.click("#view-left-out form details summary").await;
    browser.click("#bring-url").await;
    browser.type_text("https://own.example/pasted").await;
    browser.click("#bring-text").await;
    let pasted = "云栖实验室发布推理框架浮标\n云栖实验室1月4日发布推理框架浮标，在128张加速卡上把首个词元的延迟降到180毫秒。浮标把预填充和解码放在不同的卡上，两者之间只传递压缩后的缓存。实验室称，同样的硬件上吞吐提高了42%。框架以Apache 2.0许可证开源，首批支持三种国产芯片。";
    browser.type_text(pasted).await;
    browser.click("#view-left-out form [type=submit]").await;
    browser.until("document.querySelectorAll('#paper .entry').length === 12").await;
    assert!(digest.issue().contains("https://own.example/pasted"));
    // A saved page.
    let page = digest.path().join("saved.html");
    std::fs::write(&page, super::article("白榆实验室开放古琴音色库", &SAVED.map(str::to_owned)))
        .unwrap();
    browser.click("#views a[href='#left-out']").await;
    browser.click("#view-left-out form details summary").await;
    browser.click("#bring-url").await;
    browser.type_text("https://own.example/saved").await;
    browser.upload("#bring-file", &page).await;
    browser.click("#view-left-out form [type=submit]").await;
    browser.until("document.querySelectorAll('#paper .entry').length === 13").await;
    assert!(digest.issue().contains("### **白榆实验室开放古琴音色库**"));
    // The version before stands in the list, and comes back.
    browser.click("#views a[href='#versions']").await;
    browser
        .until("document.querySelectorAll('#view-versions [data-act=restore]').length === 5")
        .await;
    picture(&browser, "versions").await;
    browser.click("#view-versions [data-act=restore]").await;
    browser.until("document.querySelectorAll('#paper .entry').length === 12").await;
    assert!(!digest.issue().contains("https://own.example/saved"));
    assert_eq!(browser.log().await, Vec::<String>::new());
}
