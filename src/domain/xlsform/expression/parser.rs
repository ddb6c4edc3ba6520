//! The grammar: `or` of `and`s of comparisons of references, literals and function calls.
//!
//! Not here: calculation, paths and predicates, which no condition can hold.

use super::lexer::Token;
use super::{Comparison, Expression};

const DEPTH_MAX: usize = 40;

/// # Errors
/// As [`super::parse`].
pub(super) fn parse(tokens: &[Token]) -> Result<Expression, String> {
    let mut parser = Parser {
        tokens,
        at: 0,
        depth: 0,
    };
    let expression = parser.either()?;
    match parser.next() {
        None => Ok(expression),
        Some(token) => Err(unexpected(token)),
    }
}

struct Parser<'t> {
    tokens: &'t [Token],
    at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<&'t Token> {
        let token = self.tokens.get(self.at);
        self.at += 1;
        token
    }

    fn takes_word(&mut self, word: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Word(next)) if next == word);
        self.at += usize::from(is_next);
        is_next
    }

    fn takes_sign(&mut self, sign: &str) -> bool {
        let is_next = matches!(self.peek(), Some(Token::Sign(next)) if *next == sign);
        self.at += usize::from(is_next);
        is_next
    }

    fn either(&mut self) -> Result<Expression, String> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return Err("it nests too deep".to_owned());
        }
        let mut parts = vec![self.both()?];
        while self.takes_word("or") {
            parts.push(self.both()?);
        }
        self.depth -= 1;
        Ok(one_or(parts, Expression::Or))
    }

    fn both(&mut self) -> Result<Expression, String> {
        let mut parts = vec![self.comparison()?];
        while self.takes_word("and") {
            parts.push(self.comparison()?);
        }
        Ok(one_or(parts, Expression::And))
    }

    fn comparison(&mut self) -> Result<Expression, String> {
        let left = self.value()?;
        let how = match self.peek() {
            Some(Token::Sign("=")) => Comparison::Equal,
            Some(Token::Sign("!=")) => Comparison::Unequal,
            Some(Token::Sign("<")) => Comparison::Below,
            Some(Token::Sign("<=")) => Comparison::AtMost,
            Some(Token::Sign(">")) => Comparison::Above,
            Some(Token::Sign(">=")) => Comparison::AtLeast,
            Some(Token::Minus) => return Err("`-` is calculation".to_owned()),
            Some(Token::Word(word)) if word == "div" || word == "mod" => {
                return Err(format!("`{word}` is calculation"));
            }
            _ => return Ok(left),
        };
        self.at += 1;
        let right = self.value()?;
        Ok(Expression::Compare(how, Box::new(left), Box::new(right)))
    }

    fn value(&mut self) -> Result<Expression, String> {
        let token = self.next().ok_or("it ends too early")?;
        Ok(match token {
            Token::Reference(name) => Expression::Reference(name.clone()),
            Token::Text(text) => Expression::Text(text.clone()),
            Token::Number(text) => Expression::Number(text.clone()),
            Token::Own => Expression::Own,
            Token::Minus => match self.next() {
                Some(Token::Number(text)) => Expression::Number(format!("-{text}")),
                _ => return Err("`-` is calculation".to_owned()),
            },
            Token::Sign("(") => {
                let inside = self.either()?;
                self.close()?;
                inside
            }
            Token::Word(name) if self.takes_sign("(") => {
                let mut arguments = Vec::new();
                while !self.takes_sign(")") {
                    if !arguments.is_empty() && !self.takes_sign(",") {
                        return Err("a parenthesis is never closed".to_owned());
                    }
                    arguments.push(self.either()?);
                }
                Expression::Call(name.clone(), arguments)
            }
            Token::Word(name) => {
                return Err(format!(
                    "`{name}` is neither a function nor a reference; write `${{{name}}}`"
                ));
            }
            token @ Token::Sign(_) => return Err(unexpected(token)),
        })
    }

    fn close(&mut self) -> Result<(), String> {
        if self.takes_sign(")") {
            Ok(())
        } else {
            Err("a parenthesis is never closed".to_owned())
        }
    }
}

fn one_or(mut parts: Vec<Expression>, several: fn(Vec<Expression>) -> Expression) -> Expression {
    match parts.len() {
        1 => parts.remove(0),
        _ => several(parts),
    }
}

fn unexpected(token: &Token) -> String {
    let shown = match token {
        Token::Reference(name) => format!("${{{name}}}"),
        Token::Text(text) => format!("'{text}'"),
        Token::Number(text) | Token::Word(text) => text.clone(),
        Token::Own => ".".to_owned(),
        Token::Sign(sign) => (*sign).to_owned(),
        Token::Minus => "-".to_owned(),
    };
    format!("`{shown}` comes unexpectedly")
}
