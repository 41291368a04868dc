<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::create('ai_invoices', function (Blueprint $table) {
            $table->uuid('id')->primary();
            $table->foreignId('project_id')->constrained('ai_projects')->cascadeOnDelete();
            $table->string('number', 30);
            $table->enum('status', ['draft', 'sent', 'paid'])->default('draft');
            $table->date('due_on')->nullable();
            $table->timestamps();
            $table->softDeletes();
        });

        Schema::create('ai_invoice_lines', function (Blueprint $table) {
            $table->string('code', 20)->primary();
            $table->foreignUuid('invoice_id')->constrained('ai_invoices')->cascadeOnDelete();
            $table->string('text');
            $table->unsignedInteger('calls')->default(0);
        });
    }

    public function down(): void
    {
        Schema::dropIfExists('ai_invoice_lines');
        Schema::dropIfExists('ai_invoices');
    }
};
