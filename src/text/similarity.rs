//! Likeness of texts, Chinese and English alike: terms, sparse vectors, shingles.
//!
//! Terms of alphabetic scripts are words (folded, with a light stem); terms of Chinese and
//! Japanese are the 2- and 3-grams of characters, since nothing separates words there. A text
//! may mix both. It weighs nothing by meaning: a reworded sentence is another sentence here.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use super::words::{is_stop_word, stem};

/// A 32-bit hash of a term. Two terms share one about once in four thousand million pairs, which
/// no threshold here can notice.
pub type Term = u32;

/// A map from terms. A term is a hash already: it is only spread over the bits.
pub type TermMap<V> = HashMap<Term, V, BuildHasherDefault<Spread>>;

/// The hasher of [`TermMap`].
#[derive(Clone, Copy, Debug, Default)]
pub struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, term: u32) {
        self.0 = (self.0 ^ u64::from(term)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.0 ^= self.0 >> 32;
    }
}

/// FNV-1a over bytes, folded to 32 bits: the same at every run and on every machine.
pub fn hash(bytes: impl IntoIterator<Item = u8>) -> Term {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    for b in bytes {
        h = (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    (h ^ (h >> 32)) as u32
}

/// Whether `c` is written without spaces between words: Han, kana.
pub fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// `c` in half width and lower case.
pub fn fold(c: char) -> char {
    if is_ideograph(c) {
        return c;
    }
    let narrow = match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        '’' | '‘' => '\'',
        c => c,
    };
    if narrow.is_ascii() {
        narrow.to_ascii_lowercase()
    } else {
        let mut lower = narrow.to_lowercase();
        match (lower.next(), lower.next()) {
            (Some(one), None) => one,
            _ => narrow,
        }
    }
}

/// `text` in half width and lower case.
pub fn folded(text: &str) -> String {
    text.chars().map(fold).collect()
}

/// Characters that open or close a Chinese gram without adding to its sense.
fn is_function_char(c: char) -> bool {
    matches!(
        c,
        '的' | '了'
            | '着'
            | '是'
            | '在'
            | '和'
            | '与'
            | '及'
            | '也'
            | '都'
            | '就'
            | '而'
            | '但'
            | '并'
            | '又'
            | '或'
            | '这'
            | '那'
            | '其'
            | '之'
            | '于'
            | '以'
            | '被'
            | '把'
            | '很'
            | '还'
    )
}

/// Calls `word` for each word of an alphabetic script (folded; digits with their separators are
/// one word) and `run` for each unbroken run of ideographs, in order.
fn scan(text: &str, word: &mut impl FnMut(&str), run: &mut impl FnMut(&[char])) {
    let (mut letters, mut ideographs) = (String::new(), Vec::new());
    let mut chars = text.chars().map(fold).peekable();
    while let Some(c) = chars.next() {
        let joins = (c == '.' || c == ',')
            && letters.ends_with(|l: char| l.is_ascii_digit())
            && chars.peek().is_some_and(char::is_ascii_digit);
        let ideograph = is_ideograph(c);
        if ideograph {
            ideographs.push(c);
        } else if !ideographs.is_empty() {
            run(&ideographs);
            ideographs.clear();
        }
        if (!ideograph && c.is_alphanumeric()) || joins {
            if c != ',' {
                letters.push(c);
            }
        } else if !letters.is_empty() {
            word(&letters);
            letters.clear();
        }
    }
    if !letters.is_empty() {
        word(&letters);
    }
    if !ideographs.is_empty() {
        run(&ideographs);
    }
}

/// The terms of `text` in order, with repetitions.
pub fn terms(text: &str) -> Vec<Term> {
    let out = std::cell::RefCell::new(Vec::new());
    scan(
        text,
        &mut |w| {
            let letters = w.chars().count();
            if !is_stop_word(w) && (letters > 1 || w.chars().all(|c| c.is_ascii_digit())) {
                out.borrow_mut().push(hash(stem(w).bytes()));
            }
        },
        &mut |run| {
            for n in [2, 3] {
                for gram in run.windows(n) {
                    let edge = is_function_char(gram[0]) || is_function_char(gram[n - 1]);
                    if !edge {
                        out.borrow_mut().push(hash_chars(gram));
                    }
                }
            }
        },
    );
    out.into_inner()
}

fn hash_chars(chars: &[char]) -> Term {
    hash_words(chars.iter().map(|c| *c as u32))
}

/// FNV-1a over whole 32-bit words.
fn hash_words(words: impl Iterator<Item = u32>) -> Term {
    let mut h = 0xcbf2_9ce4_8422_2325_u64;
    for w in words {
        h = (h ^ u64::from(w)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    // the low bits of a product hang on the low bits of its factors alone
    (h ^ (h >> 29)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32) as u32
}

/// The units of `text` as a reader copies them: each word, each ideograph, in order. Function
/// words are kept, since a copy keeps them.
pub fn units(text: &str) -> Vec<Term> {
    let out = std::cell::RefCell::new(Vec::new());
    scan(text, &mut |w| out.borrow_mut().push(hash(w.bytes())), &mut |run| {
        out.borrow_mut().extend(run.iter().map(|c| hash_chars(&[*c])));
    });
    out.into_inner()
}

/// The shingles of `units`: the hashes of each `n` successive ones, sorted, each once. Fewer than
/// `n` units give one shingle of all of them, none give none.
pub fn shingles(units: &[Term], n: usize) -> Vec<Term> {
    let one = |window: &[Term]| hash_words(window.iter().copied());
    let mut out: Vec<Term> = if units.is_empty() {
        Vec::new()
    } else if units.len() < n {
        vec![one(units)]
    } else {
        units.windows(n).map(one).collect()
    };
    out.sort_unstable();
    out.dedup();
    out
}

/// How many values two sorted sets share.
pub fn shared(a: &[Term], b: &[Term]) -> usize {
    let (mut i, mut j, mut n) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                n += 1;
                i += 1;
                j += 1;
            }
        }
    }
    n
}

