"""Every table of the product: Alembic and foreign keys by name need them all in one place."""

from dfworx.accounts import models as accounts
from dfworx.accounts import models_tokens as tokens
from dfworx.admin import models as admin
from dfworx.audit import models as audit
from dfworx.channels import models as channels
from dfworx.decisions import models as decisions
from dfworx.decisions import models_aging as decisions_aging
from dfworx.decisions import models_ballots as decisions_ballots
from dfworx.decisions import models_digest as decisions_digest
from dfworx.decisions import models_evidence as decisions_evidence
from dfworx.decisions import models_finding as decisions_finding
from dfworx.decisions import models_ledger as decisions_ledger
from dfworx.decisions import models_notices as decisions_notices
from dfworx.decisions import models_protocol as decisions_protocol
from dfworx.decisions import models_templates as decisions_templates
from dfworx.imports import models as imports
from dfworx.infra import outbox
from dfworx.infra.tables import metadata
from dfworx.messages import models as messages
from dfworx.organizations import models as organizations
from dfworx.tags import models as tags
from dfworx.threads import models as threads

__all__ = [
    "accounts",
    "admin",
    "audit",
    "channels",
    "decisions",
    "decisions_aging",
    "decisions_ballots",
    "decisions_digest",
    "decisions_evidence",
    "decisions_finding",
    "decisions_ledger",
    "decisions_notices",
    "decisions_protocol",
    "decisions_templates",
    "imports",
    "messages",
    "metadata",
    "organizations",
    "outbox",
    "tags",
    "threads",
    "tokens",
]
