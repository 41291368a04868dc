<?php

/**
 * `php artisan migrate` of a new application, for timing: the framework's own kernel, providers and command, in-memory SQLite.
 *
 *   php artisan.php PROJECT
 *
 * PROJECT's config files and classes are used; its vendor folder, if any, is not. Exit code as the command's.
 */

require __DIR__.'/framework.php';

use Illuminate\Contracts\Console\Kernel as KernelContract;
use Illuminate\Contracts\Debug\ExceptionHandler;
use Illuminate\Config\Repository as Config;
use Illuminate\Foundation\Application;
use Illuminate\Foundation\Bootstrap;
use Illuminate\Foundation\Console\Kernel;
use Illuminate\Foundation\Exceptions\Handler;
use Symfony\Component\Console\Input\ArrayInput;
use Symfony\Component\Console\Output\ConsoleOutput;

/** What a new application's config/app.php lists. */
const PROVIDERS = [
    Illuminate\Auth\AuthServiceProvider::class,
    Illuminate\Broadcasting\BroadcastServiceProvider::class,
    Illuminate\Bus\BusServiceProvider::class,
    Illuminate\Cache\CacheServiceProvider::class,
    Illuminate\Foundation\Providers\ConsoleSupportServiceProvider::class,
    Illuminate\Cookie\CookieServiceProvider::class,
    Illuminate\Database\DatabaseServiceProvider::class,
    Illuminate\Encryption\EncryptionServiceProvider::class,
    Illuminate\Filesystem\FilesystemServiceProvider::class,
    Illuminate\Foundation\Providers\FoundationServiceProvider::class,
    Illuminate\Hashing\HashServiceProvider::class,
    Illuminate\Mail\MailServiceProvider::class,
    Illuminate\Notifications\NotificationServiceProvider::class,
    Illuminate\Pagination\PaginationServiceProvider::class,
    Illuminate\Pipeline\PipelineServiceProvider::class,
    Illuminate\Queue\QueueServiceProvider::class,
    Illuminate\Redis\RedisServiceProvider::class,
    Illuminate\Auth\Passwords\PasswordResetServiceProvider::class,
    Illuminate\Session\SessionServiceProvider::class,
    Illuminate\Translation\TranslationServiceProvider::class,
    Illuminate\Validation\ValidationServiceProvider::class,
    Illuminate\View\ViewServiceProvider::class,
];

final class TimedKernel extends Kernel
{
    // The configuration is given below instead of being loaded from config/; errors stay PHP's own.
    protected $bootstrappers = [
        Bootstrap\RegisterFacades::class,
        Bootstrap\SetRequestForConsole::class,
        Bootstrap\RegisterProviders::class,
        Bootstrap\BootProviders::class,
    ];
}

$project = realpath($argv[1]);
autoload_project($project);
$app = new Application($project);
$app->useStoragePath(sys_get_temp_dir());
$sqlite = ['driver' => 'sqlite', 'database' => ':memory:', 'prefix' => '', 'foreign_key_constraints' => true];
$settings = [
    'app' => ['env' => 'production', 'key' => str_repeat('k', 32), 'cipher' => 'AES-256-CBC', 'url' => 'http://localhost', 'providers' => PROVIDERS],
    'cache' => ['default' => 'array', 'stores' => ['array' => ['driver' => 'array']]],
    'database' => ['default' => 'sqlite', 'migrations' => 'migrations', 'connections' => ['sqlite' => $sqlite]],
    'view' => ['paths' => [], 'compiled' => sys_get_temp_dir()],
];
$app->instance('config', new Config($settings + project_config($project)));
$app->detectEnvironment(fn () => 'production');
// No discovered packages, and nothing written beside the project.
$app->instance(Illuminate\Foundation\PackageManifest::class, new class extends Illuminate\Foundation\PackageManifest
{
    public function __construct()
    {
        $this->manifest = [];
    }

    protected function getManifest()
    {
        return [];
    }
});
$_ENV['APP_SERVICES_CACHE'] = sys_get_temp_dir().'/trueup-artisan-services.php';
$app->singleton(KernelContract::class, TimedKernel::class);
$app->singleton(ExceptionHandler::class, Handler::class);
exit($app->make(KernelContract::class)->handle(new ArrayInput(['migrate', '--force' => true]), new ConsoleOutput));
