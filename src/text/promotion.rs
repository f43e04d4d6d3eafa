//! What wants something of the reader: to subscribe, to install, to buy a ticket, to apply.
//!
//! Only calls and offers, never a report on one: “the app was downloaded a million times” stays.

use std::sync::LazyLock;

use regex::RegexSet;

static CALLS: LazyLock<Option<RegexSet>> = LazyLock::new(|| {
    RegexSet::new([
        r"(?:立即|马上|点击|扫码|抢先|欢迎|速来|火热)(?:报名|下载|订阅|注册|购买|预约|领取|参会|投递|抢购|试用|加入|购票)|免费(?:报名|领取|参会|赠票)",
        r"(?:报名|参会|购票|投票|领取|预约)(?:通道|入口|链接|二维码|进行中|倒计时)|(?:早鸟|限时|团购)(?:票|价|优惠|折扣)|扫描?(?:下方|上方|文末)二维码|(?:添加|加)(?:小助手|微信|客服)",
        r"下载(?:我们的|本站|本报|官方)\s?(?i:app|客户端|应用)",
        r"(?:招聘|诚聘|招募)(?:进行中|启事|令|：)|(?:门票|赠票|福利)(?:限量|派送|大放送)",
        r"(?i)(?:^|[.!?]\s+)(?:please )?(?:subscribe|sign up|register|rsvp|apply|enrol{1,2}|(?:book|get|grab|reserve|buy|claim) your|order)\b.{0,40}\b(?:now|today|here|below|tickets?|pass|passes|seats?|spot|copy)\b",
        r"(?i)\b(?:subscribe (?:to our|now)|register (?:now|today|here)|download (?:our|the \w+) app (?:to|for|from|now|today)|install our|try it free|start (?:your|a) free trial|promo code|early[- ]bird (?:price|pricing|tickets?|rates?|discount)|tickets (?:are )?(?:now )?(?:available at|on sale)|limited[- ]time offer|don.?t miss (?:out|our|it|this)|save \$?\d+%? on (?:your|tickets|passes)|sponsored (?:post|content)|this (?:post|article|story) is sponsored|join us (?:at|on|for) )",
        r"(?i)^\W*(?:subscribe to|sponsored|advertorial|partner content|webinar|job opening|we(?:'|’)re hiring|call for (?:speakers|papers|applications))\b",
        r"\b[Uu]se (?:promo )?code [A-Z0-9]{4,}\b",
    ])
    .ok()
});

/// Whether `text` calls on the reader or makes an offer.
pub fn is_promotion(text: &str) -> bool {
    CALLS.as_ref().is_some_and(|calls| calls.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_offers() {
        for text in [
            "扫码报名，早鸟票限时优惠。",
            "立即下载客户端，第一时间看科技新闻。",
            "下载我们的App，收听完整版播客。",
            "2026海港智能大会报名通道开启",
            "海港实验室招聘启事",
            "Register now for the Harbour Summit in May.",
            "Download our app to read more stories like this one.",
            "Early-bird tickets are on sale until Friday.",
            "Webinar: how to ship agents",
            "Subscribe to Tensor Ledger and get a weekly letter.",
            "Use code HARBOUR for 20% off your pass.",
        ] {
            assert!(is_promotion(text), "{text}");
        }
    }

    #[test]
    fn reports_stay() {
        for text in [
            "这款应用上线两天下载量突破100万次。",
            "公司将于4月开放报名，首批名额为500个。",
            "该市首批算力券优惠力度为合同额的30%。",
            "The app was downloaded a million times in its first week.",
            "The lab said it would apply for approval in May.",
            "Users can register devices without an account.",
            "Subscribers pay $20 a month for the service.",
            "The company signed up 40 hospitals for the trial.",
            "He asked the board to join him in the appeal.",
            "Agents that use code interpreters will apply the fix today.",
            "模型可以免费下载，用户打开客户端即可使用。",
        ] {
            assert!(!is_promotion(text), "{text}");
        }
    }
}
