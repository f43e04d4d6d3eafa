//! Tokens of letters and digits that are names: `GPT-4o`, `GB200`.

/// Where an identifier ends that starts at `at`: letters and digits in one token, no unit.
pub(super) fn identifier(original: &[char], chars: &[char], at: usize) -> Option<usize> {
    let mut end = at;
    while end < chars.len() {
        let c = chars[end];
        let joins = matches!(c, '-' | '.' | '_')
            && chars.get(end + 1).is_some_and(char::is_ascii_alphanumeric);
        if !c.is_ascii_alphanumeric() && !joins {
            break;
        }
        end += 1;
    }
    let token: String = original[at..end].iter().collect();
    is_identifier(&token).then_some(end)
}

fn is_identifier(token: &str) -> bool {
    let digits = token.chars().any(|c| c.is_ascii_digit());
    let letters = token.chars().any(|c| c.is_ascii_alphabetic());
    if !digits || !letters {
        return false;
    }
    let lower = token.to_ascii_lowercase();
    let parts: Vec<&str> = lower.split(['-', '_']).collect();
    let mixed = |p: &str| {
        p.chars().any(|c| c.is_ascii_digit())
            && p.chars().any(|c| c.is_ascii_alphabetic())
            && !is_measured(p)
    };
    if parts.iter().any(|p| mixed(p)) {
        return true;
    }
    // COVID-19, F-16, Llama-3.1: a name in capitals, then a number.
    let named = token.split(['-', '_']).next().is_some_and(|p| {
        p.starts_with(|c: char| c.is_ascii_uppercase())
            && p.chars().all(|c| c.is_ascii_alphabetic())
    });
    let number = parts.get(1).is_some_and(|p| {
        p.starts_with(|c: char| c.is_ascii_digit()) && !(p.len() == 4 && p.starts_with("20"))
    });
    let prefix = matches!(
        parts[0],
        "mid"
            | "pre"
            | "post"
            | "sub"
            | "non"
            | "under"
            | "over"
            | "top"
            | "early"
            | "late"
            | "rmb"
            | "usd"
            | "age"
            | "aged"
            | "about"
            | "some"
            | "grade"
            | "level"
            | "nearly"
    );
    named && number && !prefix
}

/// What may follow digits in one token and make them a quantity, an ordinal or a time.
const MEASURED: &[&str] = &[
    "st", "nd", "rd", "th", "k", "m", "b", "t", "bn", "mn", "tn", "x", "s", "am", "pm", "h", "min",
    "mins", "hrs", "hr", "ms", "km", "cm", "mm", "nm", "kg", "g", "gb", "tb", "mb", "kb", "pb",
    "ghz", "mhz", "hz", "kw", "mw", "gw", "kwh", "mwh", "gwh", "w", "c", "p", "q", "ft", "mph",
    "kph", "pc", "yr", "yo", "usd", "fold", "pp", "bps", "pct", "l", "ml", "mg", "gbps", "mbps",
    "tbps", "tflops", "pflops", "eflops", "gflops", "tops", "pops", "mpa", "kpa", "hpa", "pj",
    "kj", "mm2",
];

/// Whether a part of a token is a number with a unit, an ordinal or a year: `150m`, `19th`, `q3`.
fn is_measured(part: &str) -> bool {
    if matches!(part, "q1" | "q2" | "q3" | "q4") {
        return true;
    }
    if let Some(digits) =
        ["rmb", "usd", "us", "fy", "rs", "ps"].iter().find_map(|p| part.strip_prefix(p))
    {
        // PS5 is a console: a sum has more digits or a scale.
        let name = part.starts_with("ps") && digits.len() == 1;
        return !name && digits.starts_with(|c: char| c.is_ascii_digit());
    }
    let split = part.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(part.len());
    let (number, unit) = part.split_at(split);
    let known = MEASURED.contains(&unit);
    number.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
        && !number.is_empty()
        && known
}
