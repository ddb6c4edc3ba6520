//! With whom a location is compared: the regions directly below the lowest one that all listed locations share.
//!
//! For a chain under one country these are its provinces, for one province its cities. The regions further down would
//! often hold one or two locations, whose mean says next to nothing about the group; and the country alone would hide
//! what its provinces have in common. Which locations had visits does not matter, so a location's group is the same in
//! every period. Not here: what a group does to an estimate (`domain::ranking`).

use std::collections::BTreeMap;

/// A number for each region path (ids from the root, each followed by a slash), the same for those that are compared.
pub fn groups(paths: &[&str]) -> Vec<u32> {
    let steps: Vec<Vec<&str>> = paths
        .iter()
        .map(|path| path.split_terminator('/').collect())
        .collect();
    let shared = steps.first().map_or(0, |first| {
        (0..first.len())
            .take_while(|&depth| {
                steps
                    .iter()
                    .all(|steps| steps.get(depth) == first.get(depth))
            })
            .count()
    });
    // A location that lies in the shared region itself has no step below it; those form a group of their own.
    let below = |steps: &Vec<&str>| steps.get(shared).map(|&step| step.to_owned());
    let mut numbers: BTreeMap<Option<String>, u32> =
        steps.iter().map(|steps| (below(steps), 0)).collect();
    numbers
        .values_mut()
        .zip(0..)
        .for_each(|(number, next)| *number = next);
    steps.iter().map(|steps| numbers[&below(steps)]).collect()
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn a_chain_under_one_root_is_grouped_where_it_divides() {
        let paths = ["nl/north/a/", "nl/south/b/", "nl/north/c/", "nl/south/"];
        assert_eq!(groups(&paths), [0, 1, 0, 1]);
    }

    #[test]
    fn several_roots_are_the_groups_whatever_lies_below() {
        assert_eq!(groups(&["de/", "nl/north/", "de/south/"]), [0, 1, 0]);
    }

    #[test]
    fn locations_of_one_region_are_one_group() {
        assert_eq!(groups(&["nl/north/", "nl/north/"]), [0, 0]);
        assert_eq!(groups(&["nl/"]), [0]);
        assert!(groups(&[]).is_empty());
    }

    #[test]
    fn those_in_the_shared_region_itself_are_compared_with_each_other() {
        assert_eq!(groups(&["nl/", "nl/north/", "nl/"]), [0, 1, 0]);
    }

    #[test]
    fn numbers_do_not_depend_on_the_order_of_the_list() {
        assert_eq!(groups(&["nl/south/", "nl/north/"]), [1, 0]);
        assert_eq!(groups(&["nl/north/", "nl/south/"]), [0, 1]);
    }
}
