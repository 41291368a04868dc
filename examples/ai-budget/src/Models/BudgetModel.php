<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\Model;

/**
 * What all models of the package share: the connection.
 */
abstract class BudgetModel extends Model
{
    public function getConnectionName()
    {
        return config('ai-budget.connection') ?? parent::getConnectionName();
    }
}
