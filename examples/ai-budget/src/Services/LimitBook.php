<?php

namespace Tallyhouse\AiBudget\Services;

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
}
