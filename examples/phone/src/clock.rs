//! The server's time as the phone last heard it. No decision of the protocol uses the phone's own clock; an audit tells
//! by how much it is off.

use chrono::{DateTime, Utc};

/// One hearing of `Server-Time`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServerClock {
    pub server_time: DateTime<Utc>,
    /// Phone minus server, the time that the answer was under way included.
    pub difference_ms: i64,
}

/// Reads the header `Server-Time` (RFC 3339) of an answer that has just come; `None` for anything else.
pub(crate) fn hear(server_time: &str) -> Option<ServerClock> {
    let server_time = DateTime::parse_from_rfc3339(server_time).ok()?.to_utc();
    let difference_ms = (now() - server_time).num_milliseconds();
    Some(ServerClock {
        server_time,
        difference_ms,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "a phone has no other clock, and uses this one only to say by how much it is off"
)]
pub(crate) fn now() -> DateTime<Utc> {
    Utc::now()
}
