"""What the service reads from Kafka, checked at the border."""

from typing import Literal

from pydantic import BaseModel, Field


class RoundPlayed(BaseModel):
    """One round, as the game engine publishes it."""

    round_id: str
    player: str
    game: str
    bet: int = Field(gt=0)
    win: int = Field(ge=0)


class PaymentMade(BaseModel):
    """One payment, as the payment service publishes it."""

    payment_id: str
    player: str
    kind: Literal["deposit", "withdrawal"]
    amount: int = Field(gt=0)
    status: Literal["succeeded", "declined"]
