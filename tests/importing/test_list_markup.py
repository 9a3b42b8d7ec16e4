"""Lists of other forums keep their numbers, their letters and their levels."""

import pytest

from forum.importing.html import read

LISTS = {
    '<ol type="a"><li>see<ul><li>x</ul></li><li>touch</li></ol>': "- a. see\n  - x\n- b. touch",
    '<ol type="I" start="4"><li>see<li>touch</ol>': "- IV. see\n- V. touch",
    '<ol style="list-style: inside UPPER-LATIN" start="26"><li>a<li><p>b</p></ol>': (
        "- Z. a\n- AA. b"
    ),
    '<ol type="a" start="0"><li>see<li><b>touch</b></ol>': "- 0\\. see\n- a. **touch**",
    '<ol type="i" start="499"><li>see</ol>': "- 499\\. see",
    '<ol start="5" reversed><li>see</li><li>touch</li></ol>': "5. see\n4. touch",
    "<ol reversed><li>see</li><li>touch</li></ol>": "2. see\n1. touch",
    '<ol><li value="5">see</li><li value="3">go</li><li>hear</li></ol>': "5. see\n3. go\n4. hear",
    '<ul><li value="7">see</li></ul>': "- see",
    "<ul><li>see<li>touch<li>hear</ul>": "- see\n- touch\n- hear",
    "<ol><li>see<ul><li>a<li>b</ul><li>touch</ol>": "1. see\n   - a\n   - b\n2. touch",
}


@pytest.mark.parametrize("html", LISTS)
def test_lists_read_as_they_did(html: str) -> None:
    assert read(html)[0] == LISTS[html]
