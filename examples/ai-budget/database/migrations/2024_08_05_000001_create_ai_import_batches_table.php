<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::create('ai_import_batches', function (Blueprint $table) {
            $table->id();
            $table->string('batch', 40)->unique();
            $table->unsignedInteger('runs')->default(0);
        });
    }

    public function down(): void
    {
        Schema::dropIfExists('ai_import_batches');
    }
};
