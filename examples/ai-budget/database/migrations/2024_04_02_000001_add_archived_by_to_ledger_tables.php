<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        foreach (['ai_usage_log', 'ai_spending_limits'] as $name) {
            Schema::table($name, function (Blueprint $table) {
                $table->unsignedBigInteger('archived_by')->nullable();
            });
        }
    }

    public function down(): void
    {
        foreach (['ai_usage_log', 'ai_spending_limits'] as $name) {
            Schema::table($name, function (Blueprint $table) {
                $table->dropColumn('archived_by');
            });
        }
    }
};
