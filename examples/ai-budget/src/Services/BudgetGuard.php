<?php

namespace Tallyhouse\AiBudget\Services;

use Illuminate\Support\Carbon;
use Tallyhouse\AiBudget\Models\SpendingLimit;
use Tallyhouse\AiBudget\Models\UsageEntry;
use Tallyhouse\AiBudget\Models\User;

class BudgetGuard
{
    public function allows(User $user): bool
    {
        foreach (SpendingLimit::where('user_id', $user->getKey())->get() as $limit) {
            if ($limit->hard_stop && $this->spent($user, $limit) >= $limit->limit_amount) {
                return false;
            }
        }

        return true;
    }

    public function spent(User $user, SpendingLimit $limit): float
    {
        return (float) UsageEntry::query()
            ->where('user_id', $user->getKey())
            ->where('incurred_at', '>=', $this->startOf($limit->period))
            ->sum('cost');
    }

    private function startOf(string $period): Carbon
    {
        return match ($period) {
            SpendingLimit::DAILY => now()->startOfDay(),
            SpendingLimit::MONTHLY => now()->startOfMonth(),
            default => now()->startOfWeek(),
        };
    }
}
