//! Endpoints known by name, as data.
//!
//! Base addresses are those of the makers' public documentation; none was asked from here. Prices
//! and model names change too often to stand in a program and stay in the configuration.

/// What is known of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The name in `[model] preset`.
    pub name: &'static str,
    /// The address that `/chat/completions` is added to.
    pub base_url: &'static str,
    /// The environment variable that holds the key by custom; empty where no key is needed.
    pub api_key_env: &'static str,
    /// The name of the field that limits the answer.
    pub max_tokens_field: &'static str,
}

const fn preset(
    name: &'static str,
    base_url: &'static str,
    api_key_env: &'static str,
    max_tokens_field: &'static str,
) -> Preset {
    Preset { name, base_url, api_key_env, max_tokens_field }
}

/// The table.
pub const PRESETS: &[Preset] = &[
    preset("openai", "https://api.openai.com/v1", "OPENAI_API_KEY", "max_completion_tokens"),
    preset("deepseek", "https://api.deepseek.com/v1", "DEEPSEEK_API_KEY", "max_tokens"),
    preset(
        "dashscope",
        "https://dashscope.aliyuncs.com/compatible-mode/v1",
        "DASHSCOPE_API_KEY",
        "max_tokens",
    ),
    preset("moonshot", "https://api.moonshot.cn/v1", "MOONSHOT_API_KEY", "max_tokens"),
    preset("zhipu", "https://open.bigmodel.cn/api/paas/v4", "ZHIPUAI_API_KEY", "max_tokens"),
    preset("openrouter", "https://openrouter.ai/api/v1", "OPENROUTER_API_KEY", "max_tokens"),
    preset("ollama", "http://localhost:11434/v1", "", "max_tokens"),
];

/// The preset of that name, or the name that is nearest to it.
pub(crate) fn find(name: &str) -> Result<&'static Preset, &'static str> {
    if let Some(found) = PRESETS.iter().find(|p| p.name == name) {
        return Ok(found);
    }
    let near = PRESETS.iter().min_by_key(|p| distance(p.name, name));
    Err(near.map_or("openai", |p| p.name))
}

/// The Levenshtein distance of two names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut corner = i;
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
        for (j, y) in b.iter().enumerate() {
            let change = corner + usize::from(x != *y);
            corner = row[j + 1];
            row[j + 1] = change.min(corner + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_answered_with_the_nearest_name() {
        assert_eq!(find("ollama").unwrap().api_key_env, "");
        assert_eq!(find("deepseak"), Err("deepseek"));
        assert_eq!(find("OpenRouter"), Err("openrouter"));
    }
}
