<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::table('ai_usage_rollups', function (Blueprint $table) {
            $table->unsignedBigInteger('calls')->change();
        });
    }

    public function down(): void
    {
        Schema::table('ai_usage_rollups', function (Blueprint $table) {
            $table->unsignedInteger('calls')->default(0)->change();
        });
    }
};
