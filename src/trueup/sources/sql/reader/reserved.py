"""Words that may not be names without quotes. Those of MariaDB 10.11, PostgreSQL 15 and SQLite 3.40 were asked of the servers."""

from __future__ import annotations

from trueup.sources.sql.words import word_set

_MARIADB = """
accessible add all alter analyze and as asc asensitive before between bigint binary blob both by call cascade case change char
character check collate column condition constraint continue convert create cross current_date current_role current_time
current_timestamp current_user cursor databases day_hour day_microsecond day_minute day_second dec decimal declare default delayed
delete delete_domain_id desc describe deterministic distinct distinctrow div double do_domain_ids drop dual each else elseif
enclosed escaped except exists exit explain false fetch float float4 float8 for force foreign from fulltext grant group having
high_priority hour_microsecond hour_minute hour_second if ignore ignore_domain_ids in index infile inner inout insensitive insert
int int1 int2 int3 int4 int8 integer intersect interval into is iterate join key keys kill leading leave left like limit linear
lines load localtime localtimestamp lock long longblob longtext loop low_priority master_demote_to_replica master_demote_to_slave
master_ssl_verify_server_cert match maxvalue mediumblob mediumint mediumtext middleint minute_microsecond minute_second mod
modifies natural not no_write_to_binlog null numeric offset on optimize optionally or order out outer outfile over page_checksum
parse_vcol_expr partition portion precision primary procedure purge range read reads read_write real recursive references
ref_system_id regexp release rename repeat replace require resignal restrict return returning revoke right rlike rows row_number
schemas second_microsecond select sensitive separator set show signal smallint spatial specific sql sqlexception sqlstate
sqlwarning sql_big_result sql_calc_found_rows sql_small_result ssl starting stats_auto_recalc stats_persistent stats_sample_pages
straight_join table terminated then tinyblob tinyint tinytext to trailing trigger true undo union unique unlock unsigned update
usage use using utc_date utc_time utc_timestamp values varbinary varchar varcharacter varying when where while with write xor
year_month zerofill
"""
_MYSQL_TOO = """
cube cume_dist dense_rank empty first_value function generated get grouping groups io_after_gtids io_before_gtids json_table lag
last_value lateral lead master_bind nth_value ntile of optimizer_costs percent_rank rank row stored system virtual window
"""
_MARIADB_ONLY = """
current_role delete_domain_id do_domain_ids ignore_domain_ids master_demote_to_replica master_demote_to_slave offset page_checksum
parse_vcol_expr portion ref_system_id returning stats_auto_recalc stats_persistent stats_sample_pages
"""
_PGSQL = """
all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog
current_date current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false
fetch for foreign from grant group having in initially intersect into lateral leading limit localtime localtimestamp not null
offset on only or order placing primary references returning select session_user some symmetric table then to trailing true union
unique user using variadic when where window with
"""
_SQLITE = """
add all alter and as autoincrement between case check collate commit create default deferrable delete distinct drop else escape
except exists foreign from group having in index insert intersect into is isnull join limit not nothing notnull null on or order
primary references returning select set table then to transaction union unique update using values when where
"""


RESERVED: dict[str, frozenset[str]] = {
    "mariadb": word_set(_MARIADB),
    "mysql": (word_set(_MARIADB) - word_set(_MARIADB_ONLY)) | word_set(_MYSQL_TOO),
    "pgsql": word_set(_PGSQL),
    "sqlite": word_set(_SQLITE),
}
