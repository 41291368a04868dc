"""A shop's migrations, with all that rows must respect, as each driver's replay builds them."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.replaying import replay_texts
from trueup.model.names import Driver
from trueup.model.schema import Schema

DRIVERS: tuple[Driver, ...] = ("sqlite", "pgsql", "mariadb")

SHOP = """<?php
use Illuminate\\Database\\Migrations\\Migration;
use Illuminate\\Database\\Schema\\Blueprint;
use Illuminate\\Support\\Facades\\Schema;
return new class extends Migration {
    public function up() {
        Schema::create('plans', function (Blueprint $table) {
            $table->id();
            $table->string('code', 3)->unique();
        });
        Schema::create('customers', function (Blueprint $table) {
            $table->id();
            $table->string('email', 40)->unique();
            $table->uuid('token')->unique();
            $table->foreignId('plan_id')->constrained('plans');
            $table->string('country', 2);
            $table->timestamps();
        });
        Schema::create('orders', function (Blueprint $table) {
            $table->id();
            $table->foreignId('customer_id')->constrained('customers');
            $table->foreignId('parent_id')->nullable()->constrained('orders');
            $table->enum('state', ['open', 'paid', 'sent'])->default('open');
            $table->decimal('total', 6, 2);
            $table->decimal('rate', 3, 3);
            $table->boolean('paid')->default(false);
            $table->json('meta');
            $table->tinyInteger('stars')->unsigned()->nullable();
            $table->smallInteger('weight');
            $table->float('score');
            $table->char('lot', 5);
            $table->string('label', 2);
            $table->binary('raw')->nullable();
            $table->date('day');
            $table->time('hour');
            $table->year('vintage');
            $table->text('note')->nullable();
            $table->timestamp('sent_at');
            $table->timestamps();
            $table->softDeletes();
            $table->index(['customer_id', 'created_at']);
            $table->index(['customer_id']);
        });
        Schema::create('order_tag', function (Blueprint $table) {
            $table->foreignId('order_id')->constrained('orders');
            $table->string('tag', 10);
            $table->unsignedBigInteger('customer_id');
            $table->unique(['order_id', 'tag']);
        });
        Schema::create('profiles', function (Blueprint $table) {
            $table->foreignId('customer_id')->primary()->constrained('customers');
            $table->boolean('public');
        });
        Schema::create('settings', function (Blueprint $table) {
            $table->id();
            $table->boolean('dark');
            $table->enum('size', ['s', 'm']);
            $table->unique(['dark', 'size']);
        });
    }
};
"""


def shop(driver: Driver, folder: Path) -> Schema:
    return replay_texts(folder / driver, driver, {"2024_01_01_000000_shop.php": SHOP})


def url_of(driver: Driver) -> str | None:
    """Where the tests' scratch databases are made; None: SQLite in the temporary folder."""
    match driver:
        case "sqlite":
            return None
        case "pgsql":
            return os.environ["TRUEUP_TEST_PGSQL_URL"]
        case _:
            return os.environ["TRUEUP_TEST_MYSQL_URL"]
