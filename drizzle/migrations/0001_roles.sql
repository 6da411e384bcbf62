-- Three accounts: the owner migrates, the writer serves the Worker, the reader makes reports.
-- They are made without a password; who runs the database gives them one.

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['xot_writer', 'xot_reader'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
      EXECUTE format('CREATE ROLE %I NOLOGIN', name);
    END IF;
  END LOOP;
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO xot_writer, xot_reader;