/// The part of the smaller of two sorted sets that the other holds: 1 where one text contains
/// the other, 0 where either is empty.
pub fn containment(a: &[Term], b: &[Term]) -> f64 {
    let smaller = a.len().min(b.len());
    if smaller == 0 { 0.0 } else { shared(a, b) as f64 / smaller as f64 }
}

/// What two sorted sets share, of all they hold; 0 where both are empty.
pub fn jaccard(a: &[Term], b: &[Term]) -> f64 {
    let both = shared(a, b);
    let all = a.len() + b.len() - both;
    if all == 0 { 0.0 } else { both as f64 / all as f64 }
}

/// A sparse vector: terms with weights, sorted by term, each once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sparse {
    /// The entries.
    pub entries: Vec<(Term, f32)>,
    /// The Euclidean norm.
    pub norm: f32,
}

impl Sparse {
    /// Counts `terms`.
    pub fn count(mut terms: Vec<Term>) -> Self {
        terms.sort_unstable();
        let mut entries: Vec<(Term, f32)> = Vec::new();
        for t in terms {
            match entries.last_mut() {
                Some((last, n)) if *last == t => *n += 1.0,
                _ => entries.push((t, 1.0)),
            }
        }
        let mut out = Self { entries, norm: 0.0 };
        out.renorm();
        out
    }

    /// The vector with each weight replaced by `weight(term, old)`.
    pub fn reweighed(&self, weight: impl Fn(Term, f32) -> f32) -> Self {
        let entries = self.entries.iter().map(|(t, w)| (*t, weight(*t, *w))).collect();
        let mut out = Self { entries, norm: 0.0 };
        out.renorm();
        out
    }

    fn renorm(&mut self) {
        self.norm = self.entries.iter().map(|(_, w)| w * w).sum::<f32>().sqrt();
    }

    /// The cosine of the angle between two vectors, 0 where either is empty.
    pub fn cosine(&self, other: &Self) -> f64 {
        self.products(other).map(|(_, p)| p).sum()
    }

    /// The terms both have, with what each adds to the cosine.
    pub fn products<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (Term, f64)> + 'a {
        let scale = f64::from(self.norm) * f64::from(other.norm);
        let (mut i, mut j) = (0, 0);
        std::iter::from_fn(move || {
            while i < self.entries.len() && j < other.entries.len() {
                let ((a, x), (b, y)) = (self.entries[i], other.entries[j]);
                i += usize::from(a <= b);
                j += usize::from(b <= a);
                if a == b && scale > 0.0 {
                    return Some((a, f64::from(x) * f64::from(y) / scale));
                }
            }
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_grams_in_one_text() {
        assert_eq!(
            terms("观澜 Model-3"),
            [hash_chars(&['观', '澜']), hash("model".bytes().take(5)), hash("3".bytes())]
                .map(|t| t)
                .to_vec()
        );
        assert_eq!(terms("The models"), terms("modeled"));
        assert_eq!(terms("ＧＰＵ"), terms("gpu"));
        assert_eq!(terms("1,200"), terms("1200"));
    }

    #[test]
    fn a_text_is_contained_in_a_longer_one() {
        let long = shingles(&units("A quick fox ran over the hill. Edited by X."), 3);
        let short = shingles(&units("a quick fox ran over the hill"), 3);
        assert_eq!(containment(&long, &short), 1.0);
        assert!(jaccard(&long, &short) < 1.0);
        assert_eq!(containment(&[], &short), 0.0);
    }

    #[test]
    fn cosine_of_equal_and_of_foreign_texts() {
        let a = Sparse::count(terms("river rose above bridge"));
        assert!((a.cosine(&a) - 1.0).abs() < 1e-6);
        assert_eq!(a.cosine(&Sparse::count(terms("模型发布"))), 0.0);
        assert_eq!(a.cosine(&Sparse::default()), 0.0);
    }
}
