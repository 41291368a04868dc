<?php

return [

    /*
     | The connection that the ledger lives on. Null means the application's default.
     */
    'connection' => env('AI_BUDGET_CONNECTION'),

    /*
     | Names of the package's tables, for hosts where one of them is taken.
     */
    'tables' => [
        'usage' => env('AI_BUDGET_USAGE_TABLE', 'ai_usage_log'),
        'rollups' => 'ai_usage_rollups',
        'archive' => 'ai_usage_archive',
    ],

    'currency' => 'USD',

    'warning_percent' => 80,

    'user_model' => env('AI_BUDGET_USER_MODEL', 'App\\Models\\User'),

];
