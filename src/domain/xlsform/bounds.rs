//! What a `constraint` says about the answer itself, as bounds of the question.
//!
//! Not here: conditions on other questions, which a constraint of a checklist cannot have.

use super::decimal::{self, Decimal, Milli};
use super::draft::Kind;
use super::expression::{Comparison, Expression, parse};
use crate::domain::answer::INTEGER_MAX;

/// Characters that a text question can allow.
const CHARACTERS_MAX: i64 = 100_000;

/// What could be read, and what could not.
#[derive(Debug, Default)]
pub(super) struct Bounds {
    pub minimum: Option<Decimal>,
    pub maximum: Option<Decimal>,
    /// The bound itself is outside.
    minimum_excluded: bool,
    maximum_excluded: bool,
    pub characters_max: Option<u32>,
    /// Names of choices that are chosen alone.
    pub exclusive: Vec<String>,
    /// Parts that no question can hold to, with why.
    pub lost: Vec<(String, String)>,
}

/// Reads a constraint; `.` is the answer.
pub(super) fn read(source: &str, kind: Kind) -> Bounds {
    let mut bounds = Bounds::default();
    match parse(source) {
        Err(why) => bounds.lost.push((source.to_owned(), why)),
        Ok(Expression::And(parts)) => parts.iter().for_each(|part| bounds.take(part, kind)),
        Ok(single) => bounds.take(&single, kind),
    }
    bounds
}

impl Bounds {
    fn take(&mut self, part: &Expression, kind: Kind) {
        let fits = match part {
            Expression::And(parts) => {
                parts.iter().for_each(|part| self.take(part, kind));
                return;
            }
            Expression::Compare(how, left, right) => match (left.as_ref(), right.as_ref()) {
                (Expression::Number(_) | Expression::Text(_), _) => {
                    self.compared(how.turned(), right, left, kind)
                }
                _ => self.compared(*how, left, right, kind),
            },
            Expression::Call(name, inside) if name == "not" => self.alone(inside, kind),
            _ => None,
        };
        if fits.is_none() {
            let why = format!("a {} question cannot check this", kind.name());
            self.lost.push((part.to_string(), why));
        }
    }

    fn compared(
        &mut self,
        how: Comparison,
        left: &Expression,
        right: &Expression,
        kind: Kind,
    ) -> Option<()> {
        let (Expression::Number(number) | Expression::Text(number)) = right else {
            return None;
        };
        let number = decimal::read(number.trim())?;
        match left {
            Expression::Own if matches!(kind, Kind::Number | Kind::Count) => {
                match how {
                    Comparison::AtLeast => self.at_least(number, false),
                    Comparison::Above => self.at_least(number, true),
                    Comparison::AtMost => self.at_most(number, false),
                    Comparison::Below => self.at_most(number, true),
                    Comparison::Equal => {
                        self.at_least(number, false);
                        self.at_most(number, false);
                    }
                    Comparison::Unequal => return None,
                }
                Some(())
            }
            Expression::Call(name, inside)
                if name == "string-length"
                    && kind == Kind::Text
                    && inside.as_slice() == [Expression::Own] =>
            {
                let (whole, exact) = number.whole();
                let most = match how {
                    Comparison::AtMost => whole,
                    Comparison::Below if exact => whole - 1,
                    Comparison::Below => whole,
                    _ => return None,
                };
                if !(1..=CHARACTERS_MAX).contains(&most) {
                    return None;
                }
                let most = u32::try_from(most).ok()?;
                self.characters_max = Some(self.characters_max.map_or(most, |m| m.min(most)));
                Some(())
            }
            _ => None,
        }
    }

    fn at_least(&mut self, number: Decimal, excluded: bool) {
        let tighter = self.minimum.is_none_or(|earlier| {
            (number.floor, !number.exact, excluded)
                > (earlier.floor, !earlier.exact, self.minimum_excluded)
        });
        if tighter {
            self.minimum = Some(number);
            self.minimum_excluded = excluded;
        }
    }

    fn at_most(&mut self, number: Decimal, excluded: bool) {
        let tighter = self.maximum.is_none_or(|earlier| {
            (number.floor, !number.exact, !excluded)
                < (earlier.floor, !earlier.exact, !self.maximum_excluded)
        });
        if tighter {
            self.maximum = Some(number);
            self.maximum_excluded = excluded;
        }
    }

