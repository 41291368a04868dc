<?php

namespace Tallyhouse\AiBudget\Database\Factories;

use Illuminate\Database\Eloquent\Factories\Factory;
use Tallyhouse\AiBudget\Models\Project;
use Tallyhouse\AiBudget\Models\UsageEntry;

class UsageEntryFactory extends Factory
{
    protected $model = UsageEntry::class;

    public function definition(): array
    {
        return [
            'project_id' => Project::factory(),
            'provider' => $this->faker->randomElement(['openai', 'gemini', 'mistral']),
            'model' => $this->faker->word(),
            'input_tokens' => $this->faker->numberBetween(1, 4000),
            'output_tokens' => $this->faker->numberBetween(1, 2000),
            'input_cost' => '0.0100',
            'output_cost' => '0.03000000',
            'total_cost' => '0.04000000',
            'currency' => 'USD',
            'incurred_at' => now(),
        ];
    }
}
