/** Pages for writing outside a conversation: asking for one, and editing a message. */

import { composer } from "../threads/posts/composer.js";

const form = document.querySelector("[data-composer]");
composer(form, { sent: ({ id }) => location.assign(form.dataset.next || `/messages/${id}`) });
