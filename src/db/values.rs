//! How the domain's ids are written to and read from columns, so that `domain` need not know of sea-orm.

use sea_orm::sea_query::{ArrayType, ColumnType, Nullable, ValueType, ValueTypeErr};
use sea_orm::{
    ActiveValue, ColIdx, DbErr, IntoActiveValue, QueryResult, TryFromU64, TryGetError, TryGetable,
    Value,
};
use uuid::Uuid;

use crate::domain::ids::{
    AgencyId, AuditId, BundleId, CampaignId, ClientId, FeedbackId, JobId, LocationId, PersonId,
    PhotoPairId, PublishedAuditId, RegionId, SessionId, Sha256, VisitId, WebhookId, WhatIfId,
};

/// `$name(value)` is kept as `$column`: `$write` turns the inside into it, `$read` back.
macro_rules! columns {
    ($column:ty, $array:expr, $type:expr, $write:expr, $read:expr; $($name:ident),+) => {$(
        impl From<$name> for Value {
            fn from(id: $name) -> Self {
                let write: fn($name) -> $column = $write;
                write(id).into()
            }
        }

        impl TryGetable for $name {
            fn try_get_by<I: ColIdx>(row: &QueryResult, column: I) -> Result<Self, TryGetError> {
                let read: fn($column) -> Option<$name> = $read;
                let value = <$column>::try_get_by(row, column)?;
                read(value).ok_or_else(|| {
                    TryGetError::DbErr(DbErr::Type(concat!("not a ", stringify!($name)).to_owned()))
                })
            }
        }

        impl ValueType for $name {
            fn try_from(value: Value) -> Result<Self, ValueTypeErr> {
                let read: fn($column) -> Option<$name> = $read;
                read(<$column as ValueType>::try_from(value)?).ok_or(ValueTypeErr)
            }

            fn type_name() -> String {
                stringify!($name).to_owned()
            }

            fn array_type() -> ArrayType {
                $array
            }

            fn column_type() -> ColumnType {
                $type
            }
        }

        impl Nullable for $name {
            fn null() -> Value {
                <$column as Nullable>::null()
            }
        }

        impl IntoActiveValue<$name> for $name {
            fn into_active_value(self) -> ActiveValue<$name> {
                ActiveValue::Set(self)
            }
        }

        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> {
                Err(DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )+};
}

columns! {
    Uuid, ArrayType::Uuid, ColumnType::Uuid, |id| id.0, |uuid| Some(uuid.into());
    AgencyId, AuditId, BundleId, CampaignId, ClientId, FeedbackId, JobId, LocationId, PersonId, PhotoPairId, WebhookId,
    PublishedAuditId, RegionId, SessionId, VisitId, WhatIfId
}

columns! {
    Vec<u8>, ArrayType::Bytes, ColumnType::Blob, |digest| digest.0.to_vec(),
    |bytes| bytes.try_into().ok().map(Sha256);
    Sha256
}
