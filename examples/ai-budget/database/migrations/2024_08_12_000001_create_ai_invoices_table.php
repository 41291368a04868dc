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
            $table->foreignId('created_by')->nullable()->constrained('users')->nullOnDelete();
            $table->foreignId('webhook_id')->nullable()->constrained('ai_webhooks');
            $table->unsignedBigInteger('credited_invoice_id')->nullable();
            $table->string('number', 30);
            $table->enum('status', ['draft', 'sent', 'paid'])->default('draft');
            $table->date('due_on')->nullable();
            $table->timestamps();
            $table->softDeletes();
        });
    }

    public function down(): void
    {
        Schema::dropIfExists('ai_invoices');
    }
};
