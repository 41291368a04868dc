-- sqlite

-- Give names that servers take in 2024_05_20_000001_add_reporting_indexes (IDX001, IDX002, IDX003, IDX005, MIG001, MIG011, QRY014)
DROP INDEX "ai_usage_log_of_a_project_ordered_by_the_time_at_which_it_was_incurred";
CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
-- Back:
-- DROP INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred";
-- CREATE INDEX "ai_usage_log_of_a_project_ordered_by_the_time_at_which_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");

-- Create the table ai_budget_events (MOD004, QRY001, TBL001)
CREATE TABLE "ai_budget_events" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "limit_id" integer NOT NULL,
  "actor_id" integer,
  "action" varchar NOT NULL,
  "old_amount" numeric,
  "new_amount" numeric,
  "created_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CHECK ("action" in ('created', 'raised', 'lowered', 'removed')),
  FOREIGN KEY ("actor_id") REFERENCES "users" ("id") ON DELETE SET NULL,
  FOREIGN KEY ("limit_id") REFERENCES "ai_spending_limits" ("id") ON DELETE CASCADE
);
CREATE INDEX "ai_budget_events_actor_id_index" ON "ai_budget_events" ("actor_id");
CREATE INDEX "ai_budget_events_limit" ON "ai_budget_events" ("limit_id", "created_at");
-- Back:
-- DROP TABLE "ai_budget_events";

-- Add cached_tokens and request_id to ai_usage_log (COL001, MOD005, MOD007)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_usage_log__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "user_id" integer,
  "project_id" integer NOT NULL,
  "provider" varchar NOT NULL,
  "model" varchar NOT NULL,
  "input_cost" numeric NOT NULL,
  "output_cost" numeric NOT NULL,
  "cost" numeric NOT NULL,
  "currency" varchar NOT NULL DEFAULT 'EUR',
  "finish_reason" varchar,
  "latency_ms" integer,
  "metadata" text,
  "incurred_at" datetime DEFAULT CURRENT_TIMESTAMP,
  "import_batch" varchar,
  "created_at" datetime,
  "updated_at" datetime,
  "input_tokens" integer NOT NULL DEFAULT '0',
  "output_tokens" integer NOT NULL DEFAULT '0',
  "archived_by" integer,
  "cached_tokens" integer NOT NULL DEFAULT '0',
  "request_id" varchar,
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
);
INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by" FROM "ai_usage_log";
DROP TABLE "ai_usage_log";
ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_usage_log__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "user_id" integer,
--   "project_id" integer NOT NULL,
--   "provider" varchar NOT NULL,
--   "model" varchar NOT NULL,
--   "input_cost" numeric NOT NULL,
--   "output_cost" numeric NOT NULL,
--   "cost" numeric NOT NULL,
--   "currency" varchar NOT NULL DEFAULT 'EUR',
--   "finish_reason" varchar,
--   "latency_ms" integer,
--   "metadata" text,
--   "incurred_at" datetime DEFAULT CURRENT_TIMESTAMP,
--   "import_batch" varchar,
--   "created_at" datetime,
--   "updated_at" datetime,
--   "input_tokens" integer NOT NULL DEFAULT '0',
--   "output_tokens" integer NOT NULL DEFAULT '0',
--   "archived_by" integer,
--   FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
-- );
-- INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by" FROM "ai_usage_log";
-- DROP TABLE "ai_usage_log";
-- ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
-- CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
-- CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
-- PRAGMA foreign_keys = ON;

-- Add deleted_at to ai_usage_rollups (MOD012)
ALTER TABLE "ai_usage_rollups" ADD COLUMN "deleted_at" datetime;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_usage_rollups__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "project_id" integer NOT NULL,
--   "day" date NOT NULL,
--   "provider" varchar NOT NULL,
--   "calls" integer NOT NULL,
--   "cost" numeric NOT NULL DEFAULT '0',
--   "month" varchar,
--   "fee" double,
--   "tokens" integer NOT NULL DEFAULT '0',
--   FOREIGN KEY ("project_id") REFERENCES "ai_projects" ("id") ON DELETE CASCADE
-- );
-- INSERT INTO "ai_usage_rollups__new" ("id", "project_id", "day", "provider", "calls", "cost", "month", "fee", "tokens") SELECT "id", "project_id", "day", "provider", "calls", "cost", "month", "fee", "tokens" FROM "ai_usage_rollups";
-- DROP TABLE "ai_usage_rollups";
-- ALTER TABLE "ai_usage_rollups__new" RENAME TO "ai_usage_rollups";
-- CREATE UNIQUE INDEX "ai_usage_rollups_project_id_day_provider_unique" ON "ai_usage_rollups" ("project_id", "day", "provider");
-- PRAGMA foreign_keys = ON;

-- Change the default of ai_limit_alerts.channels (COL006)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_limit_alerts__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "limit_id" integer NOT NULL,
  "level" varchar NOT NULL,
  "percent" integer NOT NULL,
  "spent_amount" float NOT NULL,
  "channels" text NOT NULL DEFAULT '["mail"]',
  "message" varchar NOT NULL,
  "sent_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "acknowledged_at" datetime
);
INSERT INTO "ai_limit_alerts__new" ("id", "limit_id", "level", "percent", "spent_amount", "channels", "message", "sent_at", "acknowledged_at") SELECT "id", "limit_id", "level", "percent", "spent_amount", "channels", "message", "sent_at", "acknowledged_at" FROM "ai_limit_alerts";
DROP TABLE "ai_limit_alerts";
ALTER TABLE "ai_limit_alerts__new" RENAME TO "ai_limit_alerts";
CREATE UNIQUE INDEX "ai_limit_alerts_limit_id_level_unique" ON "ai_limit_alerts" ("limit_id", "level");
CREATE INDEX "ai_limit_alerts_limit_sent" ON "ai_limit_alerts" ("limit_id", "sent_at");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_limit_alerts__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "limit_id" integer NOT NULL,
--   "level" varchar NOT NULL,
--   "percent" integer NOT NULL,
--   "spent_amount" float NOT NULL,
--   "channels" text NOT NULL,
--   "message" varchar NOT NULL,
--   "sent_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
--   "acknowledged_at" datetime
-- );
-- INSERT INTO "ai_limit_alerts__new" ("id", "limit_id", "level", "percent", "spent_amount", "channels", "message", "sent_at", "acknowledged_at") SELECT "id", "limit_id", "level", "percent", "spent_amount", "channels", "message", "sent_at", "acknowledged_at" FROM "ai_limit_alerts";
-- DROP TABLE "ai_limit_alerts";
-- ALTER TABLE "ai_limit_alerts__new" RENAME TO "ai_limit_alerts";
-- CREATE UNIQUE INDEX "ai_limit_alerts_limit_id_level_unique" ON "ai_limit_alerts" ("limit_id", "level");
-- CREATE INDEX "ai_limit_alerts_limit_sent" ON "ai_limit_alerts" ("limit_id", "sent_at");
-- PRAGMA foreign_keys = ON;

