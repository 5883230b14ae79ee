// Fetches a file of the app itself, with progress. The bytes come from the app's own origin only.
import { type ErrorCode, WinnowError } from '../engine/error.ts';

export interface LoadOptions {
  /** Bytes read and bytes expected over all files of the load; expected is 0 while unknown. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** `paths` are relative to the app's base address; `code` is what a failure is reported as. */
export async function downloadAll(paths: readonly string[], code: ErrorCode, options: LoadOptions = {}) {
  const responses = await Promise.all(paths.map((path) => request(path, code, options.signal)));
  const total = totalBytes(responses);
  let done = 0;
  const advance = (bytes: number) => {
    done += bytes;
    options.onProgress?.(done, total);
  };
  return Promise.all(responses.map((response) => readBody(response, advance)));
}

/** 0 where a response does not say, or says how long it is compressed. */
function totalBytes(responses: readonly Response[]): number {
  const lengths = responses.map(({ headers }) =>
    headers.has('content-encoding') ? 0 : Number(headers.get('content-length') ?? 0),
  );
  return lengths.includes(0) ? 0 : lengths.reduce((sum, length) => sum + length, 0);
}

async function request(path: string, code: ErrorCode, signal: AbortSignal | undefined): Promise<Response> {
  const url = new URL(`${import.meta.env.BASE_URL}${path}`, globalThis.location.href);
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (cause) {
    if (signal?.aborted) throw cause; // a cancel is not an error
    throw new WinnowError(code, `${path}: expected a file of this app, got no answer. Check that it is still served.`, {
      cause,
    });
  }
  // A server with a fallback page answers 200 with HTML for a file that was never built.
  const isPage = response.headers.get('content-type')?.startsWith('text/html');
  if (response.ok && !isPage) return response;
  throw new WinnowError(
    code,
    `${path}: expected a file of this app, got ${isPage ? 'a web page' : `status ${response.status}`}. Run \`npm run assets\` and reload.`,
  );
}

async function readBody(response: Response, advance: (bytes: number) => void): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  const reader = response.body!.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value);
    advance(read.value.length);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}
