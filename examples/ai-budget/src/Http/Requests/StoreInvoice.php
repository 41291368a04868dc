<?php

namespace Tallyhouse\AiBudget\Http\Requests;

use Illuminate\Foundation\Http\FormRequest;
use Illuminate\Validation\Rule;

class StoreInvoice extends FormRequest
{
    public function rules(): array
    {
        return [
            'project_id' => 'required|exists:ai_projects,id',
            'number' => ['required', 'string', 'max:40', 'unique:ai_invoices,number'],
            'status' => 'required|in:draft,sent,cancelled',
            'reference' => ['nullable', 'string', 'max:40', Rule::unique('ai_invoices', 'reference')->withoutTrashed()],
            'subject_id' => 'nullable|integer',
        ];
    }
}
