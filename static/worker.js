// Runs a module of ours as a worker: the page sends where its script is, and its code where that is compiled already.
self.onmessage = ({ data: { script, module } }) => {
  self.onmessage = null;
  // An error that nobody handles would not reach the page.
  import(script).then(({ default: start }) => start({ module_or_path: module })).catch(reportError);
};
