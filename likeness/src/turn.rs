//! The eight ways in which a photo can be turned and mirrored by quarters, and how they are told.

use super::{ORDER, WAVES};

/// One of the eight: mirrored from side to side (1), upside down (2), and then along its diagonal (4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Turn(u8);

/// A turn in words; to which side is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turned {
    Upright,
    Quarter,
    UpsideDown,
    Mirrored,
    MirroredQuarter,
}

impl Turned {
    pub const ALL: [Self; 5] = [
        Self::Upright,
        Self::Quarter,
        Self::UpsideDown,
        Self::Mirrored,
        Self::MirroredQuarter,
    ];

    /// As a column and the API have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upright => "upright",
            Self::Quarter => "quarter",
            Self::UpsideDown => "upside_down",
            Self::Mirrored => "mirrored",
            Self::MirroredQuarter => "mirrored_quarter",
        }
    }

    /// The one of that name.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.as_str() == word)
    }

    /// In plain English, in a list of what was done to a photo; nothing for one that is upright.
    pub fn words(self) -> Option<&'static str> {
        match self {
            Self::Upright => None,
            Self::Quarter => Some("turned by a quarter"),
            Self::UpsideDown => Some("turned upside down"),
            Self::Mirrored => Some("mirrored"),
            Self::MirroredQuarter => Some("mirrored and turned by a quarter"),
        }
    }
}

impl Turn {
    pub fn all() -> impl Iterator<Item = Self> {
        (0..8).map(Self)
    }

    pub fn told(self) -> Turned {
        match self.0 {
            0 => Turned::Upright,
            3 => Turned::UpsideDown,
            1 | 2 => Turned::Mirrored,
            5 | 6 => Turned::Quarter,
            _ => Turned::MirroredQuarter,
        }
    }

    /// Whether height and width change places.
    pub fn is_on_its_side(self) -> bool {
        self.0 & 4 != 0
    }

    /// Where a point comes to lie, of a photo with sides of these lengths.
    pub fn of_point(self, (x, y): (f32, f32), (width, height): (f32, f32)) -> (f32, f32) {
        let x = if self.0 & 1 != 0 { width - x } else { x };
        let y = if self.0 & 2 != 0 { height - y } else { y };
        if self.is_on_its_side() {
            (y, x)
        } else {
            (x, y)
        }
    }

    /// The waves of what is turned so: the odd ones change their sign.
    pub fn of_waves(self, waves: &[i8; WAVES]) -> [i8; WAVES] {
        let mut turned = [0; WAVES];
        for ((across, down), wave) in ORDER.iter().zip(waves) {
            let is_odd = (self.0 & 1 != 0 && across % 2 == 1) ^ (self.0 & 2 != 0 && down % 2 == 1);
            let (across, down) = if self.is_on_its_side() {
                (*down, *across)
            } else {
                (*across, *down)
            };
            let sum = across + down;
            turned[sum * (sum + 1) / 2 - 1 + across] = if is_odd { -*wave } else { *wave };
        }
        turned
    }
}
