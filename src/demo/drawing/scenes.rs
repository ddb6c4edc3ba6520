//! What else shoppers point their phones at: a front, a table, a plate, a shelf, an exit.

use super::{Canvas, Colour};
use crate::demo::dice::Dice;

const WIDTH_PX: u16 = 480;
const HEIGHT_PX: u16 = 360;
const CROCKERY: Colour = [240, 240, 236];

/// `colour` made lighter or darker by `by`.
fn shade(colour: Colour, by: i64) -> Colour {
    colour.map(|part| (i64::from(part) + by).clamp(0, 255) as u8)
}

/// Wood seen from above: boards whose grain runs across.
pub fn table_top(width_px: u16, height_px: u16, dice: &mut Dice) -> Canvas {
    let wood = shade([142, 100, 66], dice.between(-24, 24));
    let mut canvas = Canvas::new(width_px, height_px, wood);
    let width = i32::from(width_px);
    let mut grain = 0;
    for row in 0..i32::from(height_px) {
        grain = (grain + dice.between(-3, 3)).clamp(-14, 14);
        let gap = if row % 140 < 3 { -40 } else { 0 };
        canvas.rectangle(0, row, width, 1, shade(wood, grain + gap));
    }
    canvas
}

/// A front from across the street, under the brand's colour and name.
pub fn front(brand: &str, color: Colour, is_tidy: bool, dice: &mut Dice) -> Canvas {
    let wall = shade([186, 170, 150], dice.between(-30, 20));
    let mut canvas = Canvas::new(WIDTH_PX, HEIGHT_PX, wall);
    for row in (0..250).step_by(16) {
        canvas.rectangle(0, row, 480, 1, shade(wall, -14));
    }
    canvas.rectangle(
        0,
        296,
        480,
        64,
        shade([120, 120, 122], dice.between(-15, 15)),
    );
    let left = 30 + dice.between(-18, 18) as i32;
    canvas.rectangle(left, 60, 420, 46, color);
    let x = left + (420 - Canvas::text_px(4, brand)) / 2;
    canvas.text(x, 70, 4, brand, [252, 250, 244]);
    let glass = shade([112, 140, 156], dice.between(-20, 30));
    for pane in [left + 10, left + 290] {
        canvas.rectangle(pane, 122, 120, 150, shade(color, -40));
        canvas.rectangle(pane + 5, 127, 110, 140, glass);
        canvas.rectangle(pane + 20, 127, 12, 140, shade(glass, 22));
    }
    canvas.rectangle(left + 160, 122, 100, 174, shade(color, -60));
    canvas.rectangle(left + 170, 132, 80, 120, shade(glass, 12));
    canvas.disc(left + 240, 214, 5, [214, 190, 110]);
    if !is_tidy {
        for _ in 0..9 {
            let (x, y) = (dice.between(40, 430) as i32, dice.between(300, 345) as i32);
            canvas.rectangle(x, y, 12, 4, [228, 222, 206]);
        }
    }
    canvas
}

/// A table laid for two, with crumbs when it is not clean.
pub fn table(is_clean: bool, dice: &mut Dice) -> Canvas {
    let mut canvas = table_top(WIDTH_PX, HEIGHT_PX, dice);
    for x in [130, 350] {
        let (x, y) = (
            x + dice.between(-20, 20) as i32,
            180 + dice.between(-15, 15) as i32,
        );
        canvas.rectangle(x - 96, y - 70, 18, 140, [232, 226, 214]);
        canvas.rectangle(x + 82, y - 62, 5, 124, [196, 198, 202]);
        plate(&mut canvas, x, y, 66);
        canvas.disc(x + 30, y - 112, 24, [206, 218, 222]);
    }
    if !is_clean {
        for _ in 0..40 {
            let (x, y) = (dice.between(20, 460) as i32, dice.between(40, 340) as i32);
            canvas.disc(x, y, dice.between(1, 3) as i32, [222, 190, 128]);
        }
    }
    canvas
}

