<?php

namespace Tallyhouse\AiBudget\Services;

use Illuminate\Support\Facades\DB;

class PriceBook
{
    /**
     * The price that holds today, in the price's currency, for a thousand tokens.
     */
    public function priceOf(string $provider, string $model): ?object
    {
        return DB::table('ai_model_prices')
            ->where('provider', $provider)
            ->where('model', $model)
            ->where('valid_from', '<=', now()->toDateString())
            ->orderByDesc('valid_from')
            ->first(['input_price', 'output_price', 'currency']);
    }
}
