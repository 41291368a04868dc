<?php

namespace Tallyhouse\AiBudget\Services;

use Illuminate\Support\Collection;
use Tallyhouse\AiBudget\Models\Webhook;

class WebhookCleanup
{
    public function idle(int $projectId): Collection
    {
        return Webhook::where('project_id', $projectId)
            ->whereNot(['active' => true, 'url' => ''])
            ->limit(50)
            ->get();
    }

    public function retire(int $projectId): int
    {
        return Webhook::where('project_id', $projectId)->delete();
    }
}
