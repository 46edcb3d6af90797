/* What the site does on a phone without network: its look comes from the phone, any page shows the saved day, and what
   waits to be sent is sent when there is network again. Nothing else that the site answers is kept. */
importScripts("{{ queue }}", "{% static 'js/shown.js' %}");
const LOOK = "look-{{ version }}";
const FILES = [{% for file in files %}"{{ file }}", {% endfor %}];
const SAVED = "{% url 'saved_day' %}";
const PATIENCE = 8_000;

self.addEventListener("install", (event) => event.waitUntil(keepTheLook()));
self.addEventListener("activate", (event) => event.waitUntil(throwOldLooksAway()));
self.addEventListener("sync", (event) => event.tag === "taps" && event.waitUntil(taps.flush()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (FILES.includes(pathname)) event.respondWith(file(request));
});

async function keepTheLook() {
  await (await caches.open(LOOK)).addAll(FILES);
  await self.skipWaiting();
}

async function throwOldLooksAway() {
  const old = (await caches.keys()).filter((name) => name.startsWith("look-") && name !== LOOK);
  await Promise.all(old.map((name) => caches.delete(name)));
  await clients.claim();
}

async function file(request) {
  return (await caches.match(request, { cacheName: LOOK })) ?? fetch(request);
}

/* Whoever comes by the door of the house may be somebody else: the saved day of whoever was here before is gone then.
   A network that only hangs is none: after a while the saved day is shown instead, and what hung is given up, or the
   browser would let the next visit to the same address wait for it. */
async function page(request, pathname) {
  const patience = new AbortController();
  const answering = fetch(request, { signal: patience.signal });
  const door = pathname.startsWith("/account/");
  try {
    const answer = await (door ? answering : Promise.race([answering, tooLong()]));
    if (door) await caches.delete("day");
    return answer;
  } catch {
    const saved = await caches.match(SAVED, { cacheName: "day" });
    if (!saved) return answering;
    answering.catch(() => {}); // nobody waits for it any more
    patience.abort();
    return saved;
  }
}

const tooLong = () => new Promise((_resolve, reject) => setTimeout(reject, PATIENCE));
