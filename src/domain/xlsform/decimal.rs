//! Numbers as they are written in cells and expressions, in thousandths.
//!
//! Not here: what they count.

use crate::domain::answer::INTEGER_MAX;

/// Thousandths of something.
pub(super) type Milli = i64;

/// The largest thousandth that is not above a number, and whether it is that number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    pub floor: Milli,
    pub exact: bool,
}

impl Decimal {
    /// The largest whole number that is not above it, and whether it is that number.
    pub fn whole(self) -> (i64, bool) {
        (
            self.floor.div_euclid(1000),
            self.exact && self.floor.rem_euclid(1000) == 0,
        )
    }
}

/// Reads `12`, `-0.5`, `.5` and `5.`; None for anything else, and for what no answer can be.
pub(super) fn read(text: &str) -> Option<Decimal> {
    let (negative, unsigned) = text
        .strip_prefix('-')
        .map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let kept: String = fraction.chars().chain("000".chars()).take(3).collect();
    let exact = fraction.bytes().skip(3).all(|byte| byte == b'0');
    let magnitude: i64 = format!("{whole}{kept}").parse().ok()?;
    if magnitude > INTEGER_MAX {
        return None;
    }
    let floor = match (negative, exact) {
        (false, _) => magnitude,
        (true, true) => -magnitude,
        (true, false) => -magnitude - 1,
    };
    Some(Decimal { floor, exact })
}

/// Thousandths as a number of YAML: `2.5`.
pub(super) fn written(milli: Milli) -> String {
    let magnitude = milli.unsigned_abs();
    let sign = if milli < 0 { "-" } else { "" };
    let fraction = format!("{:03}", magnitude % 1000);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{sign}{}{point}{fraction}", magnitude / 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_floor(text: &str) -> Option<(Milli, bool)> {
        read(text).map(|decimal| (decimal.floor, decimal.exact))
    }

    #[test]
    fn reads_to_the_thousandth_below() {
        assert_eq!(read_floor("12"), Some((12_000, true)));
        assert_eq!(read_floor("-0.5"), Some((-500, true)));
        assert_eq!(read_floor(".25"), Some((250, true)));
        assert_eq!(read_floor("5."), Some((5_000, true)));
        assert_eq!(read_floor("2.34567"), Some((2_345, false)));
        assert_eq!(read_floor("-2.3456"), Some((-2_346, false)));
        assert_eq!(read_floor("1.5000"), Some((1_500, true)));
        for nonsense in ["", "-", ".", "1e3", "1,5", "+1", "9007199254741.992", "٣"] {
            assert_eq!(read_floor(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn whole_parts_go_down_too() {
        assert_eq!(read("-2.5").map(Decimal::whole), Some((-3, false)));
        assert_eq!(read("2.5").map(Decimal::whole), Some((2, false)));
        assert_eq!(read("-3").map(Decimal::whole), Some((-3, true)));
    }

    #[test]
    fn writes_what_it_read() {
        for text in ["0", "1", "-0.5", "2.345", "-12.04", "100"] {
            assert_eq!(
                read(text).map(|decimal| written(decimal.floor)),
                Some(text.to_owned())
            );
        }
    }
}
