/** The page of one's profile: notes beside what one says about oneself. */

import { writingNotes } from "./writing_notes.js";

const form = document.querySelector("form[data-profile]");
writingNotes(form, form.elements.about);
