-- mysql

-- Give names that servers take in 2024_05_20_000001_add_reporting_indexes (IDX001, IDX002, IDX003, IDX005, MIG001, MIG011, QRY014)
CREATE INDEX `ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred` ON `ai_usage_log` (`project_id`, `incurred_at`) ALGORITHM=INPLACE LOCK=NONE;
-- Back:
-- DROP INDEX `ai_usag_log_of_a_proj_orde_by_the_time_at_whic_it_was_incurred` ON `ai_usage_log`;

-- Create the table ai_budget_events (MOD004, QRY001, TBL001)
CREATE TABLE `ai_budget_events` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `limit_id` bigint unsigned NOT NULL,
  `actor_id` bigint unsigned,
  `action` enum('created','raised','lowered','removed') COLLATE utf8mb4_unicode_ci NOT NULL,
  `old_amount` decimal(14,4),
  `new_amount` decimal(14,4),
  `created_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
CREATE INDEX `ai_budget_events_actor_id_index` ON `ai_budget_events` (`actor_id`);
CREATE INDEX `ai_budget_events_limit` ON `ai_budget_events` (`limit_id`, `created_at`);
ALTER TABLE `ai_budget_events` ADD CONSTRAINT `ai_budget_events_actor_id_foreign` FOREIGN KEY (`actor_id`) REFERENCES `users` (`id`) ON DELETE SET NULL ON UPDATE RESTRICT;
ALTER TABLE `ai_budget_events` ADD CONSTRAINT `ai_budget_events_limit_id_foreign` FOREIGN KEY (`limit_id`) REFERENCES `ai_spending_limits` (`id`) ON DELETE CASCADE ON UPDATE RESTRICT;
-- Back:
-- DROP TABLE `ai_budget_events`;

-- Add cached_tokens and request_id to ai_usage_log (COL001, MOD005, MOD007)
ALTER TABLE `ai_usage_log` ADD COLUMN `request_id` char(36) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci COMMENT 'Makes recording idempotent' AFTER `id`;
ALTER TABLE `ai_usage_log` ADD COLUMN `cached_tokens` int unsigned NOT NULL DEFAULT 0 AFTER `output_tokens`;
CREATE UNIQUE INDEX `ai_cost_entries_request_id_unique` ON `ai_usage_log` (`request_id`) ALGORITHM=INPLACE LOCK=NONE;
-- Back:
-- DROP INDEX `ai_cost_entries_request_id_unique` ON `ai_usage_log`;
-- ALTER TABLE `ai_usage_log` DROP COLUMN `request_id`;
-- ALTER TABLE `ai_usage_log` DROP COLUMN `cached_tokens`;

-- Add deleted_at to ai_usage_rollups (MOD012)
ALTER TABLE `ai_usage_rollups` ADD COLUMN `deleted_at` timestamp NULL;
-- Back:
-- ALTER TABLE `ai_usage_rollups` DROP COLUMN `deleted_at`;

-- Change the default of ai_limit_alerts.channels (COL006)
ALTER TABLE `ai_limit_alerts` MODIFY COLUMN `channels` json NOT NULL DEFAULT ('["mail"]');
-- Back:
-- ALTER TABLE `ai_limit_alerts` MODIFY COLUMN `channels` json NOT NULL;

-- Allow NULL in ai_limit_alerts.message (COL005)
ALTER TABLE `ai_limit_alerts` MODIFY COLUMN `message` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
-- Back:
-- ALTER TABLE `ai_limit_alerts` MODIFY COLUMN `message` varchar(500) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL;

-- Forbid NULL in ai_model_prices.currency (COL005)
UPDATE `ai_model_prices` SET `currency` = 'USD' WHERE `currency` IS NULL;
ALTER TABLE `ai_model_prices` MODIFY COLUMN `currency` char(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL DEFAULT 'USD';
-- Back:
-- ALTER TABLE `ai_model_prices` MODIFY COLUMN `currency` char(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci DEFAULT 'USD';

-- Let updates of the row touch ai_project_members.changed_at (COL007)
ALTER TABLE `ai_project_members` MODIFY COLUMN `changed_at` timestamp NULL ON UPDATE CURRENT_TIMESTAMP;
-- Back:
-- ALTER TABLE `ai_project_members` MODIFY COLUMN `changed_at` timestamp NULL;

-- Change the default of ai_spending_limits.hard_stop (COL006)
ALTER TABLE `ai_spending_limits` MODIFY COLUMN `hard_stop` tinyint(1) NOT NULL DEFAULT 1;
-- Back:
-- ALTER TABLE `ai_spending_limits` MODIFY COLUMN `hard_stop` tinyint(1) NOT NULL;

-- Forbid NULL in ai_spending_limits.limit_amount (COL005)
UPDATE `ai_spending_limits` SET `limit_amount` = 0 WHERE `limit_amount` IS NULL;
ALTER TABLE `ai_spending_limits` MODIFY COLUMN `limit_amount` decimal(14,4) NOT NULL;
-- Back:
-- ALTER TABLE `ai_spending_limits` MODIFY COLUMN `limit_amount` decimal(14,4);

-- Widen ai_spending_limits.period (TYP001)
ALTER TABLE `ai_spending_limits` MODIFY COLUMN `period` enum('daily','monthly','weekly') COLLATE utf8mb4_unicode_ci NOT NULL;
-- Back:
-- ALTER TABLE `ai_spending_limits` MODIFY COLUMN `period` enum('daily','monthly') COLLATE utf8mb4_unicode_ci NOT NULL;

-- Let ai_spending_limits.source be left out (COL003, FAC003)
ALTER TABLE `ai_spending_limits` MODIFY COLUMN `source` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
-- Back:
-- ALTER TABLE `ai_spending_limits` MODIFY COLUMN `source` varchar(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL;

-- Change the default of ai_usage_log.currency (COL006)
ALTER TABLE `ai_usage_log` MODIFY COLUMN `currency` char(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL DEFAULT 'USD';
-- Back:
-- ALTER TABLE `ai_usage_log` MODIFY COLUMN `currency` char(3) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL DEFAULT 'EUR';

-- Forbid NULL in ai_usage_log.incurred_at (COL005)
UPDATE `ai_usage_log` SET `incurred_at` = CURRENT_TIMESTAMP WHERE `incurred_at` IS NULL;
ALTER TABLE `ai_usage_log` MODIFY COLUMN `incurred_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP;
-- Back:
-- ALTER TABLE `ai_usage_log` MODIFY COLUMN `incurred_at` timestamp NULL DEFAULT CURRENT_TIMESTAMP;

