"""The mails that follow from what happens to an account."""

from dfworx.accounts import service as accounts
from dfworx.accounts.devices import named
from dfworx.accounts.events import AccountRegistered, PasswordResetAsked, SessionStarted, VerificationAsked
from dfworx.core.actor import Actor
from dfworx.infra import mail
from dfworx.infra.database import transaction
from dfworx.infra.jobs import job
from dfworx.infra.settings import settings


@job(AccountRegistered)
async def mail_welcome(event: AccountRegistered) -> None:
    """Ask a new person to show that the address is theirs."""
    await mail_verification(VerificationAsked(user_id=event.user_id, at=event.account.created_at))


@job(VerificationAsked)
async def mail_verification(event: VerificationAsked) -> None:
    """Send the link that shows whose the address is."""
    async with transaction(Actor(user_id=event.user_id)) as tx:
        account = await accounts.get(tx)
        if account.email_verified_at is not None:
            return
        token = await accounts.keep_link(tx, "verify", event.at)
    await mail.send(
        mail.compose(
            account.name,
            account.email,
            "Confirm your address",
            "accounts/mails/verify",
            link=f"{settings().origin}/verify/{token}",
            verb="Confirm the address",
            days=accounts.VERIFY_FOR.days,
        )
    )


@job(PasswordResetAsked)
async def mail_reset(event: PasswordResetAsked) -> None:
    """Send the link with which the person takes another password."""
    async with transaction(Actor(user_id=event.user_id)) as tx:
        account = await accounts.get(tx)
        token = await accounts.keep_link(tx, "reset", event.at)
    await mail.send(
        mail.compose(
            account.name,
            account.email,
            "Another password",
            "accounts/mails/reset",
            link=f"{settings().origin}/reset-password/{token}",
            verb="Take another password",
            hours=int(accounts.RESET_FOR.total_seconds() // 3600),
        )
    )


@job(SessionStarted)
async def mail_new_device(event: SessionStarted) -> None:
    """Tell a person of a sign-in with a device that they had not used before."""
    async with transaction(Actor(user_id=event.user_id)) as tx:
        if not await accounts.is_new_device(tx, event.session_id):
            return
        account = await accounts.get(tx)
    await mail.send(
        mail.compose(
            account.name,
            account.email,
            "You signed in with a new device",
            "accounts/mails/device",
            device=named(event.user_agent),
            place=event.address,
            at=f"{event.at:%-d %B %Y, %H:%M} UTC",
        )
    )
