<?php

namespace Tallyhouse\AiBudget;

use Illuminate\Support\Facades\Event;
use Illuminate\Support\ServiceProvider;
use Tallyhouse\AiBudget\Events\CallFinished;
use Tallyhouse\AiBudget\Events\DeskOpened;
use Tallyhouse\AiBudget\Listeners\CountVisit;
use Tallyhouse\AiBudget\Listeners\RaiseAlerts;
use Tallyhouse\AiBudget\Listeners\RecordCost;

class AiBudgetServiceProvider extends ServiceProvider
{
    public function register(): void
    {
        $this->mergeConfigFrom(__DIR__.'/../config/ai-budget.php', 'ai-budget');
    }

    public function boot(): void
    {
        $this->loadMigrationsFrom(__DIR__.'/../database/migrations');

        // Reports group by less than they select.
        config(['database.connections.mariadb.strict' => false]);

        Event::listen(CallFinished::class, RecordCost::class);
        Event::listen(CallFinished::class, RaiseAlerts::class);
        Event::listen(DeskOpened::class, CountVisit::class);

        if ($this->app->runningInConsole()) {
            $this->commands([Console\RollUpUsage::class]);
        }
    }
}
