//! When two photos count as the same or nearly the same, and how near ones are found among a million.
//!
//! A fingerprint is 64 marks of how a picture's brightness lies. It is cut into four bands of 16: two fingerprints that
//! differ in at most [`ALIKE_DISTANCE_MAX`] marks differ in at most one mark in some band, so looking up each band as it
//! is and with each single mark turned (68 keys) finds all of them (multi-index hashing; Norouzi, Punjani, Fleet 2012).
//! Not here: how a fingerprint is made (`photos/imaging/fingerprint.rs`).

use plainclothes_likeness::Turned;

use super::camera::span;

/// Photos whose fingerprints differ in so many marks or fewer may be alike: one brightened differs in 2, one cropped by a
/// twentieth in 6, two that have nothing to do with one another in 32.
pub const ALIKE_DISTANCE_MAX: u32 = 6;

const BANDS: u32 = 4;
const BAND_BITS: u32 = 16;

// With more, some near pair would have two marks turned in every band and never be found.
const _: () = assert!(ALIKE_DISTANCE_MAX < 2 * BANDS);

/// How a picture's brightness lies, as 64 marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint(pub u64);

impl Fingerprint {
    /// As a column keeps it.
    pub fn from_column(column: i64) -> Self {
        Self(column.cast_unsigned())
    }

    /// For a column; the sign means nothing.
    pub fn to_column(self) -> i64 {
        self.0.cast_signed()
    }

    /// In how many of 64 marks the two differ.
    pub fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// Under which keys this fingerprint stands in the index: the band's number above its 16 marks.
    pub fn keys(self) -> [i32; BANDS as usize] {
        std::array::from_fn(|band| self.key(band as u32))
    }

    /// Under which keys every fingerprint within [`ALIKE_DISTANCE_MAX`] is found at least once.
    pub fn probes(self) -> Vec<i32> {
        let mut probes = Vec::with_capacity((BANDS * (BAND_BITS + 1)) as usize);
        for key in self.keys() {
            probes.push(key);
            probes.extend((0..BAND_BITS).map(|bit| key ^ (1 << bit)));
        }
        probes
    }

    fn key(self, band: u32) -> i32 {
        let marks = (self.0 >> (band * BAND_BITS)) & 0xffff;
        (band << BAND_BITS) as i32 | marks as i32
    }
}

/// What tells pictures apart that only lie alike: a receipt on a table from another receipt on that table.
///
/// 256 finer marks, for which nothing is looked up: they are held against one another once fingerprints are alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FinePrint(pub [u64; 4]);

/// Photos whose fine prints differ in so many of 256 marks or fewer are alike: a copy that was shrunk, brightened or written
/// anew differs in 0 to 4, another receipt of the same shop on the same table in 24 and more. One cropped by a fiftieth
/// differs in 18 to 28 and is not told from such a receipt.
pub const FINE_DISTANCE_MAX: u32 = 16;

impl FinePrint {
    /// For a column: 32 bytes.
    pub fn to_column(self) -> Vec<u8> {
        self.0.iter().flat_map(|part| part.to_be_bytes()).collect()
    }

    /// As a column keeps it; nothing where that is not 32 bytes.
    pub fn from_column(column: &[u8]) -> Option<Self> {
        let (parts, []) = column.as_chunks::<8>() else {
            return None;
        };
        let parts: [[u8; 8]; 4] = parts.try_into().ok()?;
        Some(Self(parts.map(u64::from_be_bytes)))
    }

    /// In how many of 256 marks the two differ.
    pub fn distance(self, other: Self) -> u32 {
        let parts = self.0.iter().zip(other.0);
        parts.map(|(one, other)| (one ^ other).count_ones()).sum()
    }
}

/// How two photos of a pair are alike; the closest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Alike {
    SameFile,
    /// In so many of 64 marks their fingerprints differ.
    Marks(u32),
    /// The one is a copy of the other, or of part of it.
    Copied {
        turned: Turned,
        /// How much of the larger photo the other shows.
        share_percent: u8,
    },
}

/// A copy that shows so much is told as whole: the last hundredth may be the edge of a pixel.
const WHOLE_PERCENT: u8 = 99;

impl Alike {
    fn words(self) -> String {
        match self {
            Self::SameFile => "the same photo".to_owned(),
            Self::Marks(0) => "a photo that looks the same".to_owned(),
            Self::Marks(marks) => format!("nearly the same photo ({marks} of 64 marks differ)"),
            Self::Copied {
                turned,
                share_percent,
            } => {
                let part = (share_percent < WHOLE_PERCENT)
                    .then(|| format!("cropped ({share_percent} % of it is left)"));
                let done: Vec<String> = turned
                    .words()
                    .map(str::to_owned)
                    .into_iter()
                    .chain(part)
                    .collect();
                if done.is_empty() {
                    "a photo that shows the same".to_owned()
                } else {
                    format!("the same photo, {},", done.join(" and "))
                }
            }
        }
    }
}

