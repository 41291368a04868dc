<?php

namespace Tallyhouse\AiBudget\Http\Requests;

use Illuminate\Foundation\Http\FormRequest;

class StoreInvoice extends FormRequest
{
    public function rules(): array
    {
        return [
            'project_id' => 'required|exists:ai_projects,id',
            'number' => ['required', 'string', 'max:40', 'unique:ai_invoices,number'],
            'status' => 'required|in:draft,sent,cancelled',
            'subject_id' => 'nullable|integer',
        ];
    }
}
