<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        if (! Schema::hasTable('ai_usage_rollups')) {
            Schema::create('ai_usage_rollups', function (Blueprint $table) {
                $table->id();
                $table->foreignId('project_id')->constrained('ai_projects')->cascadeOnDelete();
                $table->date('day');
                $table->string('provider', 50);
                $table->unsignedInteger('calls')->default(0);
                $table->unsignedBigInteger('tokens')->default(0);
                $table->decimal('cost', 16, 8)->default(0);
            });
        }
    }

    public function down(): void
    {
        Schema::dropIfExists('ai_usage_rollups');
    }
};
