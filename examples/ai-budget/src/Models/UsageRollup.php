<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\SoftDeletes;
use Tallyhouse\AiBudget\Models\Concerns\BelongsToProject;

class UsageRollup extends BudgetModel
{
    use BelongsToProject;
    use SoftDeletes;

    protected $table = 'ai_usage_rollups';

    protected $primaryKey = 'rollup_id';

    protected $fillable = ['project_id', 'day', 'provider', 'calls', 'cost'];

    protected $casts = [
        'day' => 'date',
        'calls' => 'integer',
        'cost' => 'decimal:8',
    ];
}
