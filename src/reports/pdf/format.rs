//! Whole numbers and days as people of one language write them. Every figure is rounded once,
//! here, half away from zero; nothing is computed from a rounded figure.

use super::words::Words;

/// Millionths of 1 as a percentage with one decimal: 875000 is '87.5%'.
pub fn percent(micros: i64, words: &Words) -> String {
    format!("{}{}", tenths(micros, words), words.percent)
}

/// By how much a score is above or below another, in words: '3.7 percentage points higher'.
pub fn difference(micros: i64, other_micros: i64, words: &Words) -> String {
    let apart_micros = micros.saturating_sub(other_micros);
    let amount = tenths(apart_micros.saturating_abs(), words);
    match round_to_tenths(apart_micros) {
        0 => words.no_difference.to_owned(),
        1.. => format!("{amount} {}", words.points_higher),
        _ => format!("{amount} {}", words.points_lower),
    }
}

/// Thousandths of a point without needless zeros: 7500 is '7.5', 10000 is '10'.
pub fn points(milli: i64, words: &Words) -> String {
    let sign = if milli < 0 { "\u{2212}" } else { "" };
    let (whole, rest) = (milli.unsigned_abs() / 1000, milli.unsigned_abs() % 1000);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let decimals = format!("{rest:03}");
    let decimals = decimals.trim_end_matches('0');
    format!("{sign}{whole}{}{decimals}", words.decimal_mark)
}

/// '2026-11-22' as '22 November 2026'; a text that is no day stays as it is.
pub fn day(local_day: &str, words: &Words) -> String {
    let read = || {
        let mut parts = local_day.split('-');
        let year: u16 = parts.next()?.parse().ok()?;
        let month: usize = parts.next()?.parse().ok()?;
        let day: u8 = parts.next()?.parse().ok()?;
        let month = words.months.get(month.checked_sub(1)?)?;
        parts
            .next()
            .is_none()
            .then(|| format!("{day}{} {month} {year}", words.day_mark))
    };
    read().unwrap_or_else(|| local_day.to_owned())
}

/// How full a bar is, 0 to 1; scores beyond the ends are drawn at the ends.
pub fn bar(micros: i64) -> f64 {
    micros.clamp(0, 1_000_000) as f64 / 1_000_000.0
}

fn tenths(micros: i64, words: &Words) -> String {
    let tenths = round_to_tenths(micros);
    let sign = if tenths < 0 { "\u{2212}" } else { "" };
    let (whole, rest) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    format!("{sign}{whole}{}{rest}", words.decimal_mark)
}

/// Millionths to tenths of a percent, half away from zero.
fn round_to_tenths(micros: i64) -> i64 {
    let (whole, rest) = (micros / 1000, micros % 1000);
    match rest {
        500.. => whole + 1,
        ..=-500 => whole - 1,
        _ => whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentages_round_half_away_from_zero_in_each_language() {
        let english = Words::of("en");
        assert_eq!(percent(875_000, english), "87.5%");
        assert_eq!(percent(874_500, english), "87.5%");
        assert_eq!(percent(874_499, english), "87.4%");
        assert_eq!(percent(-874_500, english), "\u{2212}87.5%");
        assert_eq!(percent(-499, english), "0.0%");
        assert_eq!(percent(1_000_000, english), "100.0%");
        assert_eq!(percent(875_000, Words::of("nl")), "87,5%");
        assert_eq!(percent(875_000, Words::of("de")), "87,5\u{a0}%");
        assert_eq!(percent(i64::MIN, english), "\u{2212}922337203685477.6%");
    }

    #[test]
    fn differences_are_rounded_once_and_said_in_words() {
        let words = Words::of("en");
        assert_eq!(
            difference(875_400, 824_600, words),
            "5.1 percentage points higher"
        );
        assert_eq!(
            difference(800_000, 812_345, words),
            "1.2 percentage points lower"
        );
        assert_eq!(difference(800_000, 800_499, words), "no difference");
        assert_eq!(
            difference(0, 1_000_000, Words::of("de")),
            "100,0 Prozentpunkte niedriger"
        );
    }

    #[test]
    fn points_lose_needless_zeros_only() {
        let words = Words::of("en");
        assert_eq!(points(10_000, words), "10");
        assert_eq!(points(7_500, words), "7.5");
        assert_eq!(points(333, words), "0.333");
        assert_eq!(points(50, words), "0.05");
        assert_eq!(points(-1_500, words), "\u{2212}1.5");
        assert_eq!(points(1_250, Words::of("nl")), "1,25");
    }

    #[test]
    fn days_are_written_out_and_odd_ones_left_alone() {
        assert_eq!(day("2026-11-02", Words::of("en")), "2 November 2026");
        assert_eq!(day("2026-03-22", Words::of("de")), "22. März 2026");
        assert_eq!(day("2026-03-22", Words::of("nl")), "22 maart 2026");
        for odd in ["", "today", "2026-13-01", "2026-00-01", "2026-11-22-1"] {
            assert_eq!(day(odd, Words::of("en")), odd);
        }
    }

    #[test]
    fn bars_stay_inside_their_track() {
        assert_eq!(bar(-5), 0.0);
        assert_eq!(bar(250_000), 0.25);
        assert_eq!(bar(3_000_000), 1.0);
    }
}
