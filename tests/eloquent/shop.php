<?php

namespace Shop\Models;

use Illuminate\Database\Eloquent\Model;
use Illuminate\Database\Eloquent\Relations\BelongsTo;
use Illuminate\Database\Eloquent\Relations\HasMany;
use Illuminate\Database\Eloquent\Relations\MorphPivot;
use Illuminate\Database\Eloquent\Relations\Pivot;
use Illuminate\Database\Eloquent\SoftDeletes;

interface Tables
{
    public const ORDERS = 'shop_orders';
}

trait Owned
{
    protected $ownerColumn = 'owner_id';

    public function initializeOwned()
    {
        $this->mergeFillable(['owner_id']);
        $this->mergeCasts(['owner_id' => 'integer']);
        $this->hidden[] = 'owner_id';
    }

    public function owner(): BelongsTo
    {
        return $this->belongsTo(Customer::class, $this->ownerColumn);
    }

    public function sameClass()
    {
        return $this->hasMany(self::class, 'sibling_id');
    }
}

abstract class Base extends Model
{
    protected $casts = ['created_by' => 'integer', 'flags' => 'array'];

    public function creator()
    {
        return $this->belongsTo(Customer::class, 'created_by');
    }

    public function notes()
    {
        return $this->hasMany(Note::class);
    }
}

class Customer extends Base
{
    use SoftDeletes;

    protected $fillable = ['name', 'email'];

    public function orders()
    {
        return $this->hasMany(Order::class);
    }

    public function paidOrders()
    {
        return $this->orders()->where('paid', true)->latest();
    }

    public function lastOrder()
    {
        return $this->hasOne(Order::class)->latestOfMany();
    }

    public function lines()
    {
        return $this->hasManyThrough(OrderLine::class, Order::class);
    }

    public function firstLine()
    {
        return $this->hasOneThrough(OrderLine::class, Order::class, 'buyer', 'of_order', 'number', 'uuid');
    }

    public function friends()
    {
        return $this->belongsToMany(self::class, 'friendships', 'customer_id', 'friend_id')->withPivot('since')->withTimestamps();
    }

    public function groups()
    {
        $relation = $this->belongsToMany(CustomerGroup::class);
        $relation->withPivot(['role', 'note']);

        return $relation;
    }

    public function tags()
    {
        return $this->morphToMany(Tag::class, 'taggable');
    }

    public function avatar()
    {
        return $this->morphOne(Image::class, 'imageable');
    }

    public function orderCount()
    {
        return 3;
    }
}

class VipCustomer extends Customer
{
}

class Order extends Base
{
    use Owned;

    public const UPDATED_AT = 'changed_at';
    public const TABLE = Tables::ORDERS;

    protected $table = self::TABLE;
    protected $primaryKey = 'uuid';
    protected $keyType = 'string';
    public $incrementing = false;
    protected $guarded = ['id', self::CREATED_AT];
    protected $casts = ['total' => 'decimal:2', self::UPDATED_AT => 'datetime'];

    public function customer()
    {
        return $this->belongsTo(Customer::class);
    }

    public function lines()
    {
        return $this->hasMany(OrderLine::class);
    }

    public function products()
    {
        return $this->belongsToMany(Product::class, OrderProduct::class)->withPivot('amount');
    }

    public function subject()
    {
        return $this->morphTo();
    }

    public function madeBy()
    {
        return $this->morphTo('maker', 'maker_class');
    }

    public function getRouteKeyName()
    {
        return 'number';
    }
}

class OrderLine extends Base
{
    public $timestamps = false;

    public function order()
    {
        return $this->belongsTo(Order::class);
    }

    public function mother_line()
    {
        return $this->belongsTo(static::class);
    }

    public function soldProduct()
    {
        return $this->belongsTo(Product::class, 'product_code', 'code');
    }
}

class Product extends Model
{
    protected $connection = 'catalogue';

    public function __construct(array $attributes = [])
    {
        parent::__construct($attributes);
        $this->setTable('catalogue_' . 'products');
    }

    public function orders()
    {
        return $this->belongsToMany(Order::class, 'order_product', 'product', 'order_uuid', 'code', 'number');
    }

    public function images()
    {
        return $this->morphMany(Image::class, 'imageable', 'owner_type', 'owner_key', 'code');
    }
}

class OrderProduct extends Pivot
{
}

class Taggable extends MorphPivot
{
}

class CustomerGroup extends Model
{
    public function members()
    {
        return $this->belongsToMany(Customer::class)->using(Membership::class);
    }
}

class Membership extends Pivot
{
    protected $table = 'customer_customer_group';
}

class Tag extends Model
{
    public $timestamps = false;

    public function customers()
    {
        return $this->morphedByMany(Customer::class, 'taggable');
    }

    public function orders()
    {
        return $this->morphedByMany(Order::class, 'taggable', 'tagged_things', 'tag', 'thing');
    }
}

class Image extends Model
{
    public const CREATED_AT = null;

    public function imageable()
    {
        return $this->morphTo();
    }
}

class Note extends Model
{
    protected $primaryKey = 'number';

    public function getTable()
    {
        return 'prefix_' . parent::getTable();
    }

    public function images()
    {
        return $this->morphMany(Image::class, 'imageable');
    }
}
