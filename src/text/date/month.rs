//! Names of months.

/// Beginnings of the names in European languages, in small letters; the longest match counts.
const BEGINNINGS: &[(&str, i8)] = &[
    ("jan", 1),
    ("jän", 1),
    ("gen", 1),
    ("ene", 1),
    ("янв", 1),
    ("sty", 1),
    ("ιαν", 1),
    ("ocak", 1),
    ("fév", 2),
    ("fev", 2),
    ("feb", 2),
    ("фев", 2),
    ("lut", 2),
    ("φεβ", 2),
    ("şub", 2),
    ("mar", 3),
    ("mär", 3),
    ("mrz", 3),
    ("maa", 3),
    ("mrt", 3),
    ("мар", 3),
    ("már", 3),
    ("μάρ", 3),
    ("μαρ", 3),
    ("apr", 4),
    ("avr", 4),
    ("abr", 4),
    ("апр", 4),
    ("kwi", 4),
    ("ápr", 4),
    ("απρ", 4),
    ("nis", 4),
    ("may", 5),
    ("mai", 5),
    ("mag", 5),
    ("mei", 5),
    ("мая", 5),
    ("май", 5),
    ("maj", 5),
    ("máj", 5),
    ("μαι", 5),
    ("μάι", 5),
    ("jun", 6),
    ("juin", 6),
    ("giu", 6),
    ("июн", 6),
    ("cze", 6),
    ("jún", 6),
    ("ιουν", 6),
    ("ιούν", 6),
    ("haz", 6),
    ("jul", 7),
    ("juil", 7),
    ("lug", 7),
    ("июл", 7),
    ("lip", 7),
    ("júl", 7),
    ("ιουλ", 7),
    ("ιούλ", 7),
    ("tem", 7),
    ("aug", 8),
    ("aoû", 8),
    ("aou", 8),
    ("ago", 8),
    ("авг", 8),
    ("sie", 8),
    ("αύγ", 8),
    ("αυγ", 8),
    ("ağu", 8),
    ("sep", 9),
    ("set", 9),
    ("сен", 9),
    ("wrz", 9),
    ("sze", 9),
    ("σεπ", 9),
    ("eyl", 9),
    ("oct", 10),
    ("okt", 10),
    ("ott", 10),
    ("out", 10),
    ("окт", 10),
    ("paź", 10),
    ("οκτ", 10),
    ("eki", 10),
    ("nov", 11),
    ("ноя", 11),
    ("lis", 11),
    ("νοε", 11),
    ("kas", 11),
    ("dec", 12),
    ("dez", 12),
    ("dic", 12),
    ("déc", 12),
    ("дек", 12),
    ("gru", 12),
    ("δεκ", 12),
    ("ara", 12),
];

/// The names in Chinese figures.
const CHINESE: &[&str] = &[
    "一月",
    "二月",
    "三月",
    "四月",
    "五月",
    "六月",
    "七月",
    "八月",
    "九月",
    "十月",
    "十一月",
    "十二月",
];

const ENGLISH: &[&str] =
    &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The number of the month named `word`.
pub(super) fn number(word: &str) -> Option<i8> {
    let lower = word.to_lowercase();
    if let Some(at) = CHINESE.iter().position(|name| *name == lower) {
        return i8::try_from(at + 1).ok();
    }
    BEGINNINGS
        .iter()
        .filter(|(start, _)| lower.starts_with(start))
        .max_by_key(|(start, _)| start.len())
        .map(|(_, month)| *month)
}

/// The English name of month 1 to 12.
pub(super) fn english(month: usize) -> Option<&'static str> {
    ENGLISH.get(month.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_by_name() {
        for (word, want) in [
            ("January", 1),
            ("mars", 3),
            ("juin", 6),
            ("juillet", 7),
            ("十一月", 11),
            ("августа", 8),
        ] {
            assert_eq!(number(word), Some(want), "{word}");
        }
        assert_eq!(number("Saturday"), None);
        assert_eq!(english(1), Some("Jan"));
        assert_eq!(english(0), None);
    }
}
