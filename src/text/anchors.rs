//! What a reworded report keeps: names in Latin letters, numbers, dates, quoted words.
//!
//! Meant for likeness, not for checking: an anchor that is missed or misread costs a little
//! weight. Numbers are folded to a value (`1.2 million` and `120 万` are one), dates to month and
//! day, in Chinese and English. Spelled-out numbers below eleven and Chinese numerals are left.

use super::similarity::{self, Term, is_ideograph};
use super::words;

/// The anchors of one text; each list sorted, each value once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Anchors {
    /// Words of names in Latin letters (or another script with capitals).
    pub names: Vec<Term>,
    /// Numbers other than small counts, with their kind.
    pub numbers: Vec<Term>,
    /// Days: month and day of month.
    pub dates: Vec<Term>,
    /// Shingles of quoted words.
    pub quotes: Vec<Term>,
}

/// Months as English writes them, by their first three letters.
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Capitalised words that are no names.
const NO_NAMES: &[&str] = &[
    "ap",
    "afp",
    "friday",
    "image",
    "monday",
    "mrs",
    "photo",
    "reuters",
    "saturday",
    "sunday",
    "thursday",
    "tuesday",
    "wednesday",
];

/// Number words that are no small counts; sorted.
const NUMBER_WORDS: &[(&str, u32)] = &[
    ("eighteen", 18),
    ("eighty", 80),
    ("eleven", 11),
    ("fifteen", 15),
    ("fifty", 50),
    ("forty", 40),
    ("fourteen", 14),
    ("nineteen", 19),
    ("ninety", 90),
    ("seventeen", 17),
    ("seventy", 70),
    ("sixteen", 16),
    ("sixty", 60),
    ("thirteen", 13),
    ("thirty", 30),
    ("twelve", 12),
    ("twenty", 20),
];

/// The shortest run of quoted units (words, ideographs) that says more than a common phrase.
const QUOTED: usize = 5;

/// Finds the anchors of `text`.
pub fn anchors(text: &str) -> Anchors {
    let folded = similarity::folded(text);
    let tokens = tokens(text, &folded);
    let mut out = Anchors { names: names(&tokens), quotes: quotes(text), ..Anchors::default() };
    figures(&tokens, &mut out);
    for list in [&mut out.names, &mut out.numbers, &mut out.dates, &mut out.quotes] {
        list.sort_unstable();
        list.dedup();
    }
    out
}

/// A piece of text between white space and punctuation; `'t` is the folded text.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'t> {
    /// Folded letters; whether the first was a capital, and whether a sentence starts here.
    Word { folded: &'t str, capital: bool, starts: bool },
    /// Digits with their separators.
    Digits(&'t str),
    /// Any other character that is not white space.
    Mark(char),
}

/// The tokens of `folded`, which is `text` folded character by character.
fn tokens<'t>(text: &str, folded: &'t str) -> Vec<Token<'t>> {
    let mut out = Vec::with_capacity(folded.len() / 4);
    let mut starts = true;
    let mut originals = text.chars();
    let mut chars = folded.char_indices().peekable();
    // the end of the run of characters that `more` lets through
    let run = |chars: &mut std::iter::Peekable<std::str::CharIndices<'t>>,
               originals: &mut std::str::Chars<'_>,
               more: &dyn Fn(char) -> bool| {
        while chars.next_if(|(_, n)| more(*n)).is_some() {
            originals.next();
        }
        chars.peek().map_or(folded.len(), |(at, _)| *at)
    };
    while let (Some((at, c)), Some(original)) = (chars.next(), originals.next()) {
        if c.is_ascii_digit() {
            let end =
                run(&mut chars, &mut originals, &|n| n.is_ascii_digit() || n == ',' || n == '.');
            starts = folded[at..end].ends_with('.');
            out.push(Token::Digits(folded[at..end].trim_end_matches([',', '.'])));
        } else if is_letter(c) {
            let end = run(&mut chars, &mut originals, &is_letter);
            out.push(Token::Word {
                folded: &folded[at..end],
                capital: original.is_uppercase(),
                starts,
            });
            starts = false;
        } else if c.is_whitespace() {
            starts |= c == '\n';
        } else {
            starts = match c {
                '.' | '!' | '?' | ':' | '|' | '•' => true,
                // a quotation mark or bracket neither starts nor ends a sentence
                '"' | '\'' | '“' | '”' | '(' | ')' | '*' | '-' | '—' => starts,
                _ => false,
            };
            out.push(Token::Mark(c));
        }
    }
    out
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || (!c.is_ascii() && !is_ideograph(c) && c.is_alphabetic())
}

