"""Snippets of PHP, each a function's body, that php-cli and the evaluator must answer alike."""

from __future__ import annotations

EXPRESSIONS = r"""
1 + 2 * 3 - 4 / 2 % 3
7 <=> 3
"a" . 1 . 2.5 . true . null . false
10 / 4
10 / 5
7 % -3
-7 % 3
2 ** 10
2 ** -1
2 ** 63
-2 ** 2
(-2) ** 2
PHP_INT_MAX + 1
"5" + "5.5"
"1e3" + 1
"abc" * 1
"5 apples" + 1
"5 " + 1
null + 1
true + true
[] + 1
[1, 2] + [5, 6, 7]
1 <=> [1]
"abc" == 0
null == false
[] == false
"1" == "01"
"10" == "1e1"
100 == "1e2"
"abc" == "ABC"
[1, 2] == [2 => 1]
[1, 2] === [1 => 2, 0 => 1]
[1, 2] == [1 => 2, 0 => 1]
"a" <=> "b"
1.0 === 1
0 == ""
null <=> "a"
"Z" < "a"
1 . 2
~5
1 << 3
1 << 64
1 << -1
6 & 3 | 8 ^ 1
"a" | "b"
!0
!"0"
!"0.0"
-"5"
+"1.5"
true && false || true
true xor true
1 ?: 2
0 ?: 2
null ?? 3
1 ? 2 : 3
true ? "a" : (false ? "b" : "c")
(int) "12abc"
(int) 1e20
(int) "1e3"
(int) 5.99
(int) -5.99
(int) null
(float) "1.5abc"
(string) 1.0
(string) 0.1
(string) (0.1 + 0.2)
(string) 1e14
(string) 1e15
(string) 1e100
(string) 0.00001
(string) -0.0
(string) (1 / 3)
(string) 123456789012345678
(string) 1.5e-7
1.5e3
(bool) "false"
(bool) []
(bool) [0]
(bool) 0.0
(array) "a"
(array) null
(object) ["a" => 1]
(array) (object) ["a" => 1, "b" => [2]]
0x1F + 0b11 + 0o17 + 017 + 1_000
9223372036854775808
0xFFFFFFFFFFFFFFFF
.5 + 6.
"a\n\t\\\$\"\x41\101\u{1F600}\e"
'a\n\'\\'
"é" . strlen("é")
"\xC3\xA9"
[1, 2, 3][1]
["a" => 1, "b" => 2]["b"]
"abc"[1]
"abc"[-1]
"abc"["1"]
"abc"[5]
[1][5]
["a" => 1]["b"]
["1" => "a", "01" => "b", 1.7 => "c", true => "d", null => "e", "-5" => "f", "-0" => "g"]
[5 => "a", "b", "x" => "c", "d"]
[...[1, 2], ...["a" => 3], 4]
[1, 2, 3,]
array(1, array(2))
match(true) { 1 > 2 => "a", 2 > 1 => "b", default => "c" }
match(5) { 1, 5 => "x", default => "y" }
match("5") { 5 => "int", default => "other" }
match(7) { 1 => 2 }
match("abc") { 1 => 2 }
(fn($x) => $x * 2)(4)
(function ($a, $b = 5, ...$c) { return [$a, $b, $c]; })(1, 2, 3, 4)
(function (int $a, string $b) { return [$a, $b]; })("5", 7)
(fn(?int $x) => $x)(null)
(fn(string $x) => $x)(null)
(fn(int $x) => $x)("a5")
(fn(int $x) => $x)(true)
(fn(int $x) => $x)()
(fn($a, $b) => $a - $b)(b: 1, a: 5)
(fn(...$a) => $a)(...[1, 2], ...["k" => 3])
array_map(fn($x) => $x ** 2, [1, 2, "k" => 3])
array_map(null, [1, 2], ["a", "b"])
array_map(fn($a, $b) => $a . $b, ["x" => 1, "y" => 2], [3])
array_map("strtoupper", ["a" => "x"])
array_filter([1, 0, 2, null, "", "a", "0"])
array_filter(["a" => 1, "b" => 2], fn($k) => $k === "b", ARRAY_FILTER_USE_KEY)
array_filter([1, 2, 3], fn($v, $k) => $v > 1 && $k < 2, ARRAY_FILTER_USE_BOTH)
array_keys(["a" => 1, 2, "b" => 1])
array_keys(["a" => 1, 2, "b" => 1], 1)
array_values(["a" => 1, 5 => 2])
array_merge([1, 2], ["a" => 3], [4], ["a" => 5])
array_merge()
array_merge_recursive(["a" => [1], "b" => 2], ["a" => [3], "b" => 4])
array_replace([1, 2, 3], [1 => "b"], [3 => "d"])
array_combine(["a", "b"], [1, 2])
array_combine(["a"], [1, 2])
array_column([["id" => 1, "n" => "a"], ["id" => 2, "n" => "b"]], "n", "id")
array_column([["id" => 1, "n" => "a"], ["x" => 2]], "n")
array_column([["id" => 1, "n" => "a"], ["id" => 2]], null, "id")
array_diff([1, 2, 3, "a"], [2], ["a"])
array_diff_key(["a" => 1, "b" => 2], ["a" => 9])
array_diff_assoc(["a" => 1, "b" => 2], ["a" => 1, "b" => 3])
array_intersect(["a" => "g", "r", "b"], ["g", "b"])
array_intersect_key(["a" => 1, "b" => 2], ["b" => 0])
array_flip(["a", "b", 5])
array_unique([1, "1", 2, 2.0, "a", "A", "a"])
array_reduce([1, 2, 3], fn($c, $i) => $c + $i, 10)
array_slice([1, 2, 3, 4, 5], 1, 3)
array_slice([1, 2, 3, 4, 5], -2)
array_slice(["a" => 1, 5 => 2, 6 => 3], 1)
array_slice(["a" => 1, 5 => 2, 6 => 3], 1, 2, true)
array_slice([1, 2, 3, 4, 5], 1, -1)
array_chunk([1, 2, 3, 4, 5], 2)
array_chunk(["a" => 1, "b" => 2], 1, true)
array_fill(5, 3, "x")
array_fill_keys(["a", 5], 0)
array_pad([1], 3, 0)
array_pad([1], -3, 0)
array_reverse(["a" => 1, 2, 3])
array_reverse([1, 2, 3], true)
array_sum([1, 2.5, "3"])
array_product(["2", 3])
array_product([])
array_search("1", [0, 1, "1"])
array_search("1", [0, 1, "1"], true)
array_search("x", ["a"])
array_count_values(["a", "b", "a", 1, "1"])
array_key_first(["x" => 1, "y" => 2])
array_key_last([1, 2, 3])
array_key_first([])
array_key_exists("a", ["a" => null])
array_is_list([1, 2])
array_is_list([1 => 1])
array_change_key_case(["Ab" => 1], CASE_UPPER)
in_array("a", [0])
in_array("1e1", ["10"])
in_array("10", ["1e1"], true)
in_array(null, [0])
range(1, 5)
range(5, 1, 2)
range("a", "e")
range(0, 1, 0.25)
range("e", "a", 2)
count([1, [2, 3]], COUNT_RECURSIVE)
count("a")
max(1, "5", 3.5)
max([1, 9, 3])
max("apple", 5)
min("10", 9)
max([])
min([0, -1], [0, 1])
implode(", ", [1, null, true, 2.5, "x"])
implode([1, 2])
implode(",", [])
explode(",", "a,b,,c")
explode(",", "a,b,c", 2)
explode(",", "a,b,c", -1)
explode(",", "")
explode("", "a")
sprintf("%s|%d|%5d|%-5d|%05d|%+d|%x|%X|%o|%b|%c|%%|%e", "a", "12abc", 42, 42, 42, 42, 255, 255, 8, 5, 65, 12345.678)
sprintf("%2\$s %1\$s", "a", "b")
sprintf("%'*10s|%-10s|%10.4f|%.2f|%5.1f", "abc", "left", 3.14159, 2.005, 9.96)
sprintf("%s", true)
sprintf("%d%%", 50)
sprintf("%03d_%s", 7, "table")
sprintf("%s")
sprintf("%u", -1)
sprintf("%.3s", "abcdef")
vsprintf("%s-%s", ["a", "b"])
number_format(1234567.891, 2)
number_format(1234567.891, 2, ",", ".")
number_format(0.5)
number_format(-1234.567, 1)
number_format(-0.01)
str_pad("5", 3, "0", STR_PAD_LEFT)
str_pad("abc", 8, "xy", STR_PAD_BOTH)
str_pad("abc", 2)
str_repeat("ab", 3)
str_repeat("a", -1)
strtolower("ÀBC")
strtoupper("abc é")
ucfirst("hello world")
ucwords("hello world-foo bar_baz")
ucwords("hello_world", "_")
lcfirst("ABC")
trim("  a b \n")
trim("[a]", "[]")
trim("abcxa", "a..c")
rtrim("1.500", "0")
ltrim("0012", "0")
str_replace("a", "b", "banana")
str_replace(["a", "n"], ["1"], "banana")
str_replace(["a", "b"], "x", ["abc", "k" => "cab"])
str_ireplace("A", "x", "banana")
substr("abcdef", 1, 3)
substr("abcdef", -2)
substr("abcdef", 2, -2)
substr("abc", 5)
substr("héllo", 0, 2)
mb_substr("héllo", 1, 3)
mb_strlen("héllo")
mb_strtoupper("héllo")
mb_substr("abc", -2, 1)
substr_count("aaa", "a")
substr_count("hello hello", "ll")
substr_replace("Hello", "J", 0, 1)
substr_replace("abc", "X", -1, 0)
strpos("hello", "l")
strpos("hello", "z")
strpos("hello", "l", -2)
strpos("a", "b", 5)
strrpos("hello", "l")
stripos("HELLO", "l")
strstr("user@example.com", "@")
strstr("user@example.com", "@", true)
strrchr("a/b/c", "/")
str_contains("abc", "")
str_starts_with("abc", "ab")
str_ends_with("abc", "bc")
str_split("abcdef", 4)
str_split("")
strrev("abc")
strcmp("a", "b")
strcmp("hello", "hello")
strcasecmp("HELLO", "hello")
strncmp("abcd", "abef", 2)
strnatcmp("img12", "img10")
strtr("Hi all", "ai", "eo")
strtr("Hi all", ["Hi" => "Hello", "Hello" => "x"])
strtr("aab", ["a" => "1", "aa" => "2"])
nl2br("a\nb")
wordwrap("The quick brown fox", 10, "\n", false)
md5("a")
sha1("a")
crc32("hello")
hash("sha256", "a")
hash("crc32b", "hello")
base64_encode("héllo")
base64_decode("aGk=")
bin2hex("abc")
hex2bin("616263")
dechex(255)
hexdec("ff")
bindec("1010")
decbin(10)
base_convert("ff", 16, 2)
chr(65) . chr(-159)
ord("a")
addslashes("O'Re\"il\\ly")
htmlspecialchars("<a href='x'>\"&</a>")
urlencode("a b&c/é~")
rawurlencode("a b&c/é~")
levenshtein("kitten", "sitting")
preg_match("/(\d+)-(\w+)/", "12-ab")
preg_replace("/[^a-z0-9]+/i", "_", "Hello World! 12")
preg_replace("/(\w+) (\w+)/", "$2 \\1 \${1}x", "hello world")
preg_replace(["/a/", "/b/"], ["b", "c"], "ab")
preg_replace_callback("/\d+/", fn($m) => $m[0] * 2, "a1b22")
preg_split("/[\s,]+/", "a, b  c,d")
preg_split("//", "abc", -1, PREG_SPLIT_NO_EMPTY)
preg_quote("a.b*c?[d]#-")
preg_match("/^(?<year>\d{4})/", "2024-01")
preg_replace("~/+~", "/", "a//b///c")
json_encode(["a" => 1, "b" => [1, 2], "c" => null, "d" => "é/\"", "e" => 1.0, "f" => 0.1])
json_encode([1, 2, [3]])
json_encode([])
json_encode(new stdClass)
json_encode("é/", JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES)
json_encode(["a" => ["b" => 1]], JSON_PRETTY_PRINT)
json_encode([1 => "a"])
json_encode(1e25)
json_decode("{\"a\":{\"b\":[1,2.5,null,true]}}", true)
json_decode("{\"a\":1}")
json_decode("nope")
json_decode("5")
is_numeric("1e5")
is_numeric(" 5")
is_numeric("5 ")
is_numeric("0x1A")
is_numeric(".5")
is_numeric("abc")
is_string("a") && is_int(1) && is_float(1.0) && is_bool(false) && is_array([]) && is_null(null) && !is_object([])
is_callable("strlen")
is_callable("no_such_function_x")
is_iterable([1])
gettype(1.5)
gettype(null)
get_debug_type(1.5)
get_debug_type([])
intval("12abc")
intval("ff", 16)
intval(" 42 ")
floatval("1.5abc")
boolval("0")
strval(1.0)
abs(-5)
abs("-5.5")
ceil(1.2)
floor(-1.2)
round(2.5)
round(-2.5)
round(1.955, 2)
round(1234567.891, -3)
round(5)
intdiv(7, 2)
intdiv(-7, 2)
intdiv(1, 0)
1 / 0
1 % 0
fmod(7.5, 2)
sqrt(16)
pow(2, 3)
pow("2", 0.5)
pi()
array_map(fn(int ...$n) => array_sum($n), [1, 2], [3, 4])
call_user_func("str_replace", "a", "b", "aaa")
call_user_func_array(fn($a, $b) => $a . $b, ["x", "y"])
call_user_func_array(fn($a, $b) => $a . $b, ["b" => "x", "a" => "y"])
strlen(...)("abc")
(strtoupper(...))("abc")
array_map([new ArrayObject([1, 2]), "offsetGet"], [0, 1])
var_export([1, "a" => [true, null, 1.0, "it's"]], true)
var_export(1.0, true)
print_r(["a" => [1]], true)
serialize(["a" => 1, "b" => [true, null, 1.5, "é"]])
compact("nope")
constant("PHP_INT_SIZE")
defined("PHP_EOL")
function_exists("strlen")
class_exists("stdClass")
NO_SUCH_CONSTANT
$undefined
$undefined ?? "d"
isset($a)
isset($a["b"]["c"])
empty($a)
(null)?->foo
(null)?->foo->bar
(null)?->foo()->bar()
(null)->foo
(null)->foo()
(5)->foo
"x"->foo()
(null)[1]
(null)[1] ?? "d"
@$undefined["x"]
(new stdClass)->x
(new stdClass)->x ?? 1
(new stdClass)->x()
new NoSuchClassX
strlen([])
strlen()
strlen(null)
str_replace()
"a" instanceof stdClass
new stdClass instanceof stdClass
"$undefined[0]"
version_compare("8.2.0", "8.1.5", ">=")
version_compare("1.0.0-beta", "1.0.0")
date("Y-m-d H:i:s", 0)
gmdate("D, d M Y \a\\t N jS z t L W o y", 86400 * 365)
checkdate(2, 29, 2023)
basename("/a/b/c.php", ".php")
dirname("/a/b/c.php")
dirname("/a/b/c", 2)
pathinfo("/a/b/c.tar.gz")
array_rand([5 => "a"])
strcmp("a", "B") > 0
"10" + 5 . "x"
"a" . 1 + 2 . "b"
-1 . "a"
!true ?: "x"
1 + 1 . 1 + 1
true ? "a" : "b" . "c"
"x" . (true ? "a" : "b")
1 < 2 == true
!isset($x) && true
!$undefined ??= 5
5 . ""
print "x"
10 % 3.9
"5" . 5 + 3
1 | 2 == 2
(string) true . "x"
-"abc"
- 2 ** 2
2 ** 3 ** 2
7 . '' === '7'
1 + "1" === 2
null ?? 1 + 1
false or true
[[1, 2], [3, 4]][1][0]
(function () { yield 1; yield "k" => 2; yield from [3, 4]; return 5; })() instanceof Traversable
iterator_to_array((function () { yield 1; yield 2; })())
[...(function () { yield 1; yield 2; })()]
"{$undefined}"
ucfirst("")
nl2br("")
array_flip([1.5])
(fn() => func_get_args())(1, 2)
(function () { return func_num_args(); })(1, 2, 3)
"abc" <=> "abd"
[1, 2, 3] <=> [1, 2, 4]
["a" => 1] <=> ["b" => 1]
"abc" == "abc\0"
0.1 + 0.2 == 0.3
1e3 === 1000.0
"1.0" == "1"
"abc" === "abc"
INF <=> NAN
is_nan(NAN)
PHP_EOL . DIRECTORY_SEPARATOR
""".strip().split("\n")

