//! Numbers as people write them in a checklist, as integers: `2.5` points, `12.50` euro, `1m30s`, `200m`.
//!
//! Not here: which of these a key wants (`quantity.rs` and `question.rs`).

use crate::domain::answer::INTEGER_MAX;

/// Said of what is not written in digits.
pub(super) const NO_NUMBER: &str = "is no number";

/// What to write in place of a text that is [`NO_NUMBER`].
pub(super) fn as_digits(text: &str) -> String {
    let inner = text.trim_matches(|c: char| !c.is_ascii_digit());
    let decimal = match inner.split_once(',') {
        Some((whole, fraction)) if fraction.len() != 3 => format!("{whole}.{fraction}"),
        _ => inner.replace(['_', ' ', '\''], ""),
    };
    match scaled(&decimal, 6) {
        Ok(_) => format!("did you mean `{decimal}`?"),
        Err(_) => "write it in digits, such as 12 or 0.5".to_owned(),
    }
}

/// `text` times ten to the power of `digits`, exactly.
///
/// # Errors
/// What is wrong, as the end of a sentence that begins with the text.
pub(super) fn scaled(text: &str, digits: u32) -> Result<i64, String> {
    let (negative, unsigned) = text
        .strip_prefix('-')
        .map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let fraction = fraction.trim_end_matches('0');
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return Err(NO_NUMBER.to_owned());
    }
    let Some(padding) = (digits as usize).checked_sub(fraction.len()) else {
        return Err(match digits {
            0 => "is no whole number".to_owned(),
            _ => format!("has more than {digits} decimals"),
        });
    };
    let magnitude = format!("{whole}{fraction}{}", "0".repeat(padding)).parse::<i64>();
    match magnitude {
        Ok(magnitude) if magnitude <= INTEGER_MAX => {
            Ok(if negative { -magnitude } else { magnitude })
        }
        _ => Err("is too large".to_owned()),
    }
}

/// Milliseconds of `30s`, `2m`, `500ms`, `1h`, or several of them from large to small: `1m30s`.
///
/// # Errors
/// As [`scaled`].
pub(super) fn duration_ms(text: &str) -> Result<i64, String> {
    const UNITS: [(&str, i64); 4] = [("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];
    let malformed = || "is no duration".to_owned();
    let (mut rest, mut total, mut next_unit) = (text, 0_i64, 0);
    while !rest.is_empty() {
        let after_number = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let number: i64 = rest[..rest.len() - after_number.len()]
            .parse()
            .map_err(|_| malformed())?;
        let after_unit = after_number.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        let unit = &after_number[..after_number.len() - after_unit.len()];
        let index = UNITS
            .iter()
            .position(|(name, _)| *name == unit)
            .ok_or_else(malformed)?;
        if index < next_unit {
            return Err(malformed());
        }
        next_unit = index + 1;
        total = number
            .checked_mul(UNITS[index].1)
            .and_then(|part| total.checked_add(part))
            .filter(|total| *total <= INTEGER_MAX)
            .ok_or_else(|| "is too large".to_owned())?;
        rest = after_unit;
    }
    if text.is_empty() {
        Err(malformed())
    } else {
        Ok(total)
    }
}

/// Whole metres of `200m`, `1km` or `1.5km`.
///
/// # Errors
/// As [`scaled`].
pub(super) fn distance_m(text: &str) -> Result<i64, String> {
    let (number, digits) = match (text.strip_suffix("km"), text.strip_suffix('m')) {
        (Some(number), _) => (number, 3),
        (None, Some(number)) => (number, 0),
        (None, None) => return Err("is no distance".to_owned()),
    };
    match scaled(number, digits) {
        Ok(distance_m) if distance_m < 0 => Err("is no distance".to_owned()),
        Err(what) if what == NO_NUMBER => Err("is no distance".to_owned()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_decimals_exactly() {
        assert_eq!(scaled("2.5", 3), Ok(2500));
        assert_eq!(scaled("-0.125", 3), Ok(-125));
        assert_eq!(scaled("12.50", 2), Ok(1250));
        assert_eq!(scaled("7.000", 0), Ok(7));
        assert_eq!(scaled("0.1", 0), Err("is no whole number".into()));
        assert_eq!(scaled("0.1234", 3), Err("has more than 3 decimals".into()));
        assert_eq!(scaled("9007199254740992", 0), Err("is too large".into()));
        assert_eq!(
            scaled("99999999999999999999", 0),
            Err("is too large".into())
        );
        for nonsense in ["", "-", ".5", "1e3", "1,5", "0x1", "+1", "1.2.3"] {
            assert_eq!(
                scaled(nonsense, 3),
                Err("is no number".into()),
                "{nonsense}"
            );
        }
    }

    #[test]
    fn reads_distances() {
        assert_eq!(distance_m("200m"), Ok(200));
        assert_eq!(distance_m("1.5km"), Ok(1_500));
        assert_eq!(distance_m("0m"), Ok(0));
        for nonsense in ["", "200", "m", "km", "200 m", "-5m", "3mi", "1,5km"] {
            assert_eq!(
                distance_m(nonsense),
                Err("is no distance".into()),
                "{nonsense}"
            );
        }
        assert_eq!(distance_m("1.5m"), Err("is no whole number".into()));
        assert_eq!(
            distance_m("1.0001km"),
            Err("has more than 3 decimals".into())
        );
    }

    #[test]
    fn suggests_digits() {
        for (text, meant) in [
            ("2,5", "2.5"),
            ("40%", "40"),
            ("€7.40", "7.40"),
            ("v1", "1"),
            ("1_000", "1000"),
            ("+3", "3"),
        ] {
            assert_eq!(as_digits(text), format!("did you mean `{meant}`?"));
        }
        for text in ["1,000", "1e3", "one", "", "0x1F", "1.2.3", ".inf"] {
            assert_eq!(
                as_digits(text),
                "write it in digits, such as 12 or 0.5",
                "{text}"
            );
        }
    }

    #[test]
    fn reads_durations() {
        assert_eq!(duration_ms("30s"), Ok(30_000));
        assert_eq!(duration_ms("2m"), Ok(120_000));
        assert_eq!(duration_ms("500ms"), Ok(500));
        assert_eq!(duration_ms("1h2m3s4ms"), Ok(3_723_004));
        assert_eq!(duration_ms("0s"), Ok(0));
        for nonsense in ["", "30", "s", "30 s", "3s2m", "5s5s", "2min", "-5s", "1.5s"] {
            assert_eq!(
                duration_ms(nonsense),
                Err("is no duration".into()),
                "{nonsense}"
            );
        }
        assert_eq!(
            duration_ms("9007199254740992ms"),
            Err("is too large".into())
        );
        assert_eq!(duration_ms("9007199254740991h"), Err("is too large".into()));
    }
}
