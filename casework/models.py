"""Every table, imported in one place so that the metadata is whole (migrations, tests)."""

from casework.accounts import models as accounts
from casework.alerts import models as alerts
from casework.cases import models as cases
from casework.confidential import models as confidential
from casework.contacts import models as contacts
from casework.contracts import models as contracts
from casework.diagnostics import models as diagnostics
from casework.exchange import models as exchange
from casework.households import models as households
from casework.kernel import audit, audit_chain, key_ledger, reading
from casework.kernel.database import Base
from casework.leases import models as leases
from casework.privacy import models as privacy
from casework.programmes import models as programmes
from casework.reassessments import models as reassessments
from casework.rents import models as rents
from casework.scheduler import models as scheduler
from casework.web import models as web

ALL = (
    accounts,
    alerts,
    audit,
    audit_chain,
    cases,
    confidential,
    contacts,
    contracts,
    diagnostics,
    exchange,
    households,
    key_ledger,
    leases,
    privacy,
    programmes,
    reading,
    reassessments,
    rents,
    scheduler,
    web,
)
metadata = Base.metadata
