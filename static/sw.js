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
// Firefox now and then waits for ever for WebAssembly that it compiles while a service worker's answer arrives (seen in
// 140, on a busy machine). What does not call itself WebAssembly is compiled when all of it is there.
const arrivesWhole = (response) => {
  const isStreamed = response.headers.get("content-type") === "application/wasm";
  if (!isStreamed || !navigator.userAgent.includes("Firefox")) return response;
  return new Response(response.body, { headers: { "content-type": "application/octet-stream" } });
};
// The network first: a page that can be loaded anew is of the newest version, and nothing waits for what is kept.
addEventListener("fetch", (event) => {
  const kept = () => caches.match(event.request, { ignoreSearch: true, cacheName: name });
  const answer = fetch(event.request).catch(async () => (await kept()) ?? Response.error());
  event.respondWith(answer.then(arrivesWhole));
});
