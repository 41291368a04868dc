"""English plurals and the cases of names, as the framework makes them (Doctrine's inflector, `Str::snake`, `Str::studly`)."""

# ruff: noqa: SIM905  # word lists read better as text

from __future__ import annotations

import re
from functools import lru_cache

_NEVER = r"""
\w+media advice aircraft amoyese art audio baggage bison borghese bream breeches britches buffalo butter
cantus carp cattle chassis clippers clothing coal cod coitus compensation congoese contretemps coreopsis
corps cotton data debris deer diabetes djinn education eland elk emoji equipment evidence faroese feedback
fish flounder flour foochowese food furniture gallows genevese genoese gilbertese gold headquarters herpes
hijinks homework hottentotese impatience information innings jackanapes jeans jedi kin kiplingese knowledge
kongoese leather love lucchese luggage mackerel Maltese management metadata mews money moose mumps music
nankingese news nexus niasese nutrition offspring oil patience pekingese piedmontese pincers pistoiese
plankton pliers pokemon police polish portuguese proceedings progress rabies rain research rhinoceros rice
salmon sand sarawakese scissors sea[-\x20]bass series shavese shears sheep siemens silk sms soap spam
species staff sugar swine talent toothpaste traffic travel trousers trout tuna us vermontese vinegar weather
wenchowese wheat whiting wildebeest wood wool yengeese
""".split()
_NEVER_PLURAL = [*_NEVER, "social media", "people", "trivia", r"\w+ware", "media"]
_NEVER_SINGULAR = [
    *_NEVER,
    "social media",
    *".*ss clothes fascia fuchsia galleria mafia militia pants petunia sepia trivia utopia".split(),
]

_PLURAL_RULES = (
    (r"(s)tatus$", r"\1tatuses"),
    (r"(quiz)$", r"\1zes"),
    (r"^(ox)$", r"\1en"),
    (r"([m|l])ouse$", r"\1ice"),
    (r"(matr|vert|ind)(ix|ex)$", r"\1ices"),
    (r"(x|ch|ss|sh)$", r"\1es"),
    (r"([^aeiouy]|qu)y$", r"\1ies"),
    (r"(hive|gulf)$", r"\1s"),
    (r"(?:([^f])fe|([lr])f)$", r"\1\2ves"),
    (r"sis$", "ses"),
    (r"([ti])um$", r"\1a"),
    (r"(tax)on$", r"\1a"),
    (r"(c)riterion$", r"\1riteria"),
    (r"(p)erson$", r"\1eople"),
    (r"(m)an$", r"\1en"),
    (r"(c)hild$", r"\1hildren"),
    (r"(f)oot$", r"\1eet"),
    (r"(buffal|her|potat|tomat|volcan)o$", r"\1oes"),
    (r"(alumn|bacill|cact|foc|fung|nucle|radi|stimul|syllab|termin|vir)us$", r"\1i"),
    (r"us$", "uses"),
    (r"(alias)$", r"\1es"),
    (r"(analys|ax|cris|test|thes)is$", r"\1es"),
    (r"s$", "s"),
    (r"$", "s"),
)
_SINGULAR_RULES = (
    (r"(s)tatuses$", r"\1tatus"),
    (r"(s)tatus$", r"\1tatus"),
    (r"(c)ampus$", r"\1ampus"),
    (r"^(.*)(menu)s$", r"\1\2"),
    (r"(quiz)zes$", r"\1"),
    (r"(matr)ices$", r"\1ix"),
    (r"(vert|ind)ices$", r"\1ex"),
    (r"^(ox)en", r"\1"),
    (r"(alias)(es)*$", r"\1"),
    (r"(buffal|her|potat|tomat|volcan)oes$", r"\1o"),
    (r"(alumn|bacill|cact|foc|fung|nucle|radi|stimul|syllab|termin|viri?)i$", r"\1us"),
    (r"([ftw]ax)es", r"\1"),
    (r"(analys|ax|cris|test|thes)es$", r"\1is"),
    (r"(shoe|slave)s$", r"\1"),
    (r"(o)es$", r"\1"),
    (r"ouses$", "ouse"),
    (r"([^a])uses$", r"\1us"),
    (r"([m|l])ice$", r"\1ouse"),
    (r"(x|ch|ss|sh)es$", r"\1"),
    (r"(m)ovies$", r"\1ovie"),
    (r"(s)eries$", r"\1eries"),
    (r"([^aeiouy]|qu)ies$", r"\1y"),
    (r"([lr])ves$", r"\1f"),
    (r"(tive|hive|drive|dive|olive)s$", r"\1"),
    (r"([^fo])ves$", r"\1fe"),
    (r"(^analy)ses$", r"\1sis"),
    (r"(analy|diagno|^ba|(?:p)arenthe|(?:p)rogno|(?:s)ynop|(?:t)he)ses$", r"\1sis"),
    (r"(tax)a$", r"\1on"),
    (r"(c)riteria$", r"\1riterion"),
    (r"([ti])a$", r"\1um"),
    (r"(p)eople$", r"\1erson"),
    (r"(m)en$", r"\1an"),
    (r"(c)hildren$", r"\1hild"),
    (r"(f)eet$", r"\1oot"),
    (r"(n)ews$", r"\1ews"),
    (r"eaus$", "eau"),
    (r"^tights$", "tights"),
    (r"^shorts$", "shorts"),
    (r"s$", ""),
)
_IRREGULAR = dict(
    pair.split(":")
    for pair in """
atlas:atlases axe:axes axis:axes beef:beefs blouse:blouses brother:brothers brownie:brownies cafe:cafes
chateau:chateaux niveau:niveaux child:children canvas:canvases cookie:cookies corpus:corpuses cow:cows
cave:caves criterion:criteria curriculum:curricula demo:demos domino:dominoes echo:echoes epoch:epochs
foot:feet fungus:fungi ganglion:ganglions gas:gases genie:genies genus:genera goose:geese graffito:graffiti
hippopotamus:hippopotami hoof:hoofs human:humans iris:irises larva:larvae leaf:leaves lens:lenses
loaf:loaves man:men medium:media memorandum:memoranda money:monies mongoose:mongooses motto:mottoes
move:moves mythos:mythoi niche:niches nucleus:nuclei numen:numina occiput:occiputs octopus:octopuses
opus:opuses ox:oxen passerby:passersby penis:penises person:people plateau:plateaux runner-up:runners-up
safe:safes sex:sexes sieve:sieves soliloquy:soliloquies son-in-law:sons-in-law syllabus:syllabi
testis:testes thief:thieves tooth:teeth tornado:tornadoes trilby:trilbys turf:turfs valve:valves
volcano:volcanoes abuse:abuses avalanche:avalanches cache:caches curve:curves emphasis:emphases foe:foes
grave:graves hoax:hoaxes neurosis:neuroses save:saves wave:waves oasis:oases zombie:zombies
""".split()
)
_REGULAR = {many: one for one, many in _IRREGULAR.items()}
_UNCOUNTABLE = {"recommended", "related"}


