<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    private array $roles = ['owner', 'member', 'viewer'];

    public function up(): void
    {
        Schema::create('ai_project_members', function (Blueprint $table) {
            $table->id();
            $table->foreignId('project_id')->constrained('ai_projects')->cascadeOnDelete();
            $table->foreignId('user_id')->constrained()->cascadeOnDelete();
            $table->enum('role', $this->roles)->default('member');
            $table->timestamp('joined_at')->nullable();
            $table->timestamp('changed_at')->nullable();
        });
    }

    public function down(): void
    {
        Schema::dropIfExists('ai_project_members');
    }
};
