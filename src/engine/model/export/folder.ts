// The Hub folder of a finished run, as files in memory: `from_pretrained` loads it, and it tells what was done.
import { writeSafetensors } from '../safetensors.ts';
import { bakeTensors } from './bake.ts';
import { configJson } from './config-json.ts';
import { maskFileName, writeMasks } from './masks.ts';
import { modelCard } from './model-card.ts';
import type { FolderFile, FolderSource } from './source.ts';
import { tokenizerFiles } from './tokenizer-files.ts';
import { trainerState } from './trainer-state.ts';

export function buildFolder(source: FolderSource): FolderFile[] {
  const weights = writeSafetensors(bakeTensors(source), { format: 'pt' });
  const texts: Record<string, string | object> = {
    'README.md': modelCard(source),
    'config.json': configJson(source),
    ...tokenizerFiles(source),
    'trainer_state.json': trainerState(source),
    'winnow-run.json': source.spec,
  };
  const files = Object.entries(texts).map(([path, content]) => ({ path, bytes: encode(content) }));
  files.push({ path: 'model.safetensors', bytes: weights });
  if (source.masks.size > 0) files.push({ path: maskFileName, bytes: writeMasks(source.config, source.masks) });
  return files;
}

function encode(content: string | object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`);
}
