"""Handles that nobody may have: readers would take their owner for the forum, or for its staff."""

import re
from functools import cache

from forum.accounts.identity.look_alikes import SEPARATORS, skeleton

RESERVED = (
    "a-former-member",
    "account",
    "admin",
    "administration",
    "administrator",
    "all",
    "anonymous",
    "channel",
    "common-thread",
    "crisis",
    "deleted",
    "erased",
    "everybody",
    "everyone",
    "facilitator",
    "former-member",
    "formermember",
    "forum",
    "get-help",
    "get-help-now",
    "group",
    "guest",
    "help",
    "helpline",
    "here",
    "info",
    "mail",
    "me",
    "member",
    "mod",
    "moderation",
    "moderator",
    "moderators",
    "nobody",
    "null",
    "official",
    "operator",
    "owner",
    "postmaster",
    "quick-exit",
    "removed",
    "researcher",
    "root",
    "safety",
    "security",
    "site",
    "somebody",
    "someone",
    "staff",
    "support",
    "system",
    "team",
    "undefined",
    "visitor",
    "webmaster",
    "you",
)
# A handle with one of these, on its own between separators, claims a role.
ROLES = (
    "admin",
    "admins",
    "administrator",
    "administrators",
    "administration",
    "mod",
    "mods",
    "moderator",
    "moderators",
    "moderation",
    "facilitator",
    "facilitators",
    "webmaster",
    "postmaster",
    "sysop",
    "админ",
    "админы",
    "адмін",
    "адміни",
    "管理人",
    "مشرف",
    "مدير",
    "מנהל",
)
# Long enough to be no part of another word, and so claimed wherever they are; "moderato",
# "moderate" and "facilitate" claim nothing.
STEMS = (
    "moderator",
    "moderateur",
    "moderatri",
    "moderador",
    "moderaattori",
    "administrat",
    "administrad",
    "administrac",
    "amministrat",
    "facilitator",
    "facilitateur",
    "facilitatri",
    "facilitador",
    "fasilitator",
    "beheerder",
    "verwaltung",
    "webmestre",
    "модератор",
    "администратор",
    "фасилитатор",
    "διαχειριστης",
    "συντονιστης",
    "管理员",
    "管理員",
    "管理者",
    "版主",
    "管理组",
    "管理組",
    "客服",
    "モデレーター",
    "ファシリテーター",
    "アドミン",
    "관리자",
    "관리인",
    "운영자",
    "어드민",
    "адміністратор",
    "yönetici",
    "quảntrịviên",
    "प्रशासक",
    "प्रबंधक",
    "व्यवस्थापक",
    "मॉडरेटर",
    "एडमिन",
    "ผู้ดูแลระบบ",
    "แอดมิน",
)
# These claim a role when there is nothing beside them but such words and company.
OFFICES = (
    *ROLES,
    "crisis",
    "help",
    "helpdesk",
    "helpline",
    "hotline",
    "official",
    "operator",
    "owner",
    "root",
    "safety",
    "security",
    "staff",
    "support",
    "system",
    "team",
    "aide",
    "aiuto",
    "ajuda",
    "apoyo",
    "assistenza",
    "ayuda",
    "equipa",
    "equipe",
    "equipo",
    "hilfe",
    "hjalp",
    "hjelp",
    "hulp",
    "krise",
    "oficial",
    "officiel",
    "officielle",
    "offiziell",
    "pomoc",
    "quảntrị",
    "securite",
    "seguranca",
    "seguridad",
    "sicherheit",
    "sicurezza",
    "sistema",
    "soporte",
    "suporte",
    "supporto",
    "systeme",
    "ufficiale",
    "помощь",
    "поддержка",
    "команда",
)
COMPANY = (
    "chat",
    "chief",
    "common",
    "community",
    "das",
    "des",
    "desk",
    "forum",
    "group",
    "head",
    "lead",
    "les",
    "line",
    "main",
    "net",
    "our",
    "real",
    "senior",
    "server",
    "service",
    "site",
    "super",
    "sys",
    "tech",
    "technical",
    "the",
    "thread",
    "web",
)


def is_reserved(handle: str) -> bool:
    """Whether a handle, or what it looks like, is kept for the forum itself."""
    return skeleton(handle) in _skeletons(RESERVED)


def claims_role(handle: str) -> bool:
    """Whether a handle, or what it looks like, says that its owner runs or moderates the forum."""
    whole = skeleton(handle)
    pieces = {
        skeleton(form)
        for piece in re.split(f"[{SEPARATORS}]", handle)
        for form in (piece, piece.strip("0123456789"))
    }
    return (
        bool(pieces & _skeletons(ROLES))
        or any(stem in whole for stem in _skeletons(STEMS))
        or _is_made_of_offices(whole)
        or _is_made_of_offices(skeleton(handle.strip("0123456789" + SEPARATORS)))
    )


def _is_made_of_offices(whole: str) -> bool:
    """Whether a skeleton is nothing but offices and their company, with one office at least."""
    # Each place that words lead to, with whether an office was among them.
    reached = {(0, False)}
    for place in range(len(whole)):
        for so_far in (False, True):
            if (place, so_far) in reached:
                for word in _skeletons(OFFICES + COMPANY):
                    if whole.startswith(word, place):
                        office = so_far or word in _skeletons(OFFICES)
                        reached.add((place + len(word), office))
    return (len(whole), True) in reached


@cache
def _skeletons(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(skeleton, words))