-- Comment ai_usage_log.latency_ms (COL008)
ALTER TABLE `ai_usage_log` MODIFY COLUMN `latency_ms` int unsigned COMMENT 'Until the last token';
-- Back:
-- ALTER TABLE `ai_usage_log` MODIFY COLUMN `latency_ms` int unsigned;

-- Widen ai_usage_log.model (TYP001)
ALTER TABLE `ai_usage_log` MODIFY COLUMN `model` varchar(120) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL;
-- Back:
-- ALTER TABLE `ai_usage_log` MODIFY COLUMN `model` varchar(60) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL;

-- Give ai_usage_rollups.calls back what change() dropped (MIG013)
ALTER TABLE `ai_usage_rollups` MODIFY COLUMN `calls` bigint unsigned NOT NULL DEFAULT 0;
-- Back:
-- ALTER TABLE `ai_usage_rollups` MODIFY COLUMN `calls` bigint unsigned NOT NULL;

-- Change the type of ai_limit_alerts.spent_amount (TYP002)
ALTER TABLE `ai_limit_alerts` ADD COLUMN `spent_amount_new` decimal(14,4) AFTER `spent_amount`;
UPDATE `ai_limit_alerts` SET `spent_amount_new` = `spent_amount` WHERE `spent_amount_new` IS NULL AND `spent_amount` IS NOT NULL;
ALTER TABLE `ai_limit_alerts` MODIFY COLUMN `spent_amount_new` decimal(14,4) NOT NULL;
ALTER TABLE `ai_limit_alerts` MODIFY COLUMN `spent_amount` double;
ALTER TABLE `ai_limit_alerts` RENAME COLUMN `spent_amount` TO `spent_amount_old`;
ALTER TABLE `ai_limit_alerts` RENAME COLUMN `spent_amount_new` TO `spent_amount`;
-- Back:
-- ALTER TABLE `ai_limit_alerts` RENAME COLUMN `spent_amount` TO `spent_amount_new`;
-- ALTER TABLE `ai_limit_alerts` RENAME COLUMN `spent_amount_old` TO `spent_amount`;
-- UPDATE `ai_limit_alerts` SET `spent_amount` = `spent_amount_new` WHERE `spent_amount` IS NULL AND `spent_amount_new` IS NOT NULL;
-- ALTER TABLE `ai_limit_alerts` MODIFY COLUMN `spent_amount` double NOT NULL;
-- ALTER TABLE `ai_limit_alerts` DROP COLUMN `spent_amount_new`;

