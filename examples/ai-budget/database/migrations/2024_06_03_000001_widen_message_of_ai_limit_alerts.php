<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::table('ai_limit_alerts', function (Blueprint $table) {
            $table->string('message', 500)->change();
        });
    }

    public function down(): void
    {
        Schema::table('ai_limit_alerts', function (Blueprint $table) {
            $table->string('message')->nullable()->change();
        });
    }
};
