"""What one chooses from in the picker, and what is chosen: by group, narrowed by a field."""

import reflex as rx

from dfworx.ui.doors import action

Choice = dict[str, str]  # id, name, group, color
LONGEST = 40


class Picker(rx.State):
    """What one chooses from, and what is chosen; the page that opens it says what choosing does."""

    choices: list[Choice] = []
    chosen: list[str] = []
    sought: str = ""
    at: str = ""  # the page that it is open on

    @rx.var
    def is_open(self) -> bool:
        """Whether it is open here: going elsewhere closes it."""
        return bool(self.at) and self.at == self.router.url.path

    @rx.var
    def options(self) -> list[Choice]:
        """Those whose names or groups contain the words; the first of each group carries its heading."""
        words = self.sought.lower().split()
        fitting = [c for c in self.choices if all(w in f"{c['group']} {c['name']}".lower() for w in words)]
        before = ["", *(c["group"] for c in fitting)]
        return [
            {**c, "heading": c["group"] if c["group"] != last else "", "is_on": "yes" if c["id"] in self.chosen else ""}
            for c, last in zip(fitting, before, strict=False)
        ]

    @action("member")
    async def seek(self, text: str) -> None:
        """Show only what is called like this."""
        self.sought = str(text)[:LONGEST]

    @action("member")
    async def set_open(self, is_open: bool) -> None:
        """It closed itself."""
        self.at = self.at if is_open else ""


async def offer(state: rx.State, choices: list[Choice], chosen: list[str]) -> None:
    """Open the picker."""
    picker = await state.get_state(Picker)
    picker.choices, picker.chosen, picker.sought, picker.at = choices, chosen, "", state.router.url.path


async def flip_among(state: rx.State, narrowed: list[Choice], id_: str) -> list[Choice]:
    """What a list is narrowed to when this is, too, or is no more."""
    picker = await state.get_state(Picker)
    picker.chosen = flipped([each["id"] for each in narrowed], id_)
    known = {each["id"]: each for each in [*picker.choices, *narrowed]}
    return [known[each] for each in picker.chosen if each in known]


def flipped(chosen: list[str], id_: str) -> list[str]:
    """What is chosen when this is, too, or is no more."""
    return [each for each in chosen if each != id_] if id_ in chosen else [*chosen, id_]
