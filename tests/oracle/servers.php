<?php

/**
 * Scratch databases, one for each process and server, emptied for each case. The servers are told by TRUEUP_TEST_MYSQL_URL and
 * TRUEUP_TEST_PGSQL_URL (scheme://user:password@host:port/); the connection settings are those of a new Laravel application.
 */

use Illuminate\Database\MariaDbConnection;

final class Servers
{
    /** @var array<string, true> databases that this process made, by server */
    private array $made = [];

    private string $name;

    public function __construct()
    {
        $this->name = sprintf('trueup_oracle_%d_%s', getmypid(), bin2hex(random_bytes(3)));
    }

    /** The settings of a connection to an empty database. `$file` is a SQLite file, or ":memory:". */
    public function fresh(string $driver, string $file = ':memory:'): array
    {
        return match ($driver) {
            'sqlite' => $this->sqlite($file),
            // A connection of its own since 11; before that, MariaDB goes by the name of MySQL.
            'mariadb' => ['driver' => class_exists(MariaDbConnection::class) ? 'mariadb' : 'mysql'] + $this->mysql(),
            'mysql' => $this->mysql(),
            'pgsql' => $this->pgsql(),
        };
    }

    public function dropAll(): void
    {
        if (isset($this->made['mysql'])) {
            $this->administer('mysql')->exec("drop database if exists `{$this->name}`");
        }
        if (isset($this->made['pgsql'])) {
            $this->administer('pgsql')->exec("drop database if exists \"{$this->name}\" with (force)");
        }
        $this->made = [];
    }

    private function sqlite(string $file): array
    {
        if ($file !== ':memory:') {
            file_put_contents($file, '');
        }
        return ['driver' => 'sqlite', 'database' => $file, 'prefix' => '', 'foreign_key_constraints' => true];
    }

    private function mysql(): array
    {
        $this->administer('mysql')->exec("drop database if exists `{$this->name}`");
        $this->administer('mysql')->exec("create database `{$this->name}` character set utf8mb4 collate utf8mb4_unicode_ci");
        $this->made['mysql'] = true;
        return $this->address('mysql') + [
            'driver' => 'mysql', 'database' => $this->name, 'charset' => 'utf8mb4', 'collation' => 'utf8mb4_unicode_ci',
            'prefix' => '', 'strict' => true, 'engine' => null,
        ];
    }

    private function pgsql(): array
    {
        $settings = $this->address('pgsql') + [
            'driver' => 'pgsql', 'database' => $this->name, 'charset' => 'utf8', 'prefix' => '', 'schema' => 'public',
        ];
        if (! isset($this->made['pgsql'])) {
            $this->administer('pgsql')->exec("create database \"{$this->name}\" encoding 'UTF8' template template0");
            $this->made['pgsql'] = true;
        }
        $this->open($settings, $this->name)->exec('drop schema if exists public cascade; create schema public');
        return $settings;
    }

    private function administer(string $driver): PDO
    {
        return $this->open(['driver' => $driver] + $this->address($driver), $driver === 'pgsql' ? 'postgres' : '');
    }

    private function open(array $settings, string $database): PDO
    {
        $source = "{$settings['driver']}:host={$settings['host']};port={$settings['port']}";
        $source .= $database === '' ? '' : ";dbname=$database";
        return new PDO($source, $settings['username'], $settings['password'], [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
    }

    /** @return array{host: string, port: int, username: string, password: string} */
    private function address(string $driver): array
    {
        $url = $driver === 'pgsql'
            ? (getenv('TRUEUP_TEST_PGSQL_URL') ?: 'postgresql://postgres@127.0.0.1:5432/')
            : (getenv('TRUEUP_TEST_MYSQL_URL') ?: 'mysql://root@127.0.0.1:3306/');
        $parts = parse_url($url);
        return [
            'host' => $parts['host'],
            'port' => $parts['port'] ?? ($driver === 'pgsql' ? 5432 : 3306),
            'username' => urldecode($parts['user'] ?? 'root'),
            'password' => urldecode($parts['pass'] ?? ''),
        ];
    }
}
