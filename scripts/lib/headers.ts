// HTTP headers of every server here: development, preview, tests and the shipped one.

/** Cross-origin isolation: SharedArrayBuffer, and with it wasm threads, exist only under these. */
export const isolationHeaders: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
