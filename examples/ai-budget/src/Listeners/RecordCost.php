<?php

namespace Tallyhouse\AiBudget\Listeners;

use Tallyhouse\AiBudget\Events\CallFinished;
use Tallyhouse\AiBudget\Services\CostRecorder;

class RecordCost
{
    public function __construct(private CostRecorder $recorder)
    {
    }

    public function handle(CallFinished $call): void
    {
        $this->recorder->record($call);
    }
}
