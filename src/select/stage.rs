//! Clustering as a filter: JSON lines in and out.

use serde_json::{Value, json};

use super::cluster::{Item, cluster};
use crate::text::Moment;

/// What a line gives.
struct Line {
    id: String,
    title: String,
    text: String,
    published: Option<Moment>,
    url: String,
}

/// `digestgen stage cluster`: for each line with `id`, `title`, `text`, `published` (RFC 3339 or
/// a day; null where it is not known) and optionally `url` an object `{story}`, in the same
/// order. A line that cannot be used gives what it lacks and takes part in no story.
pub fn stage(lines: Vec<Value>) -> Vec<Result<Value, String>> {
    let read: Vec<Result<Line, String>> = lines.iter().map(read).collect();
    let usable: Vec<Item<'_>> = read
        .iter()
        .flatten()
        .map(|line| Item {
            id: &line.id,
            title: &line.title,
            text: &line.text,
            published: line.published,
            url: &line.url,
            links: &[],
        })
        .collect();
    let mut stories = cluster(&usable).into_iter();
    read.iter()
        .map(|line| match line {
            Ok(_) => stories
                .next()
                .map(|story| json!({ "story": story }))
                .ok_or_else(|| "no story was made; please report this".to_owned()),
            Err(why) => Err(why.clone()),
        })
        .collect()
}

fn read(line: &Value) -> Result<Line, String> {
    let object = line.as_object().ok_or("not a JSON object")?;
    let text = |key: &str| match object.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(s)) => Ok(Some(s.clone())),
        Some(_) => Err(format!("`{key}` is not a string")),
    };
    let published = match text("published")? {
        None => None,
        Some(date) if date.trim().is_empty() => None,
        Some(date) => Some(Moment::parse(&date).ok_or_else(|| {
            format!("`published` is `{date}`: neither RFC 3339 nor a day YYYY-MM-DD")
        })?),
    };
    let id = match object.get("id") {
        Some(Value::String(id)) => id.clone(),
        Some(Value::Number(id)) => id.to_string(),
        _ => return Err("`id` is missing".to_owned()),
    };
    let title = text("title")?.unwrap_or_default();
    let body = text("text")?.unwrap_or_default();
    if title.trim().is_empty() && body.trim().is_empty() {
        return Err("neither `title` nor `text`".to_owned());
    }
    Ok(Line { id, title, text: body, published, url: text("url")?.unwrap_or_default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_answer_for_each_line() {
        let out = stage(vec![
            json!({"id": "b", "title": "河上的桥合龙", "text": "周六，河上的大桥合龙。", "published": "2026-01-03"}),
            json!({"id": "x", "title": "t", "text": "t", "published": "soon"}),
            json!({"title": "t"}),
            json!([1]),
            json!({"id": "a", "title": "河上的桥合龙", "text": "周六，河上的大桥合龙。", "published": null}),
        ]);
        assert_eq!(out[0], Ok(json!({"story": "b"})));
        assert!(out[1].as_ref().unwrap_err().contains("soon"));
        assert_eq!(out[2], Err("`id` is missing".to_owned()));
        assert_eq!(out[3], Err("not a JSON object".to_owned()));
        assert_eq!(out[4], Ok(json!({"story": "b"})));
    }
}
