//! The API as its users live it: stories through the real router, on SQLite or on PostgreSQL.
//!
//! Without `PLAINCLOTHES_TEST_DATABASE` every test has a SQLite file of its own; with it (`postgres://…`) a database of
//! its own on that server. With `PLAINCLOTHES_TEST_S3` every test has a bucket of its own on a real S3 server, instead of
//! the server inside the program. `make test` runs all of them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bundles;
mod generated;
mod harness;
mod hostile;

mod a_backup_is_put_back;
mod a_correction_starts_from_the_shoppers_own_audit;
mod a_database_cannot_be_used;
mod a_file_moves_to_postgresql;
mod a_hang_up_leaves_nothing_half_done;
mod admins_try_again_what_was_given_up;
mod an_outbox_is_brought_as_a_file;
mod any_version_scores_its_own_audits;
mod audit_and_last_photo_race;
mod bad_input_gets_a_clear_answer;
mod each_write_moves_the_feeds_that_it_should;
mod feeds_tell_what_changed;
mod jobs_run_on_many_nodes;
mod limits_have_names;
mod objects_and_database_are_compared;
mod people_sign_in_and_out;
mod phones_ask_who_is_there;
mod phones_scan_nothing;
mod photos_arrive_in_pieces;
mod photos_on_a_line_that_breaks;
mod photos_stand_as_evidence;
mod photos_stand_beside_one_another;
mod receipt_keys_are_rotated;
mod renditions_come_from_the_bucket;
mod reviewer_covers_part_of_a_photo;
mod reviewer_decides;
mod reviewer_settles_the_quarantine;
mod roles_reach_only_their_part;
mod shopper_hands_in_an_audit;
mod stored_scores_come_out_again;
mod the_same_audit_arrives_many_times;
mod the_second_wall;
mod the_server_keeps_house;
mod two_legs_traps_and_places;
mod versions_move_on_and_old_visits_keep_theirs;
mod watchers_see_what_waits;
mod webhooks_tell_what_was_published;
mod what_ifs_change_nothing;
mod what_phones_compress;
