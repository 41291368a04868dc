<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\Builder;
use Illuminate\Database\Eloquent\Factories\HasFactory;
use Illuminate\Database\Eloquent\Relations\BelongsTo;
use Illuminate\Support\Carbon;
use Tallyhouse\AiBudget\Models\Concerns\BelongsToProject;

/**
 * One finished call to a provider.
 *
 * @property int $id
 * @property int|null $user_id
 * @property int $project_id
 * @property string $provider
 * @property string $model
 * @property string $cost
 * @property string $price_source
 * @property Carbon $incurred_at
 */
class UsageEntry extends BudgetModel
{
    use BelongsToProject;
    use HasFactory;

    protected $fillable = [
        'request_id',
        'user_id',
        'project_id',
        'provider',
        'model',
        'input_tokens',
        'output_tokens',
        'input_cost',
        'output_cost',
        'cost',
        'currency',
        'finish_reason',
        'latency_ms',
        'metadata',
        'incurred_at',
    ];

    protected $casts = [
        'input_cost' => 'decimal:4',
        'output_cost' => 'decimal:8',
        'cost' => 'decimal:8',
        'cached_tokens' => 'integer',
        'incurred_at' => 'datetime',
    ];

    protected $appends = ['total_tokens'];

    public function getTable()
    {
        return config('ai-budget.tables.usage', 'ai_usage_log');
    }

    public function user(): BelongsTo
    {
        return $this->belongsTo(User::class);
    }

    public function getTotalTokensAttribute(): int
    {
        return $this->input_tokens + $this->output_tokens;
    }

    public function scopeSince(Builder $query, Carbon $start): void
    {
        $query->where('incurred_at', '>=', $start);
    }
}
