"""Effects: what a handler does to the page beyond its state (toasts), by one component and without eval."""

from typing import Any, Literal

import reflex as rx

from dfworx.core.ids import new_id
from dfworx.ui.levels import marked

Tone = Literal["ok", "error", "info"]
JSX = rx.asset("effects.jsx", shared=True)


class Effects(rx.State):
    """The last effect asked for; `turn` makes each one happen once, also over a page that is loaded anew."""

    turn: str = ""
    text: str = ""
    tone: str = "info"

    @marked("anyone")
    async def show(self, text: str, tone: str) -> None:
        """Show a toast."""
        self.turn = new_id().hex
        self.text, self.tone = str(text)[:500], str(tone)


def toast(text: str, tone: Tone = "ok") -> Any:
    """An event for a handler to return: a short message at the edge of the screen."""
    return Effects.show(text, tone)  # type: ignore[call-arg]  # Reflex turns handlers into event makers


class EffectsComponent(rx.Component):
    """Shows toasts."""

    library = JSX.importable_path
    tag = "Effects"
    lib_dependencies: list[str] = [
        "sonner@2.0.8",
        "@fontsource-variable/inter@5.3.0",
        "@fontsource-variable/jetbrains-mono@5.3.0",
    ]

    turn: rx.Var[str]
    text: rx.Var[str]
    tone: rx.Var[str]

    def add_imports(self) -> Any:
        """The two font families travel with the app."""
        return {"": ["@fontsource-variable/inter/wght.css", "@fontsource-variable/jetbrains-mono/wght.css"]}


class Resume(rx.Component):
    """Goes on to where one was in this browser; see effects.jsx."""

    library = JSX.importable_path
    tag = "Resume"

    homes: rx.Var[list[str]]
    fallback: rx.Var[str]


class Answer(rx.Component):
    """Shows what an upload was answered; see effects.jsx."""

    library = JSX.importable_path
    tag = "Answer"

    to: rx.Var[str]  # below the organization, over REST: where the form sends its file
    render_item: rx.Var[Any]


class Title(rx.Component):
    """A title, in which `code` is set as code; see effects.jsx."""

    library = JSX.importable_path
    tag = "Title"

    text: rx.Var[str]


class References(rx.Component):
    """Makes links of the numbers of records in people's texts; see effects.jsx."""

    library = JSX.importable_path
    tag = "References"

    prefix: rx.Var[str]  # what stands before the number
    source: rx.Var[str]  # below the organization, over REST: what is known of some numbers
    href: rx.Var[str]  # below the organization: where their pages are
    list: rx.Var[str]  # the frames that tell of changes
    tones: rx.Var[dict[str, str]]  # what each state is colored like
    feed: rx.Var[str]
    epoch: rx.Var[int]


def effects() -> rx.Component:
    """The one place where effects happen; `page()` adds it."""
    return EffectsComponent.create(turn=Effects.turn, text=Effects.text, tone=Effects.tone)
