//! Letters of five by seven dots, such as tills and signs print.

/// Dots from one letter's left edge to the next one's.
pub const ADVANCE: i32 = 6;

/// Row by row from the top, five bits each, the leftmost dot first; each letter's rows stand in one number, seven groups
/// of two hex digits.
#[rustfmt::skip]
const LETTERS: &[(char, u64)] = &[
    ('A', 0x0e_11_11_1f_11_11_11), ('B', 0x1e_11_11_1e_11_11_1e), ('C', 0x0e_11_10_10_10_11_0e),
    ('D', 0x1e_11_11_11_11_11_1e), ('E', 0x1f_10_10_1e_10_10_1f), ('F', 0x1f_10_10_1e_10_10_10),
    ('G', 0x0e_11_10_17_11_11_0f), ('H', 0x11_11_11_1f_11_11_11), ('I', 0x0e_04_04_04_04_04_0e),
    ('J', 0x07_02_02_02_02_12_0c), ('K', 0x11_12_14_18_14_12_11), ('L', 0x10_10_10_10_10_10_1f),
    ('M', 0x11_1b_15_15_11_11_11), ('N', 0x11_19_15_13_11_11_11), ('O', 0x0e_11_11_11_11_11_0e),
    ('P', 0x1e_11_11_1e_10_10_10), ('Q', 0x0e_11_11_11_15_12_0d), ('R', 0x1e_11_11_1e_14_12_11),
    ('S', 0x0f_10_10_0e_01_01_1e), ('T', 0x1f_04_04_04_04_04_04), ('U', 0x11_11_11_11_11_11_0e),
    ('V', 0x11_11_11_11_11_0a_04), ('W', 0x11_11_11_15_15_1b_11), ('X', 0x11_11_0a_04_0a_11_11),
    ('Y', 0x11_11_0a_04_04_04_04), ('Z', 0x1f_01_02_04_08_10_1f), ('0', 0x0e_11_13_15_19_11_0e),
    ('1', 0x04_0c_04_04_04_04_0e), ('2', 0x0e_11_01_06_08_10_1f), ('3', 0x1e_01_01_0e_01_01_1e),
    ('4', 0x02_06_0a_12_1f_02_02), ('5', 0x1f_10_1e_01_01_11_0e), ('6', 0x06_08_10_1e_11_11_0e),
    ('7', 0x1f_01_02_04_08_08_08), ('8', 0x0e_11_11_0e_11_11_0e), ('9', 0x0e_11_11_0f_01_02_0c),
    ('.', 0x00_00_00_00_00_0c_0c), (',', 0x00_00_00_00_0c_04_08), (':', 0x00_0c_0c_00_0c_0c_00),
    ('-', 0x00_00_00_0e_00_00_00), ('/', 0x01_01_02_04_08_10_10), ('%', 0x19_19_02_04_08_13_13),
    ('=', 0x00_00_1f_00_1f_00_00), ('\'', 0x04_04_08_00_00_00_00),
];

/// The rows of a letter, top first; blank for one that there is not.
pub fn rows(letter: char) -> [u8; 7] {
    let letter = letter.to_ascii_uppercase();
    let known = LETTERS.iter().find(|(known, _)| *known == letter);
    let [_, rows @ ..] = known.map_or(0, |(_, rows)| *rows).to_be_bytes();
    rows
}

/// The dots of a row that stand together: the first one's column and how many they are.
pub fn runs(bits: u8) -> impl Iterator<Item = (i32, i32)> {
    let is_set = move |column: i32| (0..5).contains(&column) && bits & (0x10 >> column) != 0;
    (0..5)
        .filter(move |column| is_set(*column) && !is_set(column - 1))
        .map(move |column| {
            let width = (column..5).take_while(|next| is_set(*next)).count() as i32;
            (column, width)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_five_dots_wide_and_all_different() {
        for (at, (letter, _)) in LETTERS.iter().enumerate() {
            assert!(rows(*letter).iter().all(|row| *row < 0x20), "{letter}");
            let alike = LETTERS[at + 1..]
                .iter()
                .find(|(other, _)| rows(*other) == rows(*letter));
            assert_eq!(alike, None, "{letter}");
        }
        assert_eq!(rows('l'), rows('L'));
        assert_eq!(rows('é'), [0; 7]);
    }

    #[test]
    fn runs_join_neighbours() {
        let runs: Vec<_> = runs(0b11011).collect();
        assert_eq!(runs, [(0, 2), (3, 2)]);
    }
}