-- Change the type of ai_model_prices.input_price (TYP001)
ALTER TABLE `ai_model_prices` ADD COLUMN `input_price_new` decimal(14,8) AFTER `input_price`;
UPDATE `ai_model_prices` SET `input_price_new` = `input_price` WHERE `input_price_new` IS NULL AND `input_price` IS NOT NULL;
ALTER TABLE `ai_model_prices` MODIFY COLUMN `input_price_new` decimal(14,8) NOT NULL;
ALTER TABLE `ai_model_prices` MODIFY COLUMN `input_price` decimal(10,4);
ALTER TABLE `ai_model_prices` RENAME COLUMN `input_price` TO `input_price_old`;
ALTER TABLE `ai_model_prices` RENAME COLUMN `input_price_new` TO `input_price`;
-- Back:
-- ALTER TABLE `ai_model_prices` RENAME COLUMN `input_price` TO `input_price_new`;
-- ALTER TABLE `ai_model_prices` RENAME COLUMN `input_price_old` TO `input_price`;
-- UPDATE `ai_model_prices` SET `input_price` = `input_price_new` WHERE `input_price` IS NULL AND `input_price_new` IS NOT NULL;
-- ALTER TABLE `ai_model_prices` MODIFY COLUMN `input_price` decimal(10,4) NOT NULL;
-- ALTER TABLE `ai_model_prices` DROP COLUMN `input_price_new`;

-- Change the type of ai_model_prices.output_price (TYP001)
ALTER TABLE `ai_model_prices` ADD COLUMN `output_price_new` decimal(14,8) AFTER `output_price`;
UPDATE `ai_model_prices` SET `output_price_new` = `output_price` WHERE `output_price_new` IS NULL AND `output_price` IS NOT NULL;
ALTER TABLE `ai_model_prices` MODIFY COLUMN `output_price_new` decimal(14,8) NOT NULL;
ALTER TABLE `ai_model_prices` MODIFY COLUMN `output_price` decimal(10,4);
ALTER TABLE `ai_model_prices` RENAME COLUMN `output_price` TO `output_price_old`;
ALTER TABLE `ai_model_prices` RENAME COLUMN `output_price_new` TO `output_price`;
-- Back:
-- ALTER TABLE `ai_model_prices` RENAME COLUMN `output_price` TO `output_price_new`;
-- ALTER TABLE `ai_model_prices` RENAME COLUMN `output_price_old` TO `output_price`;
-- UPDATE `ai_model_prices` SET `output_price` = `output_price_new` WHERE `output_price` IS NULL AND `output_price_new` IS NOT NULL;
-- ALTER TABLE `ai_model_prices` MODIFY COLUMN `output_price` decimal(10,4) NOT NULL;
-- ALTER TABLE `ai_model_prices` DROP COLUMN `output_price_new`;

