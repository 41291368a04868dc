<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::table('ai_webhooks', function (Blueprint $table) {
            $table->unique(['project_id', 'url'], 'ai_webhooks_project_url_unique');
        });
    }

    public function down(): void
    {
        Schema::table('ai_webhooks', function (Blueprint $table) {
            $table->dropUnique('ai_webhooks_project_url_unique');
        });
    }
};
