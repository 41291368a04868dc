-- pgsql

-- Give names that servers take in 2024_05_20_000001_add_reporting_indexes (IDX001, IDX002, IDX003, IDX005, MIG001, MIG011, QRY014)
ALTER INDEX "ai_usage_log_of_a_project_ordered_by_the_time_at_which_it_was_i" RENAME TO "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred";
-- Back:
-- ALTER INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" RENAME TO "ai_usage_log_of_a_project_ordered_by_the_time_at_which_it_was_i";

-- Create the table ai_budget_events (MOD004, QRY001, TBL001)
CREATE TABLE "ai_budget_events" (
  "id" bigserial NOT NULL,
  "limit_id" bigint NOT NULL,
  "actor_id" bigint,
  "action" character varying(255) NOT NULL,
  "old_amount" numeric(14,4),
  "new_amount" numeric(14,4),
  "created_at" timestamp(0) without time zone NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY ("id"),
  CONSTRAINT "ai_budget_events_action_check" CHECK ("action" in ('created', 'raised', 'lowered', 'removed'))
);
CREATE INDEX "ai_budget_events_actor_id_index" ON "ai_budget_events" ("actor_id");
CREATE INDEX "ai_budget_events_limit" ON "ai_budget_events" ("limit_id", "created_at");
ALTER TABLE "ai_budget_events" ADD CONSTRAINT "ai_budget_events_actor_id_foreign" FOREIGN KEY ("actor_id") REFERENCES "users" ("id") ON DELETE SET NULL;
ALTER TABLE "ai_budget_events" ADD CONSTRAINT "ai_budget_events_limit_id_foreign" FOREIGN KEY ("limit_id") REFERENCES "ai_spending_limits" ("id") ON DELETE CASCADE;
-- Back:
-- DROP TABLE "ai_budget_events";

-- Add cached_tokens and request_id to ai_usage_log (COL001, MOD005, MOD007)
ALTER TABLE "ai_usage_log" ADD COLUMN "cached_tokens" integer NOT NULL DEFAULT 0;
ALTER TABLE "ai_usage_log" ADD COLUMN "request_id" character(36);
COMMENT ON COLUMN "ai_usage_log"."request_id" IS 'Makes recording idempotent';
CREATE UNIQUE INDEX CONCURRENTLY "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
-- Back:
-- ALTER TABLE "ai_usage_log" DROP CONSTRAINT IF EXISTS "ai_cost_entries_request_id_unique";
-- DROP INDEX CONCURRENTLY IF EXISTS "ai_cost_entries_request_id_unique";
-- ALTER TABLE "ai_usage_log" DROP COLUMN "cached_tokens";
-- ALTER TABLE "ai_usage_log" DROP COLUMN "request_id";

-- Add deleted_at to ai_usage_rollups (MOD012)
ALTER TABLE "ai_usage_rollups" ADD COLUMN "deleted_at" timestamp(0) without time zone;
-- Back:
-- ALTER TABLE "ai_usage_rollups" DROP COLUMN "deleted_at";

-- Change the default of ai_limit_alerts.channels (COL006)
ALTER TABLE "ai_limit_alerts" ALTER COLUMN "channels" SET DEFAULT '["mail"]'::json;
-- Back:
-- ALTER TABLE "ai_limit_alerts" ALTER COLUMN "channels" DROP DEFAULT;

-- Allow NULL in ai_limit_alerts.message (COL005)
ALTER TABLE "ai_limit_alerts" ALTER COLUMN "message" DROP NOT NULL;
-- Back:
-- ALTER TABLE "ai_limit_alerts" ADD CONSTRAINT "ai_limit_alerts_message_not_null" CHECK ("message" IS NOT NULL) NOT VALID;
-- ALTER TABLE "ai_limit_alerts" VALIDATE CONSTRAINT "ai_limit_alerts_message_not_null";
-- ALTER TABLE "ai_limit_alerts" ALTER COLUMN "message" SET NOT NULL;
-- ALTER TABLE "ai_limit_alerts" DROP CONSTRAINT "ai_limit_alerts_message_not_null";

-- Forbid NULL in ai_model_prices.currency (COL005)
UPDATE "ai_model_prices" SET "currency" = 'USD' WHERE "currency" IS NULL;
ALTER TABLE "ai_model_prices" ADD CONSTRAINT "ai_model_prices_currency_not_null" CHECK ("currency" IS NOT NULL) NOT VALID;
ALTER TABLE "ai_model_prices" VALIDATE CONSTRAINT "ai_model_prices_currency_not_null";
ALTER TABLE "ai_model_prices" ALTER COLUMN "currency" SET NOT NULL;
ALTER TABLE "ai_model_prices" DROP CONSTRAINT "ai_model_prices_currency_not_null";
-- Back:
-- ALTER TABLE "ai_model_prices" ALTER COLUMN "currency" DROP NOT NULL;

