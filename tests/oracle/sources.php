<?php

/**
 * Where the framework comes from: Debian's packages, or, where TRUEUP_ORACLE_FRAMEWORK names one, a checkout of another version
 * (its src/Illuminate is used, with Debian's packages for the libraries that it needs).
 */

function load_checkout(string $folder): void
{
    spl_autoload_register(function (string $class) use ($folder) {
        if (! str_starts_with($class, 'Illuminate\\')) {
            return;
        }
        $places = [substr($class, strlen('Illuminate\\'))];
        if (str_starts_with($class, 'Illuminate\\Support\\')) {
            $name = substr($class, strlen('Illuminate\\Support\\'));
            array_push($places, "Macroable\\$name", "Collections\\$name", "Conditionable\\$name", "Reflection\\$name");
        }
        foreach ($places as $place) {
            if (is_file($file = "$folder/src/Illuminate/".str_replace('\\', '/', $place).'.php')) {
                return require_once $file;
            }
        }
    }, true, true);
    foreach (['Collections', 'Events', 'Filesystem', 'Foundation', 'Log', 'Reflection', 'Support'] as $part) {
        foreach (['functions', 'helpers'] as $file) {
            is_file($path = "$folder/src/Illuminate/$part/$file.php") && require_once $path;
        }
    }
}

/** Functions of PHP 8.4 and 8.5 that newer versions call (their composer.json asks for polyfills). */
function define_newer_functions(): void
{
    if (function_exists('array_find')) {
        return;
    }
    function mb_ucfirst(string $text): string
    {
        return mb_strtoupper(mb_substr($text, 0, 1)).mb_substr($text, 1);
    }

    function mb_lcfirst(string $text): string
    {
        return mb_strtolower(mb_substr($text, 0, 1)).mb_substr($text, 1);
    }

    function array_first(array $array): mixed
    {
        return $array === [] ? null : $array[array_key_first($array)];
    }

    function array_last(array $array): mixed
    {
        return $array === [] ? null : $array[array_key_last($array)];
    }

    function array_find_key(array $array, callable $test): mixed
    {
        foreach ($array as $key => $value) {
            if ($test($value, $key)) {
                return $key;
            }
        }
        return null;
    }

    function array_find(array $array, callable $test): mixed
    {
        return $array[array_find_key($array, $test)] ?? null;
    }

    function array_any(array $array, callable $test): bool
    {
        return array_find_key($array, $test) !== null;
    }

    function array_all(array $array, callable $test): bool
    {
        return ! array_any($array, fn ($value, $key) => ! $test($value, $key));
    }
}

if ($checkout = getenv('TRUEUP_ORACLE_FRAMEWORK')) {
    define_newer_functions();
    load_checkout($checkout);
}
require_once 'Illuminate/autoload.php';
require_once '/usr/share/php/Illuminate/Foundation/helpers.php';
