<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\DB;
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
            $table->unsignedInteger('last_entry_id')->nullable();
            $table->string('subject_type', 100)->nullable();
            $table->unsignedBigInteger('subject_id');
            $table->string('number', 30); // trueup-ignore COL004
            $table->string('reference', 40)->nullable()->unique();
            $table->decimal('cost', 12, 2)->default(0); // trueup-ignore TYP004 amounts of invoices are exact now
            $table->boolean('disputed')->nullable();
            $table->enum('status', ['draft', 'sent', 'paid'])->default('draft');
            $table->date('due_on')->nullable();
            $table->timestamps();
            $table->softDeletes();
            $this->people($table, DB::getDriverName());
        });

        if (DB::getDriverName() === 'sqlite') {
            // Other servers count by a sequence of their own.
            Schema::create('ai_invoice_numbers', function (Blueprint $table) {
                $table->unsignedInteger('last');
            });
        }
    }

    private function people(Blueprint $table, string $driver): void
    {
        $sender = $table->foreignId('sent_by');

        if ($driver !== 'sqlite') {
            $sender->nullable();
        }

        $sender->constrained('users')->nullOnDelete();
        $driver === 'pgsql' ? $table->integer('approved_by')->nullable() : $table->foreignId('approved_by')->nullable();
        $table->foreign('approved_by')->references('id')->on('users');
    }

    public function down(): void
    {
        Schema::dropIfExists('ai_invoice_numbers');
        Schema::dropIfExists('ai_invoices');
    }
};
