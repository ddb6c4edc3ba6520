//! The canonical bytes of a checklist version, which its SHA-256 is taken over.
//!
//! They are compact UTF-8 JSON: no white space, the members of every object sorted by name, members without a value
//! left out, every number an integer. For such documents that is what RFC 8785 prescribes, so any JCS implementation
//! gives the same bytes. Not here: what the members are (`model.rs`).

use serde_json::Value;

/// Writes `value` with sorted members.
pub(super) fn to_bytes(value: &Value) -> Vec<u8> {
    let mut out = String::new();
    write(value, &mut out);
    out.into_bytes()
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(members) => {
            let mut members: Vec<_> = members.iter().collect();
            // Names are ASCII, so that the order of bytes is the order of UTF-16 units that RFC 8785 asks for.
            members.sort_by_key(|(name, _)| *name);
            out.push('{');
            for (index, (name, member)) in members.into_iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write(member, out);
            }
            out.push('}');
        }
        Value::Array(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sorts_members_at_every_depth_and_writes_no_space() {
        let value =
            serde_json::json!({"b": [{"z": 1, "a": "é\n\"\u{7f}"}], "a": {"d": null, "c": true}});
        let bytes = to_bytes(&value);
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "{\"a\":{\"c\":true,\"d\":null},\"b\":[{\"a\":\"é\\n\\\"\u{7f}\",\"z\":1}]}"
        );
    }
}
