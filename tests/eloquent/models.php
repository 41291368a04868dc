<?php

// Usage: php models.php FILE. Loads the classes of FILE into the real framework and tells, as JSON, what it makes of each model.

require '/usr/share/php/Illuminate/autoload.php';

use Illuminate\Container\Container;
use Illuminate\Database\Capsule\Manager as Capsule;
use Illuminate\Database\Eloquent\Model;
use Illuminate\Database\Eloquent\Relations;
use Illuminate\Events\Dispatcher;

$capsule = new Capsule();
$capsule->addConnection(['driver' => 'sqlite', 'database' => ':memory:']);
$capsule->addConnection(['driver' => 'sqlite', 'database' => ':memory:'], 'catalogue');
$capsule->setEventDispatcher(new Dispatcher(new Container()));
$capsule->setAsGlobal();
$capsule->bootEloquent();

$before = get_declared_classes();
require $argv[1];
$classes = array_filter(
    array_diff(get_declared_classes(), $before),
    fn ($class) => is_subclass_of($class, Model::class) && ! str_starts_with($class, 'Illuminate') && ! (new ReflectionClass($class))->isAbstract(),
);
sort($classes);

$told = [];
foreach ($classes as $class) {
    $model = new $class();
    $relations = [];
    foreach ((new ReflectionClass($class))->getMethods(ReflectionMethod::IS_PUBLIC) as $method) {
        if (! str_starts_with($method->getDeclaringClass()->getName(), 'Illuminate') && $method->getNumberOfParameters() === 0
            && ! $method->isStatic() && ! str_starts_with($method->getFileName(), '/usr')) {
            $relation = $method->invoke($model);
            if ($relation instanceof Relations\Relation) {
                $relations[$method->getName()] = relation($relation);
            }
        }
    }
    ksort($relations);
    $told[$class] = [
        'table' => $model->getTable(),
        'key' => $model->getKeyName(),
        'key_type' => $model->getKeyType(),
        'incrementing' => $model->getIncrementing(),
        'timestamps' => $model->usesTimestamps(),
        'created_at' => $model->usesTimestamps() ? $model->getCreatedAtColumn() : null,
        'updated_at' => $model->usesTimestamps() ? $model->getUpdatedAtColumn() : null,
        'connection' => $model->getConnectionName(),
        'fillable' => $model->getFillable(),
        'guarded' => $model->getGuarded(),
        'casts' => array_diff_key($model->getCasts(), [$model->getKeyName() => 1, 'deleted_at' => 1]),
        'hidden' => $model->getHidden(),
        'route_key' => $model->getRouteKeyName(),
        'soft_deletes' => method_exists($model, 'runSoftDelete'),
        'relations' => (object) $relations,
    ];
}
echo json_encode($told);

function relation(Relations\Relation $relation): array
{
    $kind = lcfirst(class_basename($relation));
    $told = ['kind' => $kind, 'related' => get_class($relation->getRelated())];
    if ($relation instanceof Relations\MorphTo) {
        return ['kind' => $kind, 'morph_type' => $relation->getMorphType(), 'morph_id' => $relation->getForeignKeyName()];
    }
    if ($relation instanceof Relations\BelongsTo) {
        return $told + ['foreign_key' => $relation->getForeignKeyName(), 'local_key' => $relation->getOwnerKeyName()];
    }
    if ($relation instanceof Relations\MorphOneOrMany) {
        return $told + [
            'morph_type' => $relation->getMorphType(),
            'morph_id' => $relation->getForeignKeyName(),
            'local_key' => $relation->getLocalKeyName(),
        ];
    }
    if ($relation instanceof Relations\HasOneOrMany) {
        return $told + ['foreign_key' => $relation->getForeignKeyName(), 'local_key' => $relation->getLocalKeyName()];
    }
    if ($relation instanceof Relations\HasManyThrough) {
        return $told + [
            'through_first_key' => $relation->getFirstKeyName(),
            'through_second_key' => $relation->getForeignKeyName(),
            'local_key' => $relation->getLocalKeyName(),
            'through_local_key' => $relation->getSecondLocalKeyName(),
        ];
    }

    return $told + [
        'pivot_table' => $relation->getTable(),
        'pivot_foreign_key' => $relation->getForeignPivotKeyName(),
        'pivot_related_key' => $relation->getRelatedPivotKeyName(),
        'local_key' => $relation->getParentKeyName(),
        'related_key' => $relation->getRelatedKeyName(),
        'pivot_columns' => $relation->getPivotColumns(),
        'morph_type' => $relation instanceof Relations\MorphToMany ? $relation->getMorphType() : null,
    ];
}
