<?php

namespace Tallyhouse\AiBudget\Database\Factories;

use Illuminate\Database\Eloquent\Factories\Factory;
use Tallyhouse\AiBudget\Models\SpendingLimit;

class SpendingLimitFactory extends Factory
{
    protected $model = SpendingLimit::class;

    public function definition(): array
    {
        return [
            'user_id' => 1,
            'period' => $this->faker->randomElement([SpendingLimit::DAILY, SpendingLimit::MONTHLY]),
            'limit_amount' => 100,
            'currency' => 'EURO',
            'warning_percent' => 80,
            'hard_stop' => true,
            'starts_on' => now()->startOfMonth()->toDateString(),
        ];
    }
}
