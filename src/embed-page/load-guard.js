/**
 * A classic script, which browsers load where they refuse modules: in a sandboxed frame without an origin, every file of ours needs
 * `Access-Control-Allow-Origin`. Where the host sends none, the reader and the page's author get this message instead of an empty frame.
 */
addEventListener(
  'error',
  ({ target }) => {
    if (!(target instanceof HTMLScriptElement)) return;
    const message = document.createElement('p');
    message.setAttribute('role', 'alert');
    message.textContent =
      self.origin === 'null'
        ? 'The model cannot be shown: in a sandboxed frame, the host must send the header “Access-Control-Allow-Origin: *” with the files of “embed/”'
        : 'The model cannot be shown: a script of the viewer could not be loaded';
    (document.body ?? document.documentElement).append(message);
  },
  true,
);
