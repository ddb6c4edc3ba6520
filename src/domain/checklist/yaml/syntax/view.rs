//! The lines around the place where a parser gave up, and what they tell about the mistake.
//!
//! Not here: what the parser says (`mod.rs`).

/// Where in the file, and the two sentences.
pub(super) struct Explained {
    pub line: usize,
    pub column: usize,
    pub length: usize,
    pub message: String,
    pub suggestion: &'static str,
}

pub(super) const IN_QUOTES: &str = "put the whole text in double quotes";
const SPACES: &str = "indent with spaces, two for each level";

/// The lines of the file, and where the parser gave up.
pub(super) struct View<'s> {
    lines: Vec<&'s str>,
    pub line: usize,
    column: usize,
}

impl<'s> View<'s> {
    pub fn new(source: &'s str, line: usize, column: usize) -> Self {
        Self {
            lines: source.lines().collect(),
            line,
            column,
        }
    }

    fn text(&self, line: usize) -> &str {
        line.checked_sub(1)
            .and_then(|index| self.lines.get(index))
            .copied()
            .unwrap_or_default()
    }

    pub fn here(
        &self,
        length: usize,
        message: impl Into<String>,
        suggestion: &'static str,
    ) -> Explained {
        Explained {
            line: self.line,
            column: self.column,
            length: length.max(1),
            message: message.into(),
            suggestion,
        }
    }

    /// Everything of a line but its indentation.
    pub fn whole_line(
        &self,
        line: usize,
        message: impl Into<String>,
        suggestion: &'static str,
    ) -> Explained {
        let text = self.text(line);
        let words = text.trim();
        Explained {
            line,
            column: text.chars().count() - text.trim_start().chars().count() + 1,
            length: words.chars().count().max(1),
            message: message.into(),
            suggestion,
        }
    }

    /// The last line before this one that has something in it.
    fn line_before(&self) -> Option<usize> {
        (1..self.line)
            .rev()
            .find(|line| !self.text(*line).trim().is_empty())
    }

    /// What stands where the parser gave up, to the next white space.
    pub fn word(&self) -> String {
        self.text(self.line)
            .chars()
            .skip(self.column.saturating_sub(1))
            .take_while(|character| !character.is_whitespace())
            .take(40)
            .collect()
    }

    /// A word that begins with `*`.
    pub fn anchor(&self) -> Explained {
        let word = self.word();
        let name = word.trim_end_matches([',', ']', '}']);
        self.here(
            name.chars().count(),
            format!("`{name}` refers to an anchor, and there is none of that name above"),
            "a text that begins with * has to stand in double quotes; an anchor is set with &",
        )
    }

    /// A word that begins with `!`; the parser tells the place of what comes after it.
    pub fn tag(&self) -> Explained {
        let text = self.text(self.line);
        let before: Vec<char> = text.chars().take(self.column).collect();
        let column = before.iter().rposition(|character| *character == '!');
        let message = "a word that begins with `!` means something else in YAML";
        match column {
            Some(index) => Explained {
                line: self.line,
                column: index + 1,
                length: before[index..]
                    .iter()
                    .take_while(|character| !character.is_whitespace())
                    .count(),
                message: message.to_owned(),
                suggestion: IN_QUOTES,
            },
            None => self.here(1, message, IN_QUOTES),
        }
    }

    /// In double quotes a backslash and what follows stand for one character.
    pub fn backslash(&self) -> Explained {
        const KNOWN: &str = "0abtnvfre \"/\\N_LPxuU\t";
        let characters: Vec<char> = self.text(self.line).chars().collect();
        let mut index = self.column.saturating_sub(1);
        while index + 1 < characters.len() {
            if characters[index] == '\\' {
                if !KNOWN.contains(characters[index + 1]) {
                    break;
                }
                index += 1;
            }
            index += 1;
        }
        let found = index + 1 < characters.len();
        Explained {
            line: self.line,
            column: if found { index + 1 } else { self.column },
            length: if found { 2 } else { 1 },
            message: "a backslash in double quotes begins a special character, and this is none"
                .to_owned(),
            suggestion: "write \\\\ for a backslash",
        }
    }

    pub fn indented_with_tab(&self) -> bool {
        let text = self.text(self.line);
        text[..text.len() - text.trim_start().len()].contains('\t')
    }

