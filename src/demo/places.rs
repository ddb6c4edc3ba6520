//! The demo's two brands and their 24 locations. The cities are real; brands, streets and what happens there are invented.

use chrono_tz::Tz;

/// A client of the demo agency.
#[derive(Debug)]
pub struct Brand {
    pub name: &'static str,
    /// As the service takes it and as it is painted.
    pub color: (&'static str, [u8; 3]),
    pub locale: &'static str,
    /// The family of the checklist that it is shopped with.
    pub checklist: &'static str,
    pub campaign: &'static str,
    pub pay_minor: i64,
    pub brief: &'static str,
    /// Hours, local time, in which a visit may begin and must end.
    pub opens_h: u32,
    pub closes_h: u32,
    /// How long a visit takes.
    pub visit_minutes: i64,
    /// Two levels: a part of the world, then the regions in it.
    pub regions: &'static [(&'static str, &'static [Region])],
}

/// A region of the lower level. Its shopper visits all its locations.
#[derive(Debug)]
pub struct Region {
    pub name: &'static str,
    pub shopper: Shoppers,
    pub places: &'static [Place],
}

/// Who shops a region: nobody flies round the world for a sandwich.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shoppers {
    /// The demo's own shopper every third time, else the European one.
    Shared,
    European,
    American,
    Pacific,
}

/// A location, how it truly is, and how often it was shopped in the last three months.
#[derive(Debug)]
pub struct Place {
    pub code: &'static str,
    pub time_zone: Tz,
    pub city: &'static str,
    pub name: &'static str,
    pub address: &'static str,
    /// Latitude and longitude in ten-thousandths of a degree: to about ten metres.
    pub at_e4: (i64, i64),
    pub truth: Truth,
    pub audits: usize,
}

/// What a location is really like, in percent: what its staff do, how it is to be there, and how much both have risen
/// over the three months.
#[derive(Clone, Copy, Debug)]
pub struct Truth {
    pub service: i32,
    pub experience: i32,
    pub rise: i32,
}

impl Place {
    const fn new(
        (code, city, name, address): (&'static str, &'static str, &'static str, &'static str),
        time_zone: Tz,
        at_e4: (i64, i64),
        (service, experience, rise): (i32, i32, i32),
        audits: usize,
    ) -> Self {
        let truth = Truth {
            service,
            experience,
            rise,
        };
        Self {
            code,
            time_zone,
            city,
            name,
            address,
            at_e4,
            truth,
            audits,
        }
    }
}

// One line for each location reads better than ten.
#[rustfmt::skip]
mod tables {
    use chrono_tz::{America, Asia, Australia, Europe};

    use super::{Place, Region, Shoppers};

    type Regions = &'static [(&'static str, &'static [Region])];

    pub const RESTAURANTS: Regions = &[
        ("Europe", &[
            Region { name: "Netherlands", shopper: Shoppers::Shared, places: &[
                Place::new(("SW-101", "Amsterdam", "Lantaarngracht", "Lantaarngracht 14"), Europe::Amsterdam, (523_731, 48_926), (88, 90, 0), 15),
                // Wonderful food, rude waiters.
                Place::new(("SW-102", "Amsterdam", "Zoutmolen", "Zoutmolenplein 3"), Europe::Amsterdam, (523_594, 49_161), (46, 92, 0), 10),
                Place::new(("SW-103", "Utrecht", "Wolkbrug", "Wolkbrugkade 27"), Europe::Amsterdam, (520_914, 51_177), (78, 74, 4), 8),
                Place::new(("SW-104", "Rotterdam", "Havenlicht", "Havenlichtstraat 61"), Europe::Amsterdam, (519_173, 44_792), (70, 66, -8), 6),
                Place::new(("SW-105", "Haarlem", "Spaarnehoek", "Spaarnehoek 8"), Europe::Amsterdam, (523_812, 46_371), (84, 58, 0), 4),
            ] },
            Region { name: "United Kingdom", shopper: Shoppers::European, places: &[
                Place::new(("SW-201", "London", "Cooper's Stairs", "5 Cooper's Stairs"), Europe::London, (515_079, -901), (74, 82, 0), 9),
                // Kind people in a shabby room.
                Place::new(("SW-202", "London", "Tallow Lane", "118 Tallow Lane"), Europe::London, (515_231, -1_143), (92, 52, 0), 6),
                Place::new(("SW-203", "Manchester", "Weir Street", "40 Weir Street"), Europe::London, (534_794, -22_451), (62, 64, 10), 5),
            ] },
        ]),
        ("Overseas", &[
            Region { name: "United States", shopper: Shoppers::American, places: &[
                Place::new(("SW-301", "New York", "Heron Row", "212 Heron Row"), America::New_York, (407_256, -739_961), (86, 78, 0), 8),
                Place::new(("SW-302", "New York", "Quarry Street", "77 Quarry Street"), America::New_York, (406_782, -739_442), (58, 84, 0), 3),
                Place::new(("SW-303", "Boston", "Sable Wharf", "9 Sable Wharf"), America::New_York, (423_584, -710_598), (80, 86, 0), 2),
            ] },
            Region { name: "Japan", shopper: Shoppers::Pacific, places: &[
                Place::new(("SW-401", "Tokyo", "Akatsuki-dori", "2-14-6 Akatsuki-dori"), Asia::Tokyo, (356_812, 1_397_671), (94, 88, 0), 10),
                Place::new(("SW-402", "Tokyo", "Shiosai", "1-3-9 Shiosai"), Asia::Tokyo, (356_580, 1_397_016), (90, 72, 0), 5),
                Place::new(("SW-403", "Osaka", "Minato-bashi", "4-8-2 Minato-bashi"), Asia::Tokyo, (346_937, 1_355_023), (82, 80, 0), 3),
            ] },
        ]),
    ];

