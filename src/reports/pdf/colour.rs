//! The client's colour, made safe to print: which ink can be read on it, and a shade of it that
//! can be read on white. Not a palette: the colours of service and experience are the template's.

/// A colour of the sRGB space, one byte a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colour {
    pub red: u8,
    pub green: u8,
    pub blue: u8,
}

/// Stands in for a colour that cannot be read.
const FALLBACK: Colour = Colour {
    red: 0x2f,
    green: 0x36,
    blue: 0x40,
};
const BLACK: Colour = Colour {
    red: 0,
    green: 0,
    blue: 0,
};
const WHITE: Colour = Colour {
    red: 255,
    green: 255,
    blue: 255,
};

/// Contrast that WCAG 2.2, success criterion 1.4.3, asks of text of ordinary size.
const TEXT_CONTRAST_MIN: f64 = 4.5;

impl Colour {
    /// Reads `#rrggbb`; anything else becomes a dark grey.
    pub fn parse(text: &str) -> Self {
        let digits = text.strip_prefix('#').unwrap_or_default();
        if digits.len() != 6 || !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return FALLBACK;
        }
        let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).unwrap_or_default();
        Colour {
            red: channel(0),
            green: channel(2),
            blue: channel(4),
        }
    }

    /// `#rrggbb`.
    pub fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }

    /// Black or white, whichever is easier to read on this colour. The better of the two is
    /// never under 4.58 : 1.
    pub fn ink(self) -> Self {
        if contrast(self, BLACK) >= contrast(self, WHITE) {
            BLACK
        } else {
            WHITE
        }
    }

    /// This colour, darkened only as far as text in it needs to be readable on white paper.
    pub fn on_white(self) -> Self {
        let mut shade = self;
        while contrast(shade, WHITE) < TEXT_CONTRAST_MIN {
            let darker = |c: u8| (u16::from(c) * 15 / 16) as u8;
            shade = Colour {
                red: darker(shade.red),
                green: darker(shade.green),
                blue: darker(shade.blue),
            };
        }
        shade
    }
}

/// Contrast ratio of two colours, 1 to 21 (WCAG 2.2, definition of 'contrast ratio').
fn contrast(a: Colour, b: Colour) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Relative luminance, 0 to 1 (WCAG 2.2, definition of 'relative luminance').
fn luminance(colour: Colour) -> f64 {
    let linear = |channel: u8| {
        let c = f64::from(channel) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(colour.red) + 0.7152 * linear(colour.green) + 0.0722 * linear(colour.blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_hexadecimal_and_survives_anything_else() {
        assert_eq!(Colour::parse("#0a1B2c").hex(), "#0a1b2c");
        for text in ["", "#fff", "red", "#12345", "#12345g", "#ä2345", "123456"] {
            assert_eq!(Colour::parse(text), FALLBACK, "{text:?}");
        }
    }

    #[test]
    fn ink_and_shade_are_readable_for_every_colour() {
        for red in (0..=255).step_by(15) {
            for green in (0..=255).step_by(15) {
                for blue in (0..=255).step_by(15) {
                    let colour = Colour { red, green, blue };
                    assert!(contrast(colour, colour.ink()) >= 4.5, "{}", colour.hex());
                    let shade = colour.on_white();
                    assert!(contrast(shade, WHITE) >= 4.5, "{}", shade.hex());
                }
            }
        }
    }

    #[test]
    fn a_readable_colour_stays_itself() {
        let colour = Colour::parse("#7a1f2b");
        assert_eq!(colour.on_white(), colour);
        assert_eq!(colour.ink(), WHITE);
        assert_eq!(Colour::parse("#ffd400").ink(), BLACK);
    }
}
