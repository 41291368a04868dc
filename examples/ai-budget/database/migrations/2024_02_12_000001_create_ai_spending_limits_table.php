<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::create('ai_spending_limits', function (Blueprint $table) {
            $table->id();
            $table->foreignId('user_id')->constrained()->cascadeOnDelete();
            $table->foreignId('project_id')->nullable()->constrained('ai_projects')->cascadeOnDelete();
            $table->enum('period', ['daily', 'monthly']);
            $table->decimal('limit_amount', 14, 4)->nullable();
            $table->char('currency', 3)->default('USD');
            $table->unsignedSmallInteger('warning_percent')->default(80);
            $table->boolean('hard_stop');
            $table->string('starts_on', 10);
            $table->string('label')->nullable();
            $table->timestamps();

            $table->index(['user_id', 'project_id', 'period'], 'ai_spending_limits_scope_unique');
        });
    }

    public function down(): void
    {
        Schema::dropIfExists('ai_spending_limits');
    }
};
