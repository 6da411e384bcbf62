-- What is not kept for ever of what left the tower. The Worker's account has no right to delete: it may only ask for what is
-- older than its retention to be forgotten, a portion at a time, and ask for a longer retention, never for a shorter one.

CREATE INDEX share_view_at ON share_view (at);
CREATE INDEX broadcast_answer_at ON broadcast_answer (at);
CREATE INDEX drill_result_at ON drill_result (at);

-- Each gives how many rows that were; fewer than the portion: there is nothing more. By region, as attempts are indexed.
CREATE FUNCTION forget_attempts(keep_days integer, portion integer) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
WITH gone AS (
  DELETE FROM public.attempt WHERE ctid = ANY (ARRAY(
    SELECT old.row FROM public.region AS each, LATERAL (
      SELECT ctid AS row FROM public.attempt
      WHERE region = each.region AND began_at < now() - make_interval(days => greatest($1, 365))
      ORDER BY began_at LIMIT $2) AS old
    LIMIT $2)) RETURNING 1)
SELECT count(*) FROM gone
$$;

CREATE FUNCTION forget_share_views(keep_days integer, portion integer) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
WITH gone AS (
  DELETE FROM public.share_view WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM public.share_view WHERE at < now() - make_interval(days => greatest($1, 30))
    ORDER BY at LIMIT $2)) RETURNING 1)
SELECT count(*) FROM gone
$$;

CREATE FUNCTION forget_broadcast_answers(keep_days integer, portion integer) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
WITH gone AS (
  DELETE FROM public.broadcast_answer WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM public.broadcast_answer WHERE at < now() - make_interval(days => greatest($1, 365))
    ORDER BY at LIMIT $2)) RETURNING 1)
SELECT count(*) FROM gone
$$;

CREATE FUNCTION forget_drill_results(keep_days integer, portion integer) RETURNS bigint
  LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
WITH gone AS (
  DELETE FROM public.drill_result WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM public.drill_result WHERE at < now() - make_interval(days => greatest($1, 365))
    ORDER BY at LIMIT $2)) RETURNING 1)
SELECT count(*) FROM gone
$$;

REVOKE ALL ON FUNCTION forget_attempts, forget_share_views, forget_broadcast_answers, forget_drill_results FROM PUBLIC;
GRANT EXECUTE ON FUNCTION forget_attempts, forget_share_views, forget_broadcast_answers, forget_drill_results TO xot_writer;
