//! Expressions of `relevant`, `constraint` and `required`: the part of XPath that can become a condition.
//!
//! Not here: what a name refers to (`conditions.rs` and `bounds.rs` one level up).

mod lexer;
mod parser;

use std::fmt;

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    Unequal,
    Below,
    AtMost,
    Above,
    AtLeast,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expression {
    Or(Vec<Expression>),
    And(Vec<Expression>),
    Compare(Comparison, Box<Expression>, Box<Expression>),
    Call(String, Vec<Expression>),
    /// `${name}`
    Reference(String),
    /// `.`, the answer to the question itself.
    Own,
    /// As it was written.
    Number(String),
    Text(String),
}

/// Reads an expression; curly quotes, which spreadsheets put in on their own, count as straight ones.
///
/// # Errors
/// What stands in the way, as the end of a sentence.
pub(super) fn parse(source: &str) -> Result<Expression, String> {
    let straight: String = source
        .chars()
        .map(|c| match c {
            '\u{2018}' | '\u{2019}' => '\'',
            '\u{201c}' | '\u{201d}' => '"',
            other => other,
        })
        .collect();
    parser::parse(&lexer::tokens(&straight)?)
}

impl Comparison {
    /// The same with its sides exchanged.
    pub fn turned(self) -> Self {
        match self {
            Self::Below => Self::Above,
            Self::AtMost => Self::AtLeast,
            Self::Above => Self::Below,
            Self::AtLeast => Self::AtMost,
            other => other,
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Below => "<",
            Self::AtMost => "<=",
            Self::Above => ">",
            Self::AtLeast => ">=",
        }
    }
}

/// As it could have been written, for messages.
impl fmt::Display for Expression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Or(parts) => write!(f, "({})", joined(parts, " or ")),
            Self::And(parts) => write!(f, "({})", joined(parts, " and ")),
            Self::Compare(how, left, right) => write!(f, "{left} {} {right}", how.sign()),
            Self::Call(name, arguments) => write!(f, "{name}({})", joined(arguments, ", ")),
            Self::Reference(name) => write!(f, "${{{name}}}"),
            Self::Own => f.write_str("."),
            Self::Number(text) => f.write_str(text),
            Self::Text(text) => write!(f, "'{text}'"),
        }
    }
}

fn joined(parts: &[Expression], between: &str) -> String {
    let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
    parts.join(between)
}

#[cfg(test)]
mod tests {
    use super::parse;

    fn shown(source: &str) -> String {
        parse(source).unwrap().to_string()
    }

    #[test]
    fn reads_what_forms_are_made_of() {
        for (source, meaning) in [
            ("${a} = 'x'", "${a} = 'x'"),
            ("${ a }!=\"it's\"", "${a} != 'it's'"),
            ("${a}>=18 and ${a}<65", "(${a} >= 18 and ${a} < 65)"),
            (
                "${a}=1 or ${b}=2 and ${c}=3",
                "(${a} = 1 or (${b} = 2 and ${c} = 3))",
            ),
            (
                "(${a}=1 or ${b}=2) and ${c}=3",
                "((${a} = 1 or ${b} = 2) and ${c} = 3)",
            ),
            ("selected(${a}, 'x')", "selected(${a}, 'x')"),
            (
                "not(selected(${a}, \u{2018}x\u{2019}))",
                "not(selected(${a}, 'x'))",
            ),
            (". > -5 and . <= 1.5", "(. > -5 and . <= 1.5)"),
            ("string-length(.) < 50", "string-length(.) < 50"),
            ("true()", "true()"),
            ("${or} = 'and'", "${or} = 'and'"),
            ("\n ${a}\t=\u{a0}'x' ", "${a} = 'x'"),
        ] {
            assert_eq!(shown(source), meaning, "{source}");
        }
    }

    #[test]
    fn says_what_stands_in_the_way() {
        for (source, why) in [
            ("", "it ends too early"),
            ("${a} = ", "it ends too early"),
            ("${a", "`${` is never closed"),
            ("'x", "a quote is never closed"),
            ("${a} + 1 > 2", "`+` is calculation"),
            ("${a} - 1 > 2", "`-` is calculation"),
            ("${a} * 2 = 4", "`*` is calculation"),
            ("${a} div 2 = 4", "`div` is calculation"),
            ("/data/a = 1", "`/` is a path"),
            ("../a = 1", "`..` is a path"),
            ("${a}[1] = 1", "`[` is not understood"),
            ("(${a} = 1", "a parenthesis is never closed"),
            ("${a} = 1)", "`)` comes unexpectedly"),
            ("${a} = 1 ${b}", "`${b}` comes unexpectedly"),
            (
                "a = 1",
                "`a` is neither a function nor a reference; write `${a}`",
            ),
            (
                "${last-saved#a} = 1",
                "`${last-saved#a}` is the answer of an earlier form",
            ),
        ] {
            assert_eq!(parse(source).unwrap_err(), why, "{source}");
        }
    }

    #[test]
    fn does_not_follow_parentheses_for_ever() {
        let deep = format!("{}1{}", "(".repeat(20_000), ")".repeat(20_000));
        assert_eq!(parse(&deep).unwrap_err(), "it nests too deep");
        let calls = "not(".repeat(8_000);
        assert_eq!(parse(&calls).unwrap_err(), "it nests too deep");
    }
}
