<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\Relations\BelongsTo;

class BudgetEvent extends BudgetModel
{
    public const UPDATED_AT = null;

    protected $table = 'ai_budget_events';

    protected $fillable = ['limit_id', 'actor_id', 'action', 'old_amount', 'new_amount'];

    protected $casts = [
        'old_amount' => 'decimal:4',
        'new_amount' => 'decimal:4',
    ];

    public function limit(): BelongsTo
    {
        return $this->belongsTo(SpendingLimit::class, 'limit_id');
    }
}