    pub const SHOPS: Regions = &[
        ("Europe", &[
            Region { name: "Low Countries", shopper: Shoppers::Shared, places: &[
                Place::new(("LH-11", "Amsterdam", "Kaarsenmakerij", "Kaarsenmakersgang 22"), Europe::Amsterdam, (523_702, 48_952), (72, 84, 0), 15),
                Place::new(("LH-12", "Utrecht", "Vleutenhof", "Vleutenhof 105"), Europe::Amsterdam, (520_889, 51_101), (88, 80, 0), 8),
                Place::new(("LH-13", "Haarlem", "Schoterpoort", "Schoterpoort 31"), Europe::Amsterdam, (523_861, 46_335), (54, 60, 12), 5),
                Place::new(("LH-14", "Ghent", "Lampenhuis", "Lampenhuisstraat 4"), Europe::Brussels, (510_543, 37_174), (76, 90, 0), 2),
            ] },
            Region { name: "Germany", shopper: Shoppers::European, places: &[
                Place::new(("LH-21", "Berlin", "Laternenhof", "Laternenhof 17"), Europe::Berlin, (525_200, 134_050), (64, 78, 0), 7),
                // Well kept, and nobody to be found.
                Place::new(("LH-22", "Hamburg", "Speicherblick", "Speicherblick 52"), Europe::Berlin, (535_459, 99_875), (44, 88, 0), 4),
            ] },
        ]),
        ("Overseas", &[
            Region { name: "Canada", shopper: Shoppers::American, places: &[
                Place::new(("LH-31", "Toronto", "Marl Street", "310 Marl Street"), America::Toronto, (436_548, -793_884), (84, 70, 0), 6),
                Place::new(("LH-32", "Vancouver", "Alder Quay", "66 Alder Quay"), America::Vancouver, (492_832, -1_231_187), (78, 76, -6), 3),
            ] },
            Region { name: "Australia", shopper: Shoppers::Pacific, places: &[
                Place::new(("LH-41", "Sydney", "Banksia Arcade", "14 Banksia Arcade"), Australia::Sydney, (-338_702, 1_512_083), (90, 84, 0), 5),
                Place::new(("LH-42", "Melbourne", "Gable Lane", "203 Gable Lane"), Australia::Melbourne, (-378_162, 1_449_637), (68, 50, 0), 3),
            ] },
        ]),
    ];
}

/// The two brands.
pub const BRANDS: [Brand; 2] = [
    Brand {
        name: "Saltwick",
        color: ("#b4472e", [0xb4, 0x47, 0x2e]),
        locale: "en",
        checklist: "restaurant-dine-in",
        campaign: "Saltwick, dinner for two",
        pay_minor: 4500,
        brief: "The meal is paid back up to 75 euros on top of the fee. Please go at a time when others eat too.",
        opens_h: 11,
        closes_h: 23,
        visit_minutes: 95,
        regions: tables::RESTAURANTS,
    },
    Brand {
        name: "Lumenhof",
        color: ("#1f5f7a", [0x1f, 0x5f, 0x7a]),
        locale: "nl",
        checklist: "retail-store",
        campaign: "Lumenhof, a present for the bedside",
        pay_minor: 1800,
        brief: "The batteries are yours to keep and are paid back. Not in the first or the last half hour of the day.",
        opens_h: 9,
        closes_h: 20,
        visit_minutes: 35,
        regions: tables::SHOPS,
    },
];

impl Brand {
    /// Its locations, region by region.
    pub fn places(&self) -> impl Iterator<Item = (&'static Region, &'static Place)> {
        self.regions
            .iter()
            .flat_map(|(_, regions)| *regions)
            .flat_map(|region| region.places.iter().map(move |place| (region, place)))
    }
}
