//! A till receipt on a wooden table.

use chrono::NaiveDateTime;

use super::{Canvas, Colour, scenes};
use crate::demo::dice::Dice;

const WIDTH_PX: u16 = 400;
const HEIGHT_PX: u16 = 560;
const PAPER: Colour = [246, 244, 238];
const SHADOW: Colour = [62, 44, 32];
const INK: Colour = [52, 52, 58];
const LINE_PX: i32 = 22;
/// Pixels of each dot of the print.
const DOT_PX: i32 = 2;

/// What is printed. Amounts are minor units, with two decimals.
#[derive(Debug)]
pub struct Receipt<'a> {
    pub brand: &'a str,
    pub address: &'a str,
    pub city: &'a str,
    pub printed_at: NaiveDateTime,
    pub number: i64,
    pub items: &'a [(String, i64)],
    pub total_minor: i64,
}

/// The receipt as it was photographed: never quite straight.
pub fn draw(receipt: &Receipt<'_>, dice: &mut Dice) -> Canvas {
    let mut canvas = scenes::table_top(WIDTH_PX, HEIGHT_PX, dice);
    let lines = lines(receipt);
    let height = (lines.len() as i32 + 3) * LINE_PX;
    let top = (i32::from(HEIGHT_PX) - height) / 2 + dice.between(-12, 12) as i32;
    let slant = dice.between(-50, 50) as f32 / 1000.0;
    // Turned about its middle, so that it stays on the table.
    let left = 42 - (slant * f32::from(HEIGHT_PX) / 2.0) as i32 + dice.between(-8, 8) as i32;
    let width = i32::from(WIDTH_PX) - 84;
    canvas.slanted(slant);
    canvas.rectangle(left + 7, top + 8, width, height, SHADOW);
    canvas.rectangle(left, top, width, height, PAPER);
    print(&mut canvas, (left, top + LINE_PX), width, &lines);
    canvas
}

enum Line {
    Middle(String, i32),
    Ends(String, String),
    Rule,
}

fn lines(receipt: &Receipt<'_>) -> Vec<Line> {
    let ends = |left: String, right: String| Line::Ends(left, right);
    let mut lines = vec![
        Line::Middle(receipt.brand.to_owned(), DOT_PX + 1),
        Line::Middle(receipt.address.to_owned(), DOT_PX),
        Line::Middle(receipt.city.to_owned(), DOT_PX),
        Line::Rule,
        ends(
            receipt.printed_at.format("%d-%m-%Y").to_string(),
            receipt.printed_at.format("%H:%M").to_string(),
        ),
        ends("RECEIPT".to_owned(), format!("{:06}", receipt.number)),
        Line::Rule,
    ];
    lines.extend(
        receipt
            .items
            .iter()
            .map(|(name, minor)| ends(name.clone(), amount(*minor))),
    );
    lines.extend([
        Line::Rule,
        ends("TOTAL EUR".to_owned(), amount(receipt.total_minor)),
        ends("CARD".to_owned(), amount(receipt.total_minor)),
        Line::Rule,
        Line::Middle("THANK YOU".to_owned(), DOT_PX),
    ]);
    lines
}

fn print(canvas: &mut Canvas, (left, top): (i32, i32), width: i32, lines: &[Line]) {
    for (line, y) in lines.iter().zip((top..).step_by(LINE_PX as usize)) {
        match line {
            Line::Middle(text, dot) => {
                let x = left + (width - Canvas::text_px(*dot, text)) / 2;
                // Larger letters grow upwards.
                canvas.text(x, y - 7 * (dot - DOT_PX), *dot, text, INK);
            }
            Line::Ends(name, amount) => {
                canvas.text(left + 14, y, DOT_PX, name, INK);
                let x = left + width - 14 - Canvas::text_px(DOT_PX, amount);
                canvas.text(x, y, DOT_PX, amount, INK);
            }
            Line::Rule => canvas.rectangle(left + 14, y + LINE_PX / 3, width - 28, 1, INK),
        }
    }
}

/// `67.30`
fn amount(minor: i64) -> String {
    format!("{}.{:02}", minor / 100, minor % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_two_decimals() {
        assert_eq!([6730, 499, 5].map(amount), ["67.30", "4.99", "0.05"]);
    }

    #[test]
    fn no_two_are_the_same_and_each_is_small() {
        let items = [
            ("2 TWO-COURSE MENU".to_owned(), 5500),
            ("2 COFFEE".to_owned(), 680),
        ];
        let receipt = Receipt {
            brand: "Saltwick",
            address: "Lantaarngracht 14",
            city: "Amsterdam",
            printed_at: NaiveDateTime::default(),
            number: 1234,
            items: &items,
            total_minor: 6180,
        };
        let jpeg = |turn| draw(&receipt, &mut Dice::of(0, turn)).jpeg();
        assert_ne!(jpeg(1), jpeg(2));
        assert_eq!(jpeg(1), jpeg(1));
        assert!(jpeg(1).len() < 30_000, "{}", jpeg(1).len());
    }
}
