"""`python -m dfworx admin …`: for when nobody can sign in."""

import pytest
from sqlalchemy import text

from tests.commands import says

pytestmark = pytest.mark.embedded  # another login may be told things about itself before the answer


def admin_says(*arguments):
    """How the command ends, and what it says."""
    return says("admin", *arguments)


def test_who_is_locked_out_is_let_in_again(cast, admin):
    code, said = admin_says("role", cast.ben.email, "owner", "--organization", cast.slug)
    assert (code, said) == (0, "Ben Okafor is owner of Acme Robotics.")
    code, said = admin_says("reset-link", cast.ben.email)
    assert (code, "/reset-password/" in said) == (0, True)
    query = text("select user_id from dfworx.audit_events where name = 'accounts.ResetLinkIssued' and about = :id")
    assert admin.scalars(query, {"id": cast.ben.user_id}).all() == [None]


def test_each_verb_says_what_it_has_done(cast):
    name, email = "Ben Okafor", cast.ben.email
    assert admin_says("grant", email) == (0, f"{name} is a server admin.")
    assert admin_says("people", email) == (0, f"{email}  {name}  (member of {cast.slug}; server admin)")
    assert admin_says("grant", cast.cy.email)[0] == 0
    assert admin_says("revoke", email) == (0, f"{name} is no server admin.")
    assert admin_says("sign-out", email) == (0, f"{name} is signed out everywhere.")
    assert admin_says("deactivate", email) == (0, f"{name} cannot sign in any more.")
    assert admin_says("reactivate", email) == (0, f"{name} can sign in again.")


def test_what_cannot_be_done_is_one_line(cast):
    code, said = admin_says("role", cast.ada.email, "member", "--organization", cast.slug)
    assert (code, said) == (1, "dfworx: This is the last owner. Make somebody else an owner first.")
    code, said = admin_says("sign-out", "nobody@example.org")
    assert (code, "nobody signs in with" in said) == (2, True)


def test_a_setting_is_changed_and_forgotten_again():
    assert admin_says("set", "registration", "open") == (0, "registration = open")
    assert admin_says("set", "registration", "whoever")[0] == 1
    assert admin_says("set", "secret", "x") == (1, "dfworx: This does not exist, or you cannot see it.")
    assert "registration = " in admin_says("settings")[1]
    assert admin_says("reset", "registration") == (0, "registration is again what it is without a change.")
