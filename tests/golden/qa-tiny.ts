// The golden vectors that travel with the repository.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GoldenFiles } from './qa.ts';

const folder = join(import.meta.dirname, '../fixtures/qa-tiny');
const bytes = (path: string) => new Uint8Array(readFileSync(join(folder, path)));

export const qaTinyFiles: GoldenFiles = {
  config: readFileSync(join(folder, 'model/config.json'), 'utf8'),
  weights: bytes('model/model.safetensors'),
  expected: readFileSync(join(folder, 'expected.json'), 'utf8'),
  expectedTensors: bytes('expected.safetensors'),
};
