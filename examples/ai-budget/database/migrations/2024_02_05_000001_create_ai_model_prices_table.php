<?php

use Illuminate\Database\Migrations\Migration;
use Illuminate\Database\Schema\Blueprint;
use Illuminate\Support\Facades\Schema;

class CreateAiModelPricesTable extends Migration
{
    public const TABLE = 'ai_model_prices';

    private const PRICE_DIGITS = 10;

    public function up(): void
    {
        Schema::create(self::TABLE, function (Blueprint $table) {
            $table->increments('id');
            $table->string('provider', 50);
            $table->string('model', 120);
            // Four digits are enough for a price of a thousand tokens.
            $table->decimal('input_price', self::PRICE_DIGITS, 4);
            $table->decimal('output_price', self::PRICE_DIGITS, 4);
            $table->char('currency', 3)->nullable()->default('USD');
            $table->date('valid_from');
            $table->date('valid_until')->nullable();
        });
    }

    public function down(): void
    {
        Schema::dropIfExists(self::TABLE);
    }
}
