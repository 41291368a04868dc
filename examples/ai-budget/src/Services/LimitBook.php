<?php

namespace Tallyhouse\AiBudget\Services;

use Illuminate\Support\Facades\Cache;
use Tallyhouse\AiBudget\Models\Project;
use Tallyhouse\AiBudget\Models\SpendingLimit;
use Tallyhouse\AiBudget\Models\User;

class LimitBook
{
    public function set(User $user, Project $project, string $amount): SpendingLimit
    {
        return SpendingLimit::updateOrCreate(
            ['user_id' => $user->getKey(), 'project_id' => $project->getKey(), 'period' => SpendingLimit::MONTHLY],
            ['limit_amount' => $amount, 'starts_on' => now()->startOfMonth()->toDateString(), 'source' => 'book'],
        );
    }

    public function raise(SpendingLimit $limit, string $amount): void
    {
        $limit->limit_amount += $amount;
        $limit->save();
    }

    public function warnLater(SpendingLimit $limit): void
    {
        Cache::lock('limit-' . $limit->getKey(), 10)->block(5, function () use ($limit) {
            $limit->warning_percent += 5;
            $limit->save();
        });
    }

    public function cents(float $amount): int
    {
        return (int) ($amount * 100);
    }
}
