//! Checks an answer against the part of JSON Schema that questions here use: `type`, `properties`,
//! `required`, `items`, `enum`. Properties that the schema does not name are taken away.

use serde_json::Value;

/// `value` without unknown properties, or what is wrong with it, by path. Items of the root's
/// property `list` that are wrong are taken away.
pub(crate) fn check(mut value: Value, schema: &Value, list: Option<&str>) -> Result<Value, String> {
    if let Some(name) = list
        && let Some(items) = value.get_mut(name).and_then(Value::as_array_mut)
        && let Some(inner) = schema.pointer(&format!("/properties/{name}/items"))
    {
        items.retain_mut(|item| walk(item, inner, name).is_ok());
    }
    walk(&mut value, schema, "answer")?;
    Ok(value)
}

fn walk(value: &mut Value, schema: &Value, path: &str) -> Result<(), String> {
    if let Some(wanted) = schema.get("type")
        && !types(wanted).any(|t| is(value, t))
    {
        let wanted: Vec<&str> = types(wanted).collect();
        return Err(format!("`{path}` must be of type {}", wanted.join(" or ")));
    }
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
        && !allowed.contains(value)
    {
        let list = Value::Array(allowed.clone());
        return Err(format!("`{path}` must be one of {list}"));
    }
    if let (Value::Object(fields), Some(known)) =
        (&mut *value, schema.get("properties").and_then(Value::as_object))
    {
        fields.retain(|name, _| known.contains_key(name));
        for (name, inner) in known {
            match fields.get_mut(name) {
                Some(field) => walk(field, inner, &format!("{path}.{name}"))?,
                None if requires(schema, name) => {
                    return Err(format!("`{path}.{name}` is missing"));
                }
                None => {}
            }
        }
    }
    if let (Value::Array(items), Some(inner)) = (value, schema.get("items")) {
        for (i, item) in items.iter_mut().enumerate() {
            walk(item, inner, &format!("{path}[{i}]"))?;
        }
    }
    Ok(())
}

fn requires(schema: &Value, name: &str) -> bool {
    let list = schema.get("required").and_then(Value::as_array);
    list.is_some_and(|l| l.iter().any(|n| n == name))
}

fn types(wanted: &Value) -> impl Iterator<Item = &str> {
    let one = wanted.as_str().into_iter();
    let many = wanted.as_array().into_iter().flatten();
    one.chain(many.filter_map(Value::as_str))
}

fn is(value: &Value, name: &str) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn shape_is_checked_by_path() {
        let schema = json!({"type": "object", "required": ["list"], "properties": {
            "list": {"type": "array", "items": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "string", "enum": ["a", "b"]}, "n": {"type": ["integer", "null"]}}}}}});
        let fine = json!({"list": [{"id": "a", "n": null, "note": "x"}], "more": 1});
        let kept = check(fine, &schema, None).unwrap();
        assert_eq!(kept, json!({"list": [{"id": "a", "n": null}]}));
        let complaint = |v| check(v, &schema, None).unwrap_err();
        assert!(complaint(json!({"list": [{"id": "c"}]})).contains("answer.list[0].id"));
        assert!(complaint(json!({"list": [{"n": 1}]})).contains("is missing"));
        assert!(complaint(json!({"list": [{"id": "a", "n": "1"}]})).contains("integer or null"));
        assert!(complaint(json!([])).contains("`answer` must be of type object"));
        let mixed = json!({"list": [{"id": "c"}, {"id": "b", "n": 2}, 7]});
        let kept = check(mixed, &schema, Some("list")).unwrap();
        assert_eq!(kept, json!({"list": [{"id": "b", "n": 2}]}));
    }
}
