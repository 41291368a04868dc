<?php

namespace Tallyhouse\AiBudget\Services;

use Illuminate\Contracts\Pagination\LengthAwarePaginator;
use Illuminate\Support\Carbon;
use Illuminate\Support\Collection;
use Illuminate\Support\Facades\DB;
use Tallyhouse\AiBudget\Models\UsageEntry;

class DeskReport
{
    public function newest(): Collection
    {
        return DB::table('ai_desk_visits')->orderByDesc('visited_at')->limit(20)->get();
    }

    public function visits(): LengthAwarePaginator
    {
        return DB::table('ai_desk_visits')->orderBy('id')->paginate(50);
    }

    /** @return list<string> */
    public function callers(Carbon $start): array
    {
        $names = [];
        foreach (UsageEntry::since($start)->get() as $entry) {
            $names[] = $entry->user->name;
        }

        return $names;
    }
}
