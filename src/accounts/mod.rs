//! People: who they are, what they may do, and how they prove it.

pub mod caller;
mod extract;
mod repo;
pub mod routes;
mod secrets;
pub mod service;

pub use caller::{Caller, Role, Scope, ShopperScope};
pub use extract::{Admin, Reader, Reviewer, Shopper, SignedIn, cookie_name};
