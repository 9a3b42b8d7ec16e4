"""Forms for words, where no slice has anything to say of what is written in them."""

from flask import Flask, request

from tests.support.suite.fresh_modules import freshly_loaded


def test_until_something_is_declared_no_form_comes_back_and_nothing_is_offered(app: Flask) -> None:
    warnings = freshly_loaded("forum.core.web.forms.form_warnings")
    words = {"body": "Call me on 07700 900123", warnings.ASK: "1"}
    with app.test_request_context("/", method="POST", data=words):
        assert warnings.asks_first(request.form) is False
        warnings.sent(request.form)
