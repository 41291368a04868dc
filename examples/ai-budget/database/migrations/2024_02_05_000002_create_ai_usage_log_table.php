<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::create($this->table(), function (Blueprint $table) {
            $table->bigIncrements('id');
            $table->unsignedBigInteger('user_id')->nullable();
            $table->unsignedBigInteger('project_id');
            $table->string('provider', 50);
            $table->string('model', 60);
            $table->decimal('input_cost', 10, 4);
            $table->decimal('output_cost', 14, 8);
            $table->decimal('cost', 16, 8);
            $table->char('currency', 3)->default('EUR');
            $table->string('finish_reason', 40)->nullable();
            $table->unsignedInteger('latency_ms')->nullable();
            $table->json('metadata')->nullable();
            $table->timestamp('incurred_at')->nullable()->useCurrent();
            $table->string('import_batch', 40)->nullable();
            $table->timestamps();

            $table->index(['user_id', 'incurred_at'], 'usage_log_user_period');
            $table->foreign('user_id')->references('id')->on('users')->onDelete('cascade');
            // Too slow while the old entries are imported.
            // $table->foreign('project_id')->references('id')->on('ai_projects')->onDelete('restrict');
        });
    }

    public function down(): void
    {
        Schema::dropIfExists($this->table());
    }

    private function table(): string
    {
        return config('ai-budget.tables.usage', 'ai_usage_log');
    }
};
