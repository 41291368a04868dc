-- mysql, laravel 12.25.0
-- also made by the migrations: view monthly (database/migrations/2024_02_01_000000_second.php:30)
-- would fail: 2024_03_01_000000_third (database/migrations/2024_03_01_000000_third.php:9): Identifier name is too long
-- not understood: database/migrations/2024_02_01_000000_second.php:40: the table's name comes from a request

CREATE TABLE `usage_costs` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `amount` decimal(8,2) NOT NULL DEFAULT 0.00,
  `note` varchar(255) COMMENT 'it''s a note',
  `state` enum('open','paid') NOT NULL DEFAULT 'open',
  `updated_at` timestamp NULL ON UPDATE CURRENT_TIMESTAMP,
  `total` decimal(10,2) AS (`amount` * 2) STORED,
  `user_id` bigint unsigned NOT NULL,
  PRIMARY KEY (`id`),
  CONSTRAINT `positive` CHECK (`amount` >= 0)
) COMMENT='what calls cost';

CREATE UNIQUE INDEX `usage_costs_note_unique` ON `usage_costs` (`note`);

CREATE INDEX `usage_costs_user_id_state_index` ON `usage_costs` (`user_id`, `state`);

CREATE TABLE `users` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  PRIMARY KEY (`id`)
);

ALTER TABLE `usage_costs` ADD CONSTRAINT `usage_costs_user_id_foreign` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON DELETE CASCADE;
