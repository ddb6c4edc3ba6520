//! What the demo's shoppers photograph: the receipt always, now and then something else.

use std::ops::RangeInclusive;

use super::answers::{Answered, Camera};
use super::dice::Dice;
use super::drawing::receipt::{self, Receipt};
use super::drawing::{Canvas, scenes};
use super::places::Brand;
use crate::domain::answer::Value;
use crate::domain::checklist::Question;
use crate::domain::ids::Sha256;

/// How often a photo is taken that need not be.
const UNASKED: f64 = 0.05;

/// A photo as it leaves the phone.
#[derive(Debug, PartialEq, Eq)]
pub struct Picture {
    pub sha256: Sha256,
    pub jpeg: Vec<u8>,
}

/// The camera of one visit, with the pictures taken so far.
pub struct PhoneCamera<'a> {
    pub brand: &'static Brand,
    pub receipt: Receipt<'a>,
    pub dice: Dice,
    pub pictures: Vec<Picture>,
}

impl Camera for PhoneCamera<'_> {
    fn take(
        &mut self,
        question: &Question,
        answered: Answered<'_>,
        count: RangeInclusive<u32>,
    ) -> Vec<Sha256> {
        let is_needed = *count.start() > 0;
        let unasked = !is_needed && count.contains(&1) && self.dice.chance(UNASKED);
        (0..count.start() + u32::from(unasked))
            .filter_map(|_| self.draw(question, answered, is_needed))
            .collect()
    }
}

impl PhoneCamera<'_> {
    fn draw(
        &mut self,
        question: &Question,
        answered: Answered<'_>,
        is_needed: bool,
    ) -> Option<Sha256> {
        let Answered { value, well } = answered;
        let dice = &mut self.dice;
        let canvas: Canvas = match (question.id.as_str(), value) {
            ("receipt", _) => receipt::draw(&self.receipt, dice),
            ("table_clean", _) => scenes::table(well, dice),
            ("taste", _) => scenes::dish(dice),
            ("shelf_gaps", Some(Value::Integer(empty))) => scenes::shelf(*empty, dice),
            ("exit_blocked", Some(Value::Bool(true))) => scenes::blocked_exit(dice),
            ("entrance_clean" | "windows_clean", _) => self.front(well),
            _ if is_needed => self.front(well),
            _ => return None,
        };
        let jpeg = canvas.jpeg();
        let sha256 = Sha256::of(&jpeg);
        self.pictures.push(Picture { sha256, jpeg });
        Some(sha256)
    }

    fn front(&mut self, is_tidy: bool) -> Canvas {
        scenes::front(self.brand.name, self.brand.color.1, is_tidy, &mut self.dice)
    }
}
