// A notebook as part of a link: its settings and texts, compressed, in the part of the address that no server sees.
import { z } from 'zod';
import { WinnowError } from '../../engine/error.ts';
import { parseForeignJson } from '../../engine/json.ts';
import { documentSchema, type NotebookDocument } from '../document.ts';

/** What chats and mail programs pass on whole; browsers take more. */
const LONGEST_PAYLOAD = 32_000;

/** A small link can unpack to gigabytes; no notebook comes near this. */
const MOST_BYTES = 4 * 2 ** 20;

/** Base64url of the document's deflated JSON. Throws where it is too long for a link. */
export async function packDocument(document: NotebookDocument): Promise<string> {
  const json = new Blob([JSON.stringify(document)]);
  const packed = await bytesOf(json.stream().pipeThrough(new CompressionStream('deflate-raw')));
  const payload = base64url(packed);
  if (payload.length <= LONGEST_PAYLOAD) return payload;
  fail(
    `expected at most ${LONGEST_PAYLOAD.toLocaleString('en-US')} characters, ` +
      `but this notebook takes ${payload.length.toLocaleString('en-US')}. Save it as a file and send that.`,
  );
}

/** Throws where the payload is cut short, changed, or not a notebook. */
export async function unpackDocument(payload: string): Promise<NotebookDocument> {
  const result = documentSchema.safeParse(await unpackJson(payload));
  if (result.success) return result.data;
  return fail(`what it holds is no notebook that this Winnow can read. ${z.prettifyError(result.error)}`);
}

async function unpackJson(payload: string): Promise<unknown> {
  try {
    const packed = new Blob([fromBase64url(payload)]);
    const bytes = await bytesOf(packed.stream().pipeThrough(new DecompressionStream('deflate-raw')));
    return parseForeignJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    if (cause instanceof WinnowError) throw cause;
    throw new WinnowError('bad-data', `${where}: it cannot be read. It may have been cut short: copy all of it.`, {
      cause,
    });
  }
}

const where = 'Link to a notebook';

function fail(problem: string): never {
  throw new WinnowError('bad-data', `${where}: ${problem}`);
}

async function bytesOf(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > MOST_BYTES) {
      await reader.cancel();
      fail('it unpacks to more than any notebook has, so it was not opened.');
    }
    pieces.push(value);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

function base64url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0));
}
