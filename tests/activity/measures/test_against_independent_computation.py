"""Measures against another way of reckoning, person by person, on a community of bursts."""

from collections import defaultdict
from datetime import timedelta
from itertools import permutations
from math import ceil, log
from pathlib import Path
from random import Random
from statistics import median
from typing import Any

import numpy as np
import pytest

from forum.activity import measures
from forum.activity.measures.snapshot_reader import opened
from forum.activity.measures.study_record import Window
from tests.support.research.study_records import BEGIN, event, person, written

PEOPLE, DAYS = 150, 56
Acts = list[dict[str, Any]]


def bursts(seed: int) -> Acts:
    """Return what people did: most nothing, some a great deal within a few days."""
    dice, acts, starters = Random(seed), Acts(), dict[int, tuple[int, float]]()
    for burst in range(60):
        day, writer = dice.uniform(0, DAYS - 4), dice.randint(1, PEOPLE // 2)
        for number in range(int(dice.paretovariate(0.9)) % 40 + 1):
            key, when = 1000 * burst + number, day + dice.uniform(0, 3)
            if not starters or dice.random() < 0.3:
                starters[key] = (writer, when)
                acts.append(event("thread_started", writer, when, thread_id=key, post_id=key))
            else:
                thread = dice.choice(sorted(starters))
                starter, begun = starters[thread]
                when = begun + dice.expovariate(1)
                if when < DAYS:
                    acts.append(
                        event(
                            "reply_posted",
                            writer,
                            when,
                            thread_id=thread,
                            post_id=key,
                            previous_author=None if starter == writer else starter,
                        )
                    )
    acts += [event("reaction_given", 3, dice.uniform(0, 50)) for _ in range(200)]
    acts += [event("session", 9, day, seconds_high=6000.0) for day in (15, 16, 20)]
    return sorted(acts, key=lambda act: act["at"])


def reckoned(acts: Acts) -> dict[str, float | None]:
    """Return the same measures by loops over people and threads, without any SQL."""
    posts = dict.fromkeys(range(1, PEOPLE + 1), 0)
    threads, ties, company = (
        dict[int, list[Any]](),
        set[tuple[int, int]](),
        defaultdict[int, set[int]](set),
    )
    for act in acts:
        if "post_id" in act:
            posts[act["participant"]] += 1
            threads.setdefault(act["thread_id"], []).append(act)
            company[act["thread_id"]].add(act["participant"])
            if act.get("previous_author"):
                ties.add((act["participant"], act["previous_author"]))
    counts = sorted(posts.values(), reverse=True)
    top, tenth = ceil(PEOPLE / 100), ceil(PEOPLE / 10)
    waits, answered, firsts = list[float](), 0, dict[int, Any]()
    for thread in threads.values():
        start = thread[0]
        replies = [each for each in thread[1:] if each["participant"] != start["participant"]]
        if replies:
            waits.append((replies[0]["at"] - start["at"]) / timedelta(minutes=1))
    for act in acts:
        if "post_id" in act:
            firsts.setdefault(act["participant"], act)
    for who, first in firsts.items():
        answered += any(
            each["participant"] != who
            and each["at"] >= first["at"]
            and each["kind"] == "reply_posted"
            and (first["kind"] == "thread_started" or each["previous_author"] == who)
            for each in threads[first["thread_id"]]
        )
    pairs = {pair for together in company.values() for pair in permutations(together, 2)}
    mean = sum(counts) / PEOPLE
    unequal = sum(abs(a - b) for a in counts for b in counts) / (2 * PEOPLE**2 * mean)
    wrote = [count for count in counts if count]
    ranks = [log(rank) for rank in range(1, len(wrote) + 1)]
    slope, _ = np.polyfit(ranks, [log(count) for count in wrote], 1)
    fit = np.corrcoef(ranks, [log(count) for count in wrote])[0, 1] ** 2
    total = sum(counts)
    return {
        "lurkers_no_posts": counts.count(0),
        "lurkers_below_top_tenth": sum(count < counts[tenth - 1] for count in counts),
        "superusers_top_hundredth": sum(count >= counts[top - 1] for count in counts),
        "superusers_by_acts": sum(posts[key] + 200 * (key == 3) >= 180 for key in posts),
        "frequent_users": 1,
        "share_of_top_hundredth": sum(counts[:top]) / total,
        "share_of_next_nine": sum(counts[top:tenth]) / total,
        "share_of_ninety": sum(counts[tenth:]) / total,
        "gini": unequal,
        "gini_corrected": unequal * PEOPLE / (PEOPLE - 1),
        "zipf_slope": float(slope),
        "zipf_r2": float(fit),
        "dropped_out": 0,
        "reply_rate": len(waits) / len(threads),
        "minutes_to_first_reply": median(waits),
        "newcomers_answered": answered / len(firsts),
        "reply_reciprocity": sum((b, a) in ties for a, b in ties) / len(ties),
        "co_participants": len(pairs) / PEOPLE,
    }


@pytest.mark.parametrize("seed", range(6))
def test_measures_agree_with_loops(tmp_path: Path, seed: int) -> None:
    acts = bursts(seed)
    people = [person(key) for key in range(1, PEOPLE + 1)]
    with opened(written(tmp_path, people, acts), Window(BEGIN.date(), DAYS)) as record:
        for name, value in reckoned(acts).items():
            assert measures.study_measures()[name].compute(record) == pytest.approx(value), name
