//! `[model]` of the configuration, and the endpoint it means.

use std::time::Duration;

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::endpoint::{Described, Endpoint, Target, address, overridden};
use super::transport::Transport;
use super::{Level, ModelError, preset};

/// Who writes entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Writer {
    /// The model.
    #[default]
    Model,
    /// Sentences of the article, word for word; no model is asked.
    Extractive,
}

/// What tokens cost, in units of the currency for `per` tokens.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// Tokens of the prompt.
    pub input: f64,
    /// Tokens of the prompt that the endpoint had cached; without it they cost as others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input: Option<f64>,
    /// Tokens of the answer.
    pub output: f64,
    /// How many tokens the prices are for.
    #[serde(default = "million")]
    pub per: u64,
}

fn million() -> u64 {
    1_000_000
}

/// `[model.triage]` and `[model.judge]`: another model of the same endpoint for one kind of
/// question. What is left out is as in `[model]`; the price is not, where the name differs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Override {
    /// The model's name.
    pub name: Option<String>,
    /// What its tokens cost.
    pub price: Option<Price>,
    /// How many tokens it reads and writes together.
    pub context: Option<u32>,
    /// Sampling temperature.
    pub temperature: Option<f64>,
    /// Further fields of the request.
    pub extra_body: Option<Map<String, Value>>,
}

/// `[model]` of the configuration.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// An endpoint known by name; gives `base_url`, `api_key_env` and its quirks where they are not
    /// set here.
    pub preset: Option<String>,
    /// The endpoint's address, to which `/chat/completions` is added.
    pub base_url: Option<String>,
    /// The model's name.
    pub name: String,
    /// The environment variable that holds the key; empty where none is needed.
    pub api_key_env: Option<String>,
    /// Who writes entries.
    pub writer: Writer,
    /// The most that one issue may cost with all its re-runs, in `currency`.
    pub max_cost: Option<f64>,
    /// The currency of prices and ceiling.
    pub currency: String,
    /// What tokens cost; without it the cost is unknown.
    pub price: Option<Price>,
    /// Requests a minute.
    pub rpm: Option<u32>,
    /// Tokens a minute.
    pub tpm: Option<u64>,
    /// Requests at one time.
    pub concurrency: usize,
    /// How many tokens the model reads and writes together.
    pub context: u32,
    /// The most tokens of one answer, thinking included.
    pub max_output: u32,
    /// The field that limits the answer: `max_tokens` or `max_completion_tokens`.
    pub max_tokens_field: Option<String>,
    /// The level of structured output to begin with: `json_schema`, `json_object` or `plain`. What
    /// the endpoint refuses is stepped down from by itself.
    pub output: Option<Level>,
    /// Sampling temperature; not sent unless set, since some models refuse it.
    pub temperature: Option<f64>,
    /// Further fields of the request, such as `enable_thinking = false`, in the place of the
    /// preset's.
    pub extra_body: Option<Map<String, Value>>,
    /// `OpenAI-Organization`, where the account needs it.
    pub organization: Option<String>,
    /// `OpenAI-Project`, where the account needs it.
    pub project: Option<String>,
    /// Seconds until a call without an answer is given up.
    pub timeout: f64,
    /// Another model for the triage.
    pub triage: Option<Override>,
    /// A model that judges claims against the sentences they cite; without the table none is asked.
    pub judge: Option<Override>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            preset: None,
            base_url: None,
            name: String::new(),
            api_key_env: None,
            writer: Writer::Model,
            max_cost: None,
            currency: "USD".to_owned(),
            price: None,
            rpm: None,
            tpm: None,
            concurrency: 4,
            context: 32_768,
            max_output: 6000,
            max_tokens_field: None,
            output: None,
            temperature: None,
            extra_body: None,
            organization: None,
            project: None,
            timeout: 180.0,
            triage: None,
            judge: None,
        }
    }
}

impl Options {
    /// Checks the table without setting anything up.
    ///
    /// # Errors
    /// [`ModelError::Options`] names the key that is wrong and what to do.
    pub fn check(&self) -> Result<(), ModelError> {
        // With the extractive writer the rest of the table is never used.
        if self.writer == Writer::Extractive { Ok(()) } else { self.endpoint().map(|_| ()) }
    }

