"""What looking after a server announces."""

from uuid import UUID

from dfworx.core.events import Event


class _PersonEvent(Event):
    user_id: UUID

    def about(self) -> UUID:
        """The person."""
        return self.user_id


class PersonDeactivated(_PersonEvent):
    """A person cannot sign in any more; what they wrote stays."""


class PersonReactivated(_PersonEvent):
    """A person can sign in again."""


class ServerAdminMade(_PersonEvent):
    """A person looks after the server from now on."""


class ServerAdminUnmade(_PersonEvent):
    """A person does not look after the server any more."""


class JobRetried(Event):
    """A dead job lives again."""

    job_id: int
    job: str


class JobDiscarded(Event):
    """A job was removed before it was done."""

    job_id: int
    job: str


class SettingChanged(Event):
    """A setting has another value from now on, in every process; without a value it is as it was given."""

    setting: str
    was: str
    value: str | None
