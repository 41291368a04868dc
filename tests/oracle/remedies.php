<?php

/**
 * Runs a project's migrations on the real framework, then further ones, then these back, and tells what the server holds each time.
 *
 *   php remedies.php --driver sqlite|mysql|pgsql --project DIR --new DIR
 *
 * The answer: {"before": tables, "after": tables, "back": tables, "failed": [...], "new_failed": [...], "back_failed": [...],
 * "server_version"}.
 */

require __DIR__.'/framework.php';
require __DIR__.'/introspection.php';
require __DIR__.'/servers.php';

use Illuminate\Foundation\Application;

function roll_back(Application $app, array $files): array
{
    $failed = [];
    $migrator = migrator($app);
    $repository = new Illuminate\Database\Migrations\DatabaseMigrationRepository($app['db'], 'migrations');
    foreach (array_reverse($files, true) as $name => $file) {
        try {
            (function () use ($file, $name) {
                $this->runDown($file, (object) ['migration' => $name], false);
            })->call($migrator);
        } catch (Throwable $error) {
            $failed[] = ['migration' => $name, 'reason' => get_class($error).': '.$error->getMessage()];
            undo_open_transactions($app);
        }
    }
    return $failed;
}

$options = getopt('', ['driver:', 'project:', 'new:']);
$servers = new Servers;
register_shutdown_function(fn () => $servers->dropAll());
$project = realpath($options['project']);
autoload_project($project);
$app = boot($project, $servers->fresh($options['driver'], ':memory:'));
$connection = $app['db']->connection();
[, $failed] = run_migrations($app, ["$project/database/migrations"]);
$before = describe($connection);
$new = realpath($options['new']);
[, $newFailed] = run_migrations($app, [$new]);
$after = describe($connection);
$backFailed = roll_back($app, migrator($app)->getMigrationFiles([$new]));
$back = describe($connection);
echo json_encode([
    'after' => $after, 'back' => $back, 'back_failed' => $backFailed, 'before' => $before, 'failed' => $failed,
    'new_failed' => $newFailed, 'server_version' => $connection->getPdo()->getAttribute(PDO::ATTR_SERVER_VERSION),
], JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR);
