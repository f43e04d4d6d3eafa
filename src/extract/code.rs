//! What verdicts are called in reports, and what they say to people.

use super::Verdict;

impl Verdict {
    /// The code, as it stands in reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::WechatVerification => "wechat_verification",
            Self::Challenge => "challenge",
            Self::ConsentWall => "consent_wall",
            Self::LoginWall => "login_wall",
            Self::Paywall => "paywall",
            Self::ScriptShell => "script_shell",
            Self::SoftNotFound => "soft_not_found",
            Self::NotHtml => "not_html",
            Self::TooShort => "too_short",
        }
    }

    /// The same for people.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Article => "an article",
            Self::WechatVerification => "WeChat asks for verification, or took the article away",
            Self::Challenge => "a bot challenge instead of the article",
            Self::ConsentWall => "a consent wall instead of the article",
            Self::LoginWall => "a login wall instead of the article",
            Self::Paywall => "only the teaser of a paid article",
            Self::ScriptShell => "an empty page that only a script would fill",
            Self::SoftNotFound => "an error page that answered with success",
            Self::NotHtml => "neither HTML nor plain text",
            Self::TooShort => "too little readable text for an article",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_the_json() {
        for verdict in [
            Verdict::Article,
            Verdict::WechatVerification,
            Verdict::Challenge,
            Verdict::ConsentWall,
            Verdict::LoginWall,
            Verdict::Paywall,
            Verdict::ScriptShell,
            Verdict::SoftNotFound,
            Verdict::NotHtml,
            Verdict::TooShort,
        ] {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.code());
        }
    }
}
