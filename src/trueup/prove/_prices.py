"""What requests to language models really cost: list prices, and requests as they come."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal

from trueup.structs import Struct

_MILLION = Decimal(1_000_000)


class Price(Struct, frozen=True):
    """US dollars for a million tokens of input and output, as the provider's own price list said in 2024 or 2025."""

    provider: str
    model: str
    input: Decimal
    output: Decimal

    def cost(self, input_tokens: int, output_tokens: int) -> Decimal:
        """What a request costs, exactly."""
        return (self.input * input_tokens + self.output * output_tokens) / _MILLION


PRICES = tuple(
    Price(provider, model, Decimal(given), Decimal(taken))
    for provider, model, given, taken in (
        ("openai", "gpt-4o", "2.50", "10.00"),
        ("openai", "gpt-4o-mini", "0.15", "0.60"),
        ("openai", "o1-pro", "150.00", "600.00"),
        ("openai", "text-embedding-3-small", "0.02", "0"),
        ("anthropic", "claude-3-5-sonnet-20241022", "3.00", "15.00"),
        ("anthropic", "claude-3-haiku-20240307", "0.25", "1.25"),
        ("anthropic", "claude-3-opus-20240229", "15.00", "75.00"),
        ("google", "gemini-1.5-flash-8b", "0.0375", "0.15"),
        ("google", "gemini-1.5-pro", "1.25", "5.00"),
        ("deepseek", "deepseek-chat", "0.27", "1.10"),
    )
)
CACHED = Price("google", "gemini-1.5-flash-8b", Decimal("0.01"), Decimal("0.15"))
"""The cheapest token of the list: read from a cache."""

LONG_MODELS = (
    "claude-3-5-sonnet-20241022",
    "accounts/fireworks/models/llama-v3p1-405b-instruct",
    "ft:gpt-4o-mini-2024-07-18:acme-corporation:support-triage-de:9xYzAbCd",
    "ft:gpt-4o-mini-2024-07-18:acme-corporation:support-triage-de:9xYzAbCd:ckpt-step-1000",
    "arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-3-5-sonnet-20241022-v2:0",
    "projects/acme-corporation-prod/locations/europe-west4/publishers/anthropic/models/claude-3-5-sonnet-v2@20241022",
)
"""Names under which models are called, from a plain one to fine-tuned ones, an Amazon ARN and a path of Vertex AI."""


class Request(Struct, frozen=True):
    price: Price
    input_tokens: int
    output_tokens: int

    @property
    def cost(self) -> Decimal:
        return self.price.cost(self.input_tokens, self.output_tokens)


def single_requests() -> Iterator[tuple[str, Decimal]]:
    """Requests at the edges of what is paid: what it is, and its cost."""
    yield "one token read from a cache ($0.01 a million)", CACHED.cost(1, 0)
    embedding, mini, dearest = PRICES[3], PRICES[1], PRICES[2]
    yield "one token of text-embedding-3-small ($0.02 a million)", embedding.cost(1, 0)
    yield "seven tokens of gemini-1.5-flash-8b ($0.0375 a million)", PRICES[7].cost(7, 0)
    yield "a short request to gpt-4o-mini (37 + 11 tokens)", mini.cost(37, 11)
    yield "a request of 1,000,000 + 100,000 tokens to o1-pro", dearest.cost(1_000_000, 100_000)


def requests(number: int, seed: int) -> Iterator[Request]:
    """`number` requests as they come: mostly small models, a few hundred tokens, now and then many. The same for the same seed."""
    chance = random.Random(seed)
    weights = (20, 40, 1, 15, 15, 20, 2, 25, 5, 10)
    for price in chance.choices(PRICES, weights, k=number):
        given = int(chance.lognormvariate(6.0, 1.2)) + 1
        taken = int(chance.lognormvariate(5.0, 1.0)) + 1 if price.output else 0
        yield Request(price, given, taken)
