<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\Relations\BelongsTo;
use Illuminate\Database\Eloquent\Relations\HasMany;
use Tallyhouse\AiBudget\Models\Concerns\BelongsToProject;

class Webhook extends BudgetModel
{
    use BelongsToProject;

    protected $table = 'ai_webhooks';

    protected $fillable = ['project_id', 'url', 'active'];

    protected $attributes = ['active' => true, 'retries' => 3];

    protected $casts = ['active' => 'boolean'];

    protected $appends = ['last_status'];

    protected static function booted(): void
    {
        static::deleted(function (Webhook $webhook) {
            $webhook->invoices()->delete();
        });
    }

    public function invoices(): HasMany
    {
        return $this->hasMany(Invoice::class);
    }

    public function owner(): BelongsTo
    {
        return $this->belongsTo(User::class, 'owner_id');
    }

    public function deliveries(): HasMany
    {
        return $this->hasMany(WebhookDelivery::class);
    }
}
