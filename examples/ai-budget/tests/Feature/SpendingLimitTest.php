<?php

namespace Tallyhouse\AiBudget\Tests\Feature;

use Illuminate\Foundation\Testing\RefreshDatabase;
use Tallyhouse\AiBudget\Models\SpendingLimit;
use Tallyhouse\AiBudget\Models\User;
use Tallyhouse\AiBudget\Services\BudgetGuard;
use Tallyhouse\AiBudget\Tests\TestCase;

class SpendingLimitTest extends TestCase
{
    use RefreshDatabase;

    public function test_a_user_within_the_limit_may_go_on(): void
    {
        $user = User::forceCreate(['name' => 'Ada', 'email' => 'ada@example.com', 'password' => 'x']);
        SpendingLimit::factory()->create(['user_id' => $user->id]);

        $this->assertTrue($this->app->make(BudgetGuard::class)->allows($user));
    }
}
