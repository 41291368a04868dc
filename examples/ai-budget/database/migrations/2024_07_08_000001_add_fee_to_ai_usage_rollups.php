<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::table('ai_usage_rollups', function (Blueprint $table) {
            $table->double('fee')->nullable();
        });
    }

    public function down(): void
    {
        Schema::table('ai_usage_rollups', function (Blueprint $table) {
            $table->dropColumn('fee');
        });
    }
};
