"""What a browser calls itself, coarsely: all that is stored of it, enough for people to recognise
their own.
"""

from forum.core.translation import _

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
_ON, _UNKNOWN = " on ", "Another device"


def device(user_agent: str) -> str:
    """Return a label such as "Firefox on Linux"; "Another device" for what is not known."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return f"{browser}{_ON}{system}"
    return browser or system or _UNKNOWN


def shown(label: str) -> str:
    """Return a label as its owner reads it."""
    browser, on, system = label.partition(_ON)
    if on:
        return _("%(browser)s on %(system)s", browser=browser, system=system)
    return _("Another device") if label in {"", _UNKNOWN} else label
