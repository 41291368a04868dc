<?php

namespace Tallyhouse\AiBudget\Tests\Feature;

use Illuminate\Foundation\Testing\RefreshDatabase;
use Tallyhouse\AiBudget\Database\Seeders\ModelPriceSeeder;
use Tallyhouse\AiBudget\Events\CallFinished;
use Tallyhouse\AiBudget\Models\Project;
use Tallyhouse\AiBudget\Tests\TestCase;

class RecordCostTest extends TestCase
{
    use RefreshDatabase;

    public function test_a_call_is_written_down_with_its_cost(): void
    {
        $this->seed(ModelPriceSeeder::class);
        $project = Project::factory()->create();

        event(new CallFinished('a-1', null, $project, 'openai', 'small', 1000, 1000));

        $this->assertDatabaseHas('ai_usage_log', [
            'project_id' => $project->id,
            'provider' => 'openai',
            'cost' => '0.00200000',
        ]);
    }
}
