<?php

namespace Tallyhouse\AiBudget\Listeners;

use Illuminate\Support\Facades\DB;
use Tallyhouse\AiBudget\Events\DeskOpened;

class CountVisit
{
    public function handle(DeskOpened $visit): void
    {
        DB::table('ai_desk_visits')->insert([
            'user_id' => $visit->userId,
            'page' => $visit->page,
            'referrer' => $visit->referrer,
            'browser' => $visit->browser,
            'system' => $visit->system,
            'address' => $visit->address,
            'is_mobile' => $visit->mobile,
            'is_open' => true,
        ]);
    }
}
