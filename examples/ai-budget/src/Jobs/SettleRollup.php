<?php

namespace Tallyhouse\AiBudget\Jobs;

use Illuminate\Contracts\Queue\ShouldQueue;
use Illuminate\Support\Facades\DB;

class SettleRollup implements ShouldQueue
{
    public $tries = 3;

    public function __construct(private int $rollup, private int $calls, private string $cost)
    {
    }

    public function handle(): void
    {
        DB::table('ai_usage_rollups')->where('id', $this->rollup)->increment('calls', $this->calls);
        DB::table('ai_usage_rollups')->where('id', $this->rollup)->update(['cost' => $this->cost]);
    }
}
