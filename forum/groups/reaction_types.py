"""The reactions that can be given to a post or a message, and what each is called on pages.

To add one, add a line here and its drawing in `static/css/threads/post_actions.css`.
"""

REACTIONS = {
    "hug": "Hug",
    "hear_you": "I hear you",
    "me_too": "Me too",
    "thank_you": "Thank you",
    "helpful": "Helpful",
}