-- Allow NULL in ai_limit_alerts.message (COL005)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_limit_alerts__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "limit_id" integer NOT NULL,
  "level" varchar NOT NULL,
  "percent" integer NOT NULL,
  "spent_amount" float NOT NULL,
  "channels" text NOT NULL DEFAULT '["mail"]',
  "message" varchar,
  "sent_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "acknowledged_at" datetime
);
INSERT INTO "ai_limit_alerts__new" ("id", "limit_id", "level", "percent", "spent_amount", "channels", "message", "sent_at", "acknowledged_at") SELECT "id", "limit_id", "level", "percent", "spent_amount", "channels", "message", "sent_at", "acknowledged_at" FROM "ai_limit_alerts";
DROP TABLE "ai_limit_alerts";
ALTER TABLE "ai_limit_alerts__new" RENAME TO "ai_limit_alerts";
CREATE UNIQUE INDEX "ai_limit_alerts_limit_id_level_unique" ON "ai_limit_alerts" ("limit_id", "level");
CREATE INDEX "ai_limit_alerts_limit_sent" ON "ai_limit_alerts" ("limit_id", "sent_at");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_limit_alerts__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "limit_id" integer NOT NULL,
--   "level" varchar NOT NULL,
--   "percent" integer NOT NULL,
--   "spent_amount" float NOT NULL,
--   "channels" text NOT NULL DEFAULT '["mail"]',
--   "message" varchar NOT NULL,
--   "sent_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
--   "acknowledged_at" datetime
-- );
-- INSERT INTO "ai_limit_alerts__new" ("id", "limit_id", "level", "percent", "spent_amount", "channels", "message", "sent_at", "acknowledged_at") SELECT "id", "limit_id", "level", "percent", "spent_amount", "channels", "message", "sent_at", "acknowledged_at" FROM "ai_limit_alerts";
-- DROP TABLE "ai_limit_alerts";
-- ALTER TABLE "ai_limit_alerts__new" RENAME TO "ai_limit_alerts";
-- CREATE UNIQUE INDEX "ai_limit_alerts_limit_id_level_unique" ON "ai_limit_alerts" ("limit_id", "level");
-- CREATE INDEX "ai_limit_alerts_limit_sent" ON "ai_limit_alerts" ("limit_id", "sent_at");
-- PRAGMA foreign_keys = ON;

-- Forbid NULL in ai_model_prices.currency (COL005)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_model_prices__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "provider" varchar NOT NULL,
  "model" varchar NOT NULL,
  "input_price" numeric NOT NULL,
  "output_price" numeric NOT NULL,
  "currency" varchar NOT NULL DEFAULT 'USD',
  "valid_from" date NOT NULL,
  "valid_until" date
);
INSERT INTO "ai_model_prices__new" ("id", "provider", "model", "input_price", "output_price", "currency", "valid_from", "valid_until") SELECT "id", "provider", "model", "input_price", "output_price", COALESCE("currency", 'USD'), "valid_from", "valid_until" FROM "ai_model_prices";
DROP TABLE "ai_model_prices";
ALTER TABLE "ai_model_prices__new" RENAME TO "ai_model_prices";
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_model_prices__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "provider" varchar NOT NULL,
--   "model" varchar NOT NULL,
--   "input_price" numeric NOT NULL,
--   "output_price" numeric NOT NULL,
--   "currency" varchar DEFAULT 'USD',
--   "valid_from" date NOT NULL,
--   "valid_until" date
-- );
-- INSERT INTO "ai_model_prices__new" ("id", "provider", "model", "input_price", "output_price", "currency", "valid_from", "valid_until") SELECT "id", "provider", "model", "input_price", "output_price", "currency", "valid_from", "valid_until" FROM "ai_model_prices";
-- DROP TABLE "ai_model_prices";
-- ALTER TABLE "ai_model_prices__new" RENAME TO "ai_model_prices";
-- PRAGMA foreign_keys = ON;

