<?php

namespace Tallyhouse\AiBudget\Database\Factories;

use Illuminate\Database\Eloquent\Factories\Factory;
use Illuminate\Support\Str;
use Tallyhouse\AiBudget\Models\Project;

/**
 * @extends Factory<Project>
 */
class ProjectFactory extends Factory
{
    protected $model = Project::class;

    public function definition(): array
    {
        $name = $this->faker->unique()->words(2, true);

        return [
            'slug' => Str::slug($name),
            'name' => $name,
            'currency' => 'USD',
        ];
    }

    public function archived(): static
    {
        return $this->state(['archived_at' => now()]);
    }
}
