<?php

namespace Tallyhouse\AiBudget\Http\Requests;

use Illuminate\Foundation\Http\FormRequest;
use Illuminate\Validation\Rule;

class StoreLimitRequest extends FormRequest
{
    public function rules(): array
    {
        return [
            'user_id' => ['required', 'integer', 'exists:users,id'],
            'project_id' => ['nullable', Rule::exists('ai_projects', 'id')],
            'period' => ['required', 'in:daily,weekly,monthly'],
            'limit_amount' => ['required', 'numeric', 'min:0.01'],
            'note' => ['nullable', 'string', 'max:255'],
        ];
    }
}
