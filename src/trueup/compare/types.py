"""Whether a column of one type can stand where another type is required: the one place that decides it.

A required type is read in its document's dialect, the existing one as the project's server reports it; both become what they can
hold (`domains`), and that is compared. Holding every required value is compatible, more of them is wider; losing one is
narrower, with the reason. On SQLite declared types are affinities, hints that reject next to nothing, so nothing is lost there."""

from __future__ import annotations

from typing import Literal

from trueup.compare.domains import (
    Approximate,
    Binary,
    Boolean,
    Choice,
    Date,
    Domain,
    Exact,
    Integer,
    Json,
    Moment,
    Named,
    Text,
    Time,
    Unread,
    Uuid,
    domain_of,
)
from trueup.model.names import Driver
from trueup.structs import Struct, replace

VerdictKind = Literal["compatible", "wider", "narrower", "different", "unknown"]


class TypeVerdict(Struct, frozen=True):
    """`kind` of the existing type as seen from the required one. `reason` is a clause ("it keeps 4 digits after the point instead
    of 6"), empty where there is nothing to say. `loses`: some required value cannot be stored exactly. `sign_only`: the
    only values lost are negative ones."""

    kind: VerdictKind
    reason: str = ""
    loses: bool = False
    sign_only: bool = False

    @property
    def holds(self) -> bool:
        """Every value of the required type can be stored, as a value of that kind."""
        return self.kind in ("compatible", "wider")


COMPATIBLE = TypeVerdict("compatible")
_UUID_LENGTH = 36
_MARIADB_JSON = Text(4_294_967_295, long=True)


def judge_type(
    required: str | None,
    existing: str,
    driver: Driver,
    dialect: Driver | None = None,
    *,
    required_values: tuple[str, ...] = (),
    existing_values: tuple[str, ...] = (),
    key: bool = False,
) -> TypeVerdict:
    """Judges `existing`, as `driver` reports it, against `required`, as written in `dialect`. `key`: the column holds generated
    keys, which are never negative. `required` None: the document does not say."""
    if required is None or not required.strip():
        return COMPATIBLE
    wanted = domain_of(required, dialect, required_values)
    found = domain_of(existing, driver, existing_values)
    if isinstance(wanted, Unread) or isinstance(found, Unread):
        return _unread(required, existing)
    if wanted == found:
        return COMPATIBLE
    if driver == "sqlite":
        return _on_sqlite(wanted, found)
    if driver == "mariadb" and isinstance(wanted, Json) and found == _MARIADB_JSON:
        return _compatible("JSON is another name for LONGTEXT on MariaDB")
    return judge_domains(_as_server_has_it(wanted, driver), found, key)


def judge_domains(wanted: Domain, found: Domain, key: bool = False) -> TypeVerdict:
    """As `judge_type`, for types that are already understood."""
    if wanted == found:
        return COMPATIBLE
    match wanted:
        case Integer():
            return _for_integer(wanted, found, key)
        case Exact():
            return _for_exact(wanted, found)
        case Approximate():
            return _for_approximate(wanted, found)
        case Text():
            return _for_text(wanted, found)
        case Binary():
            return _for_binary(wanted, found)
        case Boolean():
            return _for_boolean(found)
        case Moment():
            return _for_moment(wanted, found)
        case Date():
            return (
                _wider("it also keeps a time of day")
                if isinstance(found, Moment)
                else _as_text("dates", found, 10)
            )
        case Time():
            return _as_text("times", found, 8)
        case Json():
            return _for_json(found)
        case Uuid():
            return _for_uuid(found)
        case Choice():
            return _for_choice(wanted, found)
        case Named() | Unread():
            return _different("it is another type", loses=True)


def _unread(required: str, existing: str) -> TypeVerdict:
    same = "".join(required.lower().split()) == "".join(existing.lower().split())
    return COMPATIBLE if same else TypeVerdict("unknown", "the type is not one that Trueup knows")


