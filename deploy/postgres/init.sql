-- Makes the database and its roles. Once, as a superuser, with psql 14 or newer:
--
--   PLAINCLOTHES_OWNER_PASSWORD=… PLAINCLOTHES_APP_PASSWORD=… PLAINCLOTHES_BACKUP_PASSWORD=… \
--     psql -X -v ON_ERROR_STOP=1 -d postgres -f init.sql
--
-- compose.yaml runs it when its volume is new. Not here: tables, which `plainclothes migrate` makes.
--
--   plainclothes_owner   owns the database and migrates; used for seconds at an upgrade
--   plainclothes_app     reads and writes rows, and can neither make nor change a table: what the server uses
--   plainclothes_backup  reads everything, past row-level security, and writes nothing: what pg_dump and
--                        pg_basebackup use

\set ON_ERROR_STOP on
\getenv owner_password PLAINCLOTHES_OWNER_PASSWORD
\getenv app_password PLAINCLOTHES_APP_PASSWORD
\getenv backup_password PLAINCLOTHES_BACKUP_PASSWORD

CREATE ROLE plainclothes_owner LOGIN PASSWORD :'owner_password'
    NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE ROLE plainclothes_app LOGIN PASSWORD :'app_password'
    NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
CREATE ROLE plainclothes_backup LOGIN PASSWORD :'backup_password'
    NOSUPERUSER NOCREATEDB NOCREATEROLE BYPASSRLS REPLICATION;
GRANT pg_read_all_data TO plainclothes_backup;

-- The second line behind what the server sets for its own connections; behind a pooler it is the first.
ALTER ROLE plainclothes_app SET statement_timeout = '30s';
ALTER ROLE plainclothes_app SET idle_in_transaction_session_timeout = '30s';
-- A migration that cannot get its lock gives up: what waits behind it would be every request.
ALTER ROLE plainclothes_owner SET lock_timeout = '30s';
ALTER ROLE plainclothes_backup SET default_transaction_read_only = on;

CREATE DATABASE plainclothes OWNER plainclothes_owner
    TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8';
REVOKE ALL ON DATABASE plainclothes FROM PUBLIC;
GRANT CONNECT ON DATABASE plainclothes TO plainclothes_app, plainclothes_backup;

\connect plainclothes
ALTER SCHEMA public OWNER TO plainclothes_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO plainclothes_app, plainclothes_backup;
-- Rights on tables are given by `plainclothes migrate`, to the role that database_url signs in.