-- Change the default of ai_usage_log.currency (COL006)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_usage_log__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "user_id" integer,
  "project_id" integer NOT NULL,
  "provider" varchar NOT NULL,
  "model" varchar NOT NULL,
  "input_cost" numeric NOT NULL,
  "output_cost" numeric NOT NULL,
  "cost" numeric NOT NULL,
  "currency" varchar NOT NULL DEFAULT 'USD',
  "finish_reason" varchar,
  "latency_ms" integer,
  "metadata" text,
  "incurred_at" datetime DEFAULT CURRENT_TIMESTAMP,
  "import_batch" varchar,
  "created_at" datetime,
  "updated_at" datetime,
  "input_tokens" integer NOT NULL DEFAULT '0',
  "output_tokens" integer NOT NULL DEFAULT '0',
  "archived_by" integer,
  "cached_tokens" integer NOT NULL DEFAULT '0',
  "request_id" varchar,
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
);
INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by", "cached_tokens", "request_id") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by", "cached_tokens", "request_id" FROM "ai_usage_log";
DROP TABLE "ai_usage_log";
ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_usage_log__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "user_id" integer,
--   "project_id" integer NOT NULL,
--   "provider" varchar NOT NULL,
--   "model" varchar NOT NULL,
--   "input_cost" numeric NOT NULL,
--   "output_cost" numeric NOT NULL,
--   "cost" numeric NOT NULL,
--   "currency" varchar NOT NULL DEFAULT 'EUR',
--   "finish_reason" varchar,
--   "latency_ms" integer,
--   "metadata" text,
--   "incurred_at" datetime DEFAULT CURRENT_TIMESTAMP,
--   "import_batch" varchar,
--   "created_at" datetime,
--   "updated_at" datetime,
--   "input_tokens" integer NOT NULL DEFAULT '0',
--   "output_tokens" integer NOT NULL DEFAULT '0',
--   "archived_by" integer,
--   "cached_tokens" integer NOT NULL DEFAULT '0',
--   "request_id" varchar,
--   FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
-- );
-- INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by", "cached_tokens", "request_id") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by", "cached_tokens", "request_id" FROM "ai_usage_log";
-- DROP TABLE "ai_usage_log";
-- ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
-- CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
-- CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
-- CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
-- PRAGMA foreign_keys = ON;

-- Forbid NULL in ai_usage_log.incurred_at (COL005)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_usage_log__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "user_id" integer,
  "project_id" integer NOT NULL,
  "provider" varchar NOT NULL,
  "model" varchar NOT NULL,
  "input_cost" numeric NOT NULL,
  "output_cost" numeric NOT NULL,
  "cost" numeric NOT NULL,
  "currency" varchar NOT NULL DEFAULT 'USD',
  "finish_reason" varchar,
  "latency_ms" integer,
  "metadata" text,
  "incurred_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "import_batch" varchar,
  "created_at" datetime,
  "updated_at" datetime,
  "input_tokens" integer NOT NULL DEFAULT '0',
  "output_tokens" integer NOT NULL DEFAULT '0',
  "archived_by" integer,
  "cached_tokens" integer NOT NULL DEFAULT '0',
  "request_id" varchar,
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
);
INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by", "cached_tokens", "request_id") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", COALESCE("incurred_at", CURRENT_TIMESTAMP), "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by", "cached_tokens", "request_id" FROM "ai_usage_log";
DROP TABLE "ai_usage_log";
ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_usage_log__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "user_id" integer,
--   "project_id" integer NOT NULL,
--   "provider" varchar NOT NULL,
--   "model" varchar NOT NULL,
--   "input_cost" numeric NOT NULL,
--   "output_cost" numeric NOT NULL,
--   "cost" numeric NOT NULL,
--   "currency" varchar NOT NULL DEFAULT 'USD',
--   "finish_reason" varchar,
--   "latency_ms" integer,
--   "metadata" text,
--   "incurred_at" datetime DEFAULT CURRENT_TIMESTAMP,
--   "import_batch" varchar,
--   "created_at" datetime,
--   "updated_at" datetime,
--   "input_tokens" integer NOT NULL DEFAULT '0',
--   "output_tokens" integer NOT NULL DEFAULT '0',
--   "archived_by" integer,
--   "cached_tokens" integer NOT NULL DEFAULT '0',
--   "request_id" varchar,
--   FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
-- );
-- INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by", "cached_tokens", "request_id") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by", "cached_tokens", "request_id" FROM "ai_usage_log";
-- DROP TABLE "ai_usage_log";
-- ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
-- CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
-- CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
-- CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
-- PRAGMA foreign_keys = ON;

-- Give ai_usage_rollups.calls back what change() dropped (MIG013)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_usage_rollups__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "project_id" integer NOT NULL,
  "day" date NOT NULL,
  "provider" varchar NOT NULL,
  "calls" integer NOT NULL DEFAULT '0',
  "cost" numeric NOT NULL DEFAULT '0',
  "month" varchar,
  "fee" double,
  "tokens" integer NOT NULL DEFAULT '0',
  "deleted_at" datetime,
  FOREIGN KEY ("project_id") REFERENCES "ai_projects" ("id") ON DELETE CASCADE
);
INSERT INTO "ai_usage_rollups__new" ("id", "project_id", "day", "provider", "calls", "cost", "month", "fee", "tokens", "deleted_at") SELECT "id", "project_id", "day", "provider", "calls", "cost", "month", "fee", "tokens", "deleted_at" FROM "ai_usage_rollups";
DROP TABLE "ai_usage_rollups";
ALTER TABLE "ai_usage_rollups__new" RENAME TO "ai_usage_rollups";
CREATE UNIQUE INDEX "ai_usage_rollups_project_id_day_provider_unique" ON "ai_usage_rollups" ("project_id", "day", "provider");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_usage_rollups__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "project_id" integer NOT NULL,
--   "day" date NOT NULL,
--   "provider" varchar NOT NULL,
--   "calls" integer NOT NULL,
--   "cost" numeric NOT NULL DEFAULT '0',
--   "month" varchar,
--   "fee" double,
--   "tokens" integer NOT NULL DEFAULT '0',
--   "deleted_at" datetime,
--   FOREIGN KEY ("project_id") REFERENCES "ai_projects" ("id") ON DELETE CASCADE
-- );
-- INSERT INTO "ai_usage_rollups__new" ("id", "project_id", "day", "provider", "calls", "cost", "month", "fee", "tokens", "deleted_at") SELECT "id", "project_id", "day", "provider", "calls", "cost", "month", "fee", "tokens", "deleted_at" FROM "ai_usage_rollups";
-- DROP TABLE "ai_usage_rollups";
-- ALTER TABLE "ai_usage_rollups__new" RENAME TO "ai_usage_rollups";
-- CREATE UNIQUE INDEX "ai_usage_rollups_project_id_day_provider_unique" ON "ai_usage_rollups" ("project_id", "day", "provider");
-- PRAGMA foreign_keys = ON;

