<?php

namespace Tallyhouse\AiBudget\Services;

use Illuminate\Support\Carbon;
use Illuminate\Support\Collection;
use Illuminate\Support\Facades\DB;
use Tallyhouse\AiBudget\Models\AiLimitAlert;
use Tallyhouse\AiBudget\Models\UsageEntry;

class SpendReport
{
    public function byProvider(Carbon $from, Carbon $to): Collection
    {
        return DB::table('ai_usage_log')
            ->select('provider', 'model', DB::raw('SUM(cost) as spent'))
            ->whereBetween('incurred_at', [$from, $to])
            ->groupBy('provider', 'model')
            ->orderByDesc('spent')
            ->get();
    }

    public function ofDay(int $projectId, Carbon $day): Collection
    {
        return UsageEntry::where('project_id', $projectId)
            ->whereDate('incurred_at', $day)
            ->orderBy('incurred_at')
            ->get();
    }

    public function exceededLimits(): int
    {
        return AiLimitAlert::where('level', 'exceeded')->distinct()->count('limit_id');
    }

    public function byDepartment(): Collection
    {
        return DB::table('ai_usage_log')
            ->join('ai_projects', 'ai_projects.id', '=', 'ai_usage_log.project_id')
            ->where('ai_projects.department', '!=', '')
            ->groupBy('ai_projects.department')
            ->selectRaw('ai_projects.department, SUM(ai_usage_log.cost) as spent')
            ->get();
    }
}