    /// The environment variable that holds the key; `None` where the endpoint needs none.
    ///
    /// # Errors
    /// As [`Options::check`] for an unknown preset.
    pub fn key_env(&self) -> Result<Option<String>, ModelError> {
        let name = match (&self.api_key_env, self.known()?) {
            (Some(name), _) => name.as_str(),
            (None, Some(preset)) => preset.api_key_env,
            (None, None) => "",
        };
        Ok((!name.is_empty()).then(|| name.to_owned()))
    }

    /// The endpoint for people.
    ///
    /// # Errors
    /// As [`Options::check`].
    pub fn describe(&self) -> Result<Described, ModelError> {
        Ok(self.endpoint()?.describe(self.judge.is_some()))
    }

    /// Whether `key` can be sent; nothing is.
    ///
    /// # Errors
    /// [`ModelError::Key`] names the variable and never the key.
    pub fn check_key(&self, key: SecretString) -> Result<(), ModelError> {
        Transport::new(self, &self.endpoint()?, key).map(|_| ())
    }

    fn known(&self) -> Result<Option<&'static preset::Preset>, ModelError> {
        let Some(name) = &self.preset else {
            return Ok(None);
        };
        preset::find(name).map(Some).map_err(|near| {
            let all: Vec<&str> = preset::PRESETS.iter().map(|p| p.name).collect();
            let meant = near.map(|n| format!(" (did you mean `{n}`?)")).unwrap_or_default();
            wrong(
                "preset",
                format!(
                    "`{name}` is not known{meant}; known are {}; any other endpoint is set by \
                     base_url",
                    all.join(", ")
                ),
            )
        })
    }

    pub(crate) fn endpoint(&self) -> Result<Endpoint, ModelError> {
        let known = self.known()?;
        let base = self.base_url.as_deref().or(known.map(|p| p.base_url));
        let base =
            base.ok_or_else(|| wrong("base_url", "is missing; set it, or a preset".to_owned()))?;
        let (base_url, host) = address(base)?;
        if self.name.trim().is_empty() {
            return Err(wrong("name", "is missing; set the model's name".to_owned()));
        }
        self.check_numbers()?;
        let field = self.max_tokens_field.as_deref();
        let field = field.or(known.map(|p| p.max_tokens_field));
        let usual = || known.map(preset::Preset::extra_body);
        let extra_body = self.extra_body.clone().or_else(usual);
        let main = Target {
            name: self.name.trim().to_owned(),
            price: self.price,
            context: self.context,
            temperature: self.temperature,
            extra_body: extra_body.unwrap_or_default(),
        };
        let endpoint = Endpoint {
            base_url,
            host,
            max_tokens_field: field.unwrap_or("max_tokens").to_owned(),
            output: self.output.or(known.map(|p| p.output)).unwrap_or(Level::JsonSchema),
            timeout: Duration::from_secs_f64(self.timeout),
            triage: overridden(&main, self.triage.as_ref()),
            judge: overridden(&main, self.judge.as_ref()),
            main,
        };
        self.check_ceiling(&endpoint)?;
        Ok(endpoint)
    }

    fn check_numbers(&self) -> Result<(), ModelError> {
        let field = self.max_tokens_field.as_deref();
        if !matches!(field, None | Some("max_tokens" | "max_completion_tokens")) {
            let detail = "is neither `max_tokens` nor `max_completion_tokens`";
            return Err(wrong("max_tokens_field", detail.to_owned()));
        }
        for (key, zero) in [
            ("concurrency", self.concurrency == 0),
            ("rpm", self.rpm == Some(0)),
            ("tpm", self.tpm == Some(0)),
            ("max_output", self.max_output == 0),
        ] {
            if zero {
                return Err(wrong(key, "is 0; it must be 1 or more".to_owned()));
            }
        }
        if !(self.timeout > 0.0 && self.timeout <= 3600.0) {
            let detail = "must be seconds, more than 0 and at most 3600";
            return Err(wrong("timeout", detail.to_owned()));
        }
        if self.context <= self.max_output {
            let detail = format!(
                "{} leaves no room for a question beside max_output = {}",
                self.context, self.max_output
            );
            return Err(wrong("context", detail));
        }
        Ok(())
    }

    fn check_ceiling(&self, endpoint: &Endpoint) -> Result<(), ModelError> {
        let targets = [&endpoint.main, &endpoint.triage, &endpoint.judge];
        for price in targets.iter().filter_map(|t| t.price) {
            let parts = [price.input, price.cached_input.unwrap_or(0.0), price.output];
            if price.per == 0 || parts.iter().any(|p| !p.is_finite() || *p < 0.0) {
                return Err(wrong("price", "is negative, or per 0 tokens".to_owned()));
            }
        }
        let Some(ceiling) = self.max_cost else {
            return Ok(());
        };
        if !ceiling.is_finite() || ceiling < 0.0 {
            return Err(wrong("max_cost", "is not an amount".to_owned()));
        }
        match targets.iter().find(|t| t.price.is_none()) {
            None => Ok(()),
            Some(target) => Err(wrong(
                "max_cost",
                format!(
                    "needs the price of `{}`: set price = {{ input = …, output = …, per = 1_000_000 }}, or take max_cost away",
                    target.name
                ),
            )),
        }
    }
}