-- Change the type of ai_limit_alerts.spent_amount (TYP002)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_limit_alerts__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "limit_id" integer NOT NULL,
  "level" varchar NOT NULL,
  "percent" integer NOT NULL,
  "spent_amount_old" float,
  "channels" text NOT NULL DEFAULT '["mail"]',
  "message" varchar,
  "sent_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "acknowledged_at" datetime,
  "spent_amount" numeric NOT NULL
);
INSERT INTO "ai_limit_alerts__new" ("id", "limit_id", "level", "percent", "channels", "message", "sent_at", "acknowledged_at", "spent_amount", "spent_amount_old") SELECT "id", "limit_id", "level", "percent", "channels", "message", "sent_at", "acknowledged_at", "spent_amount", "spent_amount" FROM "ai_limit_alerts";
DROP TABLE "ai_limit_alerts";
ALTER TABLE "ai_limit_alerts__new" RENAME TO "ai_limit_alerts";
CREATE UNIQUE INDEX "ai_limit_alerts_limit_id_level_unique" ON "ai_limit_alerts" ("limit_id", "level");
CREATE INDEX "ai_limit_alerts_limit_sent" ON "ai_limit_alerts" ("limit_id", "sent_at");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_limit_alerts__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "limit_id" integer NOT NULL,
--   "level" varchar NOT NULL,
--   "percent" integer NOT NULL,
--   "spent_amount" float NOT NULL,
--   "channels" text NOT NULL DEFAULT '["mail"]',
--   "message" varchar,
--   "sent_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
--   "acknowledged_at" datetime
-- );
-- INSERT INTO "ai_limit_alerts__new" ("id", "limit_id", "level", "percent", "spent_amount", "channels", "message", "sent_at", "acknowledged_at") SELECT "id", "limit_id", "level", "percent", COALESCE("spent_amount_old", "spent_amount"), "channels", "message", "sent_at", "acknowledged_at" FROM "ai_limit_alerts";
-- DROP TABLE "ai_limit_alerts";
-- ALTER TABLE "ai_limit_alerts__new" RENAME TO "ai_limit_alerts";
-- CREATE UNIQUE INDEX "ai_limit_alerts_limit_id_level_unique" ON "ai_limit_alerts" ("limit_id", "level");
-- CREATE INDEX "ai_limit_alerts_limit_sent" ON "ai_limit_alerts" ("limit_id", "sent_at");
-- PRAGMA foreign_keys = ON;

-- Change the type of ai_model_prices.input_price (TYP001)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_model_prices__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "provider" varchar NOT NULL,
  "model" varchar NOT NULL,
  "input_price_old" numeric,
  "output_price" numeric NOT NULL,
  "currency" varchar NOT NULL DEFAULT 'USD',
  "valid_from" date NOT NULL,
  "valid_until" date,
  "input_price" numeric NOT NULL
);
INSERT INTO "ai_model_prices__new" ("id", "provider", "model", "output_price", "currency", "valid_from", "valid_until", "input_price", "input_price_old") SELECT "id", "provider", "model", "output_price", "currency", "valid_from", "valid_until", "input_price", "input_price" FROM "ai_model_prices";
DROP TABLE "ai_model_prices";
ALTER TABLE "ai_model_prices__new" RENAME TO "ai_model_prices";
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_model_prices__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "provider" varchar NOT NULL,
--   "model" varchar NOT NULL,
--   "input_price" numeric NOT NULL,
--   "output_price" numeric NOT NULL,
--   "currency" varchar NOT NULL DEFAULT 'USD',
--   "valid_from" date NOT NULL,
--   "valid_until" date
-- );
-- INSERT INTO "ai_model_prices__new" ("id", "provider", "model", "input_price", "output_price", "currency", "valid_from", "valid_until") SELECT "id", "provider", "model", COALESCE("input_price_old", "input_price"), "output_price", "currency", "valid_from", "valid_until" FROM "ai_model_prices";
-- DROP TABLE "ai_model_prices";
-- ALTER TABLE "ai_model_prices__new" RENAME TO "ai_model_prices";
-- PRAGMA foreign_keys = ON;

-- Change the type of ai_model_prices.output_price (TYP001)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_model_prices__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "provider" varchar NOT NULL,
  "model" varchar NOT NULL,
  "input_price_old" numeric,
  "output_price_old" numeric,
  "currency" varchar NOT NULL DEFAULT 'USD',
  "valid_from" date NOT NULL,
  "valid_until" date,
  "input_price" numeric NOT NULL,
  "output_price" numeric NOT NULL
);
INSERT INTO "ai_model_prices__new" ("id", "provider", "model", "input_price_old", "currency", "valid_from", "valid_until", "input_price", "output_price", "output_price_old") SELECT "id", "provider", "model", "input_price_old", "currency", "valid_from", "valid_until", "input_price", "output_price", "output_price" FROM "ai_model_prices";
DROP TABLE "ai_model_prices";
ALTER TABLE "ai_model_prices__new" RENAME TO "ai_model_prices";
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_model_prices__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "provider" varchar NOT NULL,
--   "model" varchar NOT NULL,
--   "input_price_old" numeric,
--   "output_price" numeric NOT NULL,
--   "currency" varchar NOT NULL DEFAULT 'USD',
--   "valid_from" date NOT NULL,
--   "valid_until" date,
--   "input_price" numeric NOT NULL
-- );
-- INSERT INTO "ai_model_prices__new" ("id", "provider", "model", "input_price_old", "output_price", "currency", "valid_from", "valid_until", "input_price") SELECT "id", "provider", "model", "input_price_old", COALESCE("output_price_old", "output_price"), "currency", "valid_from", "valid_until", "input_price" FROM "ai_model_prices";
-- DROP TABLE "ai_model_prices";
-- ALTER TABLE "ai_model_prices__new" RENAME TO "ai_model_prices";
-- PRAGMA foreign_keys = ON;

