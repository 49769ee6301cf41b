"""The house rules find what they are for, and the product breaks none."""

import pytest

from tests import lints

PLANTED = {
    "handlers are marked": [
        ("dfworx/posts/state.py", "class S(rx.State):\n    @rx.event\n    async def f(self): ..."),
        ("dfworx/posts/state.py", "class S(rx.State):\n    @rx.event(background=True)\n    async def f(self): ..."),
        ("dfworx/posts/state.py", "from reflex import event"),
        ("dfworx/posts/state.py", "with rx.session() as s: ..."),
    ],
    "only transaction() begins": [
        ("dfworx/posts/service.py", "async def f(tx): await tx.session.commit()"),
        ("dfworx/posts/repository.py", "async def f(session):\n    async with session.begin(): ..."),
        ("dfworx/posts/repository.py", "async def f(tx): await tx.session.begin_nested()"),
    ],
    "engines are made in infra": [
        ("dfworx/posts/repository.py", "e = create_async_engine('postgresql://')"),
        ("dfworx/api.py", "e = sqlalchemy.create_engine('postgresql://')"),
    ],
    "pages by keyset": [
        ("dfworx/posts/repository.py", "q = select(Post).limit(50).offset(100)"),
        ("dfworx/posts/repository.py", "q = text('select 1 limit 5 OFFSET 10')"),
    ],
    "SQL is written out": [
        ("dfworx/posts/repository.py", "q = text(f'select * from {table}')"),
        ("dfworx/posts/repository.py", "q = sqlalchemy.text('select %s' % name)"),
        ("dfworx/posts/repository.py", "q = text('select ' + name)"),
        ("dfworx/posts/repository.py", "q = text('select {}'.format(name))"),
    ],
    "people read sentences": [
        ("dfworx/posts/state.py", "try: f()\nexcept ValueError as error: toast(str(error))"),
        ("dfworx/posts/state.py", "try: f()\nexcept ValueError as e: toast(f'failed: {e}', 'error')"),
        ("dfworx/posts/state.py", "try: f()\nexcept ValueError as e: ui.toast(e)"),
    ],
    "faces go through the service": [
        ("dfworx/posts/router.py", "from dfworx.posts.repository import Posts"),
        ("dfworx/posts/state_editor.py", "from dfworx.posts import models"),
        ("dfworx/posts/pages.py", "import dfworx.posts.models"),
    ],
    "uploads are routes": [("dfworx/posts/components.py", "c = rx.upload(rx.text('x'))")],
    "markdown is made": [
        ("dfworx/posts/components.py", "c = rx.markdown(S.text)"),
        ("dfworx/posts/components.py", "c = Markdown.create(S.text, use_raw=True)"),
    ],
    "scripts are not built": [
        ("dfworx/posts/state.py", "async def f(self): return rx.call_script('alert(1)')"),
        ("dfworx/posts/state.py", "async def f(self): return rx.toast.error('x')"),
    ],
    "the time comes from": [
        ("dfworx/posts/service.py", "at = datetime.now(UTC)"),
        ("dfworx/posts/models.py", "id_ = uuid4()"),
    ],
}
ALLOWED = [
    ("dfworx/ui/doors.py", "def action(): return rx.event(f)"),
    ("dfworx/infra/database.py", "async def f(session):\n    async with session.begin(): ..."),
    ("alembic/env.py", "connection.commit()"),
    ("dfworx/posts/repository.py", "q = text('select * from posts where title = :title')"),
    ("dfworx/posts/state.py", "try: f()\nexcept Refusal as refusal: toast(refusal.detail)"),
    ("dfworx/posts/service.py", "from dfworx.posts.repository import Posts"),
]


@pytest.mark.parametrize(
    ("sentence", "path", "text"), [(sentence, *each) for sentence, planted in PLANTED.items() for each in planted]
)
def test_a_planted_breach_is_found(sentence, path, text):
    assert [breach.rule for breach in lints.breaches(path, text) if breach.rule.startswith(sentence)]


@pytest.mark.parametrize(("path", "text"), ALLOWED)
def test_what_is_right_is_left_alone(path, text):
    assert lints.breaches(path, text) == []


def test_every_rule_has_a_planted_breach():
    unproven = [rule for rule in lints.rules if not any(rule.startswith(sentence) for sentence in PLANTED)]
    assert unproven == []


def test_the_product_breaks_none(capsys):
    assert lints.main() == 0, capsys.readouterr().out


def test_a_breach_is_told_with_its_place():
    (breach,) = lints.breaches("dfworx/posts/repository.py", "x = 1\nq = text(f'{x}')")
    assert (
        str(breach)
        == "dfworx/posts/repository.py:2: SQL is written out: values are parameters, never parts of the text"
    )
