<?php

namespace Tallyhouse\AiBudget\Events;

use Tallyhouse\AiBudget\Models\Project;
use Tallyhouse\AiBudget\Models\User;

class CallFinished
{
    public function __construct(
        public readonly string $requestId,
        public readonly ?User $user,
        public readonly Project $project,
        public readonly string $provider,
        public readonly string $model,
        public readonly int $inputTokens,
        public readonly int $outputTokens,
    ) {
    }
}