-- Change the type of ai_usage_log.input_cost (TYP001)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_usage_log__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "user_id" integer,
  "project_id" integer NOT NULL,
  "provider" varchar NOT NULL,
  "model" varchar NOT NULL,
  "input_cost_old" numeric,
  "output_cost" numeric NOT NULL,
  "cost" numeric NOT NULL,
  "currency" varchar NOT NULL DEFAULT 'USD',
  "finish_reason" varchar,
  "latency_ms" integer,
  "metadata" text,
  "incurred_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "import_batch" varchar,
  "created_at" datetime,
  "updated_at" datetime,
  "input_tokens" integer NOT NULL DEFAULT '0',
  "output_tokens" integer NOT NULL DEFAULT '0',
  "archived_by" integer,
  "cached_tokens" integer NOT NULL DEFAULT '0',
  "request_id" varchar,
  "input_cost" numeric NOT NULL,
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
);
INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by", "cached_tokens", "request_id", "input_cost", "input_cost_old") SELECT "id", "user_id", "project_id", "provider", "model", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by", "cached_tokens", "request_id", "input_cost", "input_cost" FROM "ai_usage_log";
DROP TABLE "ai_usage_log";
ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_usage_log__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "user_id" integer,
--   "project_id" integer NOT NULL,
--   "provider" varchar NOT NULL,
--   "model" varchar NOT NULL,
--   "input_cost" numeric NOT NULL,
--   "output_cost" numeric NOT NULL,
--   "cost" numeric NOT NULL,
--   "currency" varchar NOT NULL DEFAULT 'USD',
--   "finish_reason" varchar,
--   "latency_ms" integer,
--   "metadata" text,
--   "incurred_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
--   "import_batch" varchar,
--   "created_at" datetime,
--   "updated_at" datetime,
--   "input_tokens" integer NOT NULL DEFAULT '0',
--   "output_tokens" integer NOT NULL DEFAULT '0',
--   "archived_by" integer,
--   "cached_tokens" integer NOT NULL DEFAULT '0',
--   "request_id" varchar,
--   FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
-- );
-- INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by", "cached_tokens", "request_id") SELECT "id", "user_id", "project_id", "provider", "model", COALESCE("input_cost_old", "input_cost"), "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by", "cached_tokens", "request_id" FROM "ai_usage_log";
-- DROP TABLE "ai_usage_log";
-- ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
-- CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
-- CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
-- CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
-- PRAGMA foreign_keys = ON;

-- Change the type of ai_usage_log.input_tokens (TYP001)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_usage_log__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "user_id" integer,
  "project_id" integer NOT NULL,
  "provider" varchar NOT NULL,
  "model" varchar NOT NULL,
  "input_cost_old" numeric,
  "output_cost" numeric NOT NULL,
  "cost" numeric NOT NULL,
  "currency" varchar NOT NULL DEFAULT 'USD',
  "finish_reason" varchar,
  "latency_ms" integer,
  "metadata" text,
  "incurred_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "import_batch" varchar,
  "created_at" datetime,
  "updated_at" datetime,
  "input_tokens_old" integer DEFAULT '0',
  "output_tokens" integer NOT NULL DEFAULT '0',
  "archived_by" integer,
  "cached_tokens" integer NOT NULL DEFAULT '0',
  "request_id" varchar,
  "input_cost" numeric NOT NULL,
  "input_tokens" integer NOT NULL DEFAULT '0',
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
);
INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "output_tokens", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "input_tokens_old") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "output_tokens", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "input_tokens" FROM "ai_usage_log";
DROP TABLE "ai_usage_log";
ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_usage_log__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "user_id" integer,
--   "project_id" integer NOT NULL,
--   "provider" varchar NOT NULL,
--   "model" varchar NOT NULL,
--   "input_cost_old" numeric,
--   "output_cost" numeric NOT NULL,
--   "cost" numeric NOT NULL,
--   "currency" varchar NOT NULL DEFAULT 'USD',
--   "finish_reason" varchar,
--   "latency_ms" integer,
--   "metadata" text,
--   "incurred_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
--   "import_batch" varchar,
--   "created_at" datetime,
--   "updated_at" datetime,
--   "input_tokens" integer NOT NULL DEFAULT '0',
--   "output_tokens" integer NOT NULL DEFAULT '0',
--   "archived_by" integer,
--   "cached_tokens" integer NOT NULL DEFAULT '0',
--   "request_id" varchar,
--   "input_cost" numeric NOT NULL,
--   FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
-- );
-- INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens", "output_tokens", "archived_by", "cached_tokens", "request_id", "input_cost") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", COALESCE("input_tokens_old", "input_tokens"), "output_tokens", "archived_by", "cached_tokens", "request_id", "input_cost" FROM "ai_usage_log";
-- DROP TABLE "ai_usage_log";
-- ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
-- CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
-- CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
-- CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
-- PRAGMA foreign_keys = ON;

-- Change the type of ai_usage_log.output_tokens (TYP001)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_usage_log__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "user_id" integer,
  "project_id" integer NOT NULL,
  "provider" varchar NOT NULL,
  "model" varchar NOT NULL,
  "input_cost_old" numeric,
  "output_cost" numeric NOT NULL,
  "cost" numeric NOT NULL,
  "currency" varchar NOT NULL DEFAULT 'USD',
  "finish_reason" varchar,
  "latency_ms" integer,
  "metadata" text,
  "incurred_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "import_batch" varchar,
  "created_at" datetime,
  "updated_at" datetime,
  "input_tokens_old" integer DEFAULT '0',
  "output_tokens_old" integer DEFAULT '0',
  "archived_by" integer,
  "cached_tokens" integer NOT NULL DEFAULT '0',
  "request_id" varchar,
  "input_cost" numeric NOT NULL,
  "input_tokens" integer NOT NULL DEFAULT '0',
  "output_tokens" integer NOT NULL DEFAULT '0',
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
);
INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens", "output_tokens_old") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens", "output_tokens" FROM "ai_usage_log";
DROP TABLE "ai_usage_log";
ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_usage_log__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "user_id" integer,
--   "project_id" integer NOT NULL,
--   "provider" varchar NOT NULL,
--   "model" varchar NOT NULL,
--   "input_cost_old" numeric,
--   "output_cost" numeric NOT NULL,
--   "cost" numeric NOT NULL,
--   "currency" varchar NOT NULL DEFAULT 'USD',
--   "finish_reason" varchar,
--   "latency_ms" integer,
--   "metadata" text,
--   "incurred_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
--   "import_batch" varchar,
--   "created_at" datetime,
--   "updated_at" datetime,
--   "input_tokens_old" integer DEFAULT '0',
--   "output_tokens" integer NOT NULL DEFAULT '0',
--   "archived_by" integer,
--   "cached_tokens" integer NOT NULL DEFAULT '0',
--   "request_id" varchar,
--   "input_cost" numeric NOT NULL,
--   "input_tokens" integer NOT NULL DEFAULT '0',
--   FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
-- );
-- INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "output_tokens", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", COALESCE("output_tokens_old", "output_tokens"), "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens" FROM "ai_usage_log";
-- DROP TABLE "ai_usage_log";
-- ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
-- CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
-- CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
-- CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
-- PRAGMA foreign_keys = ON;

