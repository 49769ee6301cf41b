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
