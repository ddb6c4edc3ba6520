//! Grey pictures to reckon with: points between pixels, blurred and halved copies. Not here: colours and files.

use super::Turn;

/// Levels from 0 to 255, row by row.
#[derive(Clone, Debug)]
pub struct Grey {
    pub width_px: usize,
    pub height_px: usize,
    pub levels: Vec<f32>,
}

impl Grey {
    pub fn longer_px(&self) -> f32 {
        self.width_px.max(self.height_px) as f32
    }

    /// Its sides as fractions of the longer one.
    pub fn sides(&self) -> (f32, f32) {
        let longer = self.longer_px();
        (
            self.width_px as f32 / longer,
            self.height_px as f32 / longer,
        )
    }

    /// The level at a point in pixels, the middle of the first at 0; what lies outside is like the edge.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let x = x.clamp(0.0, (self.width_px - 1) as f32);
        let y = y.clamp(0.0, (self.height_px - 1) as f32);
        let (left, top) = (x as usize, y as usize);
        let right = (left + 1).min(self.width_px - 1);
        let below = (top + 1).min(self.height_px - 1) * self.width_px;
        let (fx, fy) = (x - left as f32, y - top as f32);
        let top = top * self.width_px;
        let upper = self.levels[top + left] * (1.0 - fx) + self.levels[top + right] * fx;
        let lower = self.levels[below + left] * (1.0 - fx) + self.levels[below + right] * fx;
        upper * (1.0 - fy) + lower * fy
    }

    /// Blurred by a bell of this deviation.
    pub fn blurred(&self, deviation_px: f32) -> Self {
        let reach = (3.0 * deviation_px).ceil() as usize;
        let bell = |at: usize| {
            let off = at as f32 - reach as f32;
            (-off * off / (2.0 * deviation_px * deviation_px)).exp()
        };
        let bell: Vec<f32> = (0..=2 * reach).map(bell).collect();
        let sum: f32 = bell.iter().sum();
        let bell: Vec<f32> = bell.iter().map(|weight| weight / sum).collect();
        // twice: each time along rows, which then become columns
        self.along_rows(&bell).along_rows(&bell)
    }

    /// Each row weighed by `weights`, and rows and columns changed.
    fn along_rows(&self, weights: &[f32]) -> Self {
        let reach = weights.len() / 2;
        let mut levels = vec![0.0; self.levels.len()];
        let mut padded = vec![0.0; self.width_px + 2 * reach];
        for (y, row) in self.levels.chunks_exact(self.width_px).enumerate() {
            padded[..reach].fill(row[0]);
            padded[reach..reach + self.width_px].copy_from_slice(row);
            padded[reach + self.width_px..].fill(row[self.width_px - 1]);
            for (x, window) in padded.windows(weights.len()).enumerate() {
                let weighed = window
                    .iter()
                    .zip(weights)
                    .map(|(level, weight)| level * weight);
                levels[x * self.height_px + y] = weighed.sum();
            }
        }
        Self {
            width_px: self.height_px,
            height_px: self.width_px,
            levels,
        }
    }

    /// Half as wide and high, each pixel the mean of four.
    pub fn halved(&self) -> Self {
        let (width_px, height_px) = (self.width_px / 2, self.height_px / 2);
        let mut levels = Vec::with_capacity(width_px * height_px);
        for y in 0..height_px {
            let (upper, lower) = (2 * y * self.width_px, (2 * y + 1) * self.width_px);
            for x in (0..2 * width_px).step_by(2) {
                let four = [upper + x, upper + x + 1, lower + x, lower + x + 1];
                levels.push(four.iter().map(|at| self.levels[*at]).sum::<f32>() / 4.0);
            }
        }
        Self {
            width_px,
            height_px,
            levels,
        }
    }

    pub fn turned(&self, turn: Turn) -> Self {
        let (width_px, height_px) = match turn.is_on_its_side() {
            true => (self.height_px, self.width_px),
            false => (self.width_px, self.height_px),
        };
        let last = ((self.width_px - 1) as f32, (self.height_px - 1) as f32);
        let mut levels = vec![0.0; self.levels.len()];
        for (at, level) in self.levels.iter().enumerate() {
            let point = ((at % self.width_px) as f32, (at / self.width_px) as f32);
            let (x, y) = turn.of_point(point, last);
            levels[y as usize * width_px + x as usize] = *level;
        }
        Self {
            width_px,
            height_px,
            levels,
        }
    }
}
