/**
 * Runs beside the pages of who has turned push messages on, and does three things: it shows a push
 * message, opens the forum when it is tapped, and shows a page where there is no connection.
 * Nobody's pages are kept. KEPT is what that one page needs, and ICON what messages show
 * (forum/core/web/templating/service_worker.py).
 */

const CACHE = KEPT.join(" ");
const ORDINARY = "ordinary";
const PATIENCE_MS = 5000;

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(KEPT)));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(begin());
});

async function begin() {
  for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
  // So that no page waits for this script to wake up.
  await self.registration.navigationPreload?.enable();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.mode === "navigate" && request.method === "GET") event.respondWith(page(event));
  else if (KEPT.includes(new URL(request.url).pathname)) event.respondWith(asKept(request));
});

async function page(event) {
  try {
    return (await event.preloadResponse) || (await fetch(event.request));
  } catch {
    return (await caches.match(KEPT[0])) || Response.error();
  }
}

async function asKept(request) {
  return (await caches.match(request)) || fetch(request);
}

self.addEventListener("push", (event) => {
  event.waitUntil(show(event.data.json()));
});

/** Show a message, unless its reader has logged out here since it was sent. */
async function show(told) {
  if (!(await isReaderHere(told.device))) {
    const subscription = await self.registration.pushManager.getSubscription();
    await subscription?.unsubscribe();
    return;
  }
  // Of what is not urgent one message is enough; of several it leads to the list of them all.
  const tag = told.urgent ? told.key : ORDINARY;
  const others = told.urgent ? [] : await self.registration.getNotifications({ tag });
  const isSame = others.every((one) => one.data.key === told.key);
  await self.registration.showNotification(told.title, {
    tag,
    lang: told.lang,
    dir: told.dir,
    icon: ICON,
    renotify: told.urgent,
    requireInteraction: told.urgent,
    data: { key: told.key, address: isSame ? told.address : "/notifications" },
  });
}

/** While the forum cannot say, it counts as yes: somebody may be in danger. */
async function isReaderHere(device) {
  const answer = await fetch(`/notifications/devices/${device}`, {
    headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS),
  }).catch(() => null);
  return !answer || ![401, 403, 404].includes(answer.status);
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  // In a page of its own: what somebody is writing in another stays as it is.
  event.waitUntil(self.clients.openWindow(event.notification.data.address));
});