@lru_cache(maxsize=4096)
def plural(word: str) -> str:
    """`Str::plural`."""
    if word.lower() in _UNCOUNTABLE or not word or not (word[-1].isalnum()):
        return word
    return _match_case(_inflect(word, _NEVER_PLURAL, _IRREGULAR, _PLURAL_RULES), word)


@lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """`Str::singular`."""
    return _match_case(_inflect(word, _NEVER_SINGULAR, _REGULAR, _SINGULAR_RULES), word)


def _inflect(
    word: str, never: list[str], irregular: dict[str, str], rules: tuple[tuple[str, str], ...]
) -> str:
    if not word or re.fullmatch(f"(?:{'|'.join(never)})", word, re.IGNORECASE):
        return word
    known = irregular.get(word.lower())
    if known is not None:
        return known[0].upper() + known[1:] if word[0].isupper() else known
    for pattern, replacement in rules:
        result, count = re.subn(pattern, replacement, word, count=1, flags=re.IGNORECASE)
        if count:
            return result
    return word


def _match_case(value: str, comparison: str) -> str:
    if comparison == comparison.lower():
        return value.lower()
    if comparison == comparison.upper():
        return value.upper()
    if comparison[:1].isupper():
        return value[:1].upper() + value[1:]
    return value


def plural_studly(word: str) -> str:
    """`Str::pluralStudly`: the plural of the last word of a StudlyCase name."""
    parts: list[str] = re.split(r"(.)(?=[A-Z])", word)
    last = parts.pop()
    return "".join(parts) + plural(last)


@lru_cache(maxsize=4096)
def snake(value: str, delimiter: str = "_") -> str:
    """`Str::snake`."""
    if value.isascii() and value.isalpha() and value.islower():
        return value
    joined = re.sub(
        r"\s+", "", re.sub(r"(^|[ \t\r\n\f\v])([a-z])", lambda m: m.group(1) + m.group(2).upper(), value)
    )
    return re.sub(r"(.)(?=[A-Z])", rf"\1{delimiter}", joined).lower()


def studly(value: str) -> str:
    """`Str::studly`."""
    words = re.split(r"\s+", value.replace("-", " ").replace("_", " "))
    return "".join(w[:1].upper() + w[1:] for w in words)


def camel(value: str) -> str:
    """`Str::camel`; PHP's lcfirst knows ASCII letters only."""
    text = studly(value)
    return text[:1].lower() + text[1:] if text[:1].isascii() else text


def table_of(class_name: str) -> str:
    """`Model::getTable()` of a class without `$table`."""
    return snake(plural_studly(class_name.rsplit("\\", 1)[-1]))
