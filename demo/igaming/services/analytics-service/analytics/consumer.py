"""Read events from Kafka in a thread; each message continues the trace of its producer."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

import sentry_sdk
from confluent_kafka import Consumer, KafkaError, Message
from pydantic import ValidationError
from pymongo.errors import PyMongoError

from analytics.events import PaymentMade, RoundPlayed
from analytics.store import Store
from service_kit.settings import address_of
from service_kit.tracing import read_kafka_headers

ROUND_TOPIC: Final = "game.rounds"
PAYMENT_TOPIC: Final = "payments"
GROUP: Final = "analytics-service"
POLL_SECONDS: Final = 0.2
SUSPICIOUS_WIN_FACTOR: Final = 100
SUSPICIOUS_PAYMENTS_A_DAY: Final = 200

logger = logging.getLogger(__name__)


class EventConsumer:
    """Runs until closed; a message that cannot be read is reported and passed over."""

    def __init__(self, store: Store, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._now = now
        self._stopping = threading.Event()
        self._consumer = Consumer(
            {
                "bootstrap.servers": address_of("KAFKA", "19092"),
                "group.id": GROUP,
                # Figures must not miss what was played before we first joined.
                "auto.offset.reset": "earliest",
                "fetch.wait.max.ms": 50,
                "allow.auto.create.topics": True,
                "log_level": 2,
            }
        )
        self._thread = threading.Thread(target=self._run, name="events", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """Stop reading and leave the group, so that nobody waits for us."""
        self._stopping.set()
        self._thread.join(5)

    def _run(self) -> None:
        self._consumer.subscribe([ROUND_TOPIC, PAYMENT_TOPIC])
        while not self._stopping.is_set():
            message = self._consumer.poll(POLL_SECONDS)
            if message is None:
                continue
            error = message.error()
            if error is not None:
                # An unreachable broker is the client's business: it tries again by itself.
                if error.code() != KafkaError._PARTITION_EOF:  # noqa: SLF001 - the library's only name for it
                    logger.warning("queue cannot be read: %s", error)
                continue
            self._handle(message)
        self._consumer.close()

    def _handle(self, message: Message) -> None:
        topic = message.topic() or ""
        sent = message.headers() or []
        headers = read_kafka_headers(list(sent.items()) if isinstance(sent, dict) else sent)
        with sentry_sdk.isolation_scope() as scope:
            transaction = sentry_sdk.continue_trace(headers, op="queue.process", name=f"process {topic}")
            with sentry_sdk.start_transaction(transaction) as running:
                running.set_data("messaging.system", "kafka")
                running.set_data("messaging.destination.name", topic)
                running.set_data("messaging.consumer.group.name", GROUP)
                running.set_data("messaging.kafka.offset", message.offset())
                _kind, sent_ms = message.timestamp()
                latency_ms = self._now().timestamp() * 1000 - sent_ms
                running.set_data("messaging.message.receive.latency", latency_ms)
                try:
                    self._store_event(topic, message.value() or b"", scope)
                except (ValidationError, PyMongoError) as error:
                    running.set_status("internal_error")
                    sentry_sdk.capture_exception(error)

    def _store_event(self, topic: str, body: bytes, scope: sentry_sdk.Scope) -> None:
        day = self._now().date().isoformat()
        if topic == ROUND_TOPIC:
            played = RoundPlayed.model_validate_json(body)
            scope.set_user({"id": played.player})
            self._store.add_round(played, day)
            if played.win >= SUSPICIOUS_WIN_FACTOR * played.bet:
                self._store.add_signal("big win", played.player, {"round_id": played.round_id})
                sentry_sdk.metrics.count("business.fraud_signals", 1, attributes={"kind": "big win"})
            return
        payment = PaymentMade.model_validate_json(body)
        scope.set_user({"id": payment.player})
        if self._store.add_payment(payment, day) == SUSPICIOUS_PAYMENTS_A_DAY:
            self._store.add_signal("many payments", payment.player, {"day": day})
            sentry_sdk.metrics.count("business.fraud_signals", 1, attributes={"kind": "many payments"})
