<?php

namespace Tallyhouse\AiBudget\Models;

use Illuminate\Database\Eloquent\Relations\BelongsToMany;
use Illuminate\Database\Eloquent\Relations\HasMany;
use Illuminate\Foundation\Auth\User as Authenticatable;

class User extends Authenticatable
{
    protected $fillable = ['name', 'email', 'password'];

    protected $hidden = ['password', 'remember_token'];

    public function projects(): BelongsToMany
    {
        return $this->belongsToMany(Project::class, 'ai_project_members')->withPivot('role', 'joined_at');
    }

    public function entries(): HasMany
    {
        return $this->hasMany(UsageEntry::class);
    }

    public function invoices(): HasMany
    {
        return $this->hasMany(Invoice::class, 'created_by');
    }

    public function limits(): HasMany
    {
        return $this->hasMany(SpendingLimit::class);
    }
}
