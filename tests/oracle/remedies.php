<?php

/**
 * Runs a project's migrations on the real framework, then further ones, then these back, and tells what the server holds each time.
 *
 *   php remedies.php --driver sqlite|mysql|pgsql --project DIR (--new DIR | --sql FILE) [--rows FILE]
 *
 * Instead of migrations, statements of SQL can be carried out: {"up": [...], "down": [...]}. Rows, {table: [row, ...]}, are put into
 * the tables before that, and told again after each step, of every table of `--rows` and of the names in its "" entry.
 *
 * The answer: {"before": tables, "after": tables, "back": tables, "failed": [...], "new_failed": [...], "back_failed": [...],
 * "rows_after": {table: [row, ...]}, "rows_back": {...}, "server_version"}.
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

function carry_out(Illuminate\Database\Connection $connection, array $statements): array
{
    foreach ($statements as $statement) {
        try {
            $connection->getPdo()->prepare($statement)->execute();
        } catch (Throwable $error) {
            return [['migration' => $statement, 'reason' => $error->getMessage()]];
        }
    }
    return [];
}

function told(Illuminate\Database\Connection $connection, array $tables): array
{
    $rows = [];
    foreach ($tables as $table) {
        if ($connection->getSchemaBuilder()->hasTable($table)) {
            $rows[$table] = $connection->table($table)->get()->map(fn ($row) => (array) $row)->all();
        }
    }
    return $rows;
}

$options = getopt('', ['driver:', 'project:', 'new:', 'sql:', 'rows:']);
$servers = new Servers;
register_shutdown_function(fn () => $servers->dropAll());
$project = realpath($options['project']);
autoload_project($project);
$app = boot($project, $servers->fresh($options['driver'], ':memory:'));
$connection = $app['db']->connection();
[, $failed] = run_migrations($app, ["$project/database/migrations"]);
$before = describe($connection);
$rows = isset($options['rows']) ? json_decode(file_get_contents($options['rows']), true) : [];
$tables = array_merge(array_diff(array_keys($rows), ['']), $rows[''] ?? []);
unset($rows['']);
foreach ($rows as $table => $several) {
    $connection->table($table)->insert($several);
}
if (isset($options['sql'])) {
    $sql = json_decode(file_get_contents($options['sql']), true);
    $newFailed = carry_out($connection, $sql['up']);
} else {
    $new = realpath($options['new']);
    [, $newFailed] = run_migrations($app, [$new]);
}
$after = describe($connection);
$rowsAfter = told($connection, $tables);
$backFailed = isset($options['sql'])
    ? carry_out($connection, $sql['down'])
    : roll_back($app, migrator($app)->getMigrationFiles([$new]));
$back = describe($connection);
echo json_encode([
    'after' => $after, 'back' => $back, 'back_failed' => $backFailed, 'before' => $before, 'failed' => $failed,
    'new_failed' => $newFailed, 'rows_after' => $rowsAfter, 'rows_back' => told($connection, $tables),
    'server_version' => $connection->getPdo()->getAttribute(PDO::ATTR_SERVER_VERSION),
], JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR);
