//! Endpoints known by name, as data.
//!
//! Base addresses are those of the makers' public documentation; none was asked from here. Prices
//! and model names change too often to stand in a program and stay in the configuration.

use crate::text::nearest::nearest;

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

/// The preset of that name, else the name that was probably meant.
pub(crate) fn find(name: &str) -> Result<&'static Preset, Option<&'static str>> {
    let found = PRESETS.iter().find(|p| p.name == name);
    found.ok_or_else(|| nearest(&name.to_lowercase(), PRESETS.iter().map(|p| p.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_answered_with_the_nearest_name() {
        assert_eq!(find("ollama").unwrap().api_key_env, "");
        assert_eq!(find("deepseak"), Err(Some("deepseek")));
        assert_eq!(find("OpenRouter"), Err(Some("openrouter")));
    }
}
