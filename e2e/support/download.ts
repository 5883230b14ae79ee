// A downloaded zip, opened as its receiver would open it.
import { readFile } from 'node:fs/promises';
import type { Download } from '@playwright/test';
import { unzipSync } from 'fflate';

/** The zip's files by their path inside it. */
export async function unzip(download: Download): Promise<ReadonlyMap<string, Uint8Array>> {
  return new Map(Object.entries(unzipSync(await readFile(await download.path()))));
}
