<?php

namespace Tallyhouse\AiBudget\Services;

use Illuminate\Support\Facades\DB;
use Illuminate\Support\Str;
use Tallyhouse\AiBudget\Models\Project;
use Tallyhouse\AiBudget\Models\Webhook;

class WebhookRegistry
{
    public function register(Project $project, string $url): Webhook
    {
        return Webhook::create([
            'project_id' => $project->getKey(),
            'url' => $url,
            'secret' => Str::random(64),
        ]);
    }

    public function withdrawApproval(string $number): void
    {
        DB::table('ai_invoices')->where('number', $number)->update(['approved_by' => 0]);
    }
}