-- Change the default of ai_spending_limits.hard_stop (COL006)
ALTER TABLE "ai_spending_limits" ALTER COLUMN "hard_stop" SET DEFAULT true;
-- Back:
-- ALTER TABLE "ai_spending_limits" ALTER COLUMN "hard_stop" DROP DEFAULT;

-- Forbid NULL in ai_spending_limits.limit_amount (COL005)
UPDATE "ai_spending_limits" SET "limit_amount" = 0 WHERE "limit_amount" IS NULL;
ALTER TABLE "ai_spending_limits" ADD CONSTRAINT "ai_spending_limits_limit_amount_not_null" CHECK ("limit_amount" IS NOT NULL) NOT VALID;
ALTER TABLE "ai_spending_limits" VALIDATE CONSTRAINT "ai_spending_limits_limit_amount_not_null";
ALTER TABLE "ai_spending_limits" ALTER COLUMN "limit_amount" SET NOT NULL;
ALTER TABLE "ai_spending_limits" DROP CONSTRAINT "ai_spending_limits_limit_amount_not_null";
-- Back:
-- ALTER TABLE "ai_spending_limits" ALTER COLUMN "limit_amount" DROP NOT NULL;

-- Widen ai_spending_limits.period (TYP001)
ALTER TABLE "ai_spending_limits" DROP CONSTRAINT "ai_spending_limits_period_check";
ALTER TABLE "ai_spending_limits" ADD CONSTRAINT "ai_spending_limits_period_check" CHECK ("period" in ('daily', 'monthly', 'weekly')) NOT VALID;
ALTER TABLE "ai_spending_limits" VALIDATE CONSTRAINT "ai_spending_limits_period_check";
-- Back:
-- ALTER TABLE "ai_spending_limits" DROP CONSTRAINT "ai_spending_limits_period_check";
-- ALTER TABLE "ai_spending_limits" ADD CONSTRAINT "ai_spending_limits_period_check" CHECK ("period" in ('daily', 'monthly')) NOT VALID;
-- ALTER TABLE "ai_spending_limits" VALIDATE CONSTRAINT "ai_spending_limits_period_check";

-- Let ai_spending_limits.source be left out (COL003, FAC003)
ALTER TABLE "ai_spending_limits" ALTER COLUMN "source" DROP NOT NULL;
-- Back:
-- ALTER TABLE "ai_spending_limits" ADD CONSTRAINT "ai_spending_limits_source_not_null" CHECK ("source" IS NOT NULL) NOT VALID;
-- ALTER TABLE "ai_spending_limits" VALIDATE CONSTRAINT "ai_spending_limits_source_not_null";
-- ALTER TABLE "ai_spending_limits" ALTER COLUMN "source" SET NOT NULL;
-- ALTER TABLE "ai_spending_limits" DROP CONSTRAINT "ai_spending_limits_source_not_null";

-- Change the default of ai_usage_log.currency (COL006)
ALTER TABLE "ai_usage_log" ALTER COLUMN "currency" SET DEFAULT 'USD'::bpchar;
-- Back:
-- ALTER TABLE "ai_usage_log" ALTER COLUMN "currency" SET DEFAULT 'EUR'::bpchar;

-- Forbid NULL in ai_usage_log.incurred_at (COL005)
UPDATE "ai_usage_log" SET "incurred_at" = CURRENT_TIMESTAMP WHERE "incurred_at" IS NULL;
ALTER TABLE "ai_usage_log" ADD CONSTRAINT "ai_usage_log_incurred_at_not_null" CHECK ("incurred_at" IS NOT NULL) NOT VALID;
ALTER TABLE "ai_usage_log" VALIDATE CONSTRAINT "ai_usage_log_incurred_at_not_null";
ALTER TABLE "ai_usage_log" ALTER COLUMN "incurred_at" SET NOT NULL;
ALTER TABLE "ai_usage_log" DROP CONSTRAINT "ai_usage_log_incurred_at_not_null";
-- Back:
-- ALTER TABLE "ai_usage_log" ALTER COLUMN "incurred_at" DROP NOT NULL;

-- Comment ai_usage_log.latency_ms (COL008)
COMMENT ON COLUMN "ai_usage_log"."latency_ms" IS 'Until the last token';
-- Back:
-- COMMENT ON COLUMN "ai_usage_log"."latency_ms" IS NULL;

