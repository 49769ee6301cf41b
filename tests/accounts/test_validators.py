"""What may come in about people."""

import pytest
from pydantic import ValidationError

from dfworx.accounts.errors import WeakPassword
from dfworx.accounts.validators import Registration, common, must_be_strong
from dfworx.web.problems import explain

ABOUT = ("Ada Lovelace", "ada@acme-robotics.example", "Acme Robotics")
GOOD = {"name": "Ada", "email": "ada@acme.example", "password": "violet-marsh-lantern-7"}


def _errors(**values):
    with pytest.raises(ValidationError) as refused:
        Registration.model_validate(GOOD | values)
    return explain(refused.value.errors())


class TestPasswords:
    """Which ones are refused, and why."""

    @pytest.mark.parametrize(
        "password",
        [
            "violet-marsh-lantern-7",
            "Tr0ub4dor&3-horse",
            "пароль для работы 19",
            "           x y z w q",
            "😀🎈🍰🎁🎂🎉🎊🪅🥳🎀🧁🍭",
            "Ada-walks-the-dog-at-9",
            "nobody knows qwerty trouble",
        ],
    )
    def test_a_long_one_of_ones_own_is_taken(self, password):
        must_be_strong(password, *ABOUT)

    @pytest.mark.parametrize(
        "password", ["password1234", "Password1234!", "P4ssw0rd1234", "correcthorsebatterystaple", "iloveyou12345"]
    )
    def test_a_common_one_is_not(self, password):
        with pytest.raises(WeakPassword, match="tried first"):
            must_be_strong(password)

    @pytest.mark.parametrize(
        "password", ["aaaaaaaaaaaaaaa", "abcabcabcabcab", "ab-ab-ab-ab-ab-a", "xyzzyxyzzyxyzzy", "112211221122112"]
    )
    def test_one_that_repeats_itself_is_not(self, password):
        with pytest.raises(WeakPassword, match="repeats"):
            must_be_strong(password)

    @pytest.mark.parametrize(
        "password", ["qwertzuiop[]12", "zyxwvutsrqpon", "rewqfdsavcxz1234", "1qaz2wsx3edc4rfv!", "asdfghjklpoiuy"]
    )
    def test_a_walk_over_the_keyboard_is_not(self, password):
        with pytest.raises(WeakPassword, match="keyboard|first"):
            must_be_strong(password)

    @pytest.mark.parametrize(
        "password", ["AdaLovelace1843", "acme robotics!", "ada@acme-robotics.example", "lovelace-1843"]
    )
    def test_one_made_of_what_people_know_of_you_is_not(self, password):
        with pytest.raises(WeakPassword, match="name or address"):
            must_be_strong(password, *ABOUT)

    def test_the_refusal_names_the_field(self):
        with pytest.raises(WeakPassword) as refused:
            must_be_strong("password1234", field="new_password")
        assert list(refused.value.fields) == ["new_password"]

    def test_the_shipped_list_holds_a_few_thousand_of_twelve_and_more(self):
        assert 3000 < len(common()) < 10_000
        assert all(len(password) >= 12 and password == password.lower() for password in common())

    @pytest.mark.parametrize(("password", "why"), [("x" * 11, "at least 12"), ("x" * 257, "at most 256")])
    def test_its_length_is_counted_in_characters(self, password, why):
        assert why in _errors(password=password)["password"]

    def test_it_is_taken_as_it_is_typed_and_never_shown(self):
        form = Registration.model_validate(GOOD | {"password": "  Ａngström e\u0301 \x00 "})
        assert form.password.get_secret_value() == "  Ａngström e\u0301 \x00 "
        assert "Ａ" not in repr(form)


class TestEmail:
    """Addresses."""

    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            (" Ada@Acme.Example ", "ada@acme.example"),
            ("ada@build.internal", "ada@build.internal"),
            ("ada+x@acme.test", "ada+x@acme.test"),
            ("jürgen@bücher.example", "jürgen@bücher.example"),
        ],
    )
    def test_one_person_one_spelling(self, typed, kept):
        assert Registration.model_validate(GOOD | {"email": typed}).email == kept

    @pytest.mark.parametrize(
        "typed", ["", "ada", "ada@", "a b@c.example", "ada@acme.example\nbcc:x@y.z", "x" * 300 + "@a.example"]
    )
    def test_anything_else_is_named(self, typed):
        assert "email" in _errors(email=typed)


class TestName:
    """Display names."""

    @pytest.mark.parametrize(
        ("typed", "kept"), [("  Ada \t Lovelace ", "Ada Lovelace"), ("李小龍", "李小龍"), ("O'Neil", "O'Neil")]
    )
    def test_it_is_one_line(self, typed, kept):
        assert Registration.model_validate(GOOD | {"name": typed}).name == kept

    @pytest.mark.parametrize("typed", ["", "   ", "x" * 81, "a\x00b", "a\u202eb", "a\u200bb"])
    def test_what_cannot_be_seen_or_is_too_long_is_refused(self, typed):
        assert "name" in _errors(name=typed)


def test_unknown_fields_are_refused():
    assert _errors(is_server_admin=True) == {"is_server_admin": "This field is not known here."}
