"""What tags refuse."""

from dfworx.core.errors import Conflict


class TagNameTaken(Conflict):
    """Two tags of a category cannot share a name."""

    title = "A tag of this name exists already in this category."
