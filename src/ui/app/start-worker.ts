/**
 * Starts a module worker whose script may be of another origin, as when an element's module comes from a CDN, or where the page
 * has no origin at all (a sandboxed frame): browsers refuse such a script by address, but not a script of the page's own that
 * imports it. Where the page has a content security policy, `worker-src` then has to name that origin and `blob:`, without an origin `data:`.
 *
 * Under `require-trusted-types-for 'script'` it needs to make the Trusted Types policy `proscenium`.
 *
 * @param address absolute URL of the script; another origin must allow it (CORS)
 */
export function startWorker(address: string, name: string): Worker {
  // A sandboxed page's `location` still tells where it came from; its `origin` is "null".
  const isOwn = new URL(address).origin === globalThis.origin;
  return new Worker(trusted(isOwn ? address : importingScript(address)), { type: 'module', name });
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): string };
}
let policy: ReturnType<TrustedTypes['createPolicy']> | undefined;

/** The addresses are our own, out of the build. A page that knows the policy by no name may not need it: the browser decides. */
function trusted(address: string): string {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
  try {
    policy ??= trustedTypes?.createPolicy('proscenium', { createScriptURL: (own) => own });
  } catch {
    return address;
  }
  return policy?.createScriptURL(address) ?? address;
}

/**
 * Address of a script that imports another. Chromium starts no module worker from the blob of a page without an origin, and gives a classic one
 * no WebGPU, since `blob:null/…` is no secure context; a `data:` worker of such a page has both.
 */
function importingScript(address: string): string {
  const text = `import ${JSON.stringify(address)};`;
  if (globalThis.origin === 'null') return `data:text/javascript,${encodeURIComponent(text)}`;
  // Not revoked: some browsers fetch the script later, and it is a few bytes for the life of the page.
  return URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
}
