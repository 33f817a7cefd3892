/** A classic script, which is loaded where modules are not: a sandboxed frame has no origin, so its host must allow every origin to read them. */
addEventListener(
  'error',
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement)) return;
    const message = document.createElement('p');
    message.setAttribute('role', 'alert');
    message.textContent =
      self.origin === 'null'
        ? 'A sandboxed frame needs the header “Access-Control-Allow-Origin: *” with the files of this folder.'
        : 'A script of this frame could not be loaded.';
    document.body.replaceChildren(message);
  },
  true,
);
