//! Files that were right until somebody's hand slipped: lines and characters lost, doubled and changed. Whatever comes of it is
//! told with a place, or is a checklist that its canonical form says just so.
//!
//! Not here: bytes that were never a checklist (`fuzz/`).

use proptest::prelude::*;

use crate::domain::checklist::{Checked, Checklist, NoPictures, Severity};

const SOURCES: [&str; 3] = [
    include_str!("../../../../../fuzz/every-type.yaml"),
    include_str!("../../../../../checklists/boutique-return/v1.yaml"),
    include_str!("../../../../../tests/checklist_mistakes/wide-characters.yaml"),
];

/// What a slip leaves behind.
const PIECES: [&str; 24] = [
    "", " ", "\t", "  ", ":", ": ", "- ", "{", "}", "[", "]", "\"", "'", "#", "&a", "*a", "<<: ",
    "\n", "\r\n", "-1", "9e9", "é", "🙂", "\u{202e}",
];

#[derive(Clone, Debug)]
enum Slip {
    DeleteLine(usize),
    RepeatLine(usize),
    SwapLines(usize, usize),
    IndentLine(usize),
    ReplaceCharacter(usize, usize),
    InsertPiece(usize, usize),
    Cut(usize),
}

fn slip() -> impl Strategy<Value = Slip> {
    let at = any::<prop::sample::Index>().prop_map(|index| index.index(100_000));
    let piece = 0..PIECES.len();
    prop_oneof![
        at.clone().prop_map(Slip::DeleteLine),
        at.clone().prop_map(Slip::RepeatLine),
        (at.clone(), at.clone()).prop_map(|(one, other)| Slip::SwapLines(one, other)),
        at.clone().prop_map(Slip::IndentLine),
        (at.clone(), piece.clone()).prop_map(|(at, piece)| Slip::ReplaceCharacter(at, piece)),
        (at.clone(), piece).prop_map(|(at, piece)| Slip::InsertPiece(at, piece)),
        at.prop_map(Slip::Cut),
    ]
}

fn apply(source: &str, slip: &Slip) -> String {
    let mut lines: Vec<String> = source.split_inclusive('\n').map(str::to_owned).collect();
    let mut characters: Vec<char> = source.chars().collect();
    if lines.is_empty() {
        return String::new();
    }
    let line = |at: usize| at % lines.len();
    let character = |at: usize| at % characters.len();
    match *slip {
        Slip::DeleteLine(at) => {
            let at = line(at);
            lines.remove(at);
        }
        Slip::RepeatLine(at) => {
            let at = line(at);
            lines.insert(at, lines[at].clone());
        }
        Slip::SwapLines(one, other) => {
            let (one, other) = (line(one), line(other));
            lines.swap(one, other);
        }
        Slip::IndentLine(at) => {
            let at = line(at);
            lines[at].insert(0, ' ');
        }
        Slip::ReplaceCharacter(at, piece) => {
            let at = character(at);
            characters.splice(at..=at, PIECES[piece].chars());
            return characters.into_iter().collect();
        }
        Slip::InsertPiece(at, piece) => {
            let at = character(at);
            characters.splice(at..at, PIECES[piece].chars());
            return characters.into_iter().collect();
        }
        Slip::Cut(at) => {
            let at = character(at);
            characters.truncate(at);
            return characters.into_iter().collect();
        }
    }
    lines.concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_slip_of_the_hand_is_told_or_does_no_harm(
        source in prop::sample::select(SOURCES.to_vec()),
        slips in prop::collection::vec(slip(), 1..4),
    ) {
        let source = slips.iter().fold(source.to_owned(), |source, slip| apply(&source, slip));
        let Checked { checklist, problems } = Checklist::check_yaml(&source, &NoPictures);
        let errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
        prop_assert_eq!(checklist.is_none(), errors.count() > 0);
        let lines = source.split(['\n', '\r']).count();
        for problem in &problems {
            prop_assert!(problem.length >= 1);
            prop_assert!(problem.line.is_none_or(|line| (1..=lines + 1).contains(&line)), "{:?}", problem);
            prop_assert!(problem.column != Some(0));
            prop_assert!(!problem.to_string().chars().any(char::is_control), "{:?}", problem);
        }
        if let Some(checklist) = checklist {
            let read = Checklist::from_canonical(&checklist.canonical_bytes()).unwrap();
            prop_assert_eq!(read.sha256(), checklist.sha256());
        }
    }
}
