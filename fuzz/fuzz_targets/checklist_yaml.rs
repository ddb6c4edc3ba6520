//! Any bytes as a checklist file: whatever is wrong is told with a place, and what is sound is what its canonical form says.

#![no_main]

use libfuzzer_sys::fuzz_target;
use plainclothes_fuzz::domain::answer::Answers;
use plainclothes_fuzz::domain::checklist::{
    Checked, Checklist, PictureFacts, Pictures, Severity, lines_for_display, source_text,
};
use plainclothes_fuzz::domain::ids::Sha256;
use plainclothes_fuzz::score_is_in_bounds;

/// Every name is a picture but those that begin with a dot.
struct Shelf;

impl Pictures for Shelf {
    fn find(&self, file: &str) -> Result<PictureFacts, String> {
        if file.starts_with('.') {
            return Err("is not there".to_owned());
        }
        Ok(PictureFacts {
            sha256: Sha256::of(file.as_bytes()),
            media_type: "image/png".to_owned(),
            size_bytes: 1 + file.len() as u64,
        })
    }
}

fuzz_target!(|bytes: &[u8]| {
    let source = match source_text(bytes) {
        Ok(source) => source,
        Err(problem) => {
            assert!(!problem.message.is_empty());
            return;
        }
    };
    let lines = lines_for_display(source);
    assert!(!lines.is_empty());
    assert!(!lines.iter().flat_map(|line| line.chars()).any(|c| c.is_control() && c != '\t'));
    let Checked { checklist, problems } = Checklist::check_yaml(source, &Shelf);
    let errors = problems.iter().filter(|problem| problem.severity == Severity::Error).count();
    assert_eq!(checklist.is_some(), errors == 0);
    for problem in &problems {
        assert!(problem.length >= 1 && problem.line != Some(0) && problem.column != Some(0));
        assert!(problem.line.is_none_or(|line| line <= lines.len() + 1), "{problem:?}");
        assert!(!problem.to_string().chars().any(char::is_control), "{problem:?}");
    }
    let Some(checklist) = checklist else { return };
    let canonical = checklist.canonical_bytes();
    let read = Checklist::from_canonical(&canonical).expect("what is sound is read back");
    assert_eq!(read, checklist);
    assert_eq!(read.sha256(), Sha256::of(&canonical));
    score_is_in_bounds(&checklist, &Answers::new());
});
