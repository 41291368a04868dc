<?php

namespace Tallyhouse\AiBudget\Services;

use Illuminate\Support\Facades\Cache;
use Tallyhouse\AiBudget\Models\UsageRollup;

class RollupBook
{
    public function add(UsageRollup $rollup, string $cost): void
    {
        $rollup->cost += $cost;
        $rollup->save();
    }

    public function count(UsageRollup $rollup): void
    {
        Cache::lock('rollup-' . $rollup->getKey(), 10)->block(5, function () use ($rollup) {
            $rollup->calls += 1;
            $rollup->save();
        });
    }

    public function cents(float $amount): int
    {
        return (int) ($amount * 100);
    }
}
