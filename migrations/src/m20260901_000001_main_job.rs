//! The first schema: everything that the main job needs.
//!
//! Instants are `BIGINT` milliseconds since 1970 in UTC (`*_at_ms`): equal and sortable alike on both databases.
//! JSON that must come back byte for byte is text or bytes, never `jsonb`.

use sea_orm_migration::prelude::*;

use crate::parts::{column, index, nullable, references, table};

#[derive(DeriveMigrationName)]
pub struct Migration;

fn tables() -> Vec<TableCreateStatement> {
    vec![
        table("installation")
            .col(column("id").integer())
            .col(column("epoch").uuid())
            .col(column("receipt_key").blob())
            .col(column("created_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .to_owned(),
        table("agency")
            .col(column("id").uuid())
            .col(column("name").text())
            .col(column("created_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .to_owned(),
        table("person")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("email").text())
            .col(column("display_name").text())
            .col(nullable("password_hash").text())
            .col(column("locale").text())
            .col(column("created_at_ms").big_integer())
            .col(nullable("disabled_at_ms").big_integer())
            .col(column("failed_sign_ins").integer())
            .col(nullable("last_failure_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .to_owned(),
        table("role_grant")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("person_id").uuid())
            .col(column("role").text())
            .col(nullable("client_id").uuid())
            .col(nullable("region_id").uuid())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("person_id", "person"))
            .to_owned(),
        table("session")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("person_id").uuid())
            .col(column("token_sha256").blob())
            .col(column("device_name").text())
            .col(column("created_at_ms").big_integer())
            .col(column("last_seen_at_ms").big_integer())
            .col(nullable("ended_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("person_id", "person"))
            .to_owned(),
        table("client")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("name").text())
            .col(column("color").text())
            .col(column("locale").text())
            .col(column("created_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .to_owned(),
        table("region")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("client_id").uuid())
            .col(nullable("parent_id").uuid())
            .col(column("name").text())
            .col(column("path").text())
            .col(column("depth").integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("client_id", "client"))
            .to_owned(),
        table("location")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("client_id").uuid())
            .col(column("region_id").uuid())
            .col(column("name").text())
            .col(column("code").text())
            .col(column("address").text())
            .col(column("city").text())
            .col(column("time_zone").text())
            .col(nullable("latitude_e7").big_integer())
            .col(nullable("longitude_e7").big_integer())
            .col(nullable("phone").text())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("client_id", "client"))
            .foreign_key(&mut references("region_id", "region"))
            .to_owned(),
        table("checklist_version")
            .col(column("agency_id").uuid())
            .col(column("sha256").blob())
            .col(column("slug").text())
            .col(column("version").integer())
            .col(column("body").blob())
            .col(column("published_at_ms").big_integer())
            .col(nullable("retired_at_ms").big_integer())
            .primary_key(
                Index::create()
                    .col(Alias::new("agency_id"))
                    .col(Alias::new("sha256")),
            )
            .foreign_key(&mut references("agency_id", "agency"))
            .to_owned(),
        table("campaign")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("client_id").uuid())
            .col(column("name").text())
            .col(column("checklist_slug").text())
            .col(column("checklist_sha256").blob())
            .col(column("visits_min").integer())
            .col(column("starts_on").text())
            .col(column("ends_on").text())
            .col(column("pay_minor").big_integer())
            .col(column("currency").text())
            .col(nullable("brief").text())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("client_id", "client"))
            .to_owned(),
        table("visit")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("client_id").uuid())
            .col(column("campaign_id").uuid())
            .col(column("location_id").uuid())
            .col(nullable("shopper_id").uuid())
            .col(column("checklist_sha256").blob())
            .col(column("state").text())
            .col(column("local_opens").text())
            .col(column("local_closes").text())
            .col(column("opens_at_ms").big_integer())
            .col(column("closes_at_ms").big_integer())
            .col(column("pay_minor").big_integer())
            .col(column("currency").text())
            .col(column("rev").big_integer())
            .col(nullable("audit_id").uuid())
            .col(nullable("withdrawn_reason").text())
            .col(column("created_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("client_id", "client"))
            .foreign_key(&mut references("campaign_id", "campaign"))
            .foreign_key(&mut references("location_id", "location"))
            .to_owned(),
        table("submission")
            .col(
                column("number")
                    .big_integer()
                    .primary_key()
                    .auto_increment(),
            )
            .col(column("agency_id").uuid())
            .col(column("person_id").uuid())
            .col(column("audit_id").uuid())
            .col(column("sha256").blob())
            .col(column("body").blob())
            .col(column("received_at_ms").big_integer())
            .col(column("outcome").text())
            .col(nullable("reason").text())
            .col(nullable("errors").text())
            .col(column("receipt").text())
            .col(nullable("settled_at_ms").big_integer())
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("person_id", "person"))
            .to_owned(),
        table("audit")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("client_id").uuid())
            .col(column("location_id").uuid())
            .col(column("campaign_id").uuid())
            .col(column("visit_id").uuid())
            .col(column("shopper_id").uuid())
            .col(column("checklist_sha256").blob())
            .col(column("checklist_slug").text())
            .col(column("submission_number").big_integer())
            .col(nullable("supersedes").uuid())
            .col(nullable("superseded_by").uuid())
            .col(column("state").text())
            .col(column("complete").boolean())
            .col(column("photos_total").integer())
            .col(column("photos_stored").integer())
            .col(column("flags").text())
            .col(column("score").text())
            .col(nullable("total_micros").big_integer())
            .col(nullable("service_micros").big_integer())
            .col(nullable("experience_micros").big_integer())
            .col(nullable("balanced_micros").big_integer())
            .col(column("failed").boolean())
            .col(column("finished_at").text())
            .col(column("received_at_ms").big_integer())
            .col(column("local_day").text())
            .col(nullable("published_id").uuid())
            .col(nullable("published_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("client_id", "client"))
            .foreign_key(&mut references("location_id", "location"))
            .foreign_key(&mut references("campaign_id", "campaign"))
            .foreign_key(&mut references("visit_id", "visit"))
            .foreign_key(&mut references("shopper_id", "person"))
            .to_owned(),
        table("audit_photo")
            .col(column("audit_id").uuid())
            .col(column("question_id").text())
            .col(column("position").integer())
            .col(column("agency_id").uuid())
            .col(column("person_id").uuid())
            .col(column("sha256").blob())
            .col(column("stored").boolean())
            .col(nullable("waived_reason").text())
            .col(nullable("taken_at").text())
            .primary_key(
                Index::create()
                    .col(Alias::new("audit_id"))
                    .col(Alias::new("question_id"))
                    .col(Alias::new("position")),
            )
            .foreign_key(&mut references("audit_id", "audit"))
            .to_owned(),
        table("photo")
            .col(column("agency_id").uuid())
            .col(column("sha256").blob())
            .col(column("media_type").text())
            .col(column("size_bytes").big_integer())
            .col(column("width_px").integer())
            .col(column("height_px").integer())
            .col(column("in_objects").boolean())
            .col(column("has_renditions").boolean())
            .col(nullable("rendition_error").text())
            .col(nullable("exif").text())
            .col(column("received_at_ms").big_integer())
            .primary_key(
                Index::create()
                    .col(Alias::new("agency_id"))
                    .col(Alias::new("sha256")),
            )
            .foreign_key(&mut references("agency_id", "agency"))
            .to_owned(),
        table("upload")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("person_id").uuid())
            .col(column("sha256").blob())
            .col(column("length_bytes").big_integer())
            .col(column("offset_bytes").big_integer())
            .col(column("created_at_ms").big_integer())
            .col(column("expires_at_ms").big_integer())
            .col(nullable("finished_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("person_id", "person"))
            .to_owned(),
        table("upload_chunk")
            .col(column("upload_id").uuid())
            .col(column("offset_bytes").big_integer())
            .col(column("bytes").blob())
            .primary_key(
                Index::create()
                    .col(Alias::new("upload_id"))
                    .col(Alias::new("offset_bytes")),
            )
            .foreign_key(&mut references("upload_id", "upload"))
            .to_owned(),
        table("feed")
            .col(column("person_id").uuid())
            .col(column("head").big_integer())
            .col(column("live_count").big_integer())
            .col(column("live_sum").big_integer())
            .col(column("pruned_to").big_integer())
            .primary_key(Index::create().col(Alias::new("person_id")))
            .foreign_key(&mut references("person_id", "person"))
            .to_owned(),
        table("feed_entry")
            .col(column("person_id").uuid())
            .col(column("kind").text())
            .col(column("entity_id").uuid())
            .col(column("seq").big_integer())
            .col(column("rev").big_integer())
            .col(column("op").text())
            .col(nullable("reason").text())
            .col(nullable("value").text())
            .col(column("changed_at_ms").big_integer())
            .primary_key(
                Index::create()
                    .col(Alias::new("person_id"))
                    .col(Alias::new("kind"))
                    .col(Alias::new("entity_id")),
            )
            .foreign_key(&mut references("person_id", "person"))
            .to_owned(),
        table("command")
            .col(column("person_id").uuid())
            .col(column("id").uuid())
            .col(column("kind").text())
            .col(column("subject").uuid())
            .col(column("outcome").text())
            .col(nullable("code").text())
            .col(nullable("detail").text())
            .col(column("received_at_ms").big_integer())
            .primary_key(
                Index::create()
                    .col(Alias::new("person_id"))
                    .col(Alias::new("id")),
            )
            .foreign_key(&mut references("person_id", "person"))
            .to_owned(),
        table("outbox_report")
            .col(column("person_id").uuid())
            .col(column("agency_id").uuid())
            .col(column("audits").big_integer())
            .col(column("photos").big_integer())
            .col(column("photo_bytes").big_integer())
            .col(nullable("oldest").text())
            .col(column("reported_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("person_id")))
            .foreign_key(&mut references("person_id", "person"))
            .to_owned(),
        table("review")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("audit_id").uuid())
            .col(column("reviewer_id").uuid())
            .col(column("outcome").text())
            .col(column("message").text())
            .col(column("comments").text())
            .col(column("decided_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("audit_id", "audit"))
            .foreign_key(&mut references("reviewer_id", "person"))
            .to_owned(),
        table("feedback")
            .col(column("id").uuid())
            .col(column("agency_id").uuid())
            .col(column("person_id").uuid())
            .col(column("visit_id").uuid())
            .col(column("audit_id").uuid())
            .col(column("outcome").text())
            .col(column("message").text())
            .col(column("comments").text())
            .col(column("rev").big_integer())
            .col(column("created_at_ms").big_integer())
            .col(nullable("read_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .foreign_key(&mut references("agency_id", "agency"))
            .foreign_key(&mut references("person_id", "person"))
            .foreign_key(&mut references("visit_id", "visit"))
            .foreign_key(&mut references("audit_id", "audit"))
            .to_owned(),
        table("journal")
            .col(
                column("number")
                    .big_integer()
                    .primary_key()
                    .auto_increment(),
            )
            .col(column("agency_id").uuid())
            .col(column("happened_at_ms").big_integer())
            .col(nullable("actor_id").uuid())
            .col(column("action").text())
            .col(column("subject_kind").text())
            .col(column("subject_id").text())
            .col(nullable("detail").text())
            .foreign_key(&mut references("agency_id", "agency"))
            .to_owned(),
        table("job")
            .col(column("id").uuid())
            .col(column("kind").text())
            .col(column("payload").text())
            .col(column("state").text())
            .col(column("attempts").integer())
            .col(column("run_at_ms").big_integer())
            .col(nullable("lease_until_ms").big_integer())
            .col(nullable("last_error").text())
            .col(column("created_at_ms").big_integer())
            .primary_key(Index::create().col(Alias::new("id")))
            .to_owned(),
        table("rollup")
            .col(column("location_id").uuid())
            .col(column("checklist_slug").text())
            .col(column("section_id").text())
            .col(column("dimension").text())
            .col(column("local_day").text())
            .col(column("agency_id").uuid())
            .col(column("client_id").uuid())
            .col(column("n").big_integer())
            .col(column("sum_micros").big_integer())
            .col(column("sum_squares").big_integer())
            .primary_key(
                Index::create()
                    .col(Alias::new("location_id"))
                    .col(Alias::new("checklist_slug"))
                    .col(Alias::new("section_id"))
                    .col(Alias::new("dimension"))
                    .col(Alias::new("local_day")),
            )
            .foreign_key(&mut references("location_id", "location"))
            .to_owned(),
    ]
}

fn indexes() -> Vec<IndexCreateStatement> {
    vec![
        index("person", &["email"], true),
        index("role_grant", &["person_id"], false),
        index("session", &["token_sha256"], true),
        index("session", &["person_id"], false),
        index("client", &["agency_id", "name"], true),
        index("region", &["client_id"], false),
        index("location", &["client_id", "code"], true),
        index("location", &["region_id"], false),
        index("checklist_version", &["agency_id", "slug", "version"], true),
        index("campaign", &["client_id"], false),
        index("visit", &["shopper_id"], false),
        index("visit", &["agency_id", "state", "opens_at_ms"], false),
        index("visit", &["campaign_id"], false),
        index("submission", &["person_id", "audit_id", "sha256"], true),
        index("submission", &["agency_id", "outcome", "number"], false),
        index("audit", &["published_id"], true),
        index("audit", &["agency_id", "state", "received_at_ms"], false),
        index("audit", &["visit_id"], false),
        index(
            "audit",
            &["location_id", "checklist_slug", "local_day"],
            false,
        ),
        index("audit", &["client_id", "published_at_ms"], false),
        index("audit_photo", &["person_id", "sha256"], false),
        index("upload", &["agency_id", "person_id", "sha256"], true),
        index("feed_entry", &["person_id", "seq"], false),
        index("review", &["audit_id"], false),
        index("feedback", &["person_id"], false),
        index("journal", &["agency_id", "number"], false),
        index("job", &["kind", "payload"], true),
        index("job", &["state", "run_at_ms"], false),
        index(
            "rollup",
            &["client_id", "checklist_slug", "section_id", "local_day"],
            false,
        ),
    ]
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in tables() {
            manager.create_table(table).await?;
        }
        for index in indexes() {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}
