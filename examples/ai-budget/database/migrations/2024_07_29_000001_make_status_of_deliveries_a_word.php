<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::table('ai_webhook_deliveries', function (Blueprint $table) {
            $table->dropColumn('status');
        });

        Schema::table('ai_webhook_deliveries', function (Blueprint $table) {
            $table->string('status', 20)->nullable();
        });
    }

    public function down(): void
    {
        Schema::table('ai_webhook_deliveries', function (Blueprint $table) {
            $table->dropColumn('status');
        });

        Schema::table('ai_webhook_deliveries', function (Blueprint $table) {
            $table->unsignedSmallInteger('status')->nullable();
        });
    }
};
