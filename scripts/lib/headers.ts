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

/** What the served product answers with: isolated, and unable to load from or send to anywhere else. */
export function productHeaders(path: string): Readonly<Record<string, string>> {
  const policy = path.endsWith('.js') ? workerPolicy : pagePolicy;
  return {
    ...isolationHeaders,
    'Content-Security-Policy': Object.entries(policy)
      .map(([directive, sources]) => `${directive} ${sources}`)
      .join('; '),
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  };
}
