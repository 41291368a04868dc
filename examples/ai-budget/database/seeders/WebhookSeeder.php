<?php

namespace Tallyhouse\AiBudget\Database\Seeders;

use Illuminate\Database\Seeder;
use Tallyhouse\AiBudget\Models\Webhook;

class WebhookSeeder extends Seeder
{
    public function run(): void
    {
        Webhook::factory()->count(3)->create();
    }
}
