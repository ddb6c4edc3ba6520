//! The parts of a photo that nobody outside the agency may see: rectangles on the upright picture.
//!
//! Not here: covering them (`photos/imaging.rs`), and who drew them (the journal).

use serde::{Deserialize, Serialize};

/// Rectangles on one photo. A page of faces has some twenty.
pub const REDACTIONS_MAX: usize = 50;

/// The whole of a side; sides are told in millionths of it, because renditions have other sizes than the original.
pub const WHOLE_MICROS: u32 = 1_000_000;

/// Widened on every side by so many pixels of the rendition: shrinking mixes neighbours, and nothing of what is inside may
/// show in them.
const MARGIN_PX: u32 = 3;

/// A rectangle to be covered, in millionths of the upright picture's width and height, from its upper left corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Redaction {
    pub left_micros: u32,
    pub top_micros: u32,
    pub width_micros: u32,
    pub height_micros: u32,
}

/// Pixels from (`left_px`, `top_px`) up to but without (`right_px`, `bottom_px`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Covered {
    pub left_px: u32,
    pub top_px: u32,
    pub right_px: u32,
    pub bottom_px: u32,
}

/// Why rectangles are not taken; `at` counts from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedactionRefusal {
    #[error("at most {REDACTIONS_MAX} rectangles are taken")]
    TooMany,
    #[error("the rectangle covers nothing: give it a width and a height")]
    Empty { at: usize },
    #[error(
        "the rectangle reaches beyond the picture: left + width and top + height are at most 1000000"
    )]
    Outside { at: usize },
}

/// Makes sure that every rectangle covers something and lies on the picture.
///
/// # Errors
/// The first thing that is wrong.
pub fn check(redactions: &[Redaction]) -> Result<(), RedactionRefusal> {
    if redactions.len() > REDACTIONS_MAX {
        return Err(RedactionRefusal::TooMany);
    }
    for (at, one) in redactions.iter().enumerate() {
        if one.width_micros == 0 || one.height_micros == 0 {
            return Err(RedactionRefusal::Empty { at });
        }
        let reaches = |from: u32, length: u32| {
            from.checked_add(length)
                .is_none_or(|end| end > WHOLE_MICROS)
        };
        if reaches(one.left_micros, one.width_micros) || reaches(one.top_micros, one.height_micros)
        {
            return Err(RedactionRefusal::Outside { at });
        }
    }
    Ok(())
}

impl Redaction {
    /// The pixels to cover on a picture of this size: rounded outwards, with a margin.
    pub fn covered(&self, width_px: u32, height_px: u32) -> Covered {
        let from = |micros: u32, side_px: u32| {
            let px = u64::from(micros) * u64::from(side_px) / u64::from(WHOLE_MICROS);
            (px as u32).saturating_sub(MARGIN_PX)
        };
        let to = |micros: u32, length_micros: u32, side_px: u32| {
            let end = (u64::from(micros) + u64::from(length_micros)) * u64::from(side_px);
            let px = end.div_ceil(u64::from(WHOLE_MICROS)) + u64::from(MARGIN_PX);
            px.min(u64::from(side_px)) as u32
        };
        Covered {
            left_px: from(self.left_micros, width_px),
            top_px: from(self.top_micros, height_px),
            right_px: to(self.left_micros, self.width_micros, width_px),
            bottom_px: to(self.top_micros, self.height_micros, height_px),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn rectangle(left: u32, top: u32, width: u32, height: u32) -> Redaction {
        Redaction {
            left_micros: left,
            top_micros: top,
            width_micros: width,
            height_micros: height,
        }
    }

    #[test]
    fn a_rectangle_lies_on_the_picture_and_covers_something() {
        assert_eq!(check(&[]), Ok(()));
        assert_eq!(check(&[rectangle(0, 0, 1_000_000, 1_000_000)]), Ok(()));
        let good = rectangle(1, 1, 1, 1);
        for (bad, refusal) in [
            (rectangle(0, 0, 0, 5), RedactionRefusal::Empty { at: 1 }),
            (rectangle(0, 0, 5, 0), RedactionRefusal::Empty { at: 1 }),
            (
                rectangle(999_999, 0, 2, 5),
                RedactionRefusal::Outside { at: 1 },
            ),
            (
                rectangle(0, u32::MAX, 1, u32::MAX),
                RedactionRefusal::Outside { at: 1 },
            ),
        ] {
            assert_eq!(check(&[good, bad]), Err(refusal));
        }
        assert_eq!(check(&[good; 50]), Ok(()));
        assert_eq!(check(&[good; 51]), Err(RedactionRefusal::TooMany));
    }

    #[test]
    fn pixels_are_rounded_outwards_and_never_leave_the_picture() {
        let covered = rectangle(100_000, 500_000, 1, 250_000).covered(1280, 960);
        assert_eq!(
            (
                covered.left_px,
                covered.top_px,
                covered.right_px,
                covered.bottom_px
            ),
            (125, 477, 132, 723)
        );
        let whole = rectangle(0, 0, 1_000_000, 1_000_000).covered(7, 1);
        assert_eq!((whole.left_px, whole.top_px), (0, 0));
        assert_eq!((whole.right_px, whole.bottom_px), (7, 1));
    }
}
