//! Checklist versions made ready for use, kept because they never change.
//!
//! A node may forget any of them at any time: the database has them all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::checklist::Checklist;
use crate::domain::ids::{AgencyId, Sha256};

const VERSIONS_MAX: usize = 256;

/// A version with the validator of its audit documents.
#[derive(Debug)]
pub struct Compiled {
    pub checklist: Checklist,
    pub validator: jsonschema::Validator,
}

/// The versions that were used lately.
#[derive(Debug, Default)]
pub struct Cache {
    versions: Mutex<HashMap<(AgencyId, Sha256), Arc<Compiled>>>,
}

impl Cache {
    pub fn get(&self, agency: AgencyId, sha256: Sha256) -> Option<Arc<Compiled>> {
        let versions = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        versions.get(&(agency, sha256)).cloned()
    }

    pub fn put(&self, agency: AgencyId, sha256: Sha256, compiled: Arc<Compiled>) {
        let mut versions = self.versions.lock().unwrap_or_else(PoisonError::into_inner);
        if versions.len() >= VERSIONS_MAX {
            versions.clear();
        }
        versions.insert((agency, sha256), compiled);
    }
}