pub(super) fn wrong(field: &'static str, detail: String) -> ModelError {
    ModelError::Options { field, detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(toml: &str) -> String {
        let options: Options = toml::from_str(toml).unwrap();
        options.check().unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_is_named() {
        assert!(refusal("name = 'm'\npreset = 'openia'").contains("did you mean `openai`?"));
        assert!(refusal("name = 'm'\nbase_url = 'ftp://m.example'").contains("neither http"));
        assert!(refusal("name = 'm'").contains("base_url: is missing"));
        assert!(refusal("preset = 'ollama'").contains("name: is missing"));
        assert!(refusal("preset = 'openai'\nname = 'm'\nmax_cost = 1.0").contains("price of `m`"));
        let secret = refusal("name = 'm'\nbase_url = 'https://u:hunter2@m.example'");
        assert!(!secret.contains("hunter2"), "{secret}");
    }

    #[test]
    fn another_model_for_the_triage_does_not_inherit_the_price() {
        let toml = "preset = 'openai'\nname = 'm'\nmax_cost = 1.0
            price = { input = 0.25, output = 2.0 }\n[triage]\nname = 'small'";
        assert!(refusal(toml).contains("price of `small`"));
    }

    #[test]
    fn presets_give_address_key_and_quirk() {
        let options: Options = toml::from_str("preset = 'openai'\nname = 'm'").unwrap();
        let endpoint = options.endpoint().unwrap();
        assert_eq!(endpoint.max_tokens_field, "max_completion_tokens");
        assert_eq!(endpoint.host, "api.openai.com");
        assert_eq!(options.key_env().unwrap().unwrap(), "OPENAI_API_KEY");
        let slash: Options =
            toml::from_str("base_url = 'http://127.0.0.1:9/v1/'\nname = 'm'").unwrap();
        assert_eq!(slash.endpoint().unwrap().base_url, "http://127.0.0.1:9/v1");
    }

    #[test]
    fn each_preset_can_be_named() {
        for preset in preset::PRESETS {
            for name in preset.names() {
                let toml = format!("preset = '{name}'\nname = 'm'");
                let options: Options = toml::from_str(&toml).unwrap();
                let endpoint = options.endpoint().unwrap();
                assert_eq!(endpoint.base_url, preset.base_url, "{name}");
                assert_eq!(endpoint.output, preset.output);
                let env = Some(preset.api_key_env).filter(|e| !e.is_empty());
                assert_eq!(options.key_env().unwrap().as_deref(), env);
            }
        }
    }

    #[test]
    fn what_is_set_takes_the_place_of_the_presets() {
        let read = |more: &str| {
            let toml = format!("preset = 'qwen'\nname = 'm'\n{more}");
            toml::from_str::<Options>(&toml).unwrap().endpoint().unwrap()
        };
        assert_eq!(read("").main.extra_body["enable_thinking"], false);
        let own = read("output = 'json_schema'\nextra_body = { top_p = 0.5 }");
        assert_eq!(own.output, Level::JsonSchema);
        assert!(!own.main.extra_body.contains_key("enable_thinking"));
        assert_eq!(read("triage = { name = 's' }").triage.extra_body["enable_thinking"], false);
    }

    #[test]
    fn unknown_keys_are_refused() {
        assert!(toml::from_str::<Options>("nmae = 'm'").is_err());
    }
}