    /// `not(selected(., 'none') and count-selected(.) > 1)`: the way to say that a choice is chosen alone.
    fn alone(&mut self, inside: &[Expression], kind: Kind) -> Option<()> {
        let [Expression::And(parts)] = inside else {
            return None;
        };
        let [
            Expression::Call(selected, arguments),
            Expression::Compare(how, count, number),
        ] = parts.as_slice()
        else {
            return None;
        };
        let [
            Expression::Own,
            Expression::Text(choice) | Expression::Number(choice),
        ] = arguments.as_slice()
        else {
            return None;
        };
        let count_of_own = matches!(count.as_ref(), Expression::Call(name, of)
            if name == "count-selected" && of.as_slice() == [Expression::Own]);
        let more_than_one = match (how, number.as_ref()) {
            (Comparison::Above, Expression::Number(number)) => number == "1",
            (Comparison::AtLeast, Expression::Number(number)) => number == "2",
            _ => false,
        };
        let fits =
            kind == Kind::MultiChoice && selected == "selected" && count_of_own && more_than_one;
        fits.then(|| self.exclusive.push(choice.clone()))
    }

    /// The smallest and largest answer, in thousandths, each a whole multiple of `unit`.
    pub fn in_units_of(&self, unit: Milli) -> (Option<Milli>, Option<Milli>) {
        let floor = |number: Decimal| {
            let floor = number.floor.div_euclid(unit) * unit;
            (floor, number.exact && floor == number.floor)
        };
        let minimum = self.minimum.map(|number| match floor(number) {
            (floor, true) if !self.minimum_excluded => floor,
            (floor, _) => floor + unit,
        });
        let maximum = self.maximum.map(|number| match floor(number) {
            (floor, true) if self.maximum_excluded => floor - unit,
            (floor, _) => floor,
        });
        let possible = |bound: &Milli| (-INTEGER_MAX..=INTEGER_MAX).contains(bound);
        (minimum.filter(possible), maximum.filter(possible))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(source: &str, kind: Kind, unit: Milli) -> (Option<Milli>, Option<Milli>, usize) {
        let bounds = read(source, kind);
        let (minimum, maximum) = bounds.in_units_of(unit);
        (minimum, maximum, bounds.lost.len())
    }

    #[test]
    fn bounds_are_the_nearest_answers() {
        for (source, unit, minimum, maximum) in [
            (". >= 1 and . <= 5", 1000, Some(1000), Some(5000)),
            (". > 0 and . < 150", 1000, Some(1000), Some(149_000)),
            (". > 0", 1, Some(1), None),
            (". >= 0.5", 1000, Some(1000), None),
            (". < 2.5", 1000, None, Some(2000)),
            ("5 >= . and 2 < .", 1000, Some(3000), Some(5000)),
            (". = 7", 1000, Some(7000), Some(7000)),
            (". >= 1 and . > 1 and . >= 0", 1000, Some(2000), None),
            (". < 9 and . <= 9", 1000, None, Some(8000)),
            ("(. >= 1 and (. <= 2))", 1000, Some(1000), Some(2000)),
        ] {
            assert_eq!(
                bounds(source, Kind::Number, unit),
                (minimum, maximum, 0),
                "{source}"
            );
        }
    }

    #[test]
    fn what_cannot_be_checked_is_named() {
        let bounds = read(". >= 1 and regex(., '[0-9]+')", Kind::Number);
        assert_eq!(bounds.in_units_of(1), (Some(1000), None));
        assert_eq!(bounds.lost[0].0, "regex(., '[0-9]+')");
        for (source, kind) in [
            (". >= 1", Kind::Text),
            (". != 3", Kind::Number),
            (". >= ${other}", Kind::Number),
            ("string-length(.) > 3", Kind::Text),
            ("string-length(.) <= 0", Kind::Text),
            (". <= today()", Kind::Date),
            (". = 1 or . = 3", Kind::Number),
        ] {
            assert_eq!(read(source, kind).lost.len(), 1, "{source}");
        }
    }

    #[test]
    fn lengths_and_lonely_choices() {
        let most = |source| read(source, Kind::Text).characters_max;
        assert_eq!(most("string-length(.) <= 50"), Some(50));
        assert_eq!(
            most("string-length(.) < 50 and 60 > string-length(.)"),
            Some(49)
        );
        let alone = "not(selected(., 'none') and count-selected(.) > 1)";
        assert_eq!(read(alone, Kind::MultiChoice).exclusive, ["none"]);
        assert_eq!(read(alone, Kind::Choice).lost.len(), 1);
    }
}
