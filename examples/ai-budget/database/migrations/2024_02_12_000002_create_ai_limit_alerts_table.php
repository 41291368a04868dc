<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::create('ai_limit_alerts', function (Blueprint $table) {
            $table->unsignedBigInteger('id')->primary();
            $table->foreignId('limit_id');
            $table->enum('level', ['warning', 'reached', 'blocked']);
            $table->unsignedSmallInteger('percent');
            $table->float('spent_amount');
            $table->json('channels');
            $table->string('message')->nullable();
            $table->timestamp('sent_at')->useCurrent();
            $table->timestamp('acknowledged_at')->nullable();

            $table->index(['limit_id', 'sent_at'], 'ai_limit_alerts_limit_sent');
            $table->unique(['limit_id', 'level']);
        });
    }

    public function down(): void
    {
        Schema::dropIfExists('ai_limit_alerts');
    }
};
