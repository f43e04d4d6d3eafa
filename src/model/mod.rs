//! The door to language models: any OpenAI-compatible endpoint.
