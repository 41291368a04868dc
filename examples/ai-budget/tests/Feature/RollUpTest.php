<?php

namespace Tallyhouse\AiBudget\Tests\Feature;

use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Schema;
use Tallyhouse\AiBudget\Tests\TestCase;

class RollUpTest extends TestCase
{
    protected function setUp(): void
    {
        parent::setUp();

        Schema::dropIfExists('ai_usage_rollups');
        Schema::create('ai_usage_rollups', function (Blueprint $table) {
            $table->id();
            $table->unsignedBigInteger('project_id');
            $table->date('day');
            $table->string('provider');
            $table->integer('calls');
            $table->decimal('cost');
            $table->decimal('discount')->default(0);
        });
    }

    public function test_a_day_can_be_rolled_up_again(): void
    {
        DB::table('ai_usage_rollups')->insert([
            'project_id' => 1, 'day' => '2024-08-01', 'provider' => 'openai', 'calls' => 2, 'cost' => 1, 'discount' => 0,
        ]);

        $this->assertSame(1, DB::table('ai_usage_rollups')->count());
    }
}
