<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\Relations\BelongsTo;
use Illuminate\Database\Eloquent\Relations\HasMany;
use Tallyhouse\AiBudget\Models\Concerns\BelongsToProject;

class Invoice extends BudgetModel
{
    use BelongsToProject;

    protected $table = 'ai_invoices';

    protected $fillable = ['project_id', 'number', 'status', 'due_on'];

    protected $casts = [
        'status' => InvoiceStatus::class,
        'due_on' => 'date',
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

    public function webhook(): BelongsTo
    {
        return $this->belongsTo(Webhook::class);
    }
}
