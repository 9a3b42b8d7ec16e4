"""Links to people, where those who read may follow them: nobody is led to a refusal."""

import re
from collections.abc import Collection, Iterable, Mapping, Set

from markupsafe import Markup
from sqlalchemy import and_, not_, or_, select

from forum.accounts import policy as accounts
from forum.accounts.identity import public_ids
from forum.accounts.models import Account
from forum.accounts.policy import Viewer
from forum.core.db import current_session
from forum.groups import policy

# As the fragments of posts and messages write it; what people write has no such class.
_AUTHOR = re.compile(
    r'<a (class="(?:post|message)-author" dir="auto") href="/members/([0-9a-f]{16})">([^<]*)</a>'
)


def reachable(viewer: Viewer, account_ids: Iterable[int | None]) -> set[int]:
    """Return whose profiles the viewer can open, of those whom they do not mute or block."""
    wanted = {account_id for account_id in account_ids if account_id}
    if viewer.id is None or not wanted:
        return set()
    me, other = viewer.sql_id(), Account.__table__.c.id
    apart = or_(accounts.mutes_or_blocks(me, other), accounts.is_blocked_by(me, other))
    known = or_(policy.share_a_group(me, other), accounts.administers(me))
    found = select(other).where(other.in_(wanted), or_(other == me, and_(not_(apart), known)))
    return set(current_session().scalars(found))


def without_links_to(
    account_ids: Collection[int], fragments: Mapping[int, Markup]
) -> Mapping[int, Markup]:
    """Return fragments in which the names of these authors are no links."""
    if not account_ids:
        return fragments
    unlinked = {public_ids.of(account_id) for account_id in account_ids}
    return {its_id: _without(html, unlinked) for its_id, html in fragments.items()}


def _without(html: Markup, unlinked: Set[str]) -> Markup:
    def written(found: re.Match[str]) -> str:
        return f"<span {found[1]}>{found[3]}</span>" if found[2] in unlinked else found[0]

    return Markup(_AUTHOR.sub(written, html))  # noqa: S704 - it was safe before