-- Change the type of ai_spending_limits.starts_on (TYP002)
ALTER TABLE `ai_spending_limits` ADD COLUMN `starts_on_new` date AFTER `starts_on`;
UPDATE `ai_spending_limits` SET `starts_on_new` = `starts_on` WHERE `starts_on_new` IS NULL AND `starts_on` IS NOT NULL;
ALTER TABLE `ai_spending_limits` MODIFY COLUMN `starts_on_new` date NOT NULL;
ALTER TABLE `ai_spending_limits` MODIFY COLUMN `starts_on` varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;
ALTER TABLE `ai_spending_limits` RENAME COLUMN `starts_on` TO `starts_on_old`;
ALTER TABLE `ai_spending_limits` RENAME COLUMN `starts_on_new` TO `starts_on`;
-- Back:
-- ALTER TABLE `ai_spending_limits` RENAME COLUMN `starts_on` TO `starts_on_new`;
-- ALTER TABLE `ai_spending_limits` RENAME COLUMN `starts_on_old` TO `starts_on`;
-- UPDATE `ai_spending_limits` SET `starts_on` = `starts_on_new` WHERE `starts_on` IS NULL AND `starts_on_new` IS NOT NULL;
-- ALTER TABLE `ai_spending_limits` MODIFY COLUMN `starts_on` varchar(10) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci NOT NULL;
-- ALTER TABLE `ai_spending_limits` DROP COLUMN `starts_on_new`;

-- Change the type of ai_usage_log.input_cost (TYP001)
ALTER TABLE `ai_usage_log` ADD COLUMN `input_cost_new` decimal(14,8) AFTER `input_cost`;
UPDATE `ai_usage_log` SET `input_cost_new` = `input_cost` WHERE `input_cost_new` IS NULL AND `input_cost` IS NOT NULL;
ALTER TABLE `ai_usage_log` MODIFY COLUMN `input_cost_new` decimal(14,8) NOT NULL;
ALTER TABLE `ai_usage_log` MODIFY COLUMN `input_cost` decimal(10,4);
ALTER TABLE `ai_usage_log` RENAME COLUMN `input_cost` TO `input_cost_old`;
ALTER TABLE `ai_usage_log` RENAME COLUMN `input_cost_new` TO `input_cost`;
-- Back:
-- ALTER TABLE `ai_usage_log` RENAME COLUMN `input_cost` TO `input_cost_new`;
-- ALTER TABLE `ai_usage_log` RENAME COLUMN `input_cost_old` TO `input_cost`;
-- UPDATE `ai_usage_log` SET `input_cost` = `input_cost_new` WHERE `input_cost` IS NULL AND `input_cost_new` IS NOT NULL;
-- ALTER TABLE `ai_usage_log` MODIFY COLUMN `input_cost` decimal(10,4) NOT NULL;
-- ALTER TABLE `ai_usage_log` DROP COLUMN `input_cost_new`;

-- Change the type of ai_usage_log.input_tokens (TYP001)
ALTER TABLE `ai_usage_log` ADD COLUMN `input_tokens_new` int unsigned AFTER `input_tokens`;
UPDATE `ai_usage_log` SET `input_tokens_new` = `input_tokens` WHERE `input_tokens_new` IS NULL AND `input_tokens` IS NOT NULL;
ALTER TABLE `ai_usage_log` MODIFY COLUMN `input_tokens_new` int unsigned NOT NULL DEFAULT 0;
ALTER TABLE `ai_usage_log` MODIFY COLUMN `input_tokens` int DEFAULT 0;
ALTER TABLE `ai_usage_log` RENAME COLUMN `input_tokens` TO `input_tokens_old`;
ALTER TABLE `ai_usage_log` RENAME COLUMN `input_tokens_new` TO `input_tokens`;
-- Back:
-- ALTER TABLE `ai_usage_log` RENAME COLUMN `input_tokens` TO `input_tokens_new`;
-- ALTER TABLE `ai_usage_log` RENAME COLUMN `input_tokens_old` TO `input_tokens`;
-- UPDATE `ai_usage_log` SET `input_tokens` = `input_tokens_new` WHERE `input_tokens` IS NULL AND `input_tokens_new` IS NOT NULL;
-- ALTER TABLE `ai_usage_log` MODIFY COLUMN `input_tokens` int NOT NULL DEFAULT 0;
-- ALTER TABLE `ai_usage_log` DROP COLUMN `input_tokens_new`;

