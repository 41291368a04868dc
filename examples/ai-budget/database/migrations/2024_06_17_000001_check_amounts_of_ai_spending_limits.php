<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Support\Facades\DB;

return new class extends Migration
{
    public function up(): void
    {
        if (DB::getDriverName() === 'pgsql') {
            DB::statement(
                'ALTER TABLE ai_spending_limits ADD CONSTRAINT ai_spending_limits_amount_positive CHECK (limit_amount > 0)'
            );
        }
    }

    public function down(): void
    {
        if (DB::getDriverName() === 'pgsql') {
            DB::statement('ALTER TABLE ai_spending_limits DROP CONSTRAINT ai_spending_limits_amount_positive');
        }
    }
};