def _as_server_has_it(wanted: Domain, driver: Driver) -> Domain:
    """The required type as that server can have it at all: PostgreSQL has no unsigned integers and no one-byte ones."""
    if driver != "pgsql":
        return wanted
    match wanted:
        case Integer(bits=bits, signed=signed):
            nearest = (
                {8: 16, 24: 32}.get(bits or 0, bits)
                if signed
                else {8: 16, 16: 16, 24: 32}.get(bits or 0, bits)
            )
            return Integer(nearest, True)
        case Exact():
            return replace(wanted, signed=True)
        case Moment(zone=zone):
            return replace(wanted, instant=zone, to_2038=False)
        case _:
            return wanted


def _compatible(reason: str = "") -> TypeVerdict:
    return TypeVerdict("compatible", reason)


def _wider(reason: str) -> TypeVerdict:
    return TypeVerdict("wider", reason)


def _narrower(reason: str) -> TypeVerdict:
    return TypeVerdict("narrower", reason, loses=True)


def _different(reason: str, loses: bool = False) -> TypeVerdict:
    return TypeVerdict("different", reason, loses)


def _for_integer(wanted: Integer, found: Domain, key: bool) -> TypeVerdict:
    match found:
        case Integer():
            return _integers(wanted, found, key)
        case Exact():
            return _integer_in_decimal(wanted, found)
        case Approximate(bits=bits):
            exact = f"binary floating point holds whole numbers exactly only to 2^{bits}"
            return _different(exact, loses=(wanted.bits or 64) > bits)
        case Boolean():
            return _narrower("it is meant for 0 and 1 only")
        case _:
            return _as_text("numbers", found, 20)


def _integers(wanted: Integer, found: Integer, key: bool) -> TypeVerdict:
    if wanted.bits is None or found.bits is None:
        return COMPATIBLE
    if found.high < wanted.high:
        return _narrower(f"it ends at {found.high:,} instead of {wanted.high:,}")
    if wanted.signed and not found.signed:
        if key:
            return COMPATIBLE if found.bits == wanted.bits else _wider("it holds larger numbers")
        return TypeVerdict("narrower", "it holds no negative numbers", loses=True, sign_only=True)
    if found.high == wanted.high:
        return COMPATIBLE
    return _wider(
        "it also holds negative numbers" if found.bits == wanted.bits else "it holds larger numbers"
    )


def _integer_in_decimal(wanted: Integer, found: Exact) -> TypeVerdict:
    if found.digits is None:
        return _wider("it also keeps fractions")
    whole = found.digits - (found.scale or 0)
    if wanted.bits is not None and whole < len(str(wanted.high)):
        return _narrower(f"it keeps {_digits(whole)} before the point instead of {len(str(wanted.high))}")
    return _wider("it also keeps fractions") if found.scale else COMPATIBLE


def _for_exact(wanted: Exact, found: Domain) -> TypeVerdict:
    match found:
        case Exact():
            return _decimals(wanted, found)
        case Approximate():
            return _different(
                "binary floating point cannot hold decimal fractions exactly, so sums drift", loses=True
            )
        case Integer() | Boolean():
            if wanted.scale:
                return _narrower(f"it keeps no digits after the point instead of {wanted.scale}")
            return _integer_for_decimal(wanted, found)
        case _:
            return _as_text("numbers", found, (wanted.digits or 10) + 2)


def _integer_for_decimal(wanted: Exact, found: Integer | Boolean) -> TypeVerdict:
    if isinstance(found, Boolean):
        return _narrower("it is meant for 0 and 1 only")
    if wanted.digits is not None and found.bits is not None and 10**wanted.digits - 1 > found.high:
        return _narrower(f"it ends at {found.high:,}")
    return COMPATIBLE