BODIES = r"""
$a = 1; $b = &$a; $b++; return [$a, $b];
$a = [1, 2, 3]; foreach ($a as &$v) { $v *= 2; } unset($v); return $a;
$a = [1, 2]; $b = $a; $b[] = 3; return [$a, $b];
$a = ["x" => ["y" => 1]]; $b = $a; $b["x"]["y"] = 2; $b["x"]["z"]["w"] = 3; return [$a, $b];
$a = []; $a["x"][] = 1; $a["x"][] = 2; $a[5][6] = 7; return $a;
$a = null; $a[] = 1; $a["k"]["l"] = 2; return $a;
$a = "abc"; $a[1] = "X"; return $a;
$a = 5; $a[] = 1; return $a;
$s = "a"; $s++; $z = "Az"; $z++; $n = null; $n++; $q = "5"; $q++; $d = null; $d--; $zz = "zZ9"; $zz++; return [$s, $z, $n, $q, $d, $zz];
$i = 5; return [$i++, ++$i, $i--, --$i, $i];
$x = ["a" => 1]; $x["b"] ??= 2; $x["a"] ??= 3; return $x;
$s = "a"; $s .= "b" . 1; $n = 2; $n **= 3; $n -= 1; $n %= 4; $n <<= 2; $n |= 1; return [$s, $n];
["a" => $a, "l" => ["k" => $c]] = ["a" => 1, "l" => ["k" => 3]]; return [$a, $c];
["x" => $x, "y" => $y] = ["y" => 1, "x" => 2]; return [$x, $y];
[$a, $b] = [1, 2]; [$a, $b] = [$b, $a]; return [$a, $b];
[, $b, , $d] = [1, 2, 3, 4]; return [$b, $d];
list($a, list(, $b)) = [1, [2, 3]]; return [$a, $b];
[$a, $b] = [1]; return $b;
[$a] = null; return $a;
foreach ([[1, [2, 3]], [4, [5, 6]]] as [$a, [$b, $c]]) { $out[] = $a . $b . $c; } return $out;
foreach (["a" => 1, "b" => 2] as $k => $v) { $out[$v] = $k; } return $out;
$out = []; for ($i = 0; $i < 10; $i++) { if ($i == 2) continue; if ($i > 4) break; $out[] = $i; } return $out;
$out = []; for ($i = 0, $j = 10; $i < $j; $i += 3, $j--) { $out[] = [$i, $j]; } return $out;
$i = 0; while (true) { if (++$i > 5) break; } return $i;
$i = 0; do { $i++; } while ($i < 3); return $i;
$out = []; foreach ([1, 2] as $a) { foreach ([3, 4] as $b) { if ($b == 4) continue 2; $out[] = [$a, $b]; } } return $out;
foreach ([1, 2] as $a) { foreach ([3, 4] as $b) { if ($b == 4) break 2; } } return [$a, $b];
switch ("1") { case 1: return "int"; case "1": return "string"; } return "none";
$out = []; foreach ([1, 2, 3] as $x) { switch ($x) { case 1: $out[] = "a"; case 2: $out[] = "b"; break; default: $out[] = "d"; } } return $out;
switch (5) { default: $x = "d"; break; case 5: $x = "five"; } return $x;
switch (9) { case 1: $x = 1; default: $x = "d"; case 3: $x .= "3"; } return $x;
$out = []; foreach ([1, 2, 3] as $x) { switch ($x) { case 2: continue 2; } $out[] = $x; } return $out;
if (0): $x = 1; elseif ("a"): $x = 2; else: $x = 3; endif; return $x;
if (false) { $x = 1; } else if (true) { $x = 2; } return $x;
try { throw new Exception("m", 5); } catch (RuntimeException $e) { return 1; } catch (Exception $e) { return [$e->getMessage(), $e->getCode(), get_class($e)]; }
try { return intdiv(1, 0); } catch (DivisionByZeroError $e) { return $e->getMessage(); } finally { $x = 1; }
$f = function () { try { return "try"; } finally { return "finally"; } }; return $f();
$log = []; try { try { throw new LogicException("a"); } finally { $log[] = "f"; } } catch (LogicException $e) { $log[] = $e->getMessage(); } return $log;
try { throw new InvalidArgumentException("x"); } catch (TypeError | LogicException $e) { return get_class($e); }
try { (null)->x(); } catch (Error $e) { return $e->getMessage(); }
try { $x = [1][2]; } catch (ErrorException) { return "caught"; }
try { throw new Exception("outer", 1, new RuntimeException("inner")); } catch (Throwable $t) { return $t->getPrevious()->getMessage(); }
throw new OutOfBoundsException("gone");
throw "x";
$x = null ?? throw new LogicException("none");
$c = 0; $inc = function () use (&$c) { return ++$c; }; $inc(); $inc(); return $c;
$c = 1; $f = function () use ($c) { $c++; return $c; }; return [$f(), $f(), $c];
$x = 5; $f = fn($y) => $x + $y; $x = 10; return $f(1);
$x = 1; $f = fn() => $x++; $f(); return $x;
$f = fn($x) => fn($y) => $x . $y; return $f(1)(2);
$compose = fn(callable ...$f) => fn($x) => array_reduce($f, fn($acc, $fn) => $fn($acc), $x); return $compose("trim", strrev(...), fn($s) => $s . "!")(" ab ");
$f = function () { static $n = 0; return ++$n; }; $f(); $f(); return $f();
function fact_x1($n) { return $n <= 1 ? 1 : $n * fact_x1($n - 1); } return fact_x1(10);
function add_ref_x2(array &$a, $v) { $a[] = $v; } $z = []; add_ref_x2($z, 1); add_ref_x2($z, 2); return $z;
function defaults_x3($a, $b = [1, 2], $c = PHP_INT_SIZE * 2, ?string $d = null) { return func_get_args() + [9 => $b, 10 => $c, 11 => $d]; } return defaults_x3("q");
function gen_x4() { for ($i = 0; $i < 3; $i++) { yield "k$i" => $i; } } foreach (gen_x4() as $k => $v) { $out[$k] = $v; } return $out;
function &refret_x5(array &$a) { return $a[0]; } $a = [1]; return refret_x5($a);
class A1 { const X = "x"; const Y = self::X . "y"; public $p = [1]; protected static $n = 0; static function inc() { return ++static::$n; } function get() { return $this->p; } } A1::inc(); return [A1::Y, A1::inc(), (new A1)->get(), A1::class];
class P2 { public function name() { return static::class . self::class; } public static function make(...$a) { return new static(...$a); } } class C2 extends P2 { public function name() { return "c:" . parent::name(); } } return C2::make()->name();
class P3 { protected $x = 1; function __construct(public readonly int $a, protected ?array $b = null) { $this->x = $a; } function all() { return [$this->x, $this->a, $this->b]; } } return (new P3(5, [1]))->all();
trait T4 { public $t = "t"; static $c = 0; function hi() { return "T" . self::class . static::class . $this->t; } static function sc() { return ++self::$c; } abstract function need(); } class U4 { use T4; function need() {} } class V4 { use T4; function need() {} } U4::sc(); return [(new U4)->hi(), U4::sc(), V4::sc()];
trait T5 { function a() { return "5a"; } function b() { return "5b"; } } trait T6 { function a() { return "6a"; } } class U5 { use T5, T6 { T5::a insteadof T6; T6::a as protected sixa; b as bee; } function both() { return $this->a() . $this->sixa() . $this->bee(); } } return (new U5)->both();
interface I7 { const K = "k"; } abstract class B7 implements I7 { abstract function f(); function g() { return $this->f() . self::K; } } class D7 extends B7 { function f() { return "f"; } } return [(new D7)->g(), new D7 instanceof I7, D7::K];
abstract class B8 {} return new B8;
interface I9 {} return new I9;
enum S10: string { case A = "a"; case B = "b"; const D = self::B; public static function d(): self { return self::D; } public function label(): string { return ucfirst($this->value) . $this->name; } } return [S10::from("a"), S10::tryFrom("z"), S10::cases(), S10::A->label(), S10::d()->value, S10::A === S10::from("a"), array_column(S10::cases(), "value"), array_map(fn($c) => $c->name, S10::cases())];
enum U11 { case X; case Y; } return [U11::X->name, U11::X instanceof UnitEnum, U11::X === U11::X, U11::X == U11::Y, match(U11::Y) { U11::X => 1, U11::Y => 2 }];
enum S12: int { case One = 1; } return S12::from(5);
class M13 { private $d = ["a" => 1]; function __get($n) { return $this->d[$n] ?? "none"; } function __isset($n) { return isset($this->d[$n]); } function __set($n, $v) { $this->d[$n] = $v; } function __call($m, $a) { return [$m, $a]; } static function __callStatic($m, $a) { return ["static", $m, $a]; } function __invoke($x) { return $x * 2; } function __toString() { return "M"; } function __unset($n) { unset($this->d[$n]); } } $m = new M13; $m->z = 5; unset($m->a); return [$m->a, $m->z, isset($m->a), isset($m->z), $m->foo(1, 2), M13::bar(3), $m(4), "$m", array_map($m, [1])];
class C14 { public $a = 1; public ?C14 $next = null; } $x = new C14; $y = clone $x; $y->a = 2; $x->next = $y; return [$x->a, $x->next->a, $x->next?->next?->a, $x == $y, $x->next === $y];
class C15 { public array $items = []; function add($i) { $this->items[] = $i; return $this; } } $c = new C15; $c->add(1)->add(2); $c->items["k"]["x"] = 3; return $c->items;
class C16 implements ArrayAccess, IteratorAggregate, Countable { private $d = []; function offsetExists(mixed $o): bool { return isset($this->d[$o]); } function offsetGet(mixed $o): mixed { return $this->d[$o] ?? null; } function offsetSet(mixed $o, mixed $v): void { if ($o === null) $this->d[] = $v; else $this->d[$o] = $v; } function offsetUnset(mixed $o): void { unset($this->d[$o]); } function getIterator(): Iterator { return new ArrayIterator($this->d); } function count(): int { return count($this->d); } } $c = new C16; $c[] = 1; $c["k"] = 2; unset($c[0]); foreach ($c as $k => $v) { $out[] = [$k, $v]; } return [$out, count($c), isset($c["k"]), isset($c["z"]), $c["k"], $c["z"] ?? "d", empty($c["k"])];
class C17 implements Iterator { private $i = 0; function current(): mixed { return $this->i * 10; } function key(): mixed { return $this->i; } function next(): void { $this->i++; } function rewind(): void { $this->i = 0; } function valid(): bool { return $this->i < 3; } } return iterator_to_array(new C17);
class E18 extends DomainException { protected $message = "default"; public $extra = 1; } try { throw new E18; } catch (LogicException $e) { return [$e->getMessage(), $e->extra, $e instanceof Throwable]; }
class E19 extends Exception { function __construct(public string $who) { parent::__construct("Hello $who", 7); } } try { throw new E19("x"); } catch (E19 $e) { return [$e->getMessage(), $e->getCode(), $e->who]; }
class C20 { public int $typed; } return (new C20)->typed;
class C21 { public $a; } return (new C21)->b;
class C22 { function f() { return 1; } } return C22::f();
class C23 { static function f() { return static::g(); } static function g() { return "p"; } } class D23 extends C23 { static function g() { return "c"; } } return [D23::f(), C23::f(), call_user_func("D23::f"), call_user_func([new D23, "f"]), call_user_func(["D23", "g"])];
class C24 { private function secret() { return "s"; } function closure() { return fn() => $this->secret(); } function bound() { return Closure::fromCallable([$this, "secret"]); } } return [(new C24)->closure()(), (new C24)->bound()()];
class C25 { public $v = 3; } $f = function ($x) { return $this->v * $x; }; return [$f->call(new C25, 2), Closure::bind($f, new C25, C25::class)(4), $f->bindTo(new C25)(5)];
$o = new stdClass; $o->a = 1; $o->{"b c"} = 2; $n = "a"; $o->$n = 5; $o->l[] = 1; foreach ($o as $k => $v) { $out[$k] = $v; } return [$out, (array) $o, isset($o->a), isset($o->zz), $o];
$o = (object) ["a" => ["b" => 1]]; return [$o->a["b"], "{$o->a['b']}", "$o->zz"];
$a = ["k" => ["n" => 5]]; $k = "k"; $o = new stdClass; $o->p = "q"; return ["$a[k]" ?? 1];
$a = ["k" => "v", 3 => "three"]; $i = 3; $o = new stdClass; $o->p = "q"; return "$a[k] $a[3] $a[$i] {$a['k']} ${i} $o->p {$o->p}s $i% \$i {$i} { $i }";
$fn = "strtoupper"; $m = "format"; $v = "fn"; return [$fn("x"), $$v, ${"v"}];
$name = "x"; $$name = 5; return $x;
$a = ["b" => 1]; unset($a["b"], $a["zz"]); $b = 1; unset($b); return [$a, isset($b)];
$a = 1; $b = 2; return compact("a", ["b"]);
extract(["p" => 1, "q" => 2]); return $p + $q;
$a = [3, 1, 2]; sort($a); return $a;
$a = ["b" => 1, "a" => 2, "c" => 0]; ksort($a); $b = $a; asort($b); $c = $b; arsort($c); $d = $a; krsort($d); return [$a, $b, $c, $d];
$a = ["10", 9, "1e1", "b", "a"]; sort($a); return $a;
$a = [3, 1, 2]; usort($a, fn($x, $y) => $y <=> $x); return $a;
$a = ["x" => 3, "y" => 1]; uasort($a, fn($x, $y) => $x - $y); uksort($a, "strcmp"); return $a;
$a = ["img12", "img10", "IMG2", "img1"]; natsort($a); $b = $a; natcasesort($b); $c = $a; sort($c, SORT_STRING | SORT_FLAG_CASE); return [$a, $b, $c];
$a = [1, 2]; array_push($a, 3, 4); $p = array_pop($a); array_unshift($a, 0); $s = array_shift($a); return [$a, $p, $s];
$a = [5 => "a", 6 => "b"]; array_pop($a); $a[] = "c"; return $a;
$a = [1, 2, 3, 4]; $r = array_splice($a, 1, 2, ["x", "y", "z"]); return [$a, $r];
$a = ["a" => 1, "b" => 2]; return [current($a), key($a), next($a), key($a), next($a), key($a), reset($a), end($a)];
$a = [1, 2]; array_walk($a, function (&$v, $k, $p) { $v = "$p$k$v"; }, "x"); return $a;
preg_match("/(?<y>\d+)-(\d+)(x)?/", "a 2024-05", $m); return $m;
return preg_match_all("/(\w)(\d)/", "a1 b2", $m) ? $m : 0;
preg_match_all("/(\w)(\d)/", "a1 b2", $m, PREG_SET_ORDER); return $m;
$s = preg_replace_callback("/_(\w)/", function ($m) { return strtoupper($m[1]); }, "a_b_c", -1, $n); return [$s, $n];
str_replace("a", "b", "aaa", $count); return $count;
$x = <<<EOT
    a $undefinedx
    EOT; return $x;
$n = "N"; return <<<EOT
  Hello $n
    indented {$n}
  \x41 "quoted" \"
  EOT;
return <<<'EOT'
  raw $n \n

    x
  EOT . "!";
return <<<EOT
EOT;
$x = 5; return (function () use ($x) { return get_defined_vars(); })();
define("MY_CONST_X9", [1, 2]); return MY_CONST_X9[1];
const_x: return 1;
$f = "array_sum"; return array_map($f, [[1, 2], [3]]);
$r = []; foreach (range(1, 3) as $i) { $r[] = function () use ($i) { return $i; }; } return array_map(fn($f) => $f(), $r);
return (function () { foreach (func_get_args() as $a) { yield $a => $a * 2; } })(1, 2)->current();
$g = (function () { $x = yield 1; return 9; })(); foreach ($g as $v) { $o[] = $v; } return [$o, $g->getReturn()];
$a = ["x" => 1]; $b = ["y" => &$a["x"]]; $b["y"] = 5; return $a;
$a = [1, 2, 3]; foreach ($a as $k => $v) { if ($k == 0) { $a[] = 4; } } return $a;
$a = [[1], [2]]; foreach ($a as &$row) { $row[] = 9; foreach ($row as &$c) { $c++; } unset($c); } unset($row); return $a;
function counter_x6() { static $c = 10; return $c++; } counter_x6(); return counter_x6();
abstract class Shape7 { abstract function area(); static function cmp(Shape7 $a, Shape7 $b) { return $a->area() <=> $b->area(); } } class Sq7 extends Shape7 { function __construct(private $s) {} function area() { return $this->s ** 2; } } $l = [new Sq7(3), new Sq7(1)]; usort($l, ["Shape7", "cmp"]); usort($l, "Shape7::cmp"); return array_map(fn($s) => $s->area(), $l);
class S26 { public static $list = ["a" => 1]; } S26::$list["b"]["c"] = 2; $n = "S26"; $p = "list"; return [S26::$list, $n::$list["a"], S26::$$p["a"], $n::${"list"}["a"]];
class C27 { const M = ["a" => ["b" => 1]]; } $c = new C27; return [C27::M["a"]["b"], $c::M, constant("C27::M")];
class C28 { public function __construct(private array $a = [], public readonly string $s = "d") {} } return new C28(s: "x");
return (function (int $a, int ...$rest) { return [$a, $rest]; })(...[1, 2, 3]);
function named_x8(int $first, int $second = 2, int ...$more) { return [$first, $second, $more]; } return [named_x8(second: 5, first: 1), named_x8(1, 2, 3, 4)];
$x = new class(5) { public function __construct(public int $n) {} public function up() { return $this->n + 1; } }; return $x->up();
$o = new class { public $tables = ["a", "b"]; public function each(callable $f) { foreach ($this->tables as $i => $t) { $f($t, $i); } } }; $out = []; $o->each(function ($t, $i) use (&$out) { $out["$i.$t"] = true; }); return $out;
class C29 { public function __clone() { $this->o = clone $this->o; } public $o; } $a = new C29; $a->o = new stdClass; $a->o->v = 1; $b = clone $a; $b->o->v = 2; return [$a->o->v, $b->o->v];
$i = 10; $s = ""; while ($i --> 0) { if ($i % 2) { continue; } $s .= $i; } return $s;
$arr = ["a" => ["b" => ["c" => 1]]]; return [$arr["a"]["b"]["c"] ?? 0, $arr["x"]["y"] ?? "d", isset($arr["a"]["b"]), empty($arr["a"]["q"])];
return array_map(fn(array $p) => [...$p, "z" => 1], [["a" => 1], ["b" => 2]]);
$f = fn(string|int $x): string => "v$x"; return $f(5);
echo "x"; print("y"); return 1;
declare(ticks=1); return 2;
goto end; $x = 1; end: return 3;
$a = ["b" => null]; return [isset($a["b"]), array_key_exists("b", $a), $a["b"] ?? "d", is_null($a["b"])];
$s = "abc"; return [$s[0], $s[-1] ?? 0, $s[9] ?? "d"];
$s = "héllo"; return [$s[0], strlen($s), strrev("ab"), ucfirst("élan"), $s[1] . $s[2]];
$x = "5"; $y = $x + 1; $z = $x . 1; return [$x <=> $y, $y, $z, $x == 5, $x === 5];
$m = [[1, 2], [3, 4]]; return array_map(null, ...$m);
foreach (null as $x) {} return 1;
foreach (5 as $x) {} return 1;
return array_sum(array_map(fn($x) => $x["n"], array_filter([["n" => 1, "k" => true], ["n" => 2, "k" => false]], fn($r) => $r["k"])));
$a["x"]["y"] = 1; $b = &$a["x"]; $b["z"] = 2; return $a;
$f = function () { return static::class; }; return 1;
class C30 { public function __construct(protected string $t = "x") {} public static function create(): static { return new static; } public function t(): string { return $this->t; } } class D30 extends C30 { public function __construct() { parent::__construct("d"); } } return [C30::create()->t(), D30::create()->t()];
""".strip("\n")


def bodies() -> list[str]:
    """One snippet a line; heredocs go on to the line that ends a statement with their tag."""
    found: list[str] = []
    for line in BODIES.split("\n"):
        if found and "<<<" in found[-1] and not _closed(found[-1]):
            found[-1] += "\n" + line
        else:
            found.append(line)
    return found


def _closed(snippet: str) -> bool:
    head, _, rest = snippet.partition("\n")
    return "<<<" not in head or any(line.strip().startswith("EOT") for line in rest.split("\n"))


def expressions() -> list[str]:
    return [f"return {expression};" for expression in EXPRESSIONS]
