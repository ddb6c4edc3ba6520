//! An expression as words and signs.
//!
//! Not here: their order (`parser.rs`).

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Reference(String),
    Text(String),
    Number(String),
    /// A function, `and`, `or`, `div`, `mod`.
    Word(String),
    /// `.`
    Own,
    /// Comparisons, parentheses, commas, and what is not understood.
    Sign(&'static str),
    Minus,
}

/// # Errors
/// As [`super::parse`].
pub(super) fn tokens(source: &str) -> Result<Vec<Token>, String> {
    const SIGNS: [&str; 10] = ["!=", "<=", ">=", "<", ">", "=", "(", ")", ",", "+"];
    let mut tokens = Vec::new();
    let mut rest = source.trim_start();
    while let Some(first) = rest.chars().next() {
        let used = if let Some(inside) = rest.strip_prefix("${") {
            let end = inside.find('}').ok_or("`${` is never closed")?;
            let name = inside[..end].trim();
            if name.starts_with("last-saved#") {
                return Err(format!("`${{{name}}}` is the answer of an earlier form"));
            }
            tokens.push(Token::Reference(name.to_owned()));
            end + 3
        } else if first == '\'' || first == '"' {
            let inside = &rest[1..];
            let end = inside.find(first).ok_or("a quote is never closed")?;
            tokens.push(Token::Text(inside[..end].to_owned()));
            end + 2
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
            if sign == "+" {
                return Err("`+` is calculation".to_owned());
            }
            tokens.push(Token::Sign(sign));
            sign.len()
        } else if first == '*' {
            return Err("`*` is calculation".to_owned());
        } else if first == '-' {
            tokens.push(Token::Minus);
            1
        } else if first.is_ascii_digit() || (first == '.' && digit_follows(rest)) {
            let number = rest.find(|c: char| !c.is_ascii_digit() && c != '.');
            let length = number.unwrap_or(rest.len());
            tokens.push(Token::Number(rest[..length].to_owned()));
            length
        } else if rest.starts_with("..") || first == '/' {
            let path = if first == '/' { "/" } else { ".." };
            return Err(format!("`{path}` is a path"));
        } else if first == '.' {
            tokens.push(Token::Own);
            1
        } else if first.is_alphabetic() || first == '_' {
            let of_word = |c: char| c.is_alphanumeric() || "_-.:".contains(c);
            let length = rest.find(|c| !of_word(c)).unwrap_or(rest.len());
            tokens.push(Token::Word(rest[..length].to_owned()));
            length
        } else {
            return Err(format!("`{first}` is not understood"));
        };
        rest = rest[used..].trim_start();
    }
    Ok(tokens)
}

fn digit_follows(rest: &str) -> bool {
    rest.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
}
