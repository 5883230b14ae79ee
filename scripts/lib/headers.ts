// HTTP headers of the servers here.

/** Cross-origin isolation: SharedArrayBuffer, and with it wasm threads, exist only under these. */
export const isolationHeaders: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

const pagePolicy: Readonly<Record<string, string>> = {
  'default-src': "'self'",
  'script-src': "'self' 'wasm-unsafe-eval'",
  'style-src': "'self'",
  'style-src-attr': "'unsafe-inline'", // KaTeX places its glyphs with style attributes
  'img-src': "'self' data: blob:",
  'connect-src': "'self'",
  'worker-src': "'self' blob:", // tfjs's wasm threads start from a blob …
  'object-src': "'none'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** A worker lives under the policy its own script came with; the page's stays the stricter one. */
const workerPolicy: Readonly<Record<string, string>> = {
  ...pagePolicy,
  'script-src': "'self' blob: 'wasm-unsafe-eval'", // … and load a second one
};

/**
 * Two workers fetch from the Hub once the user asks for it, models and data by name, and opus-mt for back-translation:
 * huggingface.co redirects large files to its regional stores, below hf.co, and to older ones below huggingface.co (Hub
 * documentation, “Downloading models behind a proxy or firewall”). Redirects count, so all are named; nothing else on the
 * page may speak to them. HF_ENDPOINT, as for huggingface_hub, names another Hub in their place.
 */
const hubHosts = process.env.HF_ENDPOINT ?? 'https://huggingface.co https://*.huggingface.co https://*.hf.co';

const hubPolicy: Readonly<Record<string, string>> = { ...workerPolicy, 'connect-src': `'self' ${hubHosts}` };

/** What the served product answers with: isolated, and but for the two that fetch from the Hub unable to speak to anywhere else. */
export function productHeaders(path: string): Readonly<Record<string, string>> {
  const policy = policyOf(path.slice(path.lastIndexOf('/') + 1));
  return {
    ...isolationHeaders,
    'Content-Security-Policy': Object.entries(policy)
      .map(([directive, sources]) => `${directive} ${sources}`)
      .join('; '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}

function policyOf(fileName: string) {
  if (/^(hub|translator)-[\w-]+\.js$/.test(fileName)) return hubPolicy;
  return fileName.endsWith('.js') ? workerPolicy : pagePolicy;
}
