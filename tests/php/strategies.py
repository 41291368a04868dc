"""Random PHP."""

from __future__ import annotations

from hypothesis import strategies as st

STRINGS = [
    "",
    "0",
    "1",
    "a",
    "abc",
    "5 apples",
    "1e3",
    " 7",
    "7 ",
    "-3",
    "1.50",
    "0x1A",
    "é",
    "A_b-c d",
    "null",
    ".5",
    "00",
    "x,y,z",
]
NUMBERS = [
    "0",
    "1",
    "2",
    "3",
    "7",
    "10",
    "-1",
    "-5",
    "100",
    "0.5",
    "1.5",
    "2.0",
    "-2.5",
    "1e3",
    "9223372036854775807",
    "0.1",
]


def _quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


scalars = st.one_of(
    st.sampled_from(NUMBERS),
    st.sampled_from([_quoted(s) for s in STRINGS]),
    st.sampled_from(["true", "false", "null"]),
)
"""Literals that are no arrays."""

BINARY = [
    "+",
    "-",
    "*",
    "/",
    "%",
    ".",
    "==",
    "!=",
    "===",
    "!==",
    "<",
    "<=",
    ">",
    ">=",
    "<=>",
    "&&",
    "||",
    "xor",
    "??",
    "&",
    "|",
    "^",
]
UNARY = ["!", "-", "+", "(int) ", "(float) ", "(string) ", "(bool) ", "(array) "]
ONE = """
strlen strtoupper strtolower ucfirst lcfirst ucwords trim ltrim rtrim strrev md5 crc32 sha1 intval floatval
boolval strval is_numeric is_string is_int is_array gettype get_debug_type abs ceil floor round count
array_keys array_values array_flip array_unique array_reverse array_sum array_product array_filter json_encode
serialize bin2hex ord chr dechex array_key_first array_is_list is_callable mb_strlen mb_strtoupper addslashes
htmlspecialchars urlencode rawurlencode base64_encode nl2br str_split array_count_values max min preg_quote
basename dirname
"""
TWO = """
str_contains str_starts_with str_ends_with strpos strrpos stripos strcmp strcasecmp explode implode
in_array array_search array_merge array_diff array_intersect array_diff_key array_combine array_fill_keys max
min intdiv fmod substr array_slice array_chunk strstr substr_count sprintf
array_key_exists levenshtein mb_substr array_replace trim ucwords strrchr
"""


indexes = st.sampled_from(["0", "1", "-1", "5", "'0'", "'k'", "'n'", "null", "2.0"])


def _call(name: str, *args: str) -> str:
    return f"{name}({', '.join(args)})"


def _extend(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from(BINARY), inner),
        st.builds("{}({})".format, st.sampled_from(UNARY), inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
        st.builds("({} ?: {})".format, inner, inner),
        st.builds("[{}, {}]".format, inner, inner),
        st.builds("['k' => {}, 'n' => {}]".format, inner, inner),
        st.builds("({})[{}]".format, inner, indexes),
        st.builds("(null ?? {})".format, inner),
        st.builds(_call, st.sampled_from(ONE.split()), inner),
        st.builds(_call, st.sampled_from(TWO.split()), inner, inner),
        st.builds("match(true) {{ {} => 1, default => {} }}".format, inner, inner),
        st.builds("(fn($x) => [$x, {}])({})".format, inner, inner),
        st.builds("array_map(fn($x) => $x . {}, [{}, 2])".format, inner, inner),
    )


expressions = st.recursive(scalars, _extend, max_leaves=6)
"""Random expressions without side effects."""

WORDS = r"""
class function A $a ( ) { } [ ] ; , => -> :: ?-> = ' // /* */ #[ use namespace fn match enum case return new extends static public
try catch finally foreach as if else switch 1 1.5e3 0x \ ... & ?> <?= <?php yield throw trait insteadof ${ {$ declare(ticks=1) goto
__halt_compiler __halt_compiler(); self:: parent:: $this abstract const
"""
FRAGMENTS = [
    *WORDS.split(),
    '"',
    "<<<EOT\n",
    "\nEOT",
    "\x00",
    "\xff",
    "\xe9",
    "\r\n",
]
shuffled_php = st.lists(st.sampled_from(FRAGMENTS), max_size=60).map(" ".join)
"""Pieces of PHP in any order."""
