<?php

// Reads words, one a line, and answers plural, singular, table and snake of each as the framework makes them.

require '/usr/share/php/Illuminate/autoload.php';

use Illuminate\Support\Str;

while (($line = fgets(STDIN)) !== false) {
    $word = rtrim($line, "\n");
    echo json_encode([Str::plural($word), Str::singular($word), Str::snake(Str::pluralStudly($word)), Str::snake($word), Str::studly($word), Str::camel($word)]), "\n";
}
