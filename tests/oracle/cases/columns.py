"""Every column method of the Blueprint, in a new table and added to one that is there."""

from __future__ import annotations

from tests.oracle.cases import Case
from tests.support.migrations import alter, create

PLAIN = (
    "id()",
    "id('key')",
    "increments('a')",
    "integerIncrements('a')",
    "tinyIncrements('a')",
    "smallIncrements('a')",
    "mediumIncrements('a')",
    "bigIncrements('a')",
    "char('a')",
    "char('a', 4)",
    "string('a')",
    "string('a', 50)",
    "string('a', 0)",
    "tinyText('a')",
    "text('a')",
    "mediumText('a')",
    "longText('a')",
    "integer('a')",
    "integer('a', true)",
    "integer('a', false, true)",
    "tinyInteger('a')",
    "smallInteger('a')",
    "smallInteger('a', true, true)",
    "mediumInteger('a')",
    "bigInteger('a')",
    "unsignedInteger('a')",
    "unsignedInteger('a', true)",
    "unsignedTinyInteger('a')",
    "unsignedSmallInteger('a')",
    "unsignedMediumInteger('a')",
    "unsignedBigInteger('a')",
    "foreignId('a_id')",
    "float('a')",
    "float('a', 5, 1)",
    "float('a', 8, 2, true)",
    "double('a')",
    "double('a', 15, 4)",
    "decimal('a')",
    "decimal('a', 12, 6)",
    "decimal('a', 10, 2, true)",
    "unsignedFloat('a')",
    "unsignedDouble('a')",
    "unsignedDouble('a', 10, 3)",
    "unsignedDecimal('a', 9, 3)",
    "boolean('a')",
    "enum('a', ['x', 'y z', \"it's\"])",
    "set('a', ['x', 'y'])",
    "json('a')",
    "jsonb('a')",
    "date('a')",
    "dateTime('a')",
    "dateTime('a', 6)",
    "dateTimeTz('a')",
    "dateTimeTz('a', 3)",
    "time('a')",
    "time('a', 2)",
    "timeTz('a')",
    "timeTz('a', 4)",
    "timestamp('a')->nullable()",
    "timestamp('a', 3)->nullable()",
    "timestampTz('a')->nullable()",
    "timestampTz('a', 6)->nullable()",
    "timestamps()",
    "timestamps(3)",
    "nullableTimestamps()",
    "timestampsTz()",
    "timestampsTz(6)",
    "softDeletes()",
    "softDeletes('gone_at', 2)",
    "softDeletesTz()",
    "year('a')",
    "binary('a')",
    "uuid('a')",
    "foreignUuid('a_id')",
    "ipAddress('a')",
    "macAddress('a')",
    "geometry('a')",
    "point('a')",
    "point('a', 4326)",
    "lineString('a')",
    "polygon('a')",
    "geometryCollection('a')",
    "multiPoint('a')",
    "multiLineString('a')",
    "multiPolygon('a')",
    "multiPolygonZ('a')",
    "computed('a', 'b * 2')",
    "morphs('owner')",
    "morphs('owner', 'owner_index')",
    "nullableMorphs('owner')",
    "numericMorphs('owner')",
    "nullableNumericMorphs('owner')",
    "uuidMorphs('owner')",
    "nullableUuidMorphs('owner')",
    "rememberToken()",
    "addColumn('string', 'a', ['length' => 33, 'nullable' => true])",
    "addColumn('bigInteger', 'a', ['autoIncrement' => false, 'unsigned' => true])",
    "addColumn('nonsense', 'a')",
)

CASES: dict[str, Case] = {f"create {call}": ((create("things", call),),) for call in PLAIN}
CASES |= {
    f"add {call}": ((create("things", "string('first')->nullable()"),), (alter("things", call),))
    for call in PLAIN
}
CASES |= {
    f"add nullable {call}": (
        (create("things", "string('first')->nullable()"),),
        (alter("things", f"{call}->nullable()"),),
    )
    for call in PLAIN
    if "nullable" not in call and "Increments" not in call and "imestamps" not in call and "orphs" not in call
}
CASES |= {
    "two timestamps on MySQL have no automatic default": (
        (
            create(
                "things", "timestamp('a')", "timestamp('b')", "timestamp('c')->default('2020-01-01 00:00:00')"
            ),
        ),
    ),
    "many columns keep their order": (
        (
            create(
                "things",
                "id()",
                "string('z')",
                "string('a')",
                "timestamps()",
                "softDeletes()",
                "rememberToken()",
            ),
        ),
    ),
    "foreignIdFor a model of the framework's conventions": (
        (
            "$model = new class extends \\Illuminate\\Database\\Eloquent\\Model {",
            "    protected $table = 'people';",
            "    public function getForeignKey() { return 'person_id'; }",
            "};",
            "Schema::create('things', function (Blueprint $table) use ($model) {",
            "    $table->foreignIdFor($model);",
            "    $table->foreignIdFor($model, 'owner_id')->nullable();",
            "});",
        ),
    ),
    "removeColumn takes a column back": (
        (create("things", "id()", "string('a')", "string('b')", "removeColumn('a')"),),
    ),
    "defaultStringLength": (
        ("Schema::defaultStringLength(191);", create("things", "string('a')", "char('b')", "morphs('c')")),
    ),
    "morphUsingUuids": (
        ("Schema::morphUsingUuids();", create("things", "morphs('owner')", "nullableMorphs('other')")),
    ),
    "names in every case": (
        (create("Things", "id()", "string('camelCase')->index()", "string('UPPER')->unique()"),),
    ),
    "names that need quotes": (
        (create("order", "id()", "string('select')->index()", "integer('group')->default(1)"),),
    ),
    "names with blanks and accents": (
        (create("my things", "id()", "string('größe')->index()", "string('a b')"),),
    ),
}
