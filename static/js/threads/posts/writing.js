/** Pages for writing outside a thread: starting one, and editing a post. */

import { composer } from "./composer.js";
import { confirmedOn } from "../../core/forms/confirmation.js";
import { similarThreads } from "../../search/similar_threads.js";

const form = document.querySelector("[data-composer]");
composer(form, {
  sent: (answer) => confirmedOn(`/posts/${answer.post_id || answer.id}`, answer),
});
similarThreads(form);
