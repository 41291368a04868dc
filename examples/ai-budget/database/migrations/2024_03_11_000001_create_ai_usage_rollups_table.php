<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::create('ai_usage_rollups', function (Blueprint $table) {
            $table->id();
            $table->foreignId('project_id')->constrained('ai_projects')->cascadeOnDelete();
            $table->date('day');
            $table->string('provider', 50);
            $table->unsignedInteger('calls')->default(0);
            $table->decimal('cost', 16, 8)->default(0);

            $table->unique(['project_id', 'day', 'provider']);
        });

        if (DB::getDriverName() === 'mysql') {
            DB::statement('ALTER TABLE ai_usage_rollups ADD COLUMN month CHAR(7) AS (DATE_FORMAT(day, \'%Y-%m\')) STORED');
        } else {
            Schema::table('ai_usage_rollups', function (Blueprint $table) {
                $table->char('month', 7)->nullable();
            });
        }
    }

    public function down(): void
    {
        Schema::dropIfExists('ai_usage_rollups');
    }
};
