<?php

namespace Tallyhouse\AiBudget\Services;

use Illuminate\Support\Facades\DB;
use Tallyhouse\AiBudget\Events\CallFinished;
use Tallyhouse\AiBudget\Models\UsageEntry;

class CostRecorder
{
    public function __construct(private PriceBook $prices)
    {
    }

    public function record(CallFinished $call): UsageEntry
    {
        $price = $this->prices->priceOf($call->provider, $call->model);
        $input = bcmul($price->input_price, bcdiv((string) $call->inputTokens, '1000', 8), 8);
        $output = bcmul($price->output_price, bcdiv((string) $call->outputTokens, '1000', 8), 8);

        return UsageEntry::create([
            'user_id' => $call->user?->getKey(),
            'project_id' => $call->project->getKey(),
            'provider' => $call->provider,
            'model' => $call->model,
            'input_tokens' => $call->inputTokens,
            'output_tokens' => $call->outputTokens,
            'input_cost' => $input,
            'output_cost' => $output,
            'cost' => bcadd($input, $output, 8),
            'currency' => $price->currency,
            'incurred_at' => now(),
        ]);
    }

    /**
     * Entries of a provider that was used before the package was installed.
     *
     * @param array<int, array<string, mixed>> $rows
     */
    public function import(string $batch, array $rows): int
    {
        if (DB::table('ai_usage_log')->where('import_batch', $batch)->exists()) {
            return 0;
        }

        foreach ($rows as $row) {
            DB::table('ai_usage_log')->insert([
                'user_id' => $row['user_id'],
                'provider' => $row['provider'],
                'model' => $row['model'],
                'input_cost' => $row['input_cost'],
                'output_cost' => $row['output_cost'],
                'cost' => $row['cost'],
                'currency' => 'Euro',
                'import_batch' => $batch,
            ]);
        }

        DB::table('ai_import_batches')->updateOrInsert(['batch' => $batch], ['runs' => DB::raw('runs + 1')]);

        return count($rows);
    }
}
