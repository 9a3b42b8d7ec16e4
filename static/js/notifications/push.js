/** Turning push messages on for this browser, on the page of preferences: only ever on a tap. */

import { Refused, account } from "../core/http.js";
import { pushOwner } from "../core/push_owner.js";
import { SCRIPT, end, tell } from "./push_keeper.js";

const section = document.querySelector("[data-push]");
const button = section.querySelector("[data-push-on]");
const choices = document.querySelector("form[data-choices]");
const typed = () => String(new URLSearchParams(new FormData(choices)));
const before = typed();

/** Show one of the sentences that the section has ready. */
function say(state, words = "") {
  for (const line of section.querySelectorAll("[data-push-says]")) {
    line.hidden = line.dataset.pushSays !== state;
    if (!line.hidden && words) line.textContent = words;
  }
}

function begin() {
  if (section.dataset.push === "on" && account() === pushOwner()) return;
  const isApple = "standalone" in navigator; // Safari of iPhones and iPads
  if ("PushManager" in window && "serviceWorker" in navigator && "Notification" in window) {
    if (Notification.permission === "denied") say("denied");
    else button.parentElement.hidden = false;
  } else say(isApple ? "apple" : "unsupported");
}

async function turnOn() {
  const answer = await Notification.requestPermission();
  if (answer === "denied") button.parentElement.hidden = true;
  if (answer !== "granted") return say(answer === "denied" ? "denied" : "dismissed");
  say("working");
  try {
    await tell(await subscribed());
  } catch (problem) {
    await end().catch(() => {});
    return say("failed", problem instanceof Refused ? reason(problem) : "");
  }
  if (typed() === before) location.reload();
  else {
    button.parentElement.hidden = true;
    say("on"); // and what was chosen above stays as it is
  }
  return null;
}

/** Return what this browser takes messages by: with the forum's present key. */
async function subscribed() {
  await navigator.serviceWorker.register(SCRIPT);
  const { pushManager } = await navigator.serviceWorker.ready;
  const old = await pushManager.getSubscription();
  await old?.unsubscribe(); // it may be of an earlier key, or somebody else's
  return pushManager.subscribe({
    userVisibleOnly: true, applicationServerKey: section.dataset.pushKey,
  });
}

function reason(problem) {
  return Object.values(problem.fields)[0] || problem.message;
}

button.addEventListener("click", async () => {
  button.disabled = true;
  await turnOn().catch(() => say("failed"));
  button.disabled = false;
});
begin();
