//! What the demo's shoppers write: whole sentences that fit how the visit went.
//!
//! They speak of what happened and never of anybody's name, as shoppers are asked to.

use super::dice::Dice;

/// Sentences about staff and about the place, each for a visit that went badly and for one that went well.
struct Stories {
    service: [&'static [&'static str]; 2],
    experience: [&'static [&'static str]; 2],
    neutral: &'static [&'static str],
}

const RESTAURANT: Stories = Stories {
    service: [
        &[
            "We had to wave twice before anybody came to our table.",
            "The waiter put the plates down without a word and was gone.",
            "Our questions seemed to be in the way of something more important.",
            "Nobody asked how it was until the plates were cleared.",
        ],
        &[
            "From the first minute somebody had an eye on our table without hovering.",
            "The waiter knew the kitchen well and told us so with pleasure.",
            "Small wishes were met before we had quite finished saying them.",
            "We were sent home as if we had been coming for years.",
        ],
    ],
    experience: [
        &[
            "The room was loud and draughty, and the table wobbled all evening.",
            "The food came lukewarm and tasted of very little.",
            "Crumbs on the bench and a sticky menu made us look twice at everything else.",
            "For this price we had hoped for more on the plate.",
        ],
        &[
            "The food was excellent: hot, fresh and full of taste.",
            "It is a warm, quiet room in which one forgets the time.",
            "Everything was spotless, from the glasses to the washroom.",
            "The main course alone would be worth the way back.",
        ],
    ],
    neutral: &[
        "We came early in the evening and about half the tables were taken.",
        "There were two of us and we kept to the scenario.",
        "The menu is short, which suited us.",
    ],
};

const RETAIL: Stories = Stories {
    service: [
        &[
            "I walked about for ten minutes and nobody so much as looked up.",
            "The person I asked pointed at an aisle and turned back to the phone.",
            "At the till not one word was spoken besides the price.",
            "My question about the bulb was answered with a shrug.",
        ],
        &[
            "Somebody came over by herself and asked good questions before showing me anything.",
            "The advice was honest: the cheaper lamp was the better one for me.",
            "At the till they explained unasked how a present can be changed.",
            "I felt welcome and never pushed.",
        ],
    ],
    experience: [
        &[
            "Boxes stood in the aisles and many of the price labels had nothing above them.",
            "The light was harsh and the music too loud to think.",
            "I could not find the lamps without walking through the whole shop twice.",
            "The windows were smeared and the floor had not been swept that day.",
        ],
        &[
            "The shop is bright, tidy and easy to find one's way in.",
            "The lamps were all lit and priced, so that comparing them was a pleasure.",
            "It smelled of wood, and I stayed longer than I had to.",
            "There was plenty to choose from at prices that seemed fair to me.",
        ],
    ],
    neutral: &[
        "I was there for about half an hour on an ordinary day.",
        "There were a few other customers, but no queue to speak of.",
        "I bought the batteries and kept the receipt.",
    ],
};

const OTHER: Stories = Stories {
    service: [
        &["I was not helped in the way that I had hoped for."],
        &["I was helped kindly and well."],
    ],
    experience: [
        &["It was harder than it needed to be."],
        &["It all went smoothly."],
    ],
    neutral: &[
        "I kept to the scenario.",
        "It was an ordinary day and nothing unusual happened around me.",
    ],
};

/// What a shopper would tell a friend: at least `words_min` words. `well` says for staff and for the place whether it went well.
pub fn story(industry: &str, well: (bool, bool), words_min: usize, dice: &mut Dice) -> String {
    let stories = match industry {
        "restaurant" => &RESTAURANT,
        "retail" => &RETAIL,
        _ => &OTHER,
    };
    let chosen = [
        dice.pick(stories.service[usize::from(well.0)]),
        dice.pick(stories.experience[usize::from(well.1)]),
    ];
    let mut story = chosen
        .into_iter()
        .flatten()
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    for more in stories.neutral.iter().cycle() {
        if story.split_whitespace().count() >= words_min {
            break;
        }
        story = format!("{story} {more}");
    }
    story
}