-- Widen ai_usage_log.model (TYP001)
ALTER TABLE "ai_usage_log" ALTER COLUMN "model" TYPE character varying(120) USING "model"::character varying(120);
-- Back:
-- ALTER TABLE "ai_usage_log" ALTER COLUMN "model" TYPE character varying(60) USING "model"::character varying(60);

-- Give ai_usage_rollups.calls back what change() dropped (MIG013)
ALTER TABLE "ai_usage_rollups" ALTER COLUMN "calls" SET DEFAULT '0'::bigint;
-- Back:
-- ALTER TABLE "ai_usage_rollups" ALTER COLUMN "calls" DROP DEFAULT;

-- Change the type of ai_limit_alerts.spent_amount (TYP002)
ALTER TABLE "ai_limit_alerts" ADD COLUMN "spent_amount_new" numeric(14,4);
UPDATE "ai_limit_alerts" SET "spent_amount_new" = CAST("spent_amount" AS numeric(14,4)) WHERE "spent_amount_new" IS NULL AND "spent_amount" IS NOT NULL;
ALTER TABLE "ai_limit_alerts" ADD CONSTRAINT "ai_limit_alerts_spent_amount_new_not_null" CHECK ("spent_amount_new" IS NOT NULL) NOT VALID;
ALTER TABLE "ai_limit_alerts" VALIDATE CONSTRAINT "ai_limit_alerts_spent_amount_new_not_null";
ALTER TABLE "ai_limit_alerts" ALTER COLUMN "spent_amount_new" SET NOT NULL;
ALTER TABLE "ai_limit_alerts" DROP CONSTRAINT "ai_limit_alerts_spent_amount_new_not_null";
ALTER TABLE "ai_limit_alerts" ALTER COLUMN "spent_amount" DROP NOT NULL;
ALTER TABLE "ai_limit_alerts" RENAME COLUMN "spent_amount" TO "spent_amount_old";
ALTER TABLE "ai_limit_alerts" RENAME COLUMN "spent_amount_new" TO "spent_amount";
-- Back:
-- ALTER TABLE "ai_limit_alerts" RENAME COLUMN "spent_amount" TO "spent_amount_new";
-- ALTER TABLE "ai_limit_alerts" RENAME COLUMN "spent_amount_old" TO "spent_amount";
-- UPDATE "ai_limit_alerts" SET "spent_amount" = CAST("spent_amount_new" AS double precision) WHERE "spent_amount" IS NULL AND "spent_amount_new" IS NOT NULL;
-- ALTER TABLE "ai_limit_alerts" ADD CONSTRAINT "ai_limit_alerts_spent_amount_not_null" CHECK ("spent_amount" IS NOT NULL) NOT VALID;
-- ALTER TABLE "ai_limit_alerts" VALIDATE CONSTRAINT "ai_limit_alerts_spent_amount_not_null";
-- ALTER TABLE "ai_limit_alerts" ALTER COLUMN "spent_amount" SET NOT NULL;
-- ALTER TABLE "ai_limit_alerts" DROP CONSTRAINT "ai_limit_alerts_spent_amount_not_null";
-- ALTER TABLE "ai_limit_alerts" DROP COLUMN "spent_amount_new";

-- Change the type of ai_model_prices.input_price (TYP001)
ALTER TABLE "ai_model_prices" ADD COLUMN "input_price_new" numeric(14,8);
UPDATE "ai_model_prices" SET "input_price_new" = CAST("input_price" AS numeric(14,8)) WHERE "input_price_new" IS NULL AND "input_price" IS NOT NULL;
ALTER TABLE "ai_model_prices" ADD CONSTRAINT "ai_model_prices_input_price_new_not_null" CHECK ("input_price_new" IS NOT NULL) NOT VALID;
ALTER TABLE "ai_model_prices" VALIDATE CONSTRAINT "ai_model_prices_input_price_new_not_null";
ALTER TABLE "ai_model_prices" ALTER COLUMN "input_price_new" SET NOT NULL;
ALTER TABLE "ai_model_prices" DROP CONSTRAINT "ai_model_prices_input_price_new_not_null";
ALTER TABLE "ai_model_prices" ALTER COLUMN "input_price" DROP NOT NULL;
ALTER TABLE "ai_model_prices" RENAME COLUMN "input_price" TO "input_price_old";
ALTER TABLE "ai_model_prices" RENAME COLUMN "input_price_new" TO "input_price";
-- Back:
-- ALTER TABLE "ai_model_prices" RENAME COLUMN "input_price" TO "input_price_new";
-- ALTER TABLE "ai_model_prices" RENAME COLUMN "input_price_old" TO "input_price";
-- UPDATE "ai_model_prices" SET "input_price" = CAST("input_price_new" AS numeric(10,4)) WHERE "input_price" IS NULL AND "input_price_new" IS NOT NULL;
-- ALTER TABLE "ai_model_prices" ADD CONSTRAINT "ai_model_prices_input_price_not_null" CHECK ("input_price" IS NOT NULL) NOT VALID;
-- ALTER TABLE "ai_model_prices" VALIDATE CONSTRAINT "ai_model_prices_input_price_not_null";
-- ALTER TABLE "ai_model_prices" ALTER COLUMN "input_price" SET NOT NULL;
-- ALTER TABLE "ai_model_prices" DROP CONSTRAINT "ai_model_prices_input_price_not_null";
-- ALTER TABLE "ai_model_prices" DROP COLUMN "input_price_new";