/// Words with a capital where no sentence starts, and the same words where one does.
fn names(tokens: &[Token<'_>]) -> Vec<Term> {
    let words = tokens.iter().filter_map(|t| match t {
        Token::Word { folded, capital: true, starts } => Some((*folded, *starts)),
        _ => None,
    });
    words
        .filter(|(w, starts)| !starts && w.chars().count() > 1)
        .filter(|(w, _)| !words::is_stop_word(w) && !NO_NAMES.contains(w) && month(w).is_none())
        .map(|(w, _)| similarity::hash(words::stem(w).bytes()))
        .collect()
}

fn month(word: &str) -> Option<usize> {
    let long = ["january", "february", "march", "april", "may", "june", "july", "august"]
        .iter()
        .chain(&["september", "october", "november", "december"])
        .position(|m| *m == word);
    long.or_else(|| MONTHS.iter().position(|m| *m == word))
        .or((word == "sept").then_some(8))
        .map(|i| i + 1)
}

/// Numbers and dates.
fn figures(tokens: &[Token<'_>], out: &mut Anchors) {
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Digits(digits) => figure(tokens, at, digits, out),
            Token::Word { folded, .. } => {
                if let Ok(at) = NUMBER_WORDS.binary_search_by(|(w, _)| (*w).cmp(folded)) {
                    out.numbers.push(number(f64::from(NUMBER_WORDS[at].1), 'n'));
                }
            }
            Token::Mark(_) => {}
        }
    }
}

