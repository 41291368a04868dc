<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\Factories\HasFactory;
use Illuminate\Database\Eloquent\Relations\BelongsTo;
use Illuminate\Database\Eloquent\Relations\BelongsToMany;
use Illuminate\Database\Eloquent\Relations\HasMany;
use Illuminate\Database\Eloquent\Relations\HasOne;

class Project extends BudgetModel
{
    use HasFactory;

    protected $table = 'ai_projects';

    protected $fillable = ['slug', 'name', 'owner_id', 'currency', 'archived_at'];

    protected $casts = [
        'archived_at' => 'datetime',
    ];

    public function owner(): BelongsTo
    {
        return $this->belongsTo(User::class, 'owner_id');
    }

    public function members(): BelongsToMany
    {
        return $this->belongsToMany(User::class, 'ai_project_members')->withPivot('role', 'joined_at');
    }

    public function entries(): HasMany
    {
        return $this->hasMany(UsageEntry::class);
    }

    public function invoice(): HasOne
    {
        return $this->hasOne(Invoice::class);
    }

    public function limits(): HasMany
    {
        return $this->hasMany(SpendingLimit::class);
    }
}
