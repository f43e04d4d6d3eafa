//! Endpoints known by name, as data.
//!
//! All of it is from the makers' public documentation; none of these endpoints was tried from here.
//! What a maker does not say is left to the ladder of [`Level`], which finds it out by itself.
//! Prices and model names change too often to stand in a program and stay in the configuration.

use serde_json::{Map, Value, json};

use super::Level;
use crate::text::nearest::nearest;

/// What is known of an endpoint, from its documentation, not tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// The name in `[model] preset`.
    pub name: &'static str,
    /// Other names for the same.
    pub aliases: &'static [&'static str],
    /// The address that `/chat/completions` is added to.
    pub base_url: &'static str,
    /// The environment variable that holds the key by custom; empty where no key is needed.
    pub api_key_env: &'static str,
    /// The name of the field that limits the answer.
    pub max_tokens_field: &'static str,
    /// The highest level of structured output that the documentation names.
    pub output: Level,
    /// Switches that every request needs, unless `extra_body` is configured.
    pub switches: &'static [(&'static str, bool)],
}

/// What most endpoints are like: a key, `max_tokens`, strict schemas.
const USUAL: Preset = Preset {
    name: "",
    aliases: &[],
    base_url: "",
    api_key_env: "",
    max_tokens_field: "max_tokens",
    output: Level::JsonSchema,
    switches: &[],
};

/// The table.
pub const PRESETS: &[Preset] = &[
    Preset {
        name: "openai",
        base_url: "https://api.openai.com/v1",
        api_key_env: "OPENAI_API_KEY",
        // `max_tokens` is refused by the models that think.
        max_tokens_field: "max_completion_tokens",
        ..USUAL
    },
    Preset {
        name: "deepseek",
        base_url: "https://api.deepseek.com/v1",
        api_key_env: "DEEPSEEK_API_KEY",
        // `response_format` is `text` or `json_object`.
        output: Level::JsonObject,
        ..USUAL
    },
    Preset {
        name: "dashscope",
        aliases: &["qwen"],
        base_url: "https://dashscope.aliyuncs.com/compatible-mode/v1",
        api_key_env: "DASHSCOPE_API_KEY",
        // JSON mode is for answers without thinking, and so are calls without streaming for the
        // open Qwen3 models.
        output: Level::JsonObject,
        switches: &[("enable_thinking", false)],
        ..USUAL
    },
    Preset {
        name: "moonshot",
        aliases: &["kimi"],
        base_url: "https://api.moonshot.cn/v1",
        api_key_env: "MOONSHOT_API_KEY",
        // `response_format` is `text` or `json_object`.
        output: Level::JsonObject,
        ..USUAL
    },
    Preset {
        name: "zhipu",
        base_url: "https://open.bigmodel.cn/api/paas/v4",
        api_key_env: "ZHIPUAI_API_KEY",
        // `response_format` is `text` or `json_object`.
        output: Level::JsonObject,
        ..USUAL
    },
    Preset {
        name: "volcengine",
        aliases: &["ark"],
        base_url: "https://ark.cn-beijing.volces.com/api/v3",
        api_key_env: "ARK_API_KEY",
        ..USUAL
    },
    Preset {
        name: "siliconflow",
        base_url: "https://api.siliconflow.cn/v1",
        api_key_env: "SILICONFLOW_API_KEY",
        // JSON mode is `json_object`.
        output: Level::JsonObject,
        ..USUAL
    },
    Preset {
        name: "gemini",
        base_url: "https://generativelanguage.googleapis.com/v1beta/openai",
        api_key_env: "GEMINI_API_KEY",
        ..USUAL
    },
    Preset {
        name: "openrouter",
        base_url: "https://openrouter.ai/api/v1",
        api_key_env: "OPENROUTER_API_KEY",
        ..USUAL
    },
    Preset { name: "ollama", base_url: "http://localhost:11434/v1", ..USUAL },
    Preset { name: "vllm", base_url: "http://localhost:8000/v1", ..USUAL },
    Preset { name: "llamacpp", base_url: "http://localhost:8080/v1", ..USUAL },
];

impl Preset {
    /// All names under which it is known.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        std::iter::once(self.name).chain(self.aliases.iter().copied())
    }

    /// The fields that every request needs.
    pub(crate) fn extra_body(&self) -> Map<String, Value> {
        self.switches.iter().map(|(name, on)| ((*name).to_owned(), json!(on))).collect()
    }
}

/// The preset of that name or alias, else the name that was probably meant.
pub(crate) fn find(name: &str) -> Result<&'static Preset, Option<&'static str>> {
    let found = PRESETS.iter().find(|p| p.names().any(|n| n == name));
    found.ok_or_else(|| nearest(&name.to_lowercase(), PRESETS.iter().flat_map(Preset::names)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn a_slip_is_answered_with_the_nearest_name() {
        assert_eq!(find("ollama").unwrap().api_key_env, "");
        assert_eq!(find("deepseak"), Err(Some("deepseek")));
        assert_eq!(find("OpenRouter"), Err(Some("openrouter")));
        assert_eq!(find("qwen"), find("dashscope"));
    }

    #[test]
    fn no_name_stands_twice() {
        let names: Vec<&str> = PRESETS.iter().flat_map(Preset::names).collect();
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }
}
