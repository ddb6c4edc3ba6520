//! What is bought and what it costs, decided before the questions are read: answers and receipt have to agree.

use std::collections::BTreeMap;

use super::dice::Dice;
use crate::domain::answer::Value;

/// How often a bill is wrong.
const WRONG: f64 = 0.07;

/// A purchase as it stands on the receipt. Amounts are minor units.
#[derive(Debug)]
pub struct Purchase {
    pub items: Vec<(String, i64)>,
    /// Answers that follow from it, and from having been there: question id → value.
    pub settled: BTreeMap<&'static str, Value>,
}

impl Purchase {
    pub fn total_minor(&self) -> i64 {
        self.items.iter().map(|(_, minor)| minor).sum()
    }
}

/// What the scenario of the restaurant checklist asks for; sometimes bread comes on top that nobody ordered.
pub fn dinner(dice: &mut Dice) -> Purchase {
    let mut items = vec![
        item("2 TWO-COURSE MENU", 5500),
        item("1 STILL WATER", 550),
        item("2 COFFEE", 680),
    ];
    if dice.chance(WRONG) {
        items.push(item("1 BREAD", 350));
    }
    let card = Value::Text("wine".to_owned());
    let mut purchase = Purchase {
        items,
        settled: BTreeMap::from([("table_card", card)]),
    };
    let total = Value::Integer(purchase.total_minor());
    purchase.settled.insert("bill_total", total);
    purchase
}

/// What the scenario of the retail checklist asks for; sometimes the till knows another price than the shelf.
pub fn batteries(dice: &mut Dice) -> Purchase {
    let is_wrong = dice.chance(WRONG);
    let price = if is_wrong { 549 } else { 499 };
    let settled = BTreeMap::from([
        ("display_theme", Value::Text("sleep".to_owned())),
        ("till_price", Value::Integer(price)),
        ("overcharged", Value::Bool(is_wrong)),
    ]);
    Purchase {
        items: vec![item("AA BATTERIES 4X", price)],
        settled,
    }
}

fn item(name: &str, minor: i64) -> (String, i64) {
    (name.to_owned(), minor)
}
