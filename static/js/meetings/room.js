/** A meeting's room: everything that is live about it, put together. */

import { composer } from "../threads/posts/composer.js";
import { connectionLine, noticeLine } from "../core/connection.js";
import { isComposing } from "../core/forms/text_editing.js";
import { isLoggedOut, loggedOut } from "../core/session_expired.js";
import { follow, inOrder } from "../threads/live_updates.js";
import { Messages } from "./messages.js";
import { sendTyping, showWhoWrites } from "../threads/presence.js";
import { panel, unreadNotes } from "./room_side.js";
import { people } from "./room_people.js";
import { quietly } from "../core/forms/inline_forms.js";
import { teamNote } from "./team_note.js";
import { showTransientReactions } from "./transient_reactions.js";
import { connection } from "../core/socket.js";

const page = document.querySelector("[data-meeting-id]");
const meetingId = Number(page.dataset.meetingId);
const place = { meeting_id: meetingId };
const isHere = (said) => said.meeting_id === meetingId;
const find = (name) => page.querySelector(`[data-${name}]`);
const form = find("composer");
const socket = connection();
const line = connectionLine(socket, find("connection"));
const notice = noticeLine(find("notice"));
const noteMessage = showWhoWrites(socket, find("typing"), "meeting:typing", isHere);
const messages = new Messages(find("log"), { arrived: noteMessage, button: find("new-messages") });
const showPeople = people(page, (words) => { find("say").textContent = words; });
const privateNotes = find("private-notes");
const showTeamNote = teamNote(socket, find("team-note-place"), meetingId);
const newPrivate = unreadNotes(page, find("private"));
const draft = composer(form, {
  sent: ({ html }) => messages.show(html),
  back(again) {
    socket.on("connect", again);
    return () => socket.off("connect", again);
  },
});

for (const once of page.querySelectorAll("[data-without-script]")) once.remove();
quietly(page, notice);
panel(page);
showTransientReactions(socket, page, place, isHere);
sendTyping(socket, form.elements.body, "meeting:typing", place);
// A keyboard on the screen has no other key for a new line, and Send is beside it.
const onTouch = matchMedia("(pointer: coarse)");
form.elements.body.addEventListener("keydown", (event) => {
  const alone = !(event.shiftKey || event.ctrlKey || event.metaKey || event.altKey);
  if (event.key !== "Enter" || !alone || onTouch.matches || isComposing(event)) return;
  event.preventDefault();
  if (form.elements.body.value.trim()) form.requestSubmit(form.querySelector("[data-send]"));
});

const catchUp = follow(socket, {
  join: "meeting:join",
  place,
  version: Number(page.dataset.version),
  changes: {
    "meeting:message": (change) => messages.apply([change]),
  },
  settle(answer) {
    line.opened();
    showState(answer);
    page.dataset.inside = answer.inside ? "yes" : "";
    page.dataset.muted = answer.muted ? "yes" : "";
    find("greeting").innerHTML = answer.greeting;
    find("greeting").hidden = !answer.greeting;
    showTeamNote(answer.note);
    messages.apply(inOrder(answer.messages));
    for (const note of answer.private_notes) showPrivateNote(note);
    showPeople(answer.people, answer);
  },
  async closed(message, worked) {
    const send = form.querySelector("[data-send]");
    line.closed(...(worked && await isLoggedOut() ? loggedOut(send) : [message]));
  },
  reload: () => line.offer(page.dataset.saysMuchNew, page.dataset.saysLoad, async () => {
    await draft.save();
    location.reload();
  }),
});
socket.on("meeting:state", (state) => {
  if (!isHere(state)) return;
  const waited = page.dataset.inside === "";
  showState(state);
  // Everybody who waited comes in at once, so not all in the same moment.
  if (waited && state.state !== "scheduled") setTimeout(catchUp, Math.random() * 1500);
});
socket.on("meeting:present", (said) => isHere(said) && showPeople(said.html, said));
socket.on("meeting:private_note", (note) => isHere(note) && showPrivateNote(note));
socket.on("meeting:own_status", (you) => {
  if (!isHere(you)) return;
  page.dataset.muted = you.muted ? "yes" : "";
  if (you.removed) page.dataset.inside = "";
  if (you.message) line.closed(you.message);
  else line.opened();
});

function showState({ state, html, turns_only: turnsOnly }) {
  if (state === "over" && page.dataset.state !== state) window.scrollTo(0, 0); // where it is said
  page.dataset.state = state;
  page.dataset.turnsOnly = turnsOnly ? "yes" : "";
  if (state === "over") linkSummary();
  const shown = find("state-line");
  if (shown.dataset.html === html) return;
  shown.dataset.html = html;
  shown.innerHTML = html;
}

// Only facilitators have this link, which leads nowhere before the meeting is over.
function linkSummary() {
  const summary = find("summary");
  if (!summary) return;
  summary.querySelector("a").href = "summary";
  summary.hidden = false;
}

function showPrivateNote({ id, html, about, about_id: aboutId }) {
  if (privateNotes.querySelector(`[data-note-id="${id}"]`)) return;
  privateNotes.insertAdjacentHTML("beforeend", html);
  const to = find("note-to");
  if (!to || String(aboutId) === page.dataset.viewerId) return;
  if (![...to.options].some((option) => option.value === String(aboutId))) {
    to.add(new Option(about, aboutId));
  }
  find("say").textContent = page.dataset.saysPrivate.replace("%(username)s", () => about);
  newPrivate();
}
