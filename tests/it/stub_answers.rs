//! Honest answers of the stub, made of what the question holds.

use digestgen::text::measure::chinese_length;
use serde_json::{Value, json};

/// The answer to a request, by what its user message holds.
pub(super) fn answer(body: &Value) -> Value {
    let text = |i: usize| body["messages"][i]["content"].as_str().unwrap_or("").to_owned();
    let (system, user) = (text(0), text(1));
    let chinese = system.contains("Chinese (");
    let lines: Vec<(String, &str)> = user.lines().filter_map(numbered).collect();
    let wanted = &schema(body, &system)["properties"];
    if wanted["quote"].is_object() {
        rewrite(&lines, chinese)
    } else if wanted["sentences"].is_object() {
        part(&lines, &user)
    } else if wanted["verdicts"].is_object() {
        let each = lines.iter().map(|(id, _)| json!({"id": id, "holds": true, "note": ""}));
        json!({"verdicts": each.collect::<Vec<_>>()})
    } else if lines.iter().any(|(id, _)| id.contains(".s")) {
        entry(&lines, &user, chinese)
    } else if lines.iter().any(|(id, _)| id.starts_with('e')) {
        highlights(&lines, chinese)
    } else if user.lines().any(|l| l == "[p1]") {
        same_event(&user)
    } else if lines.iter().any(|(id, _)| id.starts_with('c')) {
        triage(&user, &schema(body, &system))
    } else {
        json!({"ok": true})
    }
}

/// `[a1.s3] text` as id and text.
fn numbered(line: &str) -> Option<(String, &str)> {
    let (id, text) = line.strip_prefix('[')?.split_once("] ")?;
    let known =
        id.starts_with(['a', 'c', 'e']) && id[1..].starts_with(|c: char| c.is_ascii_digit());
    known.then(|| (id.to_owned(), text))
}

/// The schema as it was sent, in the request or in the prompt.
fn schema(body: &Value, system: &str) -> Value {
    let sent = &body["response_format"]["json_schema"]["schema"];
    if sent.is_object() {
        return sent.clone();
    }
    let tail = system.rsplit_once("JSON Schema:\n").map_or("", |(_, t)| t);
    serde_json::from_str(tail).unwrap_or(Value::Null)
}

fn is_chinese(text: &str) -> bool {
    let han = |c: char| ('\u{3400}'..='\u{9fff}').contains(&c);
    let (han, latin) = (
        text.chars().filter(|c| han(*c)).count(),
        text.chars().filter(char::is_ascii_alphabetic).count(),
    );
    han * 4 > latin
}

/// The first words of a text: no Latin word and no number is cut in two, and Chinese ends at a
/// comma where there is one.
fn first(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.trim_end_matches(['。', '.', '！', '!']).to_owned();
    }
    let cut: String = text.chars().take(characters).collect();
    let comma = cut.rfind(['，', '；', '、']).filter(|at| *at > cut.len() / 2);
    let end = match (comma, is_chinese(text)) {
        (Some(at), true) => at,
        (None, true) => cut.trim_end_matches(|c: char| c.is_ascii() || c.is_numeric()).len(),
        (_, false) => cut.rfind(' ').unwrap_or(cut.len()),
    };
    cut[..end].trim_end_matches([',', ';', ':', '.', ' ']).to_owned()
}

/// As much of a Chinese text as `most` holds, words and numbers whole.
fn beginning(text: &str, most: usize) -> &str {
    let word = |c: char| c.is_ascii_alphanumeric() || ".%-".contains(c);
    let mut end = text.len();
    while chinese_length(&text[..end]) > most
        || (text[end..].starts_with(word) && text[..end].ends_with(word))
    {
        end = text[..end].char_indices().last().map_or(0, |(at, _)| at);
    }
    text[..end].trim_end_matches(['，', '：', '、', '；', '。', ' ', '“', '（', '？', '！'])
}

/// A title of the length that the format asks for.
fn chinese_title(heading: &str) -> String {
    let title = beginning(heading, 20);
    if chinese_length(title) < 8 {
        return format!("{title}：原文要点摘录");
    }
    title.to_owned()
}

fn entry(lines: &[(String, &str)], user: &str, chinese: bool) -> Value {
    // A tag or a lone word is no sentence to write from.
    let long = |text: &str| text.chars().count() >= if is_chinese(text) { 10 } else { 30 };
    let all = || lines.iter().filter(|(id, _)| id.contains(".s"));
    let mut sentences: Vec<&(String, &str)> = all().filter(|(_, t)| long(t)).collect();
    if sentences.is_empty() {
        sentences = all().collect();
    }
    let heading = user.lines().find_map(|l| l.strip_prefix("Title: "));
    let heading = heading.unwrap_or(sentences[0].1);
    let title = match (chinese, is_chinese(heading)) {
        (true, true) => chinese_title(heading),
        (true, false) => "一篇外文报道的要点摘录".to_owned(),
        (false, false) => heading.split(' ').take(12).collect::<Vec<_>>().join(" "),
        (false, true) => "Points of a report in Chinese".to_owned(),
    };
    let item = |i: usize| {
        let (id, text) = sentences[i % sentences.len()];
        let said = if is_chinese(text) == chinese {
            first(text, if chinese { 150 } else { 350 })
        } else if chinese {
            const KINDS: [&str; 5] = ["主要", "另外", "补充的", "背景", "后续"];
            format!("这篇外文报道给出了这件事的{}事实，所引原文可供核对。", KINDS[i % 5])
        } else {
            "The report states a fact of this event in the words that are quoted here.".to_owned()
        };
        let end = if chinese { "。" } else { "." };
        let said = format!("{}{end}", said.trim_end_matches(['。', '.']));
        (id.clone(), said, first(text, 24))
    };
    let summary: Vec<Value> = (0..2)
        .map(item)
        .map(|(id, text, quote)| json!({"text": text, "sentences": [id], "quote": quote}))
        .collect();
    let points: Vec<Value> = (2..5)
        .map(|i| {
            let (id, text, quote) = item(i);
            let heading = if chinese { beginning(&text, 12).to_owned() } else { first(&text, 30) };
            let lead = if chinese { "原文所述" } else { "As reported" };
            let detail = json!({"lead": lead, "text": text, "sentences": [id], "quote": quote});
            json!({"heading": heading, "details": [detail]})
        })
        .collect();
    json!({"title": title, "summary": summary, "key_points": points})
}