-- Change the type of ai_model_prices.output_price (TYP001)
ALTER TABLE "ai_model_prices" ADD COLUMN "output_price_new" numeric(14,8);
UPDATE "ai_model_prices" SET "output_price_new" = CAST("output_price" AS numeric(14,8)) WHERE "output_price_new" IS NULL AND "output_price" IS NOT NULL;
ALTER TABLE "ai_model_prices" ADD CONSTRAINT "ai_model_prices_output_price_new_not_null" CHECK ("output_price_new" IS NOT NULL) NOT VALID;
ALTER TABLE "ai_model_prices" VALIDATE CONSTRAINT "ai_model_prices_output_price_new_not_null";
ALTER TABLE "ai_model_prices" ALTER COLUMN "output_price_new" SET NOT NULL;
ALTER TABLE "ai_model_prices" DROP CONSTRAINT "ai_model_prices_output_price_new_not_null";
ALTER TABLE "ai_model_prices" ALTER COLUMN "output_price" DROP NOT NULL;
ALTER TABLE "ai_model_prices" RENAME COLUMN "output_price" TO "output_price_old";
ALTER TABLE "ai_model_prices" RENAME COLUMN "output_price_new" TO "output_price";
-- Back:
-- ALTER TABLE "ai_model_prices" RENAME COLUMN "output_price" TO "output_price_new";
-- ALTER TABLE "ai_model_prices" RENAME COLUMN "output_price_old" TO "output_price";
-- UPDATE "ai_model_prices" SET "output_price" = CAST("output_price_new" AS numeric(10,4)) WHERE "output_price" IS NULL AND "output_price_new" IS NOT NULL;
-- ALTER TABLE "ai_model_prices" ADD CONSTRAINT "ai_model_prices_output_price_not_null" CHECK ("output_price" IS NOT NULL) NOT VALID;
-- ALTER TABLE "ai_model_prices" VALIDATE CONSTRAINT "ai_model_prices_output_price_not_null";
-- ALTER TABLE "ai_model_prices" ALTER COLUMN "output_price" SET NOT NULL;
-- ALTER TABLE "ai_model_prices" DROP CONSTRAINT "ai_model_prices_output_price_not_null";
-- ALTER TABLE "ai_model_prices" DROP COLUMN "output_price_new";

-- Change the type of ai_spending_limits.starts_on (TYP002)
ALTER TABLE "ai_spending_limits" ADD COLUMN "starts_on_new" date;
UPDATE "ai_spending_limits" SET "starts_on_new" = CAST("starts_on" AS date) WHERE "starts_on_new" IS NULL AND "starts_on" IS NOT NULL;
ALTER TABLE "ai_spending_limits" ADD CONSTRAINT "ai_spending_limits_starts_on_new_not_null" CHECK ("starts_on_new" IS NOT NULL) NOT VALID;
ALTER TABLE "ai_spending_limits" VALIDATE CONSTRAINT "ai_spending_limits_starts_on_new_not_null";
ALTER TABLE "ai_spending_limits" ALTER COLUMN "starts_on_new" SET NOT NULL;
ALTER TABLE "ai_spending_limits" DROP CONSTRAINT "ai_spending_limits_starts_on_new_not_null";
ALTER TABLE "ai_spending_limits" ALTER COLUMN "starts_on" DROP NOT NULL;
ALTER TABLE "ai_spending_limits" RENAME COLUMN "starts_on" TO "starts_on_old";
ALTER TABLE "ai_spending_limits" RENAME COLUMN "starts_on_new" TO "starts_on";
-- Back:
-- ALTER TABLE "ai_spending_limits" RENAME COLUMN "starts_on" TO "starts_on_new";
-- ALTER TABLE "ai_spending_limits" RENAME COLUMN "starts_on_old" TO "starts_on";
-- UPDATE "ai_spending_limits" SET "starts_on" = CAST("starts_on_new" AS character varying(10)) WHERE "starts_on" IS NULL AND "starts_on_new" IS NOT NULL;
-- ALTER TABLE "ai_spending_limits" ADD CONSTRAINT "ai_spending_limits_starts_on_not_null" CHECK ("starts_on" IS NOT NULL) NOT VALID;
-- ALTER TABLE "ai_spending_limits" VALIDATE CONSTRAINT "ai_spending_limits_starts_on_not_null";
-- ALTER TABLE "ai_spending_limits" ALTER COLUMN "starts_on" SET NOT NULL;
-- ALTER TABLE "ai_spending_limits" DROP CONSTRAINT "ai_spending_limits_starts_on_not_null";
-- ALTER TABLE "ai_spending_limits" DROP COLUMN "starts_on_new";

