<?php

/**
 * Runs migrations on the real framework and tells, as JSON, what the server then holds and which migrations failed.
 *
 *   php migrate.php --driver sqlite|mysql|mariadb|pgsql [--project DIR] [--path DIR ...] [--database FILE]
 *   php migrate.php --serve
 *
 * The first form runs a project's database/migrations (or the folders of --path). The second reads one JSON object a line,
 * {"driver": "pgsql", "files": {"2024_01_01_000001_x.php": "<?php ..."}}, gives each a database of its own and answers one line each,
 * until its input ends.
 *
 * The answer: {"driver", "server_version", "laravel", "migrations", "ran", "failed": [{"migration", "reason"}],
 * "tables": {name: {"columns", "foreign_keys", "indexes"}}}.
 */

require __DIR__.'/framework.php';
require __DIR__.'/introspection.php';
require __DIR__.'/servers.php';

use Illuminate\Foundation\Application;

function answer(Application $app, array $paths): array
{
    [$all, $failed] = run_migrations($app, $paths);
    $connection = $app['db']->connection();
    return [
        'driver' => $app['config']['database.default'],
        'failed' => $failed,
        'laravel' => 'v'.Application::VERSION,
        'migrations' => count($all),
        'ran' => count($all) - count($failed),
        'server_version' => $connection->getPdo()->getAttribute(PDO::ATTR_SERVER_VERSION),
        'tables' => describe($connection),
    ];
}

function write(array $value): void
{
    $flags = JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE | JSON_THROW_ON_ERROR;
    fwrite(STDOUT, json_encode($value, $flags)."\n");
}

/** One case: its files in a folder of their own, an empty database, an answer. */
function serve_case(Application $app, Servers $servers, array $case, string $folder): array
{
    mkdir($folder);
    foreach ($case['files'] as $name => $code) {
        file_put_contents("$folder/$name", $code);
    }
    try {
        use_connection($app, $servers->fresh($case['driver']));
        return ['driver' => $case['driver']] + answer($app, [$folder]);
    } finally {
        $app['files']->deleteDirectory($folder);
    }
}

function serve(Servers $servers): void
{
    $scratch = sys_get_temp_dir().'/trueup-oracle-'.getmypid().'-'.bin2hex(random_bytes(4));
    mkdir($scratch, 0700);
    $app = boot($scratch, $servers->fresh('sqlite'));
    register_shutdown_function(fn () => $app['files']->deleteDirectory($scratch));
    for ($number = 0; ($line = fgets(STDIN)) !== false; $number++) {
        try {
            write(serve_case($app, $servers, json_decode($line, true, 64, JSON_THROW_ON_ERROR), "$scratch/$number"));
        } catch (Throwable $error) {
            write(['error' => get_class($error).': '.$error->getMessage().' at '.$error->getFile().':'.$error->getLine()]);
        }
    }
}

function main(array $arguments): int
{
    $options = getopt('', ['serve', 'driver:', 'project:', 'path:', 'database:']);
    $servers = new Servers;
    register_shutdown_function(fn () => $servers->dropAll());
    if (isset($options['serve'])) {
        serve($servers);
        return 0;
    }
    $project = realpath($options['project'] ?? '.');
    $paths = array_map('realpath', (array) ($options['path'] ?? "$project/database/migrations"));
    autoload_project($project);
    $app = boot($project, $servers->fresh($options['driver'] ?? 'sqlite', $options['database'] ?? ':memory:'));
    write(answer($app, $paths));
    return 0;
}

exit(main($argv));
