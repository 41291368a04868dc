<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\Relations\BelongsTo;
use Illuminate\Database\Eloquent\Relations\HasMany;
use Illuminate\Database\Eloquent\Relations\MorphTo;
use Tallyhouse\AiBudget\Models\Concerns\BelongsToProject;

class Invoice extends BudgetModel
{
    use BelongsToProject;

    protected $table = 'ai_invoices';

    protected $fillable = ['project_id', 'number', 'status', 'due_on'];

    protected $casts = [
        'status' => InvoiceStatus::class,
        'due_on' => 'date',
        'cost' => 'decimal:2',
        'disputed' => 'boolean',
        'deleted_at' => 'datetime',
    ];

    public function lines(): HasMany
    {
        return $this->hasMany(InvoiceLine::class);
    }

    public function credited(): BelongsTo
    {
        return $this->belongsTo(self::class, 'credited_invoice_id');
    }

    public function lastEntry(): BelongsTo
    {
        return $this->belongsTo(UsageEntry::class, 'last_entry_id');
    }

    public function subject(): MorphTo
    {
        return $this->morphTo();
    }

    public function webhook(): BelongsTo
    {
        return $this->belongsTo(Webhook::class);
    }
}
