"""What titles and names share."""

import pytest

from dfworx.channels.validators import NewChannel
from dfworx.core.texts import legible
from dfworx.decisions.validators import Change


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("\u202eexe.gpj", "exe.gpj"),
        ("a \u2067b\u2069 c\u202c ", "a b c"),
        ("قرار: قاعدة بيانات واحدة", "قرار: قاعدة بيانات واحدة"),
        ("החלטה\u200f!", "החלטה\u200f!"),
        ("می\u200cخواهیم", "می\u200cخواهیم"),
        ("👩\u200d💻", "👩\u200d💻"),
        ("❤️", "❤️"),
        ("हिन्दी", "हिन्दी"),
    ],
    ids=["an override", "isolates", "Arabic", "a mark", "a joiner", "a sequence", "a variation", "signs above"],
)
def test_nothing_in_a_title_turns_around_what_stands_beside_it(typed, kept):
    """And languages that run from right to left stay as they are."""
    assert (legible(typed), Change(title=typed, version=1).title, NewChannel(name=typed).name) == (kept, kept, kept)


@pytest.mark.parametrize("typed", ["\u200b", "\u202e\u202c", "\u2800\u3164", "\ufe0f\u034f", "\u00ad \u2060"])
def test_a_title_that_nobody_can_see_is_refused(typed):
    for made in (lambda: Change(title=typed, version=1), lambda: NewChannel(name=typed)):
        with pytest.raises(ValueError, match="can be seen"):
            made()
