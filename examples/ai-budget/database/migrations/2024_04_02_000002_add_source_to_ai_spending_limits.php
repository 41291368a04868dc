<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

return new class extends Migration
{
    public function up(): void
    {
        Schema::table('ai_spending_limits', function (Blueprint $table) {
            $table->string('source', 20)->after('period');
        });
    }

    public function down(): void
    {
        Schema::table('ai_spending_limits', function (Blueprint $table) {
            $table->dropColumn('source');
        });
    }
};
