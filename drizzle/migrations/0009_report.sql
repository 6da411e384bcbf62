-- The delivery report of a day reads tens of thousands of attempts: from an index alone, without their JSON or the table.

ALTER TABLE attempt
  ADD COLUMN was_sent boolean NOT NULL GENERATED ALWAYS AS (times ? 'sending') STORED,
  ADD COLUMN was_delivered boolean NOT NULL GENERATED ALWAYS AS (times ? 'delivered') STORED,
  ADD COLUMN took_ms double precision
    GENERATED ALWAYS AS ((times ->> 'delivered')::double precision - (times ->> 'sending')::double precision) STORED;

CREATE INDEX attempt_report ON attempt (region, began_at)
  INCLUDE (channel, provider, network, state, was_sent, was_delivered, took_ms) WHERE NOT drill;