fn plate(canvas: &mut Canvas, x: i32, y: i32, radius: i32) {
    canvas.disc(x + 4, y + 5, radius, [70, 50, 38]);
    canvas.disc(x, y, radius, CROCKERY);
    canvas.disc(x, y, radius * 3 / 4, shade(CROCKERY, -12));
}

/// A main course from above.
pub fn dish(dice: &mut Dice) -> Canvas {
    let mut canvas = table_top(WIDTH_PX, HEIGHT_PX, dice);
    let (x, y) = (
        240 + dice.between(-24, 24) as i32,
        180 + dice.between(-12, 12) as i32,
    );
    plate(&mut canvas, x, y, 150);
    let foods: [Colour; 5] = [
        [150, 84, 44],
        [92, 132, 60],
        [222, 178, 84],
        [176, 62, 44],
        [236, 220, 178],
    ];
    for _ in 0..26 {
        let Some(food) = dice.pick(&foods) else { break };
        let (right, down) = (dice.between(-70, 70) as i32, dice.between(-60, 60) as i32);
        let radius = dice.between(8, 26) as i32;
        canvas.disc(
            x + right,
            y + down,
            radius,
            shade(*food, dice.between(-20, 20)),
        );
    }
    canvas
}

/// Shelves with lamps, some places empty.
pub fn shelf(empty: i64, dice: &mut Dice) -> Canvas {
    let mut canvas = Canvas::new(
        WIDTH_PX,
        HEIGHT_PX,
        shade([206, 202, 194], dice.between(-12, 12)),
    );
    let mut empty_left = empty;
    let shades: [Colour; 4] = [
        [228, 206, 160],
        [160, 178, 186],
        [196, 120, 96],
        [236, 232, 222],
    ];
    for y in [110, 226, 342] {
        canvas.rectangle(0, y, 480, 12, [124, 98, 74]);
        for x in (36..470).step_by(68) {
            canvas.rectangle(x - 10, y + 2, 22, 8, [250, 248, 240]);
            let hue = dice.pick(&shades).copied().unwrap_or(CROCKERY);
            if empty_left > 0 && dice.chance(0.4) {
                empty_left -= 1;
                continue;
            }
            let size = dice.between(14, 22) as i32;
            canvas.rectangle(x - 3, y - 44, 6, 44, [90, 86, 80]);
            canvas.rectangle(x - 12, y - 6, 24, 6, [90, 86, 80]);
            canvas.disc(x, y - 50, size, hue);
        }
    }
    canvas
}

/// An emergency exit with boxes in front of it.
pub fn blocked_exit(dice: &mut Dice) -> Canvas {
    let mut canvas = Canvas::new(
        WIDTH_PX,
        HEIGHT_PX,
        shade([214, 212, 206], dice.between(-14, 10)),
    );
    canvas.rectangle(0, 300, 480, 60, [132, 128, 122]);
    canvas.rectangle(160, 90, 160, 214, [112, 116, 112]);
    canvas.rectangle(172, 40, 136, 38, [22, 128, 66]);
    canvas.text(196, 46, 4, "EXIT", [250, 252, 248]);
    for _ in 0..5 {
        let (x, height) = (dice.between(140, 280) as i32, dice.between(40, 110) as i32);
        canvas.rectangle(
            x,
            318 - height,
            70,
            height,
            shade([176, 134, 86], dice.between(-22, 22)),
        );
        canvas.rectangle(x + 30, 318 - height, 8, height, [204, 176, 128]);
    }
    canvas
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scene_is_small_and_differs_with_the_dice() {
        let scenes: [fn(&mut Dice) -> Canvas; 5] = [
            |dice| front("Saltwick", [180, 71, 46], false, dice),
            |dice| table(false, dice),
            dish,
            |dice| shelf(4, dice),
            blocked_exit,
        ];
        for (at, scene) in scenes.into_iter().enumerate() {
            let jpeg = |turn| scene(&mut Dice::of(at, turn)).jpeg();
            assert_ne!(jpeg(1), jpeg(2), "{at}");
            assert!(jpeg(1).len() < 30_000, "{at}: {}", jpeg(1).len());
        }
    }
}
