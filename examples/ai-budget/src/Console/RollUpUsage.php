<?php

namespace Tallyhouse\AiBudget\Console;

use Illuminate\Console\Command;
use Illuminate\Support\Facades\DB;
use Tallyhouse\AiBudget\Models\Project;

class RollUpUsage extends Command
{
    protected $signature = 'ai-budget:roll-up {day}';

    protected $description = 'Adds up the entries of a day by project and provider';

    public function handle(): int
    {
        foreach (Project::all() as $project) {
            $rows = DB::table('ai_usage_log')
                ->where('project_id', $project->id)
                ->whereDate('incurred_at', $this->argument('day'))
                ->groupBy('provider')
                ->selectRaw('provider, COUNT(*) as calls, SUM(cost) as cost')
                ->get();

            foreach ($rows as $row) {
                DB::table('ai_usage_rollups')->updateOrInsert(
                    ['project_id' => $project->id, 'day' => $this->argument('day'), 'provider' => $row->provider],
                    ['calls' => $row->calls, 'cost' => $row->cost],
                );
            }
        }

        return self::SUCCESS;
    }
}
