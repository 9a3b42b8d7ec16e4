/** The page of one's profile: notes beside what one says about oneself. */

import { writingNotes } from "../safety/form_warnings.js";

const form = document.querySelector("form[data-profile]");
writingNotes(form, form.elements.about);