-- Change the type of ai_usage_log.output_tokens (TYP001)
ALTER TABLE `ai_usage_log` ADD COLUMN `output_tokens_new` int unsigned AFTER `output_tokens`;
UPDATE `ai_usage_log` SET `output_tokens_new` = `output_tokens` WHERE `output_tokens_new` IS NULL AND `output_tokens` IS NOT NULL;
ALTER TABLE `ai_usage_log` MODIFY COLUMN `output_tokens_new` int unsigned NOT NULL DEFAULT 0;
ALTER TABLE `ai_usage_log` MODIFY COLUMN `output_tokens` int DEFAULT 0;
ALTER TABLE `ai_usage_log` RENAME COLUMN `output_tokens` TO `output_tokens_old`;
ALTER TABLE `ai_usage_log` RENAME COLUMN `output_tokens_new` TO `output_tokens`;
-- Back:
-- ALTER TABLE `ai_usage_log` RENAME COLUMN `output_tokens` TO `output_tokens_new`;
-- ALTER TABLE `ai_usage_log` RENAME COLUMN `output_tokens_old` TO `output_tokens`;
-- UPDATE `ai_usage_log` SET `output_tokens` = `output_tokens_new` WHERE `output_tokens` IS NULL AND `output_tokens_new` IS NOT NULL;
-- ALTER TABLE `ai_usage_log` MODIFY COLUMN `output_tokens` int NOT NULL DEFAULT 0;
-- ALTER TABLE `ai_usage_log` DROP COLUMN `output_tokens_new`;

-- Index ai_spending_limits (project_id) (KEY009)
CREATE INDEX `ai_spending_limits_project_id_index` ON `ai_spending_limits` (`project_id`) ALGORITHM=INPLACE LOCK=NONE;
-- Back:
-- CREATE INDEX `ai_spending_limits_project_id_foreign` ON `ai_spending_limits` (`project_id`) ALGORITHM=INPLACE LOCK=NONE;
-- DROP INDEX `ai_spending_limits_project_id_index` ON `ai_spending_limits`;

-- Index ai_usage_log (provider, model) (IDX001)
CREATE INDEX `ai_cost_entries_provider_model` ON `ai_usage_log` (`provider`, `model`) ALGORITHM=INPLACE LOCK=NONE;
-- Back:
-- DROP INDEX `ai_cost_entries_provider_model` ON `ai_usage_log`;

-- Index ai_webhook_deliveries (webhook_id) (KEY009)
CREATE INDEX `ai_webhook_deliveries_webhook_id_index` ON `ai_webhook_deliveries` (`webhook_id`) ALGORITHM=INPLACE LOCK=NONE;
-- Back:
-- DROP INDEX `ai_webhook_deliveries_webhook_id_index` ON `ai_webhook_deliveries`;

-- Index ai_desk_visits (visited_at) (IDX004)
CREATE INDEX `ai_desk_visits_visited_at_index` ON `ai_desk_visits` (`visited_at`) ALGORITHM=INPLACE LOCK=NONE;
-- Back:
-- DROP INDEX `ai_desk_visits_visited_at_index` ON `ai_desk_visits`;

