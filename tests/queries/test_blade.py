"""Blade templates: what they evaluate, line by line, and the queries in them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.queries.conftest import Read
from tests.queries.test_sites import shown
from trueup.sources.laravel.blade import php_of

PIECES = {
    "an echo": ("<b>{{ $a }}</b>", "<?php echo( $a ); ?>"),
    "unescaped": ("{!! $a !!}", "<?php echo( $a ); ?>"),
    "for the browser": ("@{{ name }} @@if", ""),
    "a comment": ("{{-- {{ $a }} --}}x", ""),
    "an address": ("me@example.com", ""),
    "verbatim": ("@verbatim {{ a }} @endverbatim", ""),
    "a loop": ("@foreach($a as $b) x @endforeach", "<?php foreach($a as $b): ?><?php endforeach; ?>"),
    "a loop that may be empty": (
        "@forelse ($a as $b) x @empty y @endforelse",
        "<?php foreach($a as $b): ?><?php endforeach; if(true): ?><?php endif; ?>",
    ),
    "conditions": (
        "@if (f(')')) a @elseif($b) b @else c @endif",
        "<?php if(f(')')): ?><?php elseif($b): ?><?php else: ?><?php endif; ?>",
    ),
    "isset and empty": (
        "@isset($a) x @endisset @empty($b) y @endempty",
        "<?php if(isset($a)): ?><?php endif; ?><?php if(empty($b)): ?><?php endif; ?>",
    ),
    "php": ("@php $a = 1; @endphp @php(f())", "<?php  $a = 1;  ?><?php (f()); ?>"),
    "php tags": ("<?php f(); ?><?= g() ?>", "<?php  f();  ?><?php echo  g()  ?>"),
    "any other directive": ("@include('a', ['b' => 1])", "<?php ['a', ['b' => 1]]; ?>"),
    "an import": ("@use('App\\Models\\User', 'U')", "<?php use App\\Models\\User as U; ?>"),
    "an injection": ("@inject('a', 'App\\A')", "<?php $a = app('App\\A'); ?>"),
    "a component's attribute": ('<x-a :b="User::all()" :c="d" />', "<?php [User::all()]; ?>"),
    "never closed": ("{{ $a @if($b", ""),
}


@pytest.mark.parametrize(("template", "php"), PIECES.values(), ids=PIECES)
def test_what_a_template_evaluates(template: str, php: str) -> None:
    assert php_of(template.encode())[0].decode() == php


@given(
    st.lists(
        st.sampled_from(
            [
                "{{",
                "}}",
                "{!!",
                "!!}",
                "@if",
                "(",
                ")",
                "'",
                '"',
                "@php",
                "@endphp",
                "{{--",
                "--}}",
                "\n",
                "a",
                "<?php",
                "?>",
            ]
        ),
        max_size=30,
    )
)
def test_lines_stay_where_they_are_and_nothing_crashes(pieces: list[str]) -> None:
    template = "".join(pieces).encode()
    assert php_of(template)[0].count(b"\n") == template.count(b"\n")


def test_queries_of_a_template_are_found_where_they_stand(read: Read, tmp_path: Path) -> None:
    view = tmp_path / "resources/views/posts.blade.php"
    view.parent.mkdir(parents=True)
    view.write_text(
        "@use('App\\Models\\Post')\n<ul>\n@foreach (Post::where('status', 'open')->get() as $post)\n"
        "  <li>{{ $post->user()->count() }}</li>\n@endforeach\n</ul>\n{{-- {{ Post::count() }} --}}\n"
    )
    queries = read("function f() { }")
    assert [(s.at.line, s.area, shown(s)) for s in queries.sites if s.at.file.endswith(".blade.php")] == [
        (3, "view", "select posts filter:status="),
        (4, "view", "aggregate users limited loop soft"),
    ]