/// The last sentence of the articles that is long enough, in its own words.
fn rewrite(lines: &[(String, &str)], chinese: bool) -> Value {
    let long = |text: &str| is_chinese(text) == chinese && text.chars().count() >= 10;
    let all = || lines.iter().filter(|(id, _)| id.contains(".s"));
    let (id, text) = all().rfind(|(_, t)| long(t)).or_else(|| all().next_back()).unwrap();
    let said = first(text, if chinese { 150 } else { 350 });
    let end = if chinese { "。" } else { "." };
    json!({"text": format!("{said}{end}"), "sentences": [id], "quote": first(text, 24)})
}

/// Every third sentence of a part matters, as many as are asked for.
fn part(lines: &[(String, &str)], user: &str) -> Value {
    let most = user.split_once("at most ").and_then(|(_, rest)| rest.split(' ').next());
    let most: usize = most.and_then(|n| n.parse().ok()).unwrap();
    let long = |text: &str| text.chars().count() >= 10;
    let named = lines.iter().step_by(3).filter(|(_, text)| long(text)).take(most);
    let list: Vec<Value> =
        named.map(|(id, text)| json!({"id": id, "quote": first(text, 24)})).collect();
    json!({"sentences": list})
}

fn highlights(lines: &[(String, &str)], chinese: bool) -> Value {
    let entries = lines.iter().filter(|(id, _)| !id.contains('.'));
    let list: Vec<Value> = entries
        .map(|(id, title)| {
            let claim = format!("{id}.c1");
            let text = lines.iter().find(|(i, _)| *i == claim).map_or("", |(_, t)| t);
            let headline = if chinese {
                format!("要点：{}", chinese_title(title))
            } else {
                format!("In brief: {}", first(title, 40))
            };
            json!({"id": id, "headline": headline, "text": text, "claims": [claim]})
        })
        .collect();
    json!({"highlights": list})
}

fn triage(user: &str, schema: &Value) -> Value {
    let allowed = |name: &str| {
        let path = format!("/properties/articles/items/properties/{name}/enum");
        let list = schema.pointer(&path).and_then(Value::as_array);
        list.cloned().unwrap_or_default()
    };
    let (sections, labels) = (allowed("section"), allowed("label"));
    let pick = |list: &[Value], title: &str, other: &str| {
        let n = title.chars().count();
        let one = list.get(n.checked_rem(list.len()).unwrap_or(0));
        one.cloned().unwrap_or_else(|| json!(other))
    };
    let mut list = Vec::new();
    let mut id = None;
    for line in user.lines() {
        if let Some((found, text)) = numbered(line)
            && text.starts_with("source: ")
        {
            id = Some(found);
        } else if let (Some(title), Some(found)) = (line.strip_prefix("title: "), &id) {
            list.push(json!({
                "id": found,
                "title": title.chars().take(24).collect::<String>(),
                "keep": true,
                "reason": "progress",
                "detail": "states facts",
                "section": pick(&sections, title, ""),
                "label": pick(&labels, title, "news"),
                "impact": 3,
                "scope": 3,
            }));
            id = None;
        }
    }
    json!({"articles": list})
}

/// Both articles of a pair report one event where they share two numbers of two digits and more.
fn same_event(user: &str) -> Value {
    let numbers = |text: &str| -> std::collections::BTreeSet<String> {
        let parts = text.split(|c: char| !c.is_ascii_digit()).filter(|n| n.len() > 1);
        parts.filter(|n| !n.starts_with(['0', '2'])).map(str::to_owned).collect()
    };
    let mut list = Vec::new();
    for part in user.split("\n[p").skip(1) {
        let Some((id, rest)) = part.split_once("]\n1: ") else { continue };
        let (one, other) = rest.split_once("\n2: ").unwrap_or((rest, ""));
        let other = other.split("\n\n").next().unwrap_or("");
        let same = numbers(one).intersection(&numbers(other)).count() >= 2;
        // After the date stands the title.
        let title = |side: &str| -> String {
            let line = side.lines().next().and_then(|l| l.split_once(' ')).map_or("", |(_, t)| t);
            line.chars().take(24).collect()
        };
        list.push(json!({
            "id": format!("p{id}"), "first": title(one), "second": title(other), "same": same,
        }));
    }
    json!({"pairs": list})
}