-- Index ai_usage_log (incurred_at) (IDX003)
CREATE INDEX `ai_usage_log_incurred_at_index` ON `ai_usage_log` (`incurred_at`) ALGORITHM=INPLACE LOCK=NONE;
-- Back:
-- DROP INDEX `ai_usage_log_incurred_at_index` ON `ai_usage_log`;

-- Drop 2 superfluous indexes of ai_desk_visits (IDX006, IDX008)
DROP INDEX `ai_desk_visits_browser_index` ON `ai_desk_visits`;
DROP INDEX `ai_desk_visits_page_index` ON `ai_desk_visits`;
-- Back:
-- CREATE INDEX `ai_desk_visits_browser_index` ON `ai_desk_visits` (`browser`) ALGORITHM=INPLACE LOCK=NONE;
-- CREATE INDEX `ai_desk_visits_page_index` ON `ai_desk_visits` (`page`) ALGORITHM=INPLACE LOCK=NONE;

-- Let ai_limit_alerts.id number its rows (COL009, QRY003)
ALTER TABLE `ai_limit_alerts` MODIFY COLUMN `id` bigint unsigned NOT NULL AUTO_INCREMENT;
-- Back:
-- ALTER TABLE `ai_limit_alerts` MODIFY COLUMN `id` bigint unsigned NOT NULL;

-- Give ai_project_members the primary key that is required (KEY001, KEY009, REL006)
-- Look for duplicates: select project_id, user_id, count(*) from ai_project_members group by project_id, user_id having count(*) > 1;
ALTER TABLE `ai_project_members` DROP PRIMARY KEY, ADD PRIMARY KEY (`project_id`, `user_id`), ADD UNIQUE INDEX `ai_project_members_id_unique` (`id`);
-- Back:
-- ALTER TABLE `ai_project_members` DROP PRIMARY KEY, ADD PRIMARY KEY (`id`), ADD INDEX `ai_project_members_project_id_foreign` (`project_id`), DROP INDEX `ai_project_members_id_unique`;

-- Make ai_invoices (number) unique (IDX003, RUL001)
-- Look for duplicates: select number, count(*) from ai_invoices group by number having count(*) > 1;
CREATE UNIQUE INDEX `ai_invoices_number_unique` ON `ai_invoices` (`number`) ALGORITHM=INPLACE LOCK=NONE;
-- Back:
-- DROP INDEX `ai_invoices_number_unique` ON `ai_invoices`;

-- Make ai_invoices (project_id) unique (REL005)
-- Look for duplicates: select project_id, count(*) from ai_invoices group by project_id having count(*) > 1;
CREATE UNIQUE INDEX `ai_invoices_project_id_unique` ON `ai_invoices` (`project_id`) ALGORITHM=INPLACE LOCK=NONE;
-- Back:
-- CREATE INDEX `ai_invoices_project_id_foreign` ON `ai_invoices` (`project_id`) ALGORITHM=INPLACE LOCK=NONE;
-- DROP INDEX `ai_invoices_project_id_unique` ON `ai_invoices`;

-- Make ai_model_prices (provider, model, valid_from) unique (KEY002)
-- Look for duplicates: select provider, model, valid_from, count(*) from ai_model_prices group by provider, model, valid_from having count(*) > 1;
CREATE UNIQUE INDEX `ai_model_prices_day_unique` ON `ai_model_prices` (`provider`, `model`, `valid_from`) ALGORITHM=INPLACE LOCK=NONE;
-- Back:
-- DROP INDEX `ai_model_prices_day_unique` ON `ai_model_prices`;