-- Index ai_spending_limits (project_id) (KEY009)
CREATE INDEX "ai_spending_limits_project_id_index" ON "ai_spending_limits" ("project_id");
-- Back:
-- DROP INDEX "ai_spending_limits_project_id_index";

-- Index ai_usage_log (provider, model) (IDX001)
CREATE INDEX "ai_cost_entries_provider_model" ON "ai_usage_log" ("provider", "model");
-- Back:
-- DROP INDEX "ai_cost_entries_provider_model";

-- Index ai_webhook_deliveries (webhook_id) (KEY009)
CREATE INDEX "ai_webhook_deliveries_webhook_id_index" ON "ai_webhook_deliveries" ("webhook_id");
-- Back:
-- DROP INDEX "ai_webhook_deliveries_webhook_id_index";

-- Index ai_desk_visits (visited_at) (IDX004)
CREATE INDEX "ai_desk_visits_visited_at_index" ON "ai_desk_visits" ("visited_at");
-- Back:
-- DROP INDEX "ai_desk_visits_visited_at_index";

-- Index ai_usage_log (incurred_at) (IDX003)
CREATE INDEX "ai_usage_log_incurred_at_index" ON "ai_usage_log" ("incurred_at");
-- Back:
-- DROP INDEX "ai_usage_log_incurred_at_index";

-- Drop 2 superfluous indexes of ai_desk_visits (IDX006, IDX008)
DROP INDEX "ai_desk_visits_browser_index";
DROP INDEX "ai_desk_visits_page_index";
-- Back:
-- CREATE INDEX "ai_desk_visits_browser_index" ON "ai_desk_visits" ("browser");
-- CREATE INDEX "ai_desk_visits_page_index" ON "ai_desk_visits" ("page");

-- Make ai_invoices (number) unique (IDX003, RUL001)
-- Look for duplicates: select number, count(*) from ai_invoices group by number having count(*) > 1;
CREATE UNIQUE INDEX "ai_invoices_number_unique" ON "ai_invoices" ("number");
-- Back:
-- DROP INDEX "ai_invoices_number_unique";

-- Make ai_invoices (project_id) unique (REL005)
-- Look for duplicates: select project_id, count(*) from ai_invoices group by project_id having count(*) > 1;
CREATE UNIQUE INDEX "ai_invoices_project_id_unique" ON "ai_invoices" ("project_id");
-- Back:
-- DROP INDEX "ai_invoices_project_id_unique";

-- Make ai_model_prices (provider, model, valid_from) unique (KEY002)
-- Look for duplicates: select provider, model, valid_from, count(*) from ai_model_prices group by provider, model, valid_from having count(*) > 1;
CREATE UNIQUE INDEX "ai_model_prices_day_unique" ON "ai_model_prices" ("provider", "model", "valid_from");
-- Back:
-- DROP INDEX "ai_model_prices_day_unique";

-- Make ai_spending_limits (user_id, project_id, period) unique (KEY002, QRY008)
-- Look for duplicates: select user_id, project_id, period, count(*) from ai_spending_limits group by user_id, project_id, period having count(*) > 1;
DROP INDEX "ai_spending_limits_scope_unique";
CREATE UNIQUE INDEX "ai_spending_limits_user_id_project_id_period_unique" ON "ai_spending_limits" ("user_id", "project_id", "period");
-- Back:
-- DROP INDEX "ai_spending_limits_user_id_project_id_period_unique";
-- CREATE INDEX "ai_spending_limits_scope_unique" ON "ai_spending_limits" ("user_id", "project_id", "period");