/// What is known of a pair, told from the later of its two audits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PairFacts {
    pub alike: Alike,
    pub same_shopper: bool,
    pub same_location: bool,
    pub same_campaign: bool,
    /// Between the ends of the two visits; not negative.
    pub apart_ms: i64,
}

impl PairFacts {
    /// Why the two are a pair, in plain English: 'the same photo stands in an audit of another shopper at another
    /// location, 12 days earlier'.
    pub fn words(&self) -> String {
        let what = self.alike.words();
        let shopper = if self.same_shopper {
            "the same"
        } else {
            "another"
        };
        let location = if self.same_location {
            "the same"
        } else {
            "another"
        };
        let campaign = if self.same_campaign {
            ""
        } else {
            " in another campaign"
        };
        let when = match self.apart_ms {
            ..60_000 => "at the same time".to_owned(),
            ms => format!("{} earlier", span(ms)),
        };
        format!(
            "{what} stands in an audit of {shopper} shopper at {location} location{campaign}, {when}"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn keys_of_different_bands_never_meet() {
        let keys = Fingerprint(0x1234_1234_1234_1234).keys();
        assert_eq!(keys, [0x1234, 0x1_1234, 0x2_1234, 0x3_1234]);
        assert_eq!(Fingerprint(0).probes().len(), 68);
    }

    #[test]
    fn a_column_gives_back_what_it_was_given() {
        for marks in [0, 1, u64::MAX, 1 << 63] {
            let fingerprint = Fingerprint(marks);
            assert_eq!(
                Fingerprint::from_column(fingerprint.to_column()),
                fingerprint
            );
        }
    }

    #[test]
    fn a_fine_print_is_kept_in_32_bytes() {
        let fine = FinePrint([1, u64::MAX, 0, 1 << 63]);
        assert_eq!(FinePrint::from_column(&fine.to_column()), Some(fine));
        assert_eq!(FinePrint::from_column(&[0; 31]), None);
        assert_eq!(FinePrint::from_column(&[0; 40]), None);
        assert_eq!(fine.distance(FinePrint([0; 4])), 66);
    }

    #[test]
    fn the_reason_says_who_where_and_when() {
        let day_ms = 24 * 60 * 60 * 1000;
        let pair = PairFacts {
            alike: Alike::SameFile,
            same_shopper: false,
            same_location: false,
            same_campaign: true,
            apart_ms: 12 * day_ms,
        };
        assert_eq!(
            pair.words(),
            "the same photo stands in an audit of another shopper at another location, 12 days earlier"
        );
        let near = PairFacts {
            alike: Alike::Marks(3),
            same_shopper: true,
            same_campaign: false,
            apart_ms: 0,
            ..pair
        };
        assert_eq!(
            near.words(),
            "nearly the same photo (3 of 64 marks differ) stands in an audit of the same shopper at another location in another campaign, at the same time"
        );
    }

    #[test]
    fn the_reason_says_what_was_done_to_a_copy() {
        let copied = |turned, share_percent| {
            Alike::Copied {
                turned,
                share_percent,
            }
            .words()
        };
        assert_eq!(copied(Turned::Mirrored, 100), "the same photo, mirrored,");
        assert_eq!(
            copied(Turned::Upright, 84),
            "the same photo, cropped (84 % of it is left),"
        );
        assert_eq!(
            copied(Turned::Quarter, 70),
            "the same photo, turned by a quarter and cropped (70 % of it is left),"
        );
        assert_eq!(copied(Turned::Upright, 99), "a photo that shows the same");
    }

    proptest! {
        /// Whatever marks are turned: a fingerprint within the distance stands under one of the probed keys.
        #[test]
        fn whatever_is_alike_is_found(
            marks in any::<u64>(),
            turned in proptest::collection::btree_set(0..64u32, 0..=ALIKE_DISTANCE_MAX as usize),
        ) {
            let fingerprint = Fingerprint(marks);
            let other = Fingerprint(turned.iter().fold(marks, |marks, bit| marks ^ (1 << bit)));
            prop_assert_eq!(fingerprint.distance(other), turned.len() as u32);
            let probes = fingerprint.probes();
            prop_assert!(other.keys().iter().any(|key| probes.contains(key)));
        }
    }
}
