<?php

namespace Tallyhouse\AiBudget\Models\Concerns;

use Illuminate\Database\Eloquent\Builder;
use Illuminate\Database\Eloquent\Relations\BelongsTo;
use Tallyhouse\AiBudget\Models\Project;

trait BelongsToProject
{
    public function project(): BelongsTo
    {
        return $this->belongsTo(Project::class);
    }

    public function scopeOfProject(Builder $query, Project $project): void
    {
        $query->where('project_id', $project->getKey());
    }
}
