<?php

namespace Tallyhouse\AiBudget\Models;

/**
 * An amount with its currency. Not stored: entries keep the two parts.
 */
final class Money
{
    public function __construct(
        public readonly string $amount,
        public readonly string $currency = 'USD',
    ) {
    }

    public function plus(self $other): self
    {
        if ($this->currency !== $other->currency) {
            throw new \InvalidArgumentException("Can't add {$other->currency} to {$this->currency}");
        }

        return new self(bcadd($this->amount, $other->amount, 8), $this->currency);
    }
}
