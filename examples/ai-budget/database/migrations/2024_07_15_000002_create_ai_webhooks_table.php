<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::create('ai_webhooks', function (Blueprint $table) {
            $table->id();
            $table->foreignId('project_id')->constrained('ai_projects')->cascadeOnDelete();
            $table->string('url', 500);
            $table->boolean('active')->default(true);
            $table->timestamps();
        });
    }

    public function down(): void
    {
        Schema::dropIfExists('ai_webhooks');
    }
};