-- Rename ai_usage_log.cost to total_cost (COL002)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_usage_log__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "user_id" integer,
  "project_id" integer NOT NULL,
  "provider" varchar NOT NULL,
  "model" varchar NOT NULL,
  "input_cost_old" numeric,
  "output_cost" numeric NOT NULL,
  "cost" numeric,
  "currency" varchar NOT NULL DEFAULT 'USD',
  "finish_reason" varchar,
  "latency_ms" integer,
  "metadata" text,
  "incurred_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "import_batch" varchar,
  "created_at" datetime,
  "updated_at" datetime,
  "input_tokens_old" integer DEFAULT '0',
  "output_tokens_old" integer DEFAULT '0',
  "archived_by" integer,
  "cached_tokens" integer NOT NULL DEFAULT '0',
  "request_id" varchar,
  "input_cost" numeric NOT NULL,
  "input_tokens" integer NOT NULL DEFAULT '0',
  "output_tokens" integer NOT NULL DEFAULT '0',
  "total_cost" numeric NOT NULL,
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
);
INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "output_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens", "total_cost") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "output_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens", "cost" FROM "ai_usage_log";
DROP TABLE "ai_usage_log";
ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
CREATE INDEX "ai_cost_entries_provider_model" ON "ai_usage_log" ("provider", "model");
CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
CREATE INDEX "ai_usage_log_incurred_at_index" ON "ai_usage_log" ("incurred_at");
CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_usage_log__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "user_id" integer,
--   "project_id" integer NOT NULL,
--   "provider" varchar NOT NULL,
--   "model" varchar NOT NULL,
--   "input_cost_old" numeric,
--   "output_cost" numeric NOT NULL,
--   "cost" numeric NOT NULL,
--   "currency" varchar NOT NULL DEFAULT 'USD',
--   "finish_reason" varchar,
--   "latency_ms" integer,
--   "metadata" text,
--   "incurred_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
--   "import_batch" varchar,
--   "created_at" datetime,
--   "updated_at" datetime,
--   "input_tokens_old" integer DEFAULT '0',
--   "output_tokens_old" integer DEFAULT '0',
--   "archived_by" integer,
--   "cached_tokens" integer NOT NULL DEFAULT '0',
--   "request_id" varchar,
--   "input_cost" numeric NOT NULL,
--   "input_tokens" integer NOT NULL DEFAULT '0',
--   "output_tokens" integer NOT NULL DEFAULT '0',
--   FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
-- );
-- INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "output_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", COALESCE("cost", "total_cost"), "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "output_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens" FROM "ai_usage_log";
-- DROP TABLE "ai_usage_log";
-- ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
-- CREATE INDEX "ai_cost_entries_provider_model" ON "ai_usage_log" ("provider", "model");
-- CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
-- CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
-- CREATE INDEX "ai_usage_log_incurred_at_index" ON "ai_usage_log" ("incurred_at");
-- CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
-- PRAGMA foreign_keys = ON;

-- Let ai_limit_alerts (limit_id) refer to ai_spending_limits (KEY004, TYP006)
-- Look for rows that refer to nothing: select c.* from ai_limit_alerts c left join ai_spending_limits p on p.id = c.limit_id where c.limit_id is not null and p.id is null;
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_limit_alerts__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "limit_id" integer NOT NULL,
  "level" varchar NOT NULL,
  "percent" integer NOT NULL,
  "spent_amount_old" float,
  "channels" text NOT NULL DEFAULT '["mail"]',
  "message" varchar,
  "sent_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "acknowledged_at" datetime,
  "spent_amount" numeric NOT NULL,
  FOREIGN KEY ("limit_id") REFERENCES "ai_spending_limits" ("id") ON DELETE CASCADE
);
INSERT INTO "ai_limit_alerts__new" ("id", "limit_id", "level", "percent", "spent_amount_old", "channels", "message", "sent_at", "acknowledged_at", "spent_amount") SELECT "id", "limit_id", "level", "percent", "spent_amount_old", "channels", "message", "sent_at", "acknowledged_at", "spent_amount" FROM "ai_limit_alerts";
DROP TABLE "ai_limit_alerts";
ALTER TABLE "ai_limit_alerts__new" RENAME TO "ai_limit_alerts";
CREATE UNIQUE INDEX "ai_limit_alerts_limit_id_level_unique" ON "ai_limit_alerts" ("limit_id", "level");
CREATE INDEX "ai_limit_alerts_limit_sent" ON "ai_limit_alerts" ("limit_id", "sent_at");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_limit_alerts__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "limit_id" integer NOT NULL,
--   "level" varchar NOT NULL,
--   "percent" integer NOT NULL,
--   "spent_amount_old" float,
--   "channels" text NOT NULL DEFAULT '["mail"]',
--   "message" varchar,
--   "sent_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
--   "acknowledged_at" datetime,
--   "spent_amount" numeric NOT NULL
-- );
-- INSERT INTO "ai_limit_alerts__new" ("id", "limit_id", "level", "percent", "spent_amount_old", "channels", "message", "sent_at", "acknowledged_at", "spent_amount") SELECT "id", "limit_id", "level", "percent", "spent_amount_old", "channels", "message", "sent_at", "acknowledged_at", "spent_amount" FROM "ai_limit_alerts";
-- DROP TABLE "ai_limit_alerts";
-- ALTER TABLE "ai_limit_alerts__new" RENAME TO "ai_limit_alerts";
-- CREATE UNIQUE INDEX "ai_limit_alerts_limit_id_level_unique" ON "ai_limit_alerts" ("limit_id", "level");
-- CREATE INDEX "ai_limit_alerts_limit_sent" ON "ai_limit_alerts" ("limit_id", "sent_at");
-- PRAGMA foreign_keys = ON;

-- Make the foreign key ai_usage_log (user_id) what is required (KEY005)
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_usage_log__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "user_id" integer,
  "project_id" integer NOT NULL,
  "provider" varchar NOT NULL,
  "model" varchar NOT NULL,
  "input_cost_old" numeric,
  "output_cost" numeric NOT NULL,
  "cost" numeric,
  "currency" varchar NOT NULL DEFAULT 'USD',
  "finish_reason" varchar,
  "latency_ms" integer,
  "metadata" text,
  "incurred_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "import_batch" varchar,
  "created_at" datetime,
  "updated_at" datetime,
  "input_tokens_old" integer DEFAULT '0',
  "output_tokens_old" integer DEFAULT '0',
  "archived_by" integer,
  "cached_tokens" integer NOT NULL DEFAULT '0',
  "request_id" varchar,
  "input_cost" numeric NOT NULL,
  "input_tokens" integer NOT NULL DEFAULT '0',
  "output_tokens" integer NOT NULL DEFAULT '0',
  "total_cost" numeric NOT NULL,
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE SET NULL
);
INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "output_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens", "total_cost") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "output_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens", "total_cost" FROM "ai_usage_log";
DROP TABLE "ai_usage_log";
ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
CREATE INDEX "ai_cost_entries_provider_model" ON "ai_usage_log" ("provider", "model");
CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
CREATE INDEX "ai_usage_log_incurred_at_index" ON "ai_usage_log" ("incurred_at");
CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_usage_log__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "user_id" integer,
--   "project_id" integer NOT NULL,
--   "provider" varchar NOT NULL,
--   "model" varchar NOT NULL,
--   "input_cost_old" numeric,
--   "output_cost" numeric NOT NULL,
--   "cost" numeric,
--   "currency" varchar NOT NULL DEFAULT 'USD',
--   "finish_reason" varchar,
--   "latency_ms" integer,
--   "metadata" text,
--   "incurred_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
--   "import_batch" varchar,
--   "created_at" datetime,
--   "updated_at" datetime,
--   "input_tokens_old" integer DEFAULT '0',
--   "output_tokens_old" integer DEFAULT '0',
--   "archived_by" integer,
--   "cached_tokens" integer NOT NULL DEFAULT '0',
--   "request_id" varchar,
--   "input_cost" numeric NOT NULL,
--   "input_tokens" integer NOT NULL DEFAULT '0',
--   "output_tokens" integer NOT NULL DEFAULT '0',
--   "total_cost" numeric NOT NULL,
--   FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE CASCADE
-- );
-- INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "output_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens", "total_cost") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "output_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens", "total_cost" FROM "ai_usage_log";
-- DROP TABLE "ai_usage_log";
-- ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
-- CREATE INDEX "ai_cost_entries_provider_model" ON "ai_usage_log" ("provider", "model");
-- CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
-- CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
-- CREATE INDEX "ai_usage_log_incurred_at_index" ON "ai_usage_log" ("incurred_at");
-- CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
-- PRAGMA foreign_keys = ON;

