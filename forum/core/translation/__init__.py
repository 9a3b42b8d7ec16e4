"""Text in the reader's language. Code, templates and the catalogues hold the English as the key.

`_` and its sisters translate at once, into the language of the request or job; `lazy` is for
constants of a module, whose reader is not known yet.
"""

from forum.core.translation.languages import current, using
from forum.core.translation.lazy_text import lazy, lazy_format, lazy_pgettext
from forum.core.translation.messages import gettext as _
from forum.core.translation.messages import ngettext, npgettext, pgettext

__all__ = [
    "_",
    "current",
    "lazy",
    "lazy_format",
    "lazy_pgettext",
    "ngettext",
    "npgettext",
    "pgettext",
    "using",
]
