<?php

namespace Tallyhouse\AiBudget\Tests;

use Orchestra\Testbench\TestCase as Testbench;
use Tallyhouse\AiBudget\AiBudgetServiceProvider;

abstract class TestCase extends Testbench
{
    protected function getPackageProviders($app): array
    {
        return [AiBudgetServiceProvider::class];
    }

    protected function defineEnvironment($app): void
    {
        $app['config']->set('database.default', 'testing');
        $app['config']->set('database.connections.testing', [
            'driver' => 'sqlite',
            'database' => ':memory:',
            'prefix' => '',
        ]);
    }
}
