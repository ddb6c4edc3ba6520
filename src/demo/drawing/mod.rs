//! Pictures that nobody had to take: a canvas of coloured shapes and printed letters, saved as JPEG.
//!
//! What is on them stands in `receipt.rs` and `scenes.rs`. The canvas is three planes (luma and two of colour, as JPEG has
//! them) and everything is drawn in whole runs of a row, which is fast even in a build without optimisation.

mod font;
pub mod receipt;
pub mod scenes;

use jpeg_encoder::{Encoder, ImageBuffer, JpegColorType, SamplingFactor, rgb_to_ycbcr};

const QUALITY: u8 = 60;

/// Red, green, blue.
pub type Colour = [u8; 3];

/// A picture in the making.
pub struct Canvas {
    width_px: u16,
    height_px: u16,
    planes: [Vec<u8>; 3],
    /// Pixels by which each row is moved to the right, for each row below the top: what lies askew.
    slant: f32,
}

impl Canvas {
    pub fn new(width_px: u16, height_px: u16, ground: Colour) -> Self {
        let pixels = usize::from(width_px) * usize::from(height_px);
        let (luma, blue, red) = rgb_to_ycbcr(ground[0], ground[1], ground[2]);
        let planes = [luma, blue, red].map(|value| vec![value; pixels]);
        Self {
            width_px,
            height_px,
            planes,
            slant: 0.0,
        }
    }

    /// From now on everything lies askew by so many pixels for each row.
    pub fn slanted(&mut self, slant: f32) {
        self.slant = slant;
    }

    /// Fills a rectangle; what lies outside the canvas is left away.
    pub fn rectangle(&mut self, x: i32, y: i32, width: i32, height: i32, colour: Colour) {
        for row in y..y + height {
            self.run(x, row, width, colour);
        }
    }

    /// Fills a disc.
    pub fn disc(&mut self, x: i32, y: i32, radius: i32, colour: Colour) {
        for row in -radius..=radius {
            let half = f64::from(radius * radius - row * row).sqrt() as i32;
            self.run(x - half, y + row, 2 * half + 1, colour);
        }
    }

    /// Writes letters of 5 × 7 dots, `dot` pixels each. Small letters are written as capitals, unknown ones left blank.
    pub fn text(&mut self, x: i32, y: i32, dot: i32, text: &str, colour: Colour) {
        for (letter, left) in text
            .chars()
            .zip((x..).step_by((font::ADVANCE * dot) as usize))
        {
            for (row, bits) in font::rows(letter).into_iter().enumerate() {
                let top = y + row as i32 * dot;
                for (column, width) in font::runs(bits) {
                    self.rectangle(left + column * dot, top, width * dot, dot, colour);
                }
            }
        }
    }

    /// How wide `text` is.
    pub fn text_px(dot: i32, text: &str) -> i32 {
        text.chars().count() as i32 * font::ADVANCE * dot
    }

    fn run(&mut self, x: i32, y: i32, width: i32, colour: Colour) {
        let right_px = i32::from(self.width_px);
        let moved = x + (self.slant * y as f32) as i32;
        let (from, to) = (moved.clamp(0, right_px), (moved + width).clamp(0, right_px));
        if !(0..i32::from(self.height_px)).contains(&y) || from >= to {
            return;
        }
        let row = y as usize * usize::from(self.width_px);
        let (luma, blue, red) = rgb_to_ycbcr(colour[0], colour[1], colour[2]);
        for (plane, value) in self.planes.iter_mut().zip([luma, blue, red]) {
            plane[row + from as usize..row + to as usize].fill(value);
        }
    }

    /// The picture as a baseline JPEG without metadata.
    pub fn jpeg(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = Encoder::new(&mut bytes, QUALITY);
        encoder.set_sampling_factor(SamplingFactor::F_2_2);
        encoder
            .encode_image(Planes(self))
            .expect("a canvas has pixels and memory takes them");
        bytes
    }
}

struct Planes<'a>(&'a Canvas);

impl ImageBuffer for Planes<'_> {
    fn get_jpeg_color_type(&self) -> JpegColorType {
        JpegColorType::Ycbcr
    }

    fn width(&self) -> u16 {
        self.0.width_px
    }

    fn height(&self) -> u16 {
        self.0.height_px
    }

    fn fill_buffers(&self, y: u16, buffers: &mut [Vec<u8>; 4]) {
        let width = usize::from(self.0.width_px);
        let row = usize::from(y) * width;
        for (buffer, plane) in buffers.iter_mut().zip(&self.0.planes) {
            buffer.extend_from_slice(&plane[row..row + width]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_can_be_seen_and_what_lies_outside_is_left_away() {
        let mut canvas = Canvas::new(64, 48, [250, 250, 250]);
        canvas.rectangle(-10, 20, 40, 100, [200, 20, 20]);
        canvas.disc(60, 4, 9, [20, 20, 200]);
        let picture = image::load_from_memory(&canvas.jpeg()).unwrap().into_rgb8();
        assert_eq!(picture.dimensions(), (64, 48));
        let near = |x, y, wanted: Colour| {
            let found = picture.get_pixel(x, y).0;
            assert!(
                (0..3).all(|i| found[i].abs_diff(wanted[i]) < 40),
                "{x} {y}: {found:?}"
            );
        };
        near(4, 40, [200, 20, 20]);
        near(45, 40, [250, 250, 250]);
        near(60, 3, [20, 20, 200]);
    }

    #[test]
    fn letters_take_up_the_dots_they_are_made_of() {
        let mut canvas = Canvas::new(12, 14, [255; 3]);
        canvas.text(0, 0, 2, "l", [0; 3]);
        let dark = canvas.planes[0].iter().filter(|luma| **luma == 0).count();
        // An L: seven dots down and four more across, each of 2 × 2 pixels.
        assert_eq!(dark, 11 * 4);
    }
}
