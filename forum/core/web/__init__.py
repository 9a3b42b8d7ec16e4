"""The HTTP door: answers, errors, cookies, limits, assets, template helpers."""
