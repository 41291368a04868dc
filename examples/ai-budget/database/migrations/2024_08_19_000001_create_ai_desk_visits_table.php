<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\DB;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::create('ai_desk_visits', function (Blueprint $table) {
            $table->id();
            $table->foreignId('user_id')->constrained('users')->cascadeOnDelete();
            $table->string('page', 60)->index();
            $table->string('referrer', 60)->index();
            $table->string('browser', 60)->index();
            $table->string('system', 60)->index();
            $table->string('address', 1000);
            $table->boolean('is_mobile')->index();
            $table->boolean('is_open');
            $table->timestamp('visited_at')->useCurrent();
            $table->unique(['user_id', 'is_open']);
            $table->index(['page', 'visited_at']);
            $table->index(['browser', 'system']);
        });

        if (DB::getDriverName() === 'pgsql') {
            Schema::table('ai_desk_visits', fn (Blueprint $table) => $table->index('address'));
        }
    }

    public function down(): void
    {
        Schema::dropIfExists('ai_desk_visits');
    }
};
