"""What is announced: facts in the past tense, stored with the change and told to whoever listens."""

from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict


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

    def about(self) -> UUID | None:
        """The id of what it happened to, for the audit."""
        return None