-- Change the type of ai_usage_log.input_cost (TYP001)
ALTER TABLE "ai_usage_log" ADD COLUMN "input_cost_new" numeric(14,8);
UPDATE "ai_usage_log" SET "input_cost_new" = CAST("input_cost" AS numeric(14,8)) WHERE "input_cost_new" IS NULL AND "input_cost" IS NOT NULL;
ALTER TABLE "ai_usage_log" ADD CONSTRAINT "ai_usage_log_input_cost_new_not_null" CHECK ("input_cost_new" IS NOT NULL) NOT VALID;
ALTER TABLE "ai_usage_log" VALIDATE CONSTRAINT "ai_usage_log_input_cost_new_not_null";
ALTER TABLE "ai_usage_log" ALTER COLUMN "input_cost_new" SET NOT NULL;
ALTER TABLE "ai_usage_log" DROP CONSTRAINT "ai_usage_log_input_cost_new_not_null";
ALTER TABLE "ai_usage_log" ALTER COLUMN "input_cost" DROP NOT NULL;
ALTER TABLE "ai_usage_log" RENAME COLUMN "input_cost" TO "input_cost_old";
ALTER TABLE "ai_usage_log" RENAME COLUMN "input_cost_new" TO "input_cost";
-- Back:
-- ALTER TABLE "ai_usage_log" RENAME COLUMN "input_cost" TO "input_cost_new";
-- ALTER TABLE "ai_usage_log" RENAME COLUMN "input_cost_old" TO "input_cost";
-- UPDATE "ai_usage_log" SET "input_cost" = CAST("input_cost_new" AS numeric(10,4)) WHERE "input_cost" IS NULL AND "input_cost_new" IS NOT NULL;
-- ALTER TABLE "ai_usage_log" ADD CONSTRAINT "ai_usage_log_input_cost_not_null" CHECK ("input_cost" IS NOT NULL) NOT VALID;
-- ALTER TABLE "ai_usage_log" VALIDATE CONSTRAINT "ai_usage_log_input_cost_not_null";
-- ALTER TABLE "ai_usage_log" ALTER COLUMN "input_cost" SET NOT NULL;
-- ALTER TABLE "ai_usage_log" DROP CONSTRAINT "ai_usage_log_input_cost_not_null";
-- ALTER TABLE "ai_usage_log" DROP COLUMN "input_cost_new";

-- Change the type of ai_usage_log.input_tokens (TYP001)
ALTER TABLE "ai_usage_log" ADD COLUMN "input_tokens_new" integer;
UPDATE "ai_usage_log" SET "input_tokens_new" = CAST("input_tokens" AS integer) WHERE "input_tokens_new" IS NULL AND "input_tokens" IS NOT NULL;
ALTER TABLE "ai_usage_log" ALTER COLUMN "input_tokens_new" SET DEFAULT 0;
ALTER TABLE "ai_usage_log" ADD CONSTRAINT "ai_usage_log_input_tokens_new_not_null" CHECK ("input_tokens_new" IS NOT NULL) NOT VALID;
ALTER TABLE "ai_usage_log" VALIDATE CONSTRAINT "ai_usage_log_input_tokens_new_not_null";
ALTER TABLE "ai_usage_log" ALTER COLUMN "input_tokens_new" SET NOT NULL;
ALTER TABLE "ai_usage_log" DROP CONSTRAINT "ai_usage_log_input_tokens_new_not_null";
ALTER TABLE "ai_usage_log" ALTER COLUMN "input_tokens" DROP NOT NULL;
ALTER TABLE "ai_usage_log" RENAME COLUMN "input_tokens" TO "input_tokens_old";
ALTER TABLE "ai_usage_log" RENAME COLUMN "input_tokens_new" TO "input_tokens";
-- Back:
-- ALTER TABLE "ai_usage_log" RENAME COLUMN "input_tokens" TO "input_tokens_new";
-- ALTER TABLE "ai_usage_log" RENAME COLUMN "input_tokens_old" TO "input_tokens";
-- UPDATE "ai_usage_log" SET "input_tokens" = CAST("input_tokens_new" AS integer) WHERE "input_tokens" IS NULL AND "input_tokens_new" IS NOT NULL;
-- ALTER TABLE "ai_usage_log" ADD CONSTRAINT "ai_usage_log_input_tokens_not_null" CHECK ("input_tokens" IS NOT NULL) NOT VALID;
-- ALTER TABLE "ai_usage_log" VALIDATE CONSTRAINT "ai_usage_log_input_tokens_not_null";
-- ALTER TABLE "ai_usage_log" ALTER COLUMN "input_tokens" SET NOT NULL;
-- ALTER TABLE "ai_usage_log" DROP CONSTRAINT "ai_usage_log_input_tokens_not_null";
-- ALTER TABLE "ai_usage_log" DROP COLUMN "input_tokens_new";

