<?php

/**
 * What a server holds, in the words of newer frameworks' Schema::getColumns(), getIndexes() and getForeignKeys(); 8.83 has none of
 * these, so the catalogue is asked here. Tables by name, columns in their order, indexes by name, keys by their columns.
 */

use Illuminate\Database\Connection;

function describe(Connection $connection): array
{
    $server = match ($connection->getDriverName()) {
        'mysql', 'mariadb' => new MysqlCatalogue($connection),
        'pgsql' => new PostgresCatalogue($connection),
        'sqlite' => new SqliteCatalogue($connection),
    };
    $tables = [];
    foreach ($server->tables() as $name) {
        $indexes = $server->indexes($name);
        $keys = $server->foreignKeys($name);
        usort($indexes, fn ($a, $b) => strcmp($a['name'], $b['name']));
        usort($keys, fn ($a, $b) => [$a['columns'], $a['name']] <=> [$b['columns'], $b['name']]);
        $tables[$name] = ['columns' => $server->columns($name), 'foreign_keys' => $keys, 'indexes' => $indexes];
    }
    ksort($tables);
    return $tables;
}

function words(?string $list): array
{
    return $list === null || $list === '' ? [] : explode(',', $list);
}

function index_fact(object $row): array
{
    return [
        'columns' => words($row->columns), 'name' => strtolower($row->name),
        'primary' => (bool) $row->primary, 'unique' => (bool) $row->unique,
    ];
}

function key_fact(object $row): array
{
    return [
        'columns' => words($row->columns), 'foreign_columns' => words($row->foreign_columns),
        'foreign_table' => $row->foreign_table, 'name' => $row->name,
        'on_delete' => strtolower($row->on_delete), 'on_update' => strtolower($row->on_update),
    ];
}

abstract class Catalogue
{
    public function __construct(protected Connection $connection)
    {
    }

    protected function ask(string $sql, array $values = []): array
    {
        return $this->connection->select($sql, $values);
    }
}

final class MysqlCatalogue extends Catalogue
{
    public function tables(): array
    {
        $sql = 'select table_name as name from information_schema.tables '
            ."where table_schema = schema() and table_type in ('BASE TABLE', 'SYSTEM VERSIONED')";
        return array_column($this->ask($sql), 'name');
    }

    public function columns(string $table): array
    {
        $sql = 'select column_name as name, column_type as type, is_nullable as nullable, column_default as `default`, extra as extra, '
            .'generation_expression as expression from information_schema.columns '
            .'where table_schema = schema() and table_name = ? order by ordinal_position';
        return array_map(fn ($row) => [
            'auto_increment' => $row->extra === 'auto_increment', 'default' => $row->default, 'name' => $row->name,
            'nullable' => $row->nullable === 'YES', 'type' => $row->type,
        ], $this->ask($sql, [$table]));
    }

    public function indexes(string $table): array
    {
        $sql = 'select index_name as name, group_concat(column_name order by seq_in_index) as columns, not non_unique as `unique`, '
            ."index_name = 'PRIMARY' as `primary` from information_schema.statistics "
            .'where table_schema = schema() and table_name = ? group by index_name, non_unique';
        return array_map('index_fact', $this->ask($sql, [$table]));
    }

    public function foreignKeys(string $table): array
    {
        $sql = 'select k.constraint_name as name, group_concat(k.column_name order by k.ordinal_position) as columns, '
            .'k.referenced_table_name as foreign_table, '
            .'group_concat(k.referenced_column_name order by k.ordinal_position) as foreign_columns, '
            .'r.update_rule as on_update, r.delete_rule as on_delete from information_schema.key_column_usage k '
            .'join information_schema.referential_constraints r on r.constraint_schema = k.constraint_schema '
            .'and r.constraint_name = k.constraint_name and r.table_name = k.table_name '
            .'where k.table_schema = schema() and k.table_name = ? and k.referenced_table_name is not null '
            .'group by k.constraint_name, k.referenced_table_name, r.update_rule, r.delete_rule';
        return array_map('key_fact', $this->ask($sql, [$table]));
    }
}

final class PostgresCatalogue extends Catalogue
{
    private const ACTIONS = ['a' => 'no action', 'r' => 'restrict', 'c' => 'cascade', 'n' => 'set null', 'd' => 'set default'];

    public function tables(): array
    {
        $sql = 'select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace '
            ."where c.relkind in ('r', 'p') and n.nspname = current_schema()";
        return array_column($this->ask($sql), 'name');
    }

