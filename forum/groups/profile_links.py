"""Links to people, where the reader may follow them: no link leads to a refusal."""

import re
from collections.abc import Collection, Iterable, Mapping, Set
from typing import Any

from markupsafe import Markup
from sqlalchemy import ColumnElement, SQLColumnExpression, and_, not_, or_, select

from forum.accounts import policy as accounts
from forum.accounts.identity import public_ids
from forum.accounts.models import Account
from forum.accounts.policy import Viewer, ViewerId
from forum.core.db import current_session
from forum.groups import policy

# As the fragments of posts and messages write it; what people write has no such class.
_AUTHOR = re.compile(
    r'<a (class="(?:post|message)-author" dir="auto") href="/members/([0-9a-f]{16})"[^<>]*>'
    r"([^<]*)</a>"
)
# In the menu of a post, which has nothing to say instead.
_PROFILE = re.compile(
    r'<a class="post-profile" href="/members/([0-9a-f]{16})"[^<>]*>'
    r"[^<]*(?:<bdi>[^<]*</bdi>[^<]*)?</a>\n?"
)


def reachable(viewer: Viewer, account_ids: Iterable[int | None]) -> set[int]:
    """Return whose profiles the viewer can open, of those whom they do not mute or block."""
    wanted = {account_id for account_id in account_ids if account_id}
    if viewer.id is None or not wanted:
        return set()
    me, other = viewer.sql_id(), Account.__table__.c.id
    found = select(other).where(other.in_(wanted), may_open(me, other))
    return set(current_session().scalars(found))


def may_open(viewer_id: ViewerId, other_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Condition: one's own profile, or that of somebody known whom one does not mute or block."""
    apart = or_(
        accounts.mutes_or_blocks(viewer_id, other_id), accounts.is_blocked_by(viewer_id, other_id)
    )
    known = or_(policy.share_a_group(viewer_id, other_id), accounts.administers(viewer_id))
    return or_(other_id == viewer_id, and_(known, not_(apart)))


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

    def menu_item(found: re.Match[str]) -> str:
        return "" if found[1] in unlinked else found[0]

    bare = _PROFILE.sub(menu_item, _AUTHOR.sub(written, html))
    return Markup(bare)  # noqa: S704 - it was safe before
