"""The few of PHP's own classes that migrations use and that are easiest written in PHP, and what is known of the others."""

from __future__ import annotations

from functools import cache

from trueup.sources.php.parse import PhpFile, parse

_SOURCE = rb"""<?php
class stdClass {}
class ArrayIterator implements SeekableIterator, ArrayAccess, Serializable, Countable {
    private $storage;
    public function __construct($array = [], int $flags = 0) { $this->storage = (array) $array; }
    public function offsetExists($key) { return isset($this->storage[$key]); }
    public function offsetGet($key) { return $this->storage[$key]; }
    public function offsetSet($key, $value) {
        if ($key === null) { $this->storage[] = $value; } else { $this->storage[$key] = $value; }
    }
    public function offsetUnset($key) { unset($this->storage[$key]); }
    public function append($value) { $this->storage[] = $value; }
    public function count() { return count($this->storage); }
    public function getArrayCopy() { return $this->storage; }
    public function current() { return current($this->storage); }
    public function key() { return key($this->storage); }
    public function next() { next($this->storage); }
    public function rewind() { reset($this->storage); }
    public function valid() { return key($this->storage) !== null; }
}
class ArrayObject implements IteratorAggregate, ArrayAccess, Serializable, Countable {
    private $storage;
    public function __construct($array = [], int $flags = 0) { $this->storage = (array) $array; }
    public function offsetExists($key) { return isset($this->storage[$key]); }
    public function offsetGet($key) { return $this->storage[$key]; }
    public function offsetSet($key, $value) {
        if ($key === null) { $this->storage[] = $value; } else { $this->storage[$key] = $value; }
    }
    public function offsetUnset($key) { unset($this->storage[$key]); }
    public function append($value) { $this->storage[] = $value; }
    public function count() { return count($this->storage); }
    public function getArrayCopy() { return $this->storage; }
    public function getIterator() { return new ArrayIterator($this->storage); }
}
"""

NAMES = {"stdclass": "stdClass", "arrayiterator": "ArrayIterator", "arrayobject": "ArrayObject"}
"""Lower-case names of the classes written in PHP."""

INTERFACES: dict[str, tuple[str, ...]] = {
    "traversable": (),
    "iterator": ("Traversable",),
    "iteratoraggregate": ("Traversable",),
    "seekableiterator": ("Iterator", "Traversable"),
    "generator": ("Iterator", "Traversable"),
    "arrayaccess": (),
    "countable": (),
    "serializable": (),
    "jsonserializable": (),
    "stringable": (),
    "throwable": ("Stringable",),
    "unitenum": (),
    "backedenum": ("UnitEnum",),
    "datetimeinterface": (),
    "closure": (),
}
"""Lower-case names of PHP's own interfaces (and final classes) and what each extends."""


@cache
def prelude() -> PhpFile:
    return parse(_SOURCE, "php")
