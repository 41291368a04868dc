<?php

namespace Tallyhouse\AiBudget\Tests\Unit;

use Mockery;
use PHPUnit\Framework\TestCase;
use Tallyhouse\AiBudget\Services\PriceBook;

class PriceBookTest extends TestCase
{
    public function test_a_model_without_a_price_costs_nothing(): void
    {
        $book = Mockery::mock(PriceBook::class);
        $book->shouldReceive('priceOf')->andReturn(null);

        $this->assertNull($book->priceOf('openai', 'unheard-of'));
    }
}
