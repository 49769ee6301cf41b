"""What is announced: facts in the past tense, stored with the change and told to whoever listens."""

import logging
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, ValidationError

log = logging.getLogger(__name__)


class Event(BaseModel):
    """A fact. It carries views, so that whoever hears of it needs no rights to read more."""

    model_config = ConfigDict(frozen=True)

    name: ClassVar[str]
    audited: ClassVar[bool] = True  # False where the row itself already says who, what and when
    registry: ClassVar[dict[str, type["Event"]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.name = f"{cls.__module__.split('.')[-2]}.{cls.__name__}"
        Event.registry[cls.name] = cls

    @classmethod
    def read(cls, name: str, payload: Any) -> "Event | None":
        """An event as it was announced; none for one that only another release can read."""
        kind = cls.registry.get(name)
        try:
            return kind.model_validate(payload) if kind else None
        except ValidationError as error:  # one that stayed would hold up all that come after it
            where = [each["loc"] for each in error.errors()]
        log.error("an event cannot be read: %s, %s", name, where)  # and not what it says
        return None

    def about(self) -> UUID | None:
        """The id of what it happened to, for the audit."""
        return None
