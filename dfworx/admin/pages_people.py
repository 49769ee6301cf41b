"""The admin pages about people and their sessions."""

import reflex as rx

from dfworx.admin.components_people import people_table, sessions_table, tokens_table
from dfworx.admin.components_person import person
from dfworx.admin.state_people import AdminPeople, AdminSessions, AdminTokens
from dfworx.admin.state_person import AdminPerson
from dfworx.ui.admin import admin_page


@admin_page("people", on_load=(AdminPeople.load,))
def people_page() -> rx.Component:
    """Who has an account, and where they belong."""
    return people_table()


@admin_page("people", below="/[user]", on_load=(AdminPerson.load,))
def person_page() -> rx.Component:
    """One person, and what can be done."""
    return person()


@admin_page("sessions", on_load=(AdminSessions.load,))
def sessions_page() -> rx.Component:
    """Where people are signed in."""
    return sessions_table()


@admin_page("tokens", on_load=(AdminTokens.load,))
def tokens_page() -> rx.Component:
    """What scripts of people may come in with."""
    return tokens_table()
