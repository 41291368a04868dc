<?php

/**
 * The real framework, made ready to run migrations: Debian's Illuminate (8.83) without an application's own code.
 */

use Illuminate\Config\Repository as Config;
use Illuminate\Database\Connectors\ConnectionFactory;
use Illuminate\Database\DatabaseManager;
use Illuminate\Database\Eloquent\Model;
use Illuminate\Database\Migrations\DatabaseMigrationRepository;
use Illuminate\Database\Migrations\Migrator;
use Illuminate\Encryption\EncryptionServiceProvider;
use Illuminate\Filesystem\Filesystem;
use Illuminate\Foundation\Application;
use Illuminate\Hashing\HashServiceProvider;
use Illuminate\Support\Facades\Facade;

require_once __DIR__.'/sources.php';

// Debian's libraries are older than its PHP: their deprecations are no news here.
error_reporting(E_ALL & ~E_DEPRECATED & ~E_USER_DEPRECATED);

/** An application around `$base` (a project folder): its config files, its classes, its database connection. */
function boot(string $base, array $connection): Application
{
    $app = new Application($base);
    $app->instance('config', new Config(project_config($base)));
    $app->instance('files', new Filesystem);
    $app->singleton('db', fn ($app) => new DatabaseManager($app, new ConnectionFactory($app)));
    $app->bind('db.connection', fn ($app) => $app['db']->connection());
    $app->bind('db.schema', fn ($app) => $app['db']->connection()->getSchemaBuilder());
    $app['env'] = 'production';
    $app['config']->set('app.key', str_repeat('k', 32));
    $app['config']->set('app.cipher', 'AES-256-CBC');
    $app['config']->set('hashing.driver', 'bcrypt');
    $app->register(EncryptionServiceProvider::class);
    $app->register(HashServiceProvider::class);
    Facade::clearResolvedInstances();
    Facade::setFacadeApplication($app);
    foreach (['App', 'Config', 'DB', 'Schema', 'Str', 'Arr'] as $name) {
        $class = in_array($name, ['Str', 'Arr']) ? "Illuminate\\Support\\$name" : "Illuminate\\Support\\Facades\\$name";
        class_exists($name, false) || class_alias($class, $name);
    }
    Model::setConnectionResolver($app['db']);
    use_connection($app, $connection);
    return $app;
}

/** Makes `$connection` the default one, and the only one: whatever a case did to the session before is gone. */
function use_connection(Application $app, array $connection): void
{
    foreach (array_keys($app['db']->getConnections()) as $name) {
        $app['db']->purge($name);
    }
    // Doctrine's part of a connection is a cycle that would keep it open.
    gc_collect_cycles();
    $app['config']->set('database.default', $connection['driver']);
    $app['config']->set('database.migrations', 'migrations');
    $app['config']->set("database.connections.{$connection['driver']}", $connection);
    Illuminate\Database\Schema\Builder::defaultStringLength(255);
    Illuminate\Database\Schema\Builder::defaultMorphKeyType('int');
}

/** The project's own config files; one that needs the application's own code to be loaded is left out. */
function project_config(string $base): array
{
    $items = [];
    foreach (glob("$base/config/*.php") ?: [] as $file) {
        try {
            $items[basename($file, '.php')] = (static fn () => require $file)();
        } catch (Throwable $error) {
            fwrite(STDERR, basename($file).' is left out: '.$error->getMessage()."\n");
        }
    }
    return $items;
}

/** Classes of the project itself, found as Composer would find them. */
function autoload_project(string $base): void
{
    $composer = json_decode(@file_get_contents("$base/composer.json") ?: '{}', true);
    $folders = ($composer['autoload']['psr-4'] ?? []) + ($composer['autoload-dev']['psr-4'] ?? []);
    spl_autoload_register(function (string $class) use ($base, $folders) {
        foreach ($folders as $prefix => $paths) {
            foreach ((array) $paths as $path) {
                $file = "$base/".rtrim($path, '/').'/'.str_replace('\\', '/', substr($class, strlen($prefix))).'.php';
                if (str_starts_with($class, $prefix) && is_file($file)) {
                    return require_once $file;
                }
            }
        }
    });
}

function migrator(Application $app): Migrator
{
    $repository = new DatabaseMigrationRepository($app['db'], 'migrations');
    $migrator = new Migrator($repository, $app['db'], $app['files']);
    if (! $migrator->repositoryExists()) {
        $repository->createRepository();
    }
    return $migrator;
}

/**
 * Runs the migrations in the framework's order. One that fails is written down and the run goes on with the next,
 * so that an early fault does not hide the later ones.
 *
 * @return array{list<string>, list<array{migration: string, reason: string}>} all names, and those that failed
 */
function run_migrations(Application $app, array $paths): array
{
    $migrator = migrator($app);
    $files = $migrator->getMigrationFiles($paths);
    $failed = [];
    foreach ($files as $name => $file) {
        try {
            $migrator->requireFiles([$file]);
            $migrator->runPending([$file]);
        } catch (Throwable $error) {
            $failed[] = ['migration' => $name, 'reason' => get_class($error).': '.$error->getMessage()];
            undo_open_transactions($app);
        }
    }
    return [array_keys($files), $failed];
}

function undo_open_transactions(Application $app): void
{
    foreach ($app['db']->getConnections() as $connection) {
        while ($connection->transactionLevel() > 0) {
            try {
                $connection->rollBack();
            } catch (PDOException) {
                // MySQL has committed it at the first schema statement; the framework does not know.
                (fn () => $this->transactions = 0)->call($connection);
            }
        }
    }
}
