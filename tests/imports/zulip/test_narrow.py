"""Addresses of Zulip's own."""

import pytest

from dfworx.imports.zulip.narrow import at_home, narrow_of

REALM = "https://acme.zulipchat.com"


@pytest.mark.parametrize(
    ("href", "leads_to"),
    [
        ("#narrow/stream/12-ops", ("ops", "", "")),
        ("/#narrow/channel/12-ops-night/topic/C.2B.2B.20.3F/near/5", ("ops-night", "C++ ?", "5")),
        ("#narrow/stream/ops/subject/v1.2E0", ("ops", "v1.0", "")),
        ("#narrow/stream/12-caf.C3.A9/topic/x/with/5", ("café", "x", "5")),
        ("#narrow/stream/12", None),
        ("#narrow/pm-with/3-x", None),
        ("#narrow/stream/12-ops/topic/x/sender/3", None),
    ],
)
def test_what_an_address_names(href, leads_to):
    assert narrow_of(href) == leads_to


def test_addresses_of_the_realm_are_at_home_and_files_are_not():
    file = "/user_uploads/1/f.png"
    html = f'<a href="{REALM}/#narrow/stream/1-a">x</a> <a href="{file}">f</a> <img src="{file}">'
    assert at_home(html, REALM) == (
        f'<a href="/#narrow/stream/1-a">x</a> <a href="{REALM}{file}">f</a> <img src="{REALM}{file}">'
    )


def test_those_of_another_realm_stay_as_they_are():
    html = '<a href="https://chat.zulip.org/#narrow/stream/1-a">x</a>'
    assert at_home(html, REALM) == html
    assert at_home(html, "") == html