    pub fn tab(&self) -> Explained {
        // Some parsers notice a tab only in the line after it.
        let line = [Some(self.line), self.line_before(), Some(self.line + 1)]
            .into_iter()
            .flatten()
            .find(|line| {
                let text = self.text(*line);
                text[..text.len() - text.trim_start().len()].contains('\t')
            })
            .unwrap_or(self.line);
        let text = self.text(line);
        let column = text
            .chars()
            .position(|character| character == '\t')
            .unwrap_or_default()
            + 1;
        Explained {
            line,
            column,
            length: text
                .chars()
                .skip(column - 1)
                .take_while(|character| *character == '\t')
                .count()
                .max(1),
            message: "YAML cannot be indented with a tab".to_owned(),
            suggestion: SPACES,
        }
    }

    /// A colon where none can be: it belongs to a text, or the line above lacks something.
    pub fn colon(&self) -> Explained {
        let before: String = self
            .text(self.line)
            .chars()
            .take(self.column.saturating_sub(1))
            .collect();
        let key = before
            .find(": ")
            .filter(|_| !before.trim_start().starts_with('#'));
        if key.is_some() {
            return self.here(
                1,
                "a text without quotes cannot have a colon with a space after it",
                IN_QUOTES,
            );
        }
        let above = self.line_before();
        let squeezed = [above, Some(self.line)].into_iter().flatten().find(|line| {
            let text = self.text(*line).trim().trim_start_matches("- ");
            text.split_once(':').is_some_and(|(key, value)| {
                !value.is_empty()
                    && !value.starts_with(' ')
                    && key
                        .chars()
                        .all(|character| character.is_ascii_alphanumeric() || character == '_')
            })
        });
        if let Some(line) = squeezed {
            return self.whole_line(
                line,
                "there is no space after the colon",
                "write `key: value`",
            );
        }
        if let Some(line) = above.filter(|line| !self.text(*line).contains(':')) {
            return self.whole_line(
                line,
                "this line is neither a key with a value nor an item of a list",
                "write `key: value`, or put a text of several lines in double quotes",
            );
        }
        self.whole_line(
            self.line,
            "this line is indented as if it belonged to the value above it",
            "all keys of one question stand exactly below each other",
        )
    }

    /// The last line up to here that opens a quote and does not close it.
    pub fn open_quote(&self) -> Explained {
        for line in (1..=self.line).rev() {
            let text = self.text(line);
            for quote in ['"', '\''] {
                let places: Vec<usize> = text
                    .char_indices()
                    .filter(|(at, character)| *character == quote && !text[..*at].ends_with('\\'))
                    .map(|(at, _)| at)
                    .collect();
                let opens = places.first().copied().filter(|at| {
                    text[..*at].trim_end().ends_with([':', '-', ',', '[', '{']) || *at == 0
                });
                if let Some(at) = opens.filter(|_| places.len() % 2 == 1) {
                    return Explained {
                        line,
                        column: text[..at].chars().count() + 1,
                        length: text[at..].trim_end().chars().count(),
                        message: "this text in quotes is never closed".to_owned(),
                        suggestion: "end it with the same quote",
                    };
                }
            }
        }
        self.here(
            1,
            "a text in quotes above is not closed, or its lines are not indented",
            "end it with the same quote",
        )
    }

    /// Whether a bracket is open from a line above.
    pub fn in_brackets(&self) -> bool {
        self.bracket().is_some_and(|(line, ..)| line < self.line)
    }

    pub fn open_bracket(&self) -> Explained {
        match self.bracket() {
            Some((line, column, bracket)) => Explained {
                line,
                column,
                length: 1,
                message: format!("`{bracket}` is opened here and not closed"),
                suggestion: if bracket == '{' {
                    "close it with `}`, and put commas between its parts"
                } else {
                    "close it with `]`, and put commas between its parts"
                },
            },
            None => self.here(
                1,
                "something is missing in this list or map in brackets",
                "put commas between its parts, and texts in double quotes",
            ),
        }
    }

    /// The nearest bracket before here that nothing closes; comments and texts in double quotes are not looked into.
    fn bracket(&self) -> Option<(usize, usize, char)> {
        let mut open: Vec<(usize, usize, char)> = Vec::new();
        let mut quoted = false;
        for line in 1..=self.line {
            let mut before = ' ';
            for (index, character) in self.text(line).chars().enumerate() {
                match character {
                    '"' if before != '\\' => quoted = !quoted,
                    _ if quoted => {}
                    '#' if before == ' ' => break,
                    '{' | '[' => open.push((line, index + 1, character)),
                    '}' | ']' => {
                        open.pop();
                    }
                    _ => {}
                }
                before = character;
            }
        }
        open.pop()
    }
}
