"""What can be refused to those who look after the server."""

from dfworx.core.errors import Conflict


class LastServerAdmin(Conflict):
    """The server keeps an admin who can sign in."""

    title = "This is the last server admin. Make somebody else one first."


class SettingIsGiven(Conflict):
    """The environment says what it is, and wins."""

    title = "The environment sets this: change the variable and start the server anew."
