// Offline once opened: all files of one build, fetched together, so that they are always of one version. The build puts
// its version and files in; without them every request goes to the network.
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
addEventListener("fetch", (event) => {
  const kept = caches.match(event.request, { ignoreSearch: true, cacheName: name });
  event.respondWith(kept.then((found) => found ?? fetch(event.request)));
});