-- Make ai_spending_limits (user_id, project_id, period) unique (KEY002, QRY008)
-- Look for duplicates: select user_id, project_id, period, count(*) from ai_spending_limits group by user_id, project_id, period having count(*) > 1;
CREATE UNIQUE INDEX `ai_spending_limits_user_id_project_id_period_unique` ON `ai_spending_limits` (`user_id`, `project_id`, `period`) ALGORITHM=INPLACE LOCK=NONE;
DROP INDEX `ai_spending_limits_scope_unique` ON `ai_spending_limits`;
-- Back:
-- CREATE INDEX `ai_spending_limits_scope_unique` ON `ai_spending_limits` (`user_id`, `project_id`, `period`) ALGORITHM=INPLACE LOCK=NONE;
-- DROP INDEX `ai_spending_limits_user_id_project_id_period_unique` ON `ai_spending_limits`;

-- Rename ai_usage_log.cost to total_cost (COL002)
ALTER TABLE `ai_usage_log` ADD COLUMN `total_cost` decimal(16,8) AFTER `cost`;
UPDATE `ai_usage_log` SET `total_cost` = `cost` WHERE `total_cost` IS NULL AND `cost` IS NOT NULL;
ALTER TABLE `ai_usage_log` MODIFY COLUMN `total_cost` decimal(16,8) NOT NULL;
ALTER TABLE `ai_usage_log` MODIFY COLUMN `cost` decimal(16,8);
-- Back:
-- UPDATE `ai_usage_log` SET `cost` = `total_cost` WHERE `cost` IS NULL AND `total_cost` IS NOT NULL;
-- ALTER TABLE `ai_usage_log` MODIFY COLUMN `cost` decimal(16,8) NOT NULL;
-- ALTER TABLE `ai_usage_log` DROP COLUMN `total_cost`;

-- Let ai_limit_alerts (limit_id) refer to ai_spending_limits (KEY004, TYP006)
-- Look for rows that refer to nothing: select c.* from ai_limit_alerts c left join ai_spending_limits p on p.id = c.limit_id where c.limit_id is not null and p.id is null;
ALTER TABLE `ai_limit_alerts` ADD CONSTRAINT `ai_limit_alerts_limit_id_foreign` FOREIGN KEY (`limit_id`) REFERENCES `ai_spending_limits` (`id`) ON DELETE CASCADE ON UPDATE RESTRICT;
-- Back:
-- ALTER TABLE `ai_limit_alerts` DROP FOREIGN KEY `ai_limit_alerts_limit_id_foreign`;

-- Make the foreign key ai_usage_log (user_id) what is required (KEY005)
ALTER TABLE `ai_usage_log` DROP FOREIGN KEY `ai_usage_log_user_id_foreign`;
ALTER TABLE `ai_usage_log` ADD CONSTRAINT `ai_usage_log_user_id_foreign` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE SET NULL ON UPDATE RESTRICT;
-- Back:
-- ALTER TABLE `ai_usage_log` DROP FOREIGN KEY `ai_usage_log_user_id_foreign`;
-- ALTER TABLE `ai_usage_log` ADD CONSTRAINT `ai_usage_log_user_id_foreign` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE ON UPDATE RESTRICT;

-- Let ai_usage_log (project_id) refer to ai_projects (KEY004)
-- Look for rows that refer to nothing: select c.* from ai_usage_log c left join ai_projects p on p.id = c.project_id where c.project_id is not null and p.id is null;
ALTER TABLE `ai_usage_log` ADD CONSTRAINT `ai_usage_log_project_id_foreign` FOREIGN KEY (`project_id`) REFERENCES `ai_projects` (`id`) ON DELETE RESTRICT ON UPDATE RESTRICT;
-- Back:
-- ALTER TABLE `ai_usage_log` DROP FOREIGN KEY `ai_usage_log_project_id_foreign`;

-- Check that limit_amount > 0 in ai_spending_limits (KEY006)
-- Look for rows that violate it: select * from ai_spending_limits where not (limit_amount > 0);
ALTER TABLE `ai_spending_limits` ADD CONSTRAINT `ai_spending_limits_amount_positive` CHECK (limit_amount > 0);
-- Back:
-- ALTER TABLE `ai_spending_limits` DROP CONSTRAINT `ai_spending_limits_amount_positive`;