-- Let ai_usage_log (project_id) refer to ai_projects (KEY004)
-- Look for rows that refer to nothing: select c.* from ai_usage_log c left join ai_projects p on p.id = c.project_id where c.project_id is not null and p.id is null;
PRAGMA foreign_keys = OFF;
CREATE TABLE "ai_usage_log__new" (
  "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  "user_id" integer,
  "project_id" integer NOT NULL,
  "provider" varchar NOT NULL,
  "model" varchar NOT NULL,
  "input_cost_old" numeric,
  "output_cost" numeric NOT NULL,
  "cost" numeric,
  "currency" varchar NOT NULL DEFAULT 'USD',
  "finish_reason" varchar,
  "latency_ms" integer,
  "metadata" text,
  "incurred_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "import_batch" varchar,
  "created_at" datetime,
  "updated_at" datetime,
  "input_tokens_old" integer DEFAULT '0',
  "output_tokens_old" integer DEFAULT '0',
  "archived_by" integer,
  "cached_tokens" integer NOT NULL DEFAULT '0',
  "request_id" varchar,
  "input_cost" numeric NOT NULL,
  "input_tokens" integer NOT NULL DEFAULT '0',
  "output_tokens" integer NOT NULL DEFAULT '0',
  "total_cost" numeric NOT NULL,
  FOREIGN KEY ("project_id") REFERENCES "ai_projects" ("id") ON DELETE RESTRICT,
  FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE SET NULL
);
INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "output_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens", "total_cost") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "output_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens", "total_cost" FROM "ai_usage_log";
DROP TABLE "ai_usage_log";
ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
CREATE INDEX "ai_cost_entries_provider_model" ON "ai_usage_log" ("provider", "model");
CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
CREATE INDEX "ai_usage_log_incurred_at_index" ON "ai_usage_log" ("incurred_at");
CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
PRAGMA foreign_keys = ON;
-- Back:
-- PRAGMA foreign_keys = OFF;
-- CREATE TABLE "ai_usage_log__new" (
--   "id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
--   "user_id" integer,
--   "project_id" integer NOT NULL,
--   "provider" varchar NOT NULL,
--   "model" varchar NOT NULL,
--   "input_cost_old" numeric,
--   "output_cost" numeric NOT NULL,
--   "cost" numeric,
--   "currency" varchar NOT NULL DEFAULT 'USD',
--   "finish_reason" varchar,
--   "latency_ms" integer,
--   "metadata" text,
--   "incurred_at" datetime NOT NULL DEFAULT CURRENT_TIMESTAMP,
--   "import_batch" varchar,
--   "created_at" datetime,
--   "updated_at" datetime,
--   "input_tokens_old" integer DEFAULT '0',
--   "output_tokens_old" integer DEFAULT '0',
--   "archived_by" integer,
--   "cached_tokens" integer NOT NULL DEFAULT '0',
--   "request_id" varchar,
--   "input_cost" numeric NOT NULL,
--   "input_tokens" integer NOT NULL DEFAULT '0',
--   "output_tokens" integer NOT NULL DEFAULT '0',
--   "total_cost" numeric NOT NULL,
--   FOREIGN KEY ("user_id") REFERENCES "users" ("id") ON DELETE SET NULL
-- );
-- INSERT INTO "ai_usage_log__new" ("id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "output_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens", "total_cost") SELECT "id", "user_id", "project_id", "provider", "model", "input_cost_old", "output_cost", "cost", "currency", "finish_reason", "latency_ms", "metadata", "incurred_at", "import_batch", "created_at", "updated_at", "input_tokens_old", "output_tokens_old", "archived_by", "cached_tokens", "request_id", "input_cost", "input_tokens", "output_tokens", "total_cost" FROM "ai_usage_log";
-- DROP TABLE "ai_usage_log";
-- ALTER TABLE "ai_usage_log__new" RENAME TO "ai_usage_log";
-- CREATE INDEX "ai_cost_entries_provider_model" ON "ai_usage_log" ("provider", "model");
-- CREATE UNIQUE INDEX "ai_cost_entries_request_id_unique" ON "ai_usage_log" ("request_id");
-- CREATE INDEX "ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred" ON "ai_usage_log" ("project_id", "incurred_at");
-- CREATE INDEX "ai_usage_log_incurred_at_index" ON "ai_usage_log" ("incurred_at");
-- CREATE INDEX "usage_log_user_period" ON "ai_usage_log" ("user_id", "incurred_at");
-- PRAGMA foreign_keys = ON;
