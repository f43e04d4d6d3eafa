//! Markdown → rich text for an editor that keeps inline styles and drops links (WeChat's).
//!
//! Links become numbered footnotes, since such an editor shows none that leads elsewhere; an
//! address that is named twice keeps its number. Raw HTML is left out, images become footnotes
//! with their description: what is copied holds words, styles and nothing that loads.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde::Serialize;

use crate::compose::built_in;
use crate::template::{self, Escape, TemplateError};

/// The page around the text, and the footnotes.
const TEMPLATE: &str = include_str!("../../templates/rich.html.hbs");

/// Inline styles by element: such an editor drops classes and style sheets.
const STYLES: [(&str, &str); 9] = [
    ("h1", "margin:0 0 24px;font-size:22px;line-height:1.4;font-weight:700;color:#1a1a1a"),
    (
        "h2",
        "margin:36px 0 16px;padding-bottom:6px;border-bottom:2px solid #2f5d8a;font-size:19px;line-height:1.4;font-weight:700;color:#2f5d8a",
    ),
    ("h3", "margin:28px 0 8px;font-size:17px;line-height:1.5;font-weight:700;color:#1a1a1a"),
    ("p", "margin:0 0 12px;font-size:15px;line-height:1.8;color:#333333"),
    (
        "blockquote",
        "margin:0 0 14px;padding:10px 14px;border-left:3px solid #2f5d8a;background:#f4f6f8",
    ),
    ("ul", "margin:0 0 12px;padding-left:1.4em;font-size:15px;line-height:1.8;color:#333333"),
    ("li", "margin:0 0 6px"),
    ("code", "font-size:13px;color:#777777"),
    ("sup", "font-size:11px;color:#2f5d8a"),
];

#[derive(Serialize)]
struct Page {
    body: String,
    notes_title: &'static str,
    notes: Vec<Note>,
}

#[derive(Serialize)]
struct Note {
    number: usize,
    title: String,
    url: String,
}

/// The published text `markdown` as HTML with inline styles, for the clipboard. `language` is the
/// edition's tag.
///
/// # Errors
/// The built-in template does not print: a bug of ours.
pub fn rich_text(markdown: &str, language: &str) -> Result<String, TemplateError> {
    let chinese = built_in(language) == built_in("zh");
    let mut writer = Writer::default();
    for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
        writer.event(event);
    }
    let page = Page {
        body: writer.out,
        notes_title: if chinese { "链接" } else { "Links" },
        notes: writer.notes,
    };
    template::render("rich.html.hbs", TEMPLATE, &page, Escape::Html)
}

#[derive(Default)]
struct Writer {
    out: String,
    notes: Vec<Note>,
    /// The links that are open: where they lead, and where their text began.
    open: Vec<(String, usize)>,
    title: String,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => {
                self.tag("code");
                self.text(&text);
                self.out.push_str("</code>");
            }
            Event::SoftBreak => self.out.push('\n'),
            Event::HardBreak => self.out.push_str("<br>"),
            Event::Rule => self.out.push_str(
                "<hr style=\"margin:28px 0;border:none;border-top:1px solid #dddddd\">\n",
            ),
            // Raw HTML is no words; the rest belongs to extensions that are off.
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push_str(&handlebars::html_escape(text));
        if !self.open.is_empty() {
            self.title.push_str(text);
        }
    }

    fn tag(&mut self, name: &str) {
        match STYLES.iter().find(|(n, _)| *n == name) {
            Some((_, style)) => self.out.push_str(&format!("<{name} style=\"{style}\">")),
            None => self.out.push_str(&format!("<{name}>")),
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.open.push((dest_url.into_string(), self.title.len()));
            }
            other => {
                if let Some(name) = element(&other.to_end()) {
                    self.tag(name);
                }
            }
        }
    }

    fn end(&mut self, tag: TagEnd) {
        if matches!(tag, TagEnd::Link | TagEnd::Image) {
            if let Some((url, from)) = self.open.pop() {
                self.note(url, from);
            }
        } else if let Some(name) = element(&tag) {
            self.out.push_str(&format!("</{name}>"));
            let is_block = !matches!(name, "strong" | "em" | "s");
            self.out.push_str(if is_block { "\n" } else { "" });
        }
    }

    /// A footnote for the link whose text ends here.
    fn note(&mut self, url: String, from: usize) {
        let title = self.title.split_off(from.min(self.title.len()));
        if !(url.starts_with("https://") || url.starts_with("http://")) {
            return;
        }
        let number = match self.notes.iter().find(|n| n.url == url) {
            Some(note) => note.number,
            None => {
                let number = self.notes.len() + 1;
                self.notes.push(Note { number, title, url });
                number
            }
        };
        self.tag("sup");
        self.out.push_str(&format!("[{number}]</sup>"));
    }
}

/// The element of a tag; `None` for what is left out.
fn element(tag: &TagEnd) -> Option<&'static str> {
    Some(match tag {
        TagEnd::Paragraph => "p",
        TagEnd::Heading(HeadingLevel::H1) => "h1",
        TagEnd::Heading(HeadingLevel::H2) => "h2",
        TagEnd::Heading(_) => "h3",
        TagEnd::BlockQuote(_) => "blockquote",
        TagEnd::CodeBlock => "pre",
        TagEnd::List(true) => "ol",
        TagEnd::List(false) => "ul",
        TagEnd::Item => "li",
        TagEnd::Emphasis => "em",
        TagEnd::Strong => "strong",
        TagEnd::Strikethrough => "s",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# 速报\n\n### **条目**\n\n[阅读原文](https://a.example/1?x=1&y=2)  `[2026-01-03]`\n\n> **概要**：甲 < 乙。\n\n - **要点**\n    - 细节。\n\n[论文](https://b.example/p) [又](https://a.example/1?x=1&y=2)\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![图](https://c.example/i.png)\n";

    #[test]
    fn links_become_footnotes_and_styles_are_inline() {
        let html = rich_text(TEXT, "zh-CN").unwrap();
        assert!(html.contains("<strong>概要</strong>：甲 &lt; 乙。"), "{html}");
        assert!(html.contains("阅读原文<sup style="), "{html}");
        assert!(html.contains("[1] 阅读原文：https://a.example/1?x&#x3D;1&amp;y&#x3D;2"), "{html}");
        assert!(html.contains("[2] 论文：https://b.example/p"), "{html}");
        assert_eq!(html.matches("[1]</sup>").count(), 2);
        assert!(html.contains("<h3 style=") && html.contains("<li style="), "{html}");
        for gone in ["<a", "href", "<script", "alert(1)</", "javascript", "<img", "class="] {
            assert!(!html.contains(gone), "{gone} in {html}");
        }
    }

    #[test]
    fn a_text_without_links_has_no_notes() {
        let html = rich_text("# T\n\nwords\n", "en").unwrap();
        assert!(!html.contains("Links"), "{html}");
        assert!(rich_text("[l](https://a.example/)", "en").unwrap().contains("Links"));
    }
}
