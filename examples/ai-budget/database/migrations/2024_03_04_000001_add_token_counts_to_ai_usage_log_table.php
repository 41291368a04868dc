<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    private const COUNTS = ['input_tokens', 'output_tokens'];

    public function up(): void
    {
        Schema::table(config('ai-budget.tables.usage', 'ai_usage_log'), function (Blueprint $table) {
            foreach (self::COUNTS as $count) {
                $table->integer($count)->default(0);
            }
        });
    }

    public function down(): void
    {
        Schema::table(config('ai-budget.tables.usage', 'ai_usage_log'), function (Blueprint $table) {
            $table->dropColumn(self::COUNTS);
        });
    }
};
