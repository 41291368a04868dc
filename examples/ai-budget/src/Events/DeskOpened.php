<?php

namespace Tallyhouse\AiBudget\Events;

/** Somebody opened a page of the budget desk. */
class DeskOpened
{
    public function __construct(
        public readonly int $userId,
        public readonly string $page,
        public readonly string $referrer,
        public readonly string $browser,
        public readonly string $system,
        public readonly string $address,
        public readonly bool $mobile,
    ) {
    }
}
