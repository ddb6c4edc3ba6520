// Under Trusted Types a script's address must come from a policy. This one lets through the app's own files, and nothing else.

interface ScriptUrlPolicy {
  createScriptURL(address: string): string;
}

interface TrustedTypes {
  createPolicy(name: string, rules: ScriptUrlPolicy): ScriptUrlPolicy;
}

function ours(address: string): string {
  const url = new URL(address, location.origin);
  if (url.origin !== location.origin || !url.pathname.startsWith(import.meta.env.BASE_URL)) {
    throw new TypeError(`${address} is no script of this app`);
  }
  return url.href;
}

const trustedTypes = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
const policy = trustedTypes?.createPolicy('plainclothes', { createScriptURL: ours });

/** The address of a script of ours, as `Worker` and `serviceWorker.register` want it. */
export function scriptUrl(address: string): string {
  return policy ? policy.createScriptURL(address) : ours(address);
}