-- Change the type of ai_usage_log.output_tokens (TYP001)
ALTER TABLE "ai_usage_log" ADD COLUMN "output_tokens_new" integer;
UPDATE "ai_usage_log" SET "output_tokens_new" = CAST("output_tokens" AS integer) WHERE "output_tokens_new" IS NULL AND "output_tokens" IS NOT NULL;
ALTER TABLE "ai_usage_log" ALTER COLUMN "output_tokens_new" SET DEFAULT 0;
ALTER TABLE "ai_usage_log" ADD CONSTRAINT "ai_usage_log_output_tokens_new_not_null" CHECK ("output_tokens_new" IS NOT NULL) NOT VALID;
ALTER TABLE "ai_usage_log" VALIDATE CONSTRAINT "ai_usage_log_output_tokens_new_not_null";
ALTER TABLE "ai_usage_log" ALTER COLUMN "output_tokens_new" SET NOT NULL;
ALTER TABLE "ai_usage_log" DROP CONSTRAINT "ai_usage_log_output_tokens_new_not_null";
ALTER TABLE "ai_usage_log" ALTER COLUMN "output_tokens" DROP NOT NULL;
ALTER TABLE "ai_usage_log" RENAME COLUMN "output_tokens" TO "output_tokens_old";
ALTER TABLE "ai_usage_log" RENAME COLUMN "output_tokens_new" TO "output_tokens";
-- Back:
-- ALTER TABLE "ai_usage_log" RENAME COLUMN "output_tokens" TO "output_tokens_new";
-- ALTER TABLE "ai_usage_log" RENAME COLUMN "output_tokens_old" TO "output_tokens";
-- UPDATE "ai_usage_log" SET "output_tokens" = CAST("output_tokens_new" AS integer) WHERE "output_tokens" IS NULL AND "output_tokens_new" IS NOT NULL;
-- ALTER TABLE "ai_usage_log" ADD CONSTRAINT "ai_usage_log_output_tokens_not_null" CHECK ("output_tokens" IS NOT NULL) NOT VALID;
-- ALTER TABLE "ai_usage_log" VALIDATE CONSTRAINT "ai_usage_log_output_tokens_not_null";
-- ALTER TABLE "ai_usage_log" ALTER COLUMN "output_tokens" SET NOT NULL;
-- ALTER TABLE "ai_usage_log" DROP CONSTRAINT "ai_usage_log_output_tokens_not_null";
-- ALTER TABLE "ai_usage_log" DROP COLUMN "output_tokens_new";

-- Index ai_spending_limits (project_id) (KEY009)
CREATE INDEX CONCURRENTLY "ai_spending_limits_project_id_index" ON "ai_spending_limits" ("project_id");
-- Back:
-- DROP INDEX CONCURRENTLY "ai_spending_limits_project_id_index";

-- Index ai_usage_log (provider, model) (IDX001)
CREATE INDEX CONCURRENTLY "ai_cost_entries_provider_model" ON "ai_usage_log" ("provider", "model");
-- Back:
-- DROP INDEX CONCURRENTLY "ai_cost_entries_provider_model";

-- Index ai_desk_visits (visited_at) (IDX004)
CREATE INDEX CONCURRENTLY "ai_desk_visits_visited_at_index" ON "ai_desk_visits" ("visited_at");
-- Back:
-- DROP INDEX CONCURRENTLY "ai_desk_visits_visited_at_index";