/// What would have to change.
pub fn wish(well: (bool, bool), dice: &mut Dice) -> String {
    let wishes: &[&str] = match well {
        (false, true) => &[
            "Staff who look up when somebody comes in. The place itself is fine.",
            "Someone who listens, and a little more patience with questions.",
        ],
        (true, false) => &[
            "A good clean and better prices. The people are lovely.",
            "The place needs some care; the staff are not the problem.",
        ],
        _ => &[
            "More attention, and more value for the money.",
            "Nearly everything took too long.",
        ],
    };
    dice.pick(wishes).copied().unwrap_or_default().to_owned()
}

/// A remark on one question, for a bad and for a good answer.
#[rustfmt::skip]
const REMARKS: &[(&str, &str, &str)] = &[
    ("greeted_within", "Two waiters passed us before anyone said hello.", "Greeted before the door had closed."),
    ("noticed_within", "Three members of staff were talking by the counter.", "A smile from across the floor at once."),
    ("table_clean", "Rings of glasses on the table top.", "Wiped just before we sat down."),
    ("cutlery_clean", "Lipstick on one of the glasses.", "Everything shone."),
    ("floor_clean", "Paper napkins under two tables.", "Swept while we were there."),
    ("entrance_clean", "Cigarette ends all around the door.", "Freshly swept."),
    ("windows_clean", "Old tape on the glass of the door.", "Clean down to the corners."),
    ("order_right", "One of the coffees came as tea.", "Without writing anything down."),
    ("taste", "Overcooked and hardly seasoned.", "The best I have had in a long time."),
    ("main_hot", "Hot at the edge, cold in the middle.", "The plates were warmed, too."),
    ("noise", "A speaker hung right above our table.", "The tables stand well apart."),
    ("cosy", "The light was that of an office.", "Candles, and a good distance to the next table."),
    ("small_request", "I had to ask two people.", "Brought at once, with a second one to spare."),
    ("checked_back", "Our glasses stood empty as well.", "Asked as if the answer mattered."),
    ("toilet_clean", "Water on the floor and no paper in the bin.", "Fresh, with a signed cleaning list."),
    ("bill_total", "There was bread on the bill that we had not ordered.", "Right to the cent."),
    ("fair_price", "Small portions for that price.", "More than we had expected for it."),
    ("aisles_free", "A pallet stood between the lamps and the till.", "Wide enough for two prams."),
    ("exit_blocked", "Boxes up to the handle of the emergency exit.", "Both exits were free."),
    ("shelf_gaps", "Two of the gaps were the lamps on offer this week.", "Someone was filling up the shelf."),
    ("atmosphere", "It smelled of glue near the back.", "Pleasant music, not too loud."),
    ("help_start", "I had to walk back to the entrance to find someone.", "Offered without any pressure."),
    ("bulb_answer", "'Usually they can' was all I got.", "The box was opened to show me."),
    ("walked_along", "Just a finger that pointed.", "Stayed until I had decided."),
    ("till_wait", "One till open, five people waiting.", "No queue at all."),
    ("till_price", "The label said 4.99, the till said more.", "As on the shelf."),
    ("return_answer", "'Just come by' is not what the sign says.", "With the days and the receipt, unasked."),
    ("farewell", "They were closing the till and did not look up.", "Someone held the door."),
    ("beyond", "", "They gave me something to try without my asking for it."),
    ("recommend", "I would look elsewhere first.", "I have already told my sister."),
];

/// A remark on the question of that id; none for one that nobody has anything to say about.
pub fn remark(question: &str, well: bool) -> Option<&'static str> {
    let (_, bad, good) = REMARKS.iter().find(|(id, _, _)| *id == question)?;
    Some(if well { *good } else { *bad }).filter(|remark| !remark.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_as_long_as_it_has_to_be() {
        for (industry, words_min) in [("restaurant", 5), ("retail", 20), ("telecoms", 45)] {
            for well in [(true, false), (false, true)] {
                let story = story(industry, well, words_min, &mut Dice::of(1, 2));
                assert!(story.split_whitespace().count() >= words_min, "{story}");
            }
        }
    }
}
