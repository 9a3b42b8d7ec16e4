"""What follows from what, on one page.

WITHIN_TRANSACTION: consequences that must be true together with their event.
AFTER_COMMIT: consequences that reach out; they run in this order, and may fail without harm.
"""

from forum.core.events import Wiring

WITHIN_TRANSACTION: Wiring = {}

AFTER_COMMIT: Wiring = {}
