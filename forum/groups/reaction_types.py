"""The reactions that can be given to a post or a message, and what each is called on pages.

To add one, add a line here and its drawing in `static/css/threads/post_actions.css`.
"""

from forum.core.translation import lazy

REACTIONS = {
    "hug": lazy("Hug"),
    "hear_you": lazy("I hear you"),
    "me_too": lazy("Me too"),
    "thank_you": lazy("Thank you"),
    "helpful": lazy("Helpful"),
}
