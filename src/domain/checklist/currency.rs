//! How many digits a currency's minor unit has.
//!
//! Not here: amounts and how they are shown.

/// Digits after the decimal point of an ISO 4217 currency: 2 unless the standard says otherwise.
pub fn minor_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX"
        | "UYI" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::minor_digits;

    #[test]
    fn knows_the_exceptions() {
        assert_eq!(["EUR", "JPY", "KWD", "CLF"].map(minor_digits), [2, 0, 3, 4]);
    }
}