fn figure(tokens: &[Token<'_>], at: usize, digits: &str, out: &mut Anchors) {
    let Ok(value) = digits.replace(',', "").parse::<f64>() else {
        return;
    };
    if let Some((m, d)) = day(tokens, at, value) {
        out.dates.push(similarity::hash([b'd', m as u8, d as u8]));
        return;
    }
    let mark = |i: usize| match tokens.get(i) {
        Some(Token::Mark(c)) => *c,
        _ => ' ',
    };
    if matches!(mark(at + 1), '月' | '日' | '时' | '点') && value < 32.0 {
        return;
    }
    let money = at > 0 && "$£€¥".contains(mark(at - 1));
    let (factor, scaled) = scale(tokens, at + 1, money);
    let percent = matches!(mark(at + 1), '%' | '％')
        || matches!(tokens.get(at + 1), Some(Token::Word { folded, .. }) if matches!(*folded, "percent" | "per"))
        || (at >= 3 && mark(at - 1) == '之' && mark(at - 2) == '分' && mark(at - 3) == '百');
    let plain = !scaled && !percent && !digits.contains('.');
    if plain && value <= 10.0 {
        return;
    }
    out.numbers.push(number(value * factor, if percent { '%' } else { 'n' }));
}

/// The month and day that a number is part of: `1 月 24 日` (read at the day), `Jan. 24`,
/// `24 January`.
fn day(tokens: &[Token<'_>], at: usize, value: f64) -> Option<(usize, usize)> {
    if !(1.0..32.0).contains(&value) || value.fract() != 0.0 {
        return None;
    }
    let d = value as usize;
    let before = |n: usize| at.checked_sub(n).and_then(|i| tokens.get(i));
    if let (Some(Token::Mark('月')), Some(Token::Digits(m))) = (before(1), before(2)) {
        return m.parse().ok().filter(|m| (1..=12).contains(m)).map(|m: usize| (m, d));
    }
    let word = |t: Option<&Token<'_>>| match t {
        Some(Token::Word { folded, capital: true, .. }) => month(folded),
        _ => None,
    };
    let ahead = match before(1) {
        Some(Token::Mark('.')) => word(before(2)),
        other => word(other),
    };
    ahead.or_else(|| word(tokens.get(at + 1))).map(|m| (m, d))
}

/// The factor that the words after a number stand for, and whether there is one.
fn scale(tokens: &[Token<'_>], at: usize, money: bool) -> (f64, bool) {
    match tokens.get(at) {
        Some(Token::Mark('万')) if matches!(tokens.get(at + 1), Some(Token::Mark('亿'))) => {
            (1e12, true)
        }
        Some(Token::Mark('万')) => (1e4, true),
        Some(Token::Mark('亿')) => (1e8, true),
        Some(Token::Mark('千')) => (1e3, true),
        Some(Token::Mark('百')) => (1e2, true),
        Some(Token::Word { folded, .. }) => match *folded {
            "thousand" => (1e3, true),
            "million" | "mn" => (1e6, true),
            "billion" | "bn" => (1e9, true),
            "trillion" | "tn" => (1e12, true),
            "k" if money => (1e3, true),
            "m" if money => (1e6, true),
            "b" if money => (1e9, true),
            _ => (1.0, false),
        },
        _ => (1.0, false),
    }
}

/// A number folded to four significant digits.
fn number(value: f64, kind: char) -> Term {
    let text = format!("{kind}{value:.3e}");
    similarity::hash(text.bytes())
}

/// Shingles of what stands between quotation marks within one line.
fn quotes(text: &str) -> Vec<Term> {
    let mut out = Vec::new();
    for line in text.lines() {
        let mut open: Option<usize> = None;
        for (at, c) in line.char_indices() {
            match (c, open) {
                ('“' | '「' | '『', _) => open = Some(at + c.len_utf8()),
                ('"', None) => open = Some(at + 1),
                ('”' | '」' | '』' | '"', Some(from)) => {
                    let units = similarity::units(&line[from..at]);
                    if units.len() >= QUOTED {
                        out.extend(similarity::shingles(&units, QUOTED));
                    }
                    open = None;
                }
                _ => {}
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_agree_across_languages() {
        let zh = anchors("公司宣布筹集 1,200 万美元，涨幅 3.5%，发布于 11 月 24 日，共 28 人。");
        let en = anchors("The firm raised $12 million, up 3.5 percent, on Nov. 24, with 28 staff.");
        assert_eq!(zh.numbers, en.numbers);
        assert_eq!(zh.numbers.len(), 3);
        assert_eq!(zh.dates, en.dates);
        assert_eq!(zh.dates.len(), 1);
    }

    #[test]
    fn number_words_are_sorted() {
        assert!(NUMBER_WORDS.windows(2).all(|w| w[0].0 < w[1].0));
        assert_eq!(anchors("twelve ships").numbers, anchors("12 ships").numbers);
    }

    #[test]
    fn small_counts_are_no_anchors() {
        assert!(anchors("They won 3 of 4 games; 两人 2 次").numbers.is_empty());
        assert_eq!(anchors("1.2 万亿").numbers, anchors("1.2 trillion").numbers);
    }

    #[test]
    fn names_are_capitals_within_a_sentence() {
        let a = anchors("Yesterday the mayor met Anna Brandt on Monday. Brandt agreed.");
        let b = anchors("市长会见了 Anna Brandt");
        assert_eq!(a.names, b.names);
        assert_eq!(a.names.len(), 2);
    }

    #[test]
    fn quoted_words_survive_other_words_around() {
        let a = anchors("He said: “we will open the bridge in spring” and left.");
        let b = anchors("\"We will open the bridge in spring,\" said the mayor.");
        assert_eq!(a.quotes, b.quotes);
        assert!(!a.quotes.is_empty());
        assert!(anchors("the “bridge” opened").quotes.is_empty());
    }
}
