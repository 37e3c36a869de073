// Runs the page's own module as its worker: the page sends where its script is, and its compiled code.
self.onmessage = async ({ data: { script, module } }) => {
  self.onmessage = null;
  const { default: start } = await import(script);
  await start({ module_or_path: module });
};
