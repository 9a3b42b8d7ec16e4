"""Profiles of communities of different kinds, drawn person by person and day by day."""

from dataclasses import dataclass

import numpy as np

from forum.research.releases.participant_profiles.generalisation import HIDDEN, VISIBLE
from forum.research.releases.participant_profiles.profiles import Profiles, bounds_of

DAYS, FIRST_MONTH = 182, 2026 * 12
TYPED_A_MINUTE = 40
# What is not known of a community that was imported.
UNSEEN = (
    "meetings",
    "meeting_minutes",
    "left_study",
    "reactions_given",
    "reactions_received",
    "reading_minutes_low",
    "reading_minutes_high",
    "sessions",
)


@dataclass(frozen=True)
class Kind:
    """What a community is like: shares of people, and rates for one day."""

    lurks: float  # share who never post
    visits: float  # mean chance of a visit on a day
    writes: float  # mean posts on a day of a visit, of people who post
    spread: float  # of rates between people: sigma of a lognormal
    bursts: bool = False  # visits come in one stretch of two weeks
    scripted: float = 0.9  # share whose reading time is known
    imported: bool = False  # only posts are known, of one group without meetings


KINDS = {
    "many lurkers": Kind(lurks=0.85, visits=0.08, writes=0.3, spread=1.0),
    "few lurkers": Kind(lurks=0.1, visits=0.15, writes=0.6, spread=0.8),
    "daily writers": Kind(lurks=0.33, visits=0.5, writes=1.2, spread=1.2),
    "bursts": Kind(lurks=0.4, visits=0.5, writes=1.0, spread=0.7, bursts=True),
    "imported": Kind(lurks=0.33, visits=0.3, writes=1.0, spread=1.2, imported=True),
}

# Not looked at while the search was made.
UNSEEN_KINDS = {
    "rare visits": Kind(lurks=0.5, visits=0.03, writes=2.0, spread=1.5),
    "everybody writes": Kind(lurks=0.0, visits=0.25, writes=0.3, spread=0.5, scripted=0.5),
    "imported, quiet": Kind(lurks=0.5, visits=0.05, writes=0.6, spread=1.5, imported=True),
}


def people(kind: Kind, number: int, seed: int = 1) -> Profiles:
    """Return the profiles of a community's people."""
    dice = np.random.default_rng([seed, number])
    joined = (DAYS * 0.8 * dice.random(number) ** 1.5).astype(np.int64)
    leaves = dice.random(number) < 0.15
    stays = np.minimum(1 + dice.exponential(90, number).astype(np.int64), DAYS - joined)
    rate = np.minimum(kind.visits * dice.lognormal(0, kind.spread, number), 0.97)
    writes = kind.writes * dice.lognormal(0, kind.spread, number)
    writes[dice.random(number) < kind.lurks] = 0
    day = np.arange(DAYS)[None, :]
    there = (day >= joined[:, None]) & (day < (joined + stays)[:, None])
    if kind.bursts:
        begins = joined + (stays * dice.random(number)).astype(np.int64)
        there &= (day >= begins[:, None]) & (day < begins[:, None] + 14)
    visited = there & (dice.random((number, DAYS)) < rate[:, None])
    visits = np.where(visited, 1 + dice.poisson(0.4, (number, DAYS)), 0)
    wrote = np.where(visited, dice.poisson(np.tile(writes[:, None], DAYS)), 0)
    posts = wrote.sum(axis=1)
    met = visited[:, ::7] & (dice.random((number, len(range(0, DAYS, 7)))) < 0.25)
    gave = np.where(visited, dice.poisson(0.3, (number, DAYS)), 0)
    words = wrote * np.exp(dice.normal(4, 0.7, (number, 1)))
    minutes = np.where(visited, dice.exponential(7, (number, DAYS)), 0).sum(axis=1)
    minutes += words.sum(axis=1) / TYPED_A_MINUTE  # who types has the page before them
    minutes[dice.random(number) > kind.scripted] = 0
    values = {
        "posts": posts,
        "threads": dice.binomial(posts, 0.15),
        "words": words.sum(axis=1),
        "reactions_given": gave.sum(axis=1),
        "reactions_received": dice.poisson(0.7 * posts),
        "meetings": met.sum(axis=1),
        "meeting_minutes": met.sum(axis=1) * dice.uniform(20, 60, number),
        "groups": 1 + dice.binomial(3, 0.12, number),
        "joined": FIRST_MONTH + joined // 31,
        "left_study": (leaves & (joined + stays < DAYS)).astype(np.int64),
        "active_days": np.maximum(visited.sum(axis=1), 1),
        "reading_minutes_low": np.floor(minutes * dice.uniform(0.5, 0.9, number)),
        "reading_minutes_high": np.floor(minutes).astype(np.int64),
        "sessions": visits.sum(axis=1),
    }
    if kind.imported:
        nothing = dict.fromkeys(UNSEEN, 0)
        values |= {name: np.full(number, each) for name, each in nothing.items()}
        values["groups"], values["active_days"] = np.ones(number), (wrote > 0).sum(axis=1)
    values = {name: np.asarray(column, dtype=np.int64) for name, column in values.items()}
    known = np.minimum(values["posts"], 4)
    points = {
        "posts": known,
        "threads": np.minimum(values["threads"], known),
        "words": np.floor(known * words.sum(axis=1) / np.maximum(posts, 1)).astype(np.int64),
        "meetings": np.minimum(values["meetings"], 4 - known),
        "joined": values["joined"],
    }
    seen = ((wrote > 0) | (gave > 0)).sum(axis=1)
    floors, caps = bounds_of(values["active_days"], seen, values["words"])
    keys = np.arange(1, number + 1, dtype=np.int64)
    return Profiles(keys, values, points, (1,), floors, caps)


def heavy_tailed(number: int = 1899, acts: int = 59_835, seed: int = 1) -> Profiles:
    """Return an imported community: a third never write, and a few every day, thousands of posts.

    All acts are posts of one group. The most there are come from a hundredth of the people.
    """
    dice = np.random.default_rng([seed, number, acts])
    days = 193
    joined = np.minimum((days * dice.random(number) ** 1.8).astype(np.int64), days - 2)
    stays = np.minimum(dice.exponential(50, number).astype(np.int64) + 1, days - joined)
    writes = dice.random(number) >= 1 / 3
    rate = np.where(writes, dice.pareto(0.8, number) + 0.2, 0) * np.sqrt(stays)
    rate = np.minimum(rate, np.quantile(rate, 0.999))
    posts = writes + dice.multinomial(acts - int(writes.sum()), rate / rate.sum())
    wrote = [
        dice.multinomial(each, dice.dirichlet(np.full(span, 0.3)))
        for each, span in zip(posts, stays, strict=True)
    ]
    nothing = np.zeros(number, dtype=np.int64)
    values = {each.name: nothing for each in (*VISIBLE, *HIDDEN)} | {
        "posts": posts,
        "threads": dice.binomial(posts, 0.3),
        "words": np.array([np.exp(dice.normal(2.5, 0.8, each)).sum() for each in posts]),
        "groups": nothing + 1,
        "joined": FIRST_MONTH + joined // 31,
        "active_days": np.array([(each > 0).sum() for each in wrote]),
    }
    values = {name: np.asarray(column, dtype=np.int64) for name, column in values.items()}
    return Profiles(np.arange(1, number + 1, dtype=np.int64), values, {}, (1,))
