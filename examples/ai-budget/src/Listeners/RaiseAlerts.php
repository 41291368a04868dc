<?php

namespace Tallyhouse\AiBudget\Listeners;

use Illuminate\Support\Facades\DB;
use Tallyhouse\AiBudget\Events\CallFinished;
use Tallyhouse\AiBudget\Models\AiLimitAlert;
use Tallyhouse\AiBudget\Services\BudgetGuard;

class RaiseAlerts
{
    public function __construct(private BudgetGuard $guard)
    {
    }

    public function handle(CallFinished $call): void
    {
        if ($call->user === null) {
            return;
        }

        foreach ($call->user->limits as $limit) {
            $spent = $this->guard->spent($call->user, $limit);
            $percent = (int) floor($spent / max($limit->limit_amount, 0.0001) * 100);

            if ($percent < $limit->warning_percent) {
                continue;
            }

            AiLimitAlert::create([
                'limit_id' => $limit->getKey(),
                'level' => $percent >= 100 ? 'reached' : 'warning',
                'percent' => $percent,
                'spent_amount' => $spent,
                'channels' => json_encode(['mail']),
                'message' => "{$percent} % of the {$limit->period} limit is spent",
            ]);

            DB::table('ai_notification_outbox')->insert([
                'user_id' => $call->user->getKey(),
                'kind' => 'limit',
                'created_at' => now(),
            ]);
        }
    }
}
