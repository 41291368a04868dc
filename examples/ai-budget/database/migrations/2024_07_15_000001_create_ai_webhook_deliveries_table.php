<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::create('ai_webhook_deliveries', function (Blueprint $table) {
            $table->increments('id');
            $table->foreignId('webhook_id')->constrained('ai_webhooks')->cascadeOnDelete();
            $table->unsignedSmallInteger('status')->nullable();
            $table->text('body');
            $table->timestamp('created_at')->nullable();
        });
    }

    public function down(): void
    {
        Schema::dropIfExists('ai_webhook_deliveries');
    }
};
