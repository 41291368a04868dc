<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\Relations\HasMany;
use Tallyhouse\AiBudget\Models\Concerns\BelongsToProject;

class Webhook extends BudgetModel
{
    use BelongsToProject;

    protected $table = 'ai_webhooks';

    protected $fillable = ['project_id', 'url', 'active'];

    protected $casts = ['active' => 'boolean'];

    public function deliveries(): HasMany
    {
        return $this->hasMany(WebhookDelivery::class);
    }
}