    public function columns(string $table): array
    {
        $sql = 'select a.attname as name, format_type(a.atttypid, a.atttypmod) as type, not a.attnotnull as nullable, '
            .'pg_get_expr(d.adbin, d.adrelid) as "default", a.attgenerated as generated from pg_attribute a '
            .'left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum '
            .'where a.attrelid = ?::text::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum';
        return array_map(fn ($row) => [
            'auto_increment' => str_starts_with($row->default ?? '', 'nextval('),
            'default' => $row->generated === '' ? $row->default : null, 'name' => $row->name,
            'nullable' => $row->nullable, 'type' => $row->type,
        ], $this->ask($sql, [$this->quoted($table)]));
    }

    public function indexes(string $table): array
    {
        $sql = "select c.relname as name, string_agg(a.attname, ',' order by part.place) as columns, i.indisunique as \"unique\", "
            .'i.indisprimary as "primary" from pg_index i join pg_class c on c.oid = i.indexrelid '
            .'cross join lateral unnest(i.indkey) with ordinality as part(number, place) '
            .'left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = part.number '
            .'where i.indrelid = ?::text::regclass group by c.relname, i.indisunique, i.indisprimary';
        return array_map('index_fact', $this->ask($sql, [$this->quoted($table)]));
    }

    public function foreignKeys(string $table): array
    {
        $sql = "select c.conname as name, string_agg(here.attname, ',' order by part.place) as columns, t.relname as foreign_table, "
            ."string_agg(there.attname, ',' order by part.place) as foreign_columns, c.confupdtype as on_update, "
            .'c.confdeltype as on_delete from pg_constraint c join pg_class t on t.oid = c.confrelid '
            .'cross join lateral unnest(c.conkey) with ordinality as part(number, place) '
            .'join pg_attribute here on here.attrelid = c.conrelid and here.attnum = part.number '
            .'join pg_attribute there on there.attrelid = c.confrelid and there.attnum = c.confkey[part.place] '
            ."where c.contype = 'f' and c.conrelid = ?::text::regclass group by c.conname, t.relname, c.confupdtype, c.confdeltype";
        return array_map(function ($row) {
            $row->on_update = self::ACTIONS[$row->on_update];
            $row->on_delete = self::ACTIONS[$row->on_delete];
            return key_fact($row);
        }, $this->ask($sql, [$this->quoted($table)]));
    }

    private function quoted(string $table): string
    {
        return '"'.str_replace('"', '""', $table).'"';
    }
}

final class SqliteCatalogue extends Catalogue
{
    public function tables(): array
    {
        $sql = "select name from pragma_table_list where schema = 'main' and type in ('table', 'virtual') "
            ."and name not like 'sqlite\\_%' escape '\\'";
        return array_column($this->ask($sql), 'name');
    }

    public function columns(string $table): array
    {
        $sql = 'select name, type, "notnull" as required, dflt_value as "default", pk as "primary" from pragma_table_xinfo(?) order by cid';
        $rows = $this->ask($sql, [$table]);
        $single = count(array_filter($rows, fn ($row) => $row->primary > 0)) === 1;
        return array_map(fn ($row) => [
            'auto_increment' => $single && $row->primary > 0 && strtolower($row->type) === 'integer', 'default' => $row->default,
            'name' => $row->name, 'nullable' => ! $row->required, 'type' => strtolower($row->type),
        ], $rows);
    }

    public function indexes(string $table): array
    {
        $sql = 'select name, group_concat(part) as columns, "unique", "primary" from (select l.name as name, i.name as part, '
            .'l."unique" as "unique", l.origin = \'pk\' as "primary" from pragma_index_list(?) l, pragma_index_info(l.name) i '
            .'order by l.seq, i.seqno) group by name, "unique", "primary"';
        $indexes = array_map('index_fact', $this->ask($sql, [$table]));
        if (in_array(true, array_column($indexes, 'primary'), true)) {
            return $indexes;
        }
        $columns = array_column($this->ask('select name from pragma_table_xinfo(?) where pk > 0 order by pk, cid', [$table]), 'name');
        $rowid = ['columns' => $columns, 'name' => 'primary', 'primary' => true, 'unique' => true];
        return $columns === [] ? $indexes : [...$indexes, $rowid];
    }

    public function foreignKeys(string $table): array
    {
        $sql = 'select null as name, group_concat("from") as columns, "table" as foreign_table, group_concat("to") as foreign_columns, '
            .'on_update, on_delete from (select * from pragma_foreign_key_list(?) order by id desc, seq) '
            .'group by id, "table", on_update, on_delete';
        return array_map('key_fact', $this->ask($sql, [$table]));
    }
}
