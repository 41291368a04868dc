<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\Relations\BelongsTo;

class WebhookDelivery extends BudgetModel
{
    public const UPDATED_AT = null;

    protected $table = 'ai_webhook_deliveries';

    protected $fillable = ['webhook_id', 'status', 'body'];

    protected $touches = ['hook'];

    public function webhook(): BelongsTo
    {
        return $this->belongsTo(Webhook::class);
    }
}
