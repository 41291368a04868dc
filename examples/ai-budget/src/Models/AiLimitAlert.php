<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\Model;
use Illuminate\Database\Eloquent\Relations\BelongsTo;

class AiLimitAlert extends Model
{
    protected $fillable = ['limit_id', 'level', 'percent', 'spent_amount', 'channels', 'message', 'sent_at', 'acknowledged_at'];

    protected $casts = [
        'sent_at' => 'datetime',
        'acknowledged_at' => 'datetime',
    ];

    public function limit(): BelongsTo
    {
        return $this->belongsTo(SpendingLimit::class, 'limit_id');
    }
}
