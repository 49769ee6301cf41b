"""What may come in about people: names, e-mail addresses, and passwords that are hard to guess."""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Annotated

import email_validator
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from pydantic_core import PydanticCustomError

from dfworx.accounts.errors import WeakPassword

email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()  # networks of one's own use .internal, .local and .test

NAME_LENGTH = 80
PASSWORD_LENGTH = (12, 256)
COMMON = Path(__file__).with_name("common_passwords.txt")
ROWS = (
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "qwertzuiop", "yxcvbnm", "azertyuiop", "qsdfghjklm", "wxcvbn",
)  # fmt: skip
COLUMNS = "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p"
LINES = (*ROWS, COLUMNS, "abcdefghijklmnopqrstuvwxyz")
LEET = str.maketrans("@4301!5$7", "aaeoiisst")


def clean_name(value: str) -> str:
    """A name on one line, without what cannot be seen."""
    name = " ".join(value.split())
    hidden = any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co"} for character in name)
    if hidden:
        raise PydanticCustomError("name", "Use characters that can be seen.")
    if not 1 <= len(name) <= NAME_LENGTH:
        raise PydanticCustomError("name", "Use 1 to {most} characters.", {"most": NAME_LENGTH})
    return name


def _clean_email(value: str) -> str:
    try:
        return email_validator.validate_email(value.strip(), check_deliverability=False).normalized.lower()
    except email_validator.EmailNotValidError:
        raise PydanticCustomError("email", "This is not an e-mail address.") from None


Name = Annotated[str, Field(max_length=400), AfterValidator(clean_name)]
Email = Annotated[str, Field(max_length=254), AfterValidator(_clean_email)]
NewPassword = Annotated[SecretStr, Field(min_length=PASSWORD_LENGTH[0], max_length=PASSWORD_LENGTH[1])]
GivenPassword = Annotated[SecretStr, Field(max_length=PASSWORD_LENGTH[1])]


class Incoming(BaseModel):
    """What comes in; a field that is not known is a mistake worth naming."""

    model_config = ConfigDict(extra="forbid")


class EmailAddress(Incoming):
    """An address."""

    email: Email


class LinkToken(Incoming):
    """The secret of a link from a mail."""

    token: Annotated[str, Field(max_length=100)]


class PasswordReset(LinkToken):
    """Another password, by a link."""

    new_password: NewPassword


class Registration(Incoming):
    """A new person."""

    name: Name
    email: Email
    password: NewPassword


class SignIn(Incoming):
    """A person who comes back."""

    email: Email
    password: GivenPassword


class PasswordChange(Incoming):
    """A new password, and the current one as proof."""

    current_password: GivenPassword
    new_password: NewPassword


class PresenceChange(BaseModel):
    """Whether others see that you are online."""

    model_config = ConfigDict(extra="forbid")

    is_shown: bool


class DigestChange(BaseModel):
    """Whether you are mailed on Mondays what waits for you."""

    model_config = ConfigDict(extra="forbid")

    is_wanted: bool


class AccountChange(Incoming):
    """Another display name."""

    name: Name


def must_be_strong(password: str, *about: str, field: str = "password") -> None:
    """Refuse a password that people who guess try early; `about` is what they know of its owner."""
    why = _weakness(password, about)
    if why:
        raise WeakPassword(why, field)


def _weakness(password: str, about: tuple[str, ...]) -> str | None:
    plain = password.lower()
    bare = re.sub(r"[\W\d_]+$", "", plain)
    if plain in common() or bare.translate(LEET) + plain[len(bare) :] in common():
        return "This is one of the passwords that are tried first."
    if len(set(plain)) < 5 or re.fullmatch(r"(.{1,8}?)\1+.{0,7}", plain, re.DOTALL):  # noqa: PLR2004 - the rule itself
        return "This repeats itself."
    if _along_the_keyboard(plain):
        return "This runs along the keyboard or the alphabet."
    if any(part in plain and len(part) * 2 >= len(bare) for part in _parts(about)):
        return "This is made of your name or address."
    return None


def _along_the_keyboard(plain: str) -> bool:
    """Whether runs of three and more neighboring keys make up most of it."""
    steps = {line[i : i + 3] for way in LINES for line in (way, way[::-1]) for i in range(len(line) - 2)}
    covered = {i + k for i in range(len(plain) - 2) if plain[i : i + 3] in steps for k in range(3)}
    return len(covered) * 3 >= len(plain) * 2


def _parts(about: tuple[str, ...]) -> set[str]:
    texts = [text.lower() for text in about]
    words = {word for text in texts for word in (text, *re.split(r"[\W_]+", text), re.sub(r"\W+", "", text))}
    return {word for word in words if len(word) >= 4}  # noqa: PLR2004 - shorter ones are in everything


@cache
def common() -> frozenset[str]:
    """The shipped list: common passwords of 12 characters and more, in lower case."""
    return frozenset(COMMON.read_text(encoding="utf-8").split("\n")) - {""}
