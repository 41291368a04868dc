<?php

namespace Tallyhouse\AiBudget\Database\Seeders;

use Illuminate\Database\Seeder;
use Illuminate\Support\Facades\DB;

class ModelPriceSeeder extends Seeder
{
    public function run(): void
    {
        foreach ([['openai', 'small', '0.0005', '0.0015'], ['mistral', 'large', '0.0040', '0.0120']] as [$provider, $model, $in, $out]) {
            DB::table('ai_model_prices')->insert([
                'provider' => $provider,
                'model' => $model,
                'input_price' => $in,
                'output_price' => $out,
                'valid_from' => '2024-01-01',
            ]);
        }
    }
}
