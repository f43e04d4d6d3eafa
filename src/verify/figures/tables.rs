//! Numbers of a table whose unit or scale stands in the header of their column or row:
//! `首 token 延迟（毫秒） | 410 | 165`.

use crate::text::quantity::{Fact, Quantity, Unit, scan};

/// The quantities of the tables in `text`, with the units of their headers. A row is a line whose
/// cells are parted by `|`; the first row of a table is its header.
pub(super) fn quantities(text: &str) -> Vec<Quantity> {
    let mut out = Vec::new();
    let mut columns: Vec<Option<Header>> = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        if cells.len() < 2 {
            columns.clear();
            continue;
        }
        if columns.is_empty() {
            columns = cells.iter().map(|cell| header(cell)).collect();
        }
        let row = header(cells[0]);
        for (column, cell) in cells.iter().enumerate().skip(1) {
            let header = row.or(columns.get(column).copied().flatten());
            let (Some(header), Some(number)) = (header, plain_number(cell)) else { continue };
            out.push(Quantity {
                value: number.value * header.scale,
                step: number.step * header.scale,
                unit: header.unit,
                counted: true,
                ..number
            });
        }
    }
    out
}

/// What a header says of its numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Header {
    unit: Unit,
    scale: f64,
}

/// The unit or scale in the last brackets of a header: `Cache (GB)`, `收入（亿元）`.
fn header(cell: &str) -> Option<Header> {
    let open = cell.rfind(['(', '（'])?;
    let inner = cell[open..].trim_matches(['(', '（', ')', '）', ' ']);
    let named = format!("1{inner}");
    let found = scan(&named).into_iter().next().filter(|f| f.span.start == 0)?;
    let whole = named.chars().nth(found.span.end).is_none_or(|c| c == '/' || c == '／');
    match found.fact {
        Fact::Quantity(q) if whole && (q.unit != Unit::Plain || q.value > 1.0) => {
            Some(Header { unit: q.unit, scale: q.value })
        }
        _ => None,
    }
}

/// The number that is all of a cell.
fn plain_number(cell: &str) -> Option<Quantity> {
    let found = scan(cell);
    let [only] = found.as_slice() else { return None };
    match only.fact {
        Fact::Quantity(q) if q.unit == Unit::Plain && only.span == (0..cell.chars().count()) => {
            Some(q)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::quantity::{Currency, Family};

    #[test]
    fn a_cell_takes_the_unit_of_its_row_or_column() {
        let text = "Setting | Cache (GB) | Score\nFull | 39.8 | 58.9\n\n指标 | 甲 | 乙\n首token延迟（毫秒） | 410 | 165\n收入（亿元） | 1.2 | —\n1 | 2";
        let got: Vec<(f64, Unit)> =
            quantities(text).into_iter().map(|q| (q.value, q.unit)).collect();
        let ms = Unit::Measure(Family::Time, 1e-3);
        let yuan = Unit::Money(Currency::Yuan);
        let gb = Unit::Measure(Family::Data, 1e9);
        assert_eq!(got, [(39.8, gb), (410.0, ms), (165.0, ms), (1.2e8, yuan)]);
    }

    #[test]
    fn brackets_that_hold_no_unit_say_nothing() {
        assert_eq!(header("测试（8卡，700亿参数模型）"), None);
        assert_eq!(header("H-Evict (baseline)"), None);
        assert_eq!(header("吞吐（token/s）"), None);
    }
}