def _decimals(wanted: Exact, found: Exact) -> TypeVerdict:
    if wanted.digits is None or found.digits is None:
        return COMPATIBLE
    whole, wanted_whole = found.digits - (found.scale or 0), wanted.digits - (wanted.scale or 0)
    scale, wanted_scale = found.scale or 0, wanted.scale or 0
    if scale < wanted_scale:
        return _narrower(f"it keeps {_digits(scale)} after the point instead of {wanted_scale}")
    if whole < wanted_whole:
        return _narrower(f"it keeps {_digits(whole)} before the point instead of {wanted_whole}")
    if wanted.signed and not found.signed:
        return TypeVerdict("narrower", "it holds no negative numbers", loses=True, sign_only=True)
    if (whole, scale) == (wanted_whole, wanted_scale):
        return COMPATIBLE
    return _wider("it keeps more digits")


def _digits(count: int) -> str:
    return f"{count or 'no'} digit{'' if count == 1 else 's'}"


def _for_approximate(wanted: Approximate, found: Domain) -> TypeVerdict:
    match found:
        case Approximate():
            return (
                _wider("it is more precise") if found.bits > wanted.bits else _narrower("it is less precise")
            )
        case Exact():
            return _different("it keeps a fixed number of digits", loses=found.digits is not None)
        case Integer() | Boolean():
            return _narrower("it keeps no fractions")
        case _:
            return _as_text("numbers", found, 25)


def _for_text(wanted: Text, found: Domain) -> TypeVerdict:
    match found:
        case Text():
            return _texts(wanted, found)
        case Choice(values=values):
            return _narrower(f"it accepts only {_listed(values)}")
        case Uuid():
            exactly = wanted.length == _UUID_LENGTH
            return _compatible("it accepts only UUIDs") if exactly else _narrower("it accepts only UUIDs")
        case Json():
            return _narrower("it accepts only valid JSON")
        case Named(name="inet" | "macaddr" as name):
            return _different(f"{name} accepts only addresses", loses=(wanted.length or 255) > 45)
        case Binary():
            return _different("it holds bytes, compared without character set or collation")
        case _:
            return _different("it holds no text", loses=True)


def _texts(wanted: Text, found: Text) -> TypeVerdict:
    if found.length is None:
        return _wider("it has no limit") if wanted.length is not None and not wanted.long else COMPATIBLE
    if wanted.length is None:
        enough = not wanted.long or found.length >= 65_535
        return COMPATIBLE if enough else _narrower(f"it ends at {found.length:,} characters")
    if found.length < wanted.length:
        unit = "bytes" if found.long else "characters"
        return _narrower(f"it ends at {found.length:,} {unit} instead of {wanted.length:,}")
    return COMPATIBLE if found.length == wanted.length else _wider("it holds longer texts")


def _for_binary(wanted: Binary, found: Domain) -> TypeVerdict:
    if not isinstance(found, Binary):
        return _different("it holds no plain bytes", loses=True)
    if found.length is None or wanted.length is None:
        return COMPATIBLE
    if found.length < wanted.length:
        return _narrower(f"it ends at {found.length:,} bytes instead of {wanted.length:,}")
    return COMPATIBLE if found.length == wanted.length else _wider("it holds more bytes")


def _for_boolean(found: Domain) -> TypeVerdict:
    match found:
        case Integer():
            return _wider("it also holds other numbers")
        case Exact() | Approximate():
            return _different("it holds numbers rather than true and false")
        case _:
            return _as_text("true and false", found, 1)


def _for_moment(wanted: Moment, found: Domain) -> TypeVerdict:
    match found:
        case Moment():
            return _moments(wanted, found)
        case Date():
            return _narrower("it keeps no time of day")
        case Time():
            return _narrower("it keeps no date")
        case Integer():
            return _different(
                "it holds a number of seconds, which date functions do not take",
                loses=(wanted.precision or 0) > 0,
            )
        case _:
            return _as_text("dates and times", found, 19)


