<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\Relations\BelongsTo;

class InvoiceLine extends BudgetModel
{
    public $timestamps = false;

    protected $table = 'ai_invoice_lines';

    protected $fillable = ['invoice_id', 'text', 'calls'];

    public function invoice(): BelongsTo
    {
        return $this->belongsTo(Invoice::class, 'invoice_id');
    }
}
