<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::table('ai_project_members', function (Blueprint $table) {
            $table->index(['user_id']);
        });

        Schema::table('ai_usage_log', function (Blueprint $table) {
            $table->index(['project_id', 'incurred_at'], 'ai_usage_log_of_a_project_ordered_by_the_time_at_which_it_was_incurred');
        });
    }

    public function down(): void
    {
        Schema::table('ai_usage_log', function (Blueprint $table) {
            $table->dropIndex('ai_usage_log_of_a_project_ordered_by_the_time_at_which_it_was_incurred');
        });

        Schema::table('ai_project_members', function (Blueprint $table) {
            $table->dropIndex(['user_id']);
        });
    }
};
