//! Which section, question or option of the newer version is which of the older: by id, and where ids changed, by what they
//! say.
//!
//! Not here: what changed in those that are the same.

use std::collections::BTreeMap;

use crate::domain::checklist::conditions::{Condition, Scalar, Test};
use crate::domain::checklist::model::{ChoiceOption, Document, Question, Section};
use crate::domain::checklist::text::Text;

/// Pairs in the order of the newer version, what is only in the older, and what is only in the newer; all as indices.
#[derive(Debug)]
pub struct Matching {
    pub pairs: Vec<(usize, usize)>,
    pub removed: Vec<usize>,
    pub added: Vec<usize>,
}

impl Matching {
    /// `same` decides first; among what is left, each takes the first that is `alike`.
    pub fn of<T>(
        before: &[T],
        after: &[T],
        same: impl Fn(&T, &T) -> bool,
        alike: impl Fn(&T, &T) -> bool,
    ) -> Self {
        let mut partner: Vec<Option<usize>> = vec![None; after.len()];
        let mut taken = vec![false; before.len()];
        let mut pair_up = |rule: &dyn Fn(&T, &T) -> bool| {
            for (index, item) in after.iter().enumerate() {
                if partner[index].is_none() {
                    let found = (0..before.len()).find(|b| !taken[*b] && rule(&before[*b], item));
                    partner[index] = found;
                    if let Some(found) = found {
                        taken[found] = true;
                    }
                }
            }
        };
        pair_up(&same);
        pair_up(&alike);
        let pairs = partner.iter().enumerate();
        Self {
            pairs: pairs
                .clone()
                .filter_map(|(a, b)| b.map(|b| (b, a)))
                .collect(),
            removed: (0..before.len()).filter(|index| !taken[*index]).collect(),
            added: pairs.filter(|(_, b)| b.is_none()).map(|(a, _)| a).collect(),
        }
    }

    pub fn sections(before: &Document, after: &Document) -> Self {
        let ids = |section: &Section| -> Vec<String> {
            section.questions.iter().map(|q| q.id.clone()).collect()
        };
        Self::of(
            &before.sections,
            &after.sections,
            |b, a| b.id == a.id,
            |b, a| same_words(&b.title, &a.title) || ids(b) == ids(a),
        )
    }

    /// Indices are over all questions of a document.
    pub fn questions(before: &[&Question], after: &[&Question]) -> Self {
        Self::of(
            before,
            after,
            |b, a| b.id == a.id,
            |b, a| b.kind == a.kind && same_words(&b.text, &a.text),
        )
    }

    pub fn options(before: &[ChoiceOption], after: &[ChoiceOption]) -> Self {
        Self::of(
            before,
            after,
            |b, a| b.id == a.id,
            |b, a| same_words(&b.text, &a.text),
        )
    }

    /// Of the pairs those that changed places, as few as explain the new order. Indices into `pairs`.
    pub fn moved(&self) -> Vec<usize> {
        let old: Vec<usize> = self.pairs.iter().map(|(before, _)| *before).collect();
        // The longest run of pairs that stayed in order stays where it is; everything else moved.
        let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(old.len());
        for (index, place) in old.iter().enumerate() {
            let longest = (0..index)
                .filter(|earlier| old[*earlier] < *place)
                .map(|earlier| (best[earlier].0, earlier))
                .max_by_key(|(length, earlier)| (*length, usize::MAX - *earlier));
            best.push(match longest {
                Some((length, earlier)) => (length + 1, Some(earlier)),
                None => (1, None),
            });
        }
        let mut stayed = vec![false; old.len()];
        let mut at = (0..best.len()).max_by_key(|index| (best[*index].0, usize::MAX - *index));
        while let Some(index) = at {
            stayed[index] = true;
            at = best[index].1;
        }
        (0..old.len()).filter(|index| !stayed[*index]).collect()
    }
}

/// Whether two texts say the same in every language that both have, and there is such a language.
fn same_words(before: &Text, after: &Text) -> bool {
    let mut common = before
        .0
        .iter()
        .filter_map(|(language, words)| Some((words, after.0.get(language)?)))
        .peekable();
    common.peek().is_some() && common.all(|(before, after)| before == after)
}

/// Ids that changed while what they name stayed: question → its new id, (old question, option) → the option's new id.
#[derive(Debug, Default)]
pub struct Renames {
    pub questions: BTreeMap<String, String>,
    pub options: BTreeMap<(String, String), String>,
}

impl Renames {
    pub fn question(&self, id: &str) -> String {
        self.questions.get(id).cloned().unwrap_or(id.to_owned())
    }

    /// The older version's condition in the newer version's ids, so that a mere renaming is no change of it.
    pub fn condition(&self, condition: &Condition) -> Condition {
        let all = |parts: &[Condition]| parts.iter().map(|part| self.condition(part)).collect();
        match condition {
            Condition::All(parts) => Condition::All(all(parts)),
            Condition::Any(parts) => Condition::Any(all(parts)),
            Condition::Not(part) => Condition::Not(Box::new(self.condition(part))),
            Condition::Question { question, test } => Condition::Question {
                question: self.question(question),
                test: self.test(question, test),
            },
        }
    }

    fn test(&self, question: &str, test: &Test) -> Test {
        let option = |id: &String| {
            let key = (question.to_owned(), id.clone());
            self.options
                .get(&key)
                .cloned()
                .unwrap_or_else(|| id.clone())
        };
        let scalar = |scalar: &Scalar| match scalar {
            Scalar::Text(id) => Scalar::Text(option(id)),
            other => other.clone(),
        };
        match test {
            Test::Equals(value) => Test::Equals(scalar(value)),
            Test::NotEquals(value) => Test::NotEquals(scalar(value)),
            Test::OneOf(values) => Test::OneOf(values.iter().map(scalar).collect()),
            Test::Contains(id) => Test::Contains(option(id)),
            Test::AtLeast(_) | Test::AtMost(_) | Test::Answered(_) => test.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(before: &str, after: &str) -> String {
        let (before, after): (Vec<char>, Vec<char>) =
            (before.chars().collect(), after.chars().collect());
        let matching = Matching::of(&before, &after, |b, a| b == a, |_, _| false);
        let moved = matching.moved();
        moved
            .into_iter()
            .map(|index| after[matching.pairs[index].1])
            .collect()
    }

    #[test]
    fn tells_as_few_moves_as_explain_the_order() {
        assert_eq!(moved("abcd", "abcd"), "");
        assert_eq!(moved("abcd", "dabc"), "d");
        assert_eq!(moved("abcd", "bcda"), "a");
        assert_eq!(moved("abcde", "axcbe"), "b");
        assert_eq!(moved("abc", "cba").len(), 2);
        assert_eq!(moved("", "abc"), "");
    }
}
