// One zip, stored: trained weights do not compress, and the browser should not try.
import { makeZip } from 'client-zip';
import type { FolderFile } from './source.ts';

/** All files under one top folder, so that unpacking makes no mess. */
export async function zipFolder(
  folderName: string,
  files: readonly FolderFile[],
  lastModified: Date = new Date(),
): Promise<Uint8Array<ArrayBuffer>> {
  const entries = files.map(({ path, bytes }) => ({ name: `${folderName}/${path}`, input: bytes, lastModified }));
  return new Uint8Array(await new Response(makeZip(entries) as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}
