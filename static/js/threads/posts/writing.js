/** Pages for writing outside a thread: starting one, and editing a post. */

import { composer } from "./composer.js";

const form = document.querySelector("[data-composer]");
composer(form, { sent: (answer) => location.assign(`/posts/${answer.post_id || answer.id}`) });
