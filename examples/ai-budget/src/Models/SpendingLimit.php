<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\Casts\Attribute;
use Illuminate\Database\Eloquent\Factories\HasFactory;
use Illuminate\Database\Eloquent\Relations\BelongsTo;
use Illuminate\Database\Eloquent\Relations\HasMany;
use Illuminate\Database\Eloquent\Relations\HasOne;
use Tallyhouse\AiBudget\Models\Concerns\BelongsToProject;

class SpendingLimit extends BudgetModel
{
    use BelongsToProject;
    use HasFactory;

    public const DAILY = 'daily';

    public const MONTHLY = 'monthly';

    protected $table = 'ai_spending_limits';

    protected $guarded = [];

    protected $attributes = [
        'currency' => 'USD',
        'hard_stop' => true,
    ];

    protected function casts(): array
    {
        return [
            'limit_amount' => 'float',
            'hard_stop' => 'boolean',
            'warning_percent' => 'integer',
        ];
    }

    public function user(): BelongsTo
    {
        return $this->belongsTo(User::class);
    }

    public function alerts(): HasMany
    {
        return $this->hasMany(AiLimitAlert::class);
    }

    public function latestAlert(): HasOne
    {
        return $this->hasOne(AiLimitAlert::class, 'limit_id')->latestOfMany('sent_at');
    }

    public function events(): HasMany
    {
        return $this->hasMany(BudgetEvent::class, 'limit_id');
    }

    protected function warningAmount(): Attribute
    {
        return Attribute::get(fn () => $this->limit_amount * $this->warning_percent / 100);
    }
}
