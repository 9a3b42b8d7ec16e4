/**
 * Push messages in this browser are for who turned them on, as long as they are logged in. Where
 * somebody else is, or nobody, they end here; the forum has ended them on its side already.
 */

import { account, post } from "../core/http.js";
import { pushOwner, setPushOwner } from "../core/push_owner.js";

export const SCRIPT = "/service-worker.js";
const DEVICES = "/notifications/devices";
const STORED = "push-told";
const DAY_MS = 24 * 3_600_000;

/** Called on every page: end what is no longer to be, else tell the forum once a day. */
export async function keep() {
  if (account() === pushOwner()) return tellDaily();
  const answer = await fetch("/session", { headers: { Accept: "application/json" } })
    .catch(() => null);
  // A page that shows nobody's name may have been made while the forum had a problem.
  if (answer?.ok && (await answer.json()).account !== pushOwner()) await end();
}

/** Take no more messages here, and leave nothing behind. */
export async function end() {
  const registration = await navigator.serviceWorker?.getRegistration("/");
  const shown = (await registration?.getNotifications?.()) ?? [];
  for (const one of shown) one.close();
  const subscription = await registration?.pushManager?.getSubscription();
  await subscription?.unsubscribe();
  await registration?.unregister();
  for (const name of await caches.keys()) await caches.delete(name);
  localStorage.removeItem(STORED);
  setPushOwner("");
}

/** Let the forum send messages to this subscription. */
export async function tell(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const told = await post(DEVICES, { endpoint, p256dh: keys.p256dh, auth: keys.auth });
  setPushOwner(account());
  localStorage.setItem(STORED, String(Date.now()));
  return told;
}

/** Browsers change addresses, and who logs in anew has another session. */
async function tellDaily() {
  if (Date.now() - Number(localStorage.getItem(STORED)) < DAY_MS) return;
  const registration = await navigator.serviceWorker?.getRegistration("/");
  const subscription = await registration?.pushManager?.getSubscription();
  if (subscription) await tell(subscription).catch(() => {}); // it is told tomorrow
  else await end();
}