def _moments(wanted: Moment, found: Moment) -> TypeVerdict:
    if wanted.zone and not found.instant:
        return _narrower("the time zone is lost")
    if wanted.precision is not None and (found.precision or 0) < wanted.precision:
        return _narrower(
            f"it keeps {_digits(found.precision or 0)} of a second instead of {wanted.precision}"
        )
    if found.to_2038 and not wanted.to_2038 and not wanted.zone:
        return _narrower("it ends on 2038-01-19")
    if wanted.to_2038 and not found.to_2038:
        zone = "" if found.instant else ", and does not follow the session's time zone"
        return _wider(f"it reaches beyond 2038{zone}")
    if (found.precision or 0) > (wanted.precision or 0) and wanted.precision is not None:
        return _wider("it keeps finer fractions of a second")
    return COMPATIBLE


def _for_json(found: Domain) -> TypeVerdict:
    match found:
        case Text(length=length):
            if length is not None and length < 65_535:
                return _narrower(f"it ends at {length:,} characters")
            return _different("it holds any text: nothing checks that it is JSON")
        case Binary():
            return _different("it holds bytes: nothing checks that they are JSON")
        case _:
            return _different("it holds no JSON", loses=True)


def _for_uuid(found: Domain) -> TypeVerdict:
    match found:
        case Text(length=length):
            if length is not None and length < _UUID_LENGTH:
                return _narrower(f"it ends at {length} characters instead of {_UUID_LENGTH}")
            return _compatible("it holds a UUID as text")
        case Binary(length=length) if length is None or length >= 16:
            return _different("it holds a UUID as 16 bytes, which must be converted")
        case _:
            return _different("it holds no UUID", loses=True)


def _for_choice(wanted: Choice, found: Domain) -> TypeVerdict:
    match found:
        case Choice():
            return _choices(wanted, found)
        case Text(length=length):
            longest = max((len(v) for v in wanted.values), default=0)
            if length is not None and length < longest:
                return _narrower(f"it ends at {length} characters, and the longest value has {longest}")
            return _wider("it accepts any text, not only the listed values")
        case _:
            return _different("it holds no text", loses=True)


def _choices(wanted: Choice, found: Choice) -> TypeVerdict:
    if not wanted.values or not found.values:
        return TypeVerdict("unknown", "the values could not be read")
    if wanted.many and not found.many:
        return _narrower("it holds one value at a time")
    lacking = tuple(v for v in wanted.values if v not in found.values)
    if lacking:
        return _narrower(f"it does not accept {_listed(lacking)}")
    more = tuple(v for v in found.values if v not in wanted.values)
    return _wider(f"it also accepts {_listed(more)}") if more else COMPATIBLE


def _as_text(what: str, found: Domain, length: int) -> TypeVerdict:
    """`what` kept in another kind of column: as text if that is long enough, otherwise not at all."""
    if isinstance(found, Text):
        short = found.length is not None and found.length < length
        return _different(f"it keeps {what} as text, compared and sorted character by character", loses=short)
    return _different(f"it holds no {what}", loses=True)


def _listed(values: tuple[str, ...], most: int = 6) -> str:
    shown = ", ".join(f"'{v}'" for v in values[:most])
    return shown + (f" and {len(values) - most} more" if len(values) > most else "")


def _on_sqlite(wanted: Domain, found: Domain) -> TypeVerdict:
    """SQLite's types are affinities: every length and range fits; only another affinity changes how values are kept."""
    if isinstance(wanted, Choice) and isinstance(found, Choice):
        return _choices(wanted, found)
    if isinstance(found, Choice):
        return _for_text(Text(None), found)
    if _affinity(wanted) == _affinity(found):
        return _compatible("on SQLite types are hints (affinity): lengths and ranges are not enforced")
    return _different(
        f"its affinity is {_affinity(found)}, not {_affinity(wanted)}: SQLite converts or keeps values as they come"
    )


def _affinity(domain: Domain) -> str:
    match domain:
        case Text() | Json() | Uuid() | Choice() | Named():
            return "text"
        case Binary():
            return "blob"
        case Approximate() | Exact() | Integer() | Boolean():
            return "numeric"
        case _:
            return "date and time"