-- Index ai_usage_log (incurred_at) (IDX003)
CREATE INDEX CONCURRENTLY "ai_usage_log_incurred_at_index" ON "ai_usage_log" ("incurred_at");
-- Back:
-- DROP INDEX CONCURRENTLY "ai_usage_log_incurred_at_index";

-- Drop 2 superfluous indexes of ai_desk_visits (IDX006, IDX008)
DROP INDEX CONCURRENTLY "ai_desk_visits_browser_index";
DROP INDEX CONCURRENTLY "ai_desk_visits_page_index";
-- Back:
-- CREATE INDEX CONCURRENTLY "ai_desk_visits_browser_index" ON "ai_desk_visits" ("browser");
-- CREATE INDEX CONCURRENTLY "ai_desk_visits_page_index" ON "ai_desk_visits" ("page");

-- Let ai_limit_alerts.id number its rows (COL009, QRY003)
CREATE SEQUENCE "ai_limit_alerts_id_seq" OWNED BY "ai_limit_alerts"."id";
SELECT setval('"ai_limit_alerts_id_seq"', (SELECT COALESCE(MAX("id"), 0) + 1 FROM "ai_limit_alerts"), false);
ALTER TABLE "ai_limit_alerts" ALTER COLUMN "id" SET DEFAULT nextval('ai_limit_alerts_id_seq'::regclass);
-- Back:
-- ALTER TABLE "ai_limit_alerts" ALTER COLUMN "id" DROP DEFAULT;
-- DROP SEQUENCE "ai_limit_alerts_id_seq";

-- Give ai_project_members the primary key that is required (KEY001, KEY009, REL006)
-- Look for duplicates: select project_id, user_id, count(*) from ai_project_members group by project_id, user_id having count(*) > 1;
CREATE UNIQUE INDEX CONCURRENTLY "ai_project_members_id_unique" ON "ai_project_members" ("id");
ALTER TABLE "ai_project_members" DROP CONSTRAINT "ai_project_members_pkey", ADD CONSTRAINT "ai_project_members_pkey" PRIMARY KEY ("project_id", "user_id");
-- Back:
-- ALTER TABLE "ai_project_members" DROP CONSTRAINT "ai_project_members_pkey", ADD CONSTRAINT "ai_project_members_pkey" PRIMARY KEY ("id");
-- DROP INDEX CONCURRENTLY "ai_project_members_id_unique";

-- Make ai_invoices (number) unique (IDX003, RUL001)
-- Look for duplicates: select number, count(*) from ai_invoices group by number having count(*) > 1;
CREATE UNIQUE INDEX CONCURRENTLY "ai_invoices_number_unique" ON "ai_invoices" ("number");
-- Back:
-- ALTER TABLE "ai_invoices" DROP CONSTRAINT IF EXISTS "ai_invoices_number_unique";
-- DROP INDEX CONCURRENTLY IF EXISTS "ai_invoices_number_unique";

-- Make ai_invoices (project_id) unique (REL005)
-- Look for duplicates: select project_id, count(*) from ai_invoices group by project_id having count(*) > 1;
CREATE UNIQUE INDEX CONCURRENTLY "ai_invoices_project_id_unique" ON "ai_invoices" ("project_id");
-- Back:
-- ALTER TABLE "ai_invoices" DROP CONSTRAINT IF EXISTS "ai_invoices_project_id_unique";
-- DROP INDEX CONCURRENTLY IF EXISTS "ai_invoices_project_id_unique";

-- Make ai_model_prices (provider, model, valid_from) unique (KEY002)
-- Look for duplicates: select provider, model, valid_from, count(*) from ai_model_prices group by provider, model, valid_from having count(*) > 1;
CREATE UNIQUE INDEX CONCURRENTLY "ai_model_prices_day_unique" ON "ai_model_prices" ("provider", "model", "valid_from");
-- Back:
-- ALTER TABLE "ai_model_prices" DROP CONSTRAINT IF EXISTS "ai_model_prices_day_unique";
-- DROP INDEX CONCURRENTLY IF EXISTS "ai_model_prices_day_unique";

-- Make ai_spending_limits (user_id, project_id, period) unique (KEY002, QRY008)
-- Look for duplicates: select user_id, project_id, period, count(*) from ai_spending_limits group by user_id, project_id, period having count(*) > 1;
CREATE UNIQUE INDEX CONCURRENTLY "ai_spending_limits_user_id_project_id_period_unique" ON "ai_spending_limits" ("user_id", "project_id", "period");
DROP INDEX CONCURRENTLY "ai_spending_limits_scope_unique";
-- Back:
-- CREATE INDEX CONCURRENTLY "ai_spending_limits_scope_unique" ON "ai_spending_limits" ("user_id", "project_id", "period");
-- ALTER TABLE "ai_spending_limits" DROP CONSTRAINT IF EXISTS "ai_spending_limits_user_id_project_id_period_unique";
-- DROP INDEX CONCURRENTLY IF EXISTS "ai_spending_limits_user_id_project_id_period_unique";

