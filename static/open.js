// What opens the workshop: files dropped, texts pasted, and what is marked `data-workshop`. And what is kept in this
// browser, among the presets.
const { offcut } = window;
const isText = (target) => target.closest?.("textarea, input, [contenteditable]");
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event) => {
  event.preventDefault();
  const { files } = event.dataTransfer;
  for (const file of files) offcut(file);
  const text = event.dataTransfer.getData("text");
  if (!files.length && text) offcut({ text });
});
addEventListener("paste", (event) => {
  if (isText(event.target)) return;
  const { files } = event.clipboardData;
  for (const file of files) offcut(file);
  const text = event.clipboardData.getData("text");
  if (!files.length && text.trim()) offcut({ text });
});
addEventListener("click", (event) => {
  const wish = event.target.closest?.("[data-workshop]")?.dataset.workshop;
  if (wish) offcut(wish);
});
addEventListener("change", (event) => {
  if (event.target.id !== "open_files") return;
  for (const file of event.target.files) offcut(file);
  event.target.value = "";
});

// A key a piece, so that two tabs do not undo each other: `offcut-kept:device:My board`.
const fill = () => {
  for (const kind of ["model", "device", "server", "network"]) {
    const select = document.getElementById(kind);
    if (!select) return;
    select.querySelector("optgroup")?.remove();
    let names = [];
    const prefix = `offcut-kept:${kind}:`;
    try {
      names = Object.keys(localStorage).filter((key) => key.startsWith(prefix)).sort();
    } catch { /* storage is switched off: nothing is kept */ }
    if (!names.length) continue;
    const kept = document.createElement("optgroup");
    kept.label = "Kept in this browser";
    for (const key of names) kept.append(new Option(key.slice(prefix.length), localStorage.getItem(key)));
    const { value } = select;
    select.append(kept);
    select.value = value;
  }
};
fill();
// Refused or missing where the page is opened in other ways: it then needs the network each time.
navigator.serviceWorker?.register("./sw.js").catch(() => {});
offcut.isListening = true;
addEventListener("storage", fill);
addEventListener("kept", fill);
