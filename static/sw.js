// Offline once opened: all files of one build, fetched together. The build puts its version and files in.
const [version, ...files] = "OFFCUT_FILES".split("|");
const name = `offcut ${registration.scope} ${version}`;
addEventListener("install", (event) => {
  const fresh = files.map((file) => new Request(file, { cache: "no-cache" }));
  event.waitUntil(caches.open(name).then((cache) => cache.addAll(fresh)));
});
addEventListener("activate", (event) => {
  const old = (key) => key.startsWith(`offcut ${registration.scope} `) && key !== name;
  event.waitUntil(caches.keys().then((keys) => Promise.all(keys.filter(old).map((key) => caches.delete(key)))));
});
// The network first: a page that can be loaded anew is of the newest version, and nothing waits for what is kept.
// Firefox (140) keeps WebAssembly slow, or for ever uncompiled, in a page that itself came through here: it asks for the
// page alone while it takes itself to be online.
const isPageOfFirefox = ({ mode }) => mode === "navigate" && navigator.userAgent.includes("Firefox");
addEventListener("fetch", (event) => {
  if (isPageOfFirefox(event.request) && navigator.onLine) return;
  const kept = () => caches.match(event.request, { ignoreSearch: true, cacheName: name });
  event.respondWith(fetch(event.request).catch(async () => (await kept()) ?? Response.error()));
});