-- Rename ai_usage_log.cost to total_cost (COL002)
ALTER TABLE "ai_usage_log" ADD COLUMN "total_cost" numeric(16,8);
UPDATE "ai_usage_log" SET "total_cost" = CAST("cost" AS numeric(16,8)) WHERE "total_cost" IS NULL AND "cost" IS NOT NULL;
ALTER TABLE "ai_usage_log" ADD CONSTRAINT "ai_usage_log_total_cost_not_null" CHECK ("total_cost" IS NOT NULL) NOT VALID;
ALTER TABLE "ai_usage_log" VALIDATE CONSTRAINT "ai_usage_log_total_cost_not_null";
ALTER TABLE "ai_usage_log" ALTER COLUMN "total_cost" SET NOT NULL;
ALTER TABLE "ai_usage_log" DROP CONSTRAINT "ai_usage_log_total_cost_not_null";
ALTER TABLE "ai_usage_log" ALTER COLUMN "cost" DROP NOT NULL;
-- Back:
-- UPDATE "ai_usage_log" SET "cost" = CAST("total_cost" AS numeric(16,8)) WHERE "cost" IS NULL AND "total_cost" IS NOT NULL;
-- ALTER TABLE "ai_usage_log" ADD CONSTRAINT "ai_usage_log_cost_not_null" CHECK ("cost" IS NOT NULL) NOT VALID;
-- ALTER TABLE "ai_usage_log" VALIDATE CONSTRAINT "ai_usage_log_cost_not_null";
-- ALTER TABLE "ai_usage_log" ALTER COLUMN "cost" SET NOT NULL;
-- ALTER TABLE "ai_usage_log" DROP CONSTRAINT "ai_usage_log_cost_not_null";
-- ALTER TABLE "ai_usage_log" DROP COLUMN "total_cost";

-- Let ai_limit_alerts (limit_id) refer to ai_spending_limits (KEY004, TYP006)
-- Look for rows that refer to nothing: select c.* from ai_limit_alerts c left join ai_spending_limits p on p.id = c.limit_id where c.limit_id is not null and p.id is null;
ALTER TABLE "ai_limit_alerts" ADD CONSTRAINT "ai_limit_alerts_limit_id_foreign" FOREIGN KEY ("limit_id") REFERENCES "ai_spending_limits" ("id") ON DELETE CASCADE NOT VALID;
ALTER TABLE "ai_limit_alerts" VALIDATE CONSTRAINT "ai_limit_alerts_limit_id_foreign";
-- Back:
-- ALTER TABLE "ai_limit_alerts" DROP CONSTRAINT "ai_limit_alerts_limit_id_foreign";

-- Make the foreign key ai_usage_log (user_id) what is required (KEY005)
ALTER TABLE "ai_usage_log" DROP CONSTRAINT "ai_usage_log_user_id_foreign";
ALTER TABLE "ai_usage_log" ADD CONSTRAINT "ai_usage_log_user_id_foreign" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE SET NULL NOT VALID;
ALTER TABLE "ai_usage_log" VALIDATE CONSTRAINT "ai_usage_log_user_id_foreign";
-- Back:
-- ALTER TABLE "ai_usage_log" DROP CONSTRAINT "ai_usage_log_user_id_foreign";
-- ALTER TABLE "ai_usage_log" ADD CONSTRAINT "ai_usage_log_user_id_foreign" FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE NOT VALID;
-- ALTER TABLE "ai_usage_log" VALIDATE CONSTRAINT "ai_usage_log_user_id_foreign";

-- Let ai_usage_log (project_id) refer to ai_projects (KEY004)
-- Look for rows that refer to nothing: select c.* from ai_usage_log c left join ai_projects p on p.id = c.project_id where c.project_id is not null and p.id is null;
ALTER TABLE "ai_usage_log" ADD CONSTRAINT "ai_usage_log_project_id_foreign" FOREIGN KEY ("project_id") REFERENCES "ai_projects" ("id") ON DELETE RESTRICT NOT VALID;
ALTER TABLE "ai_usage_log" VALIDATE CONSTRAINT "ai_usage_log_project_id_foreign";
-- Back:
-- ALTER TABLE "ai_usage_log" DROP CONSTRAINT "ai_usage_log_project_id_foreign";
