// PyTorch on the same cores as one more contestant, where WINNOW_PYTHON names a Python that has it.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { namesOf } from '../../../src/engine/model/architecture.ts';
import { groupsOf, LEARNING, type Workload } from '../../../tools/bench/workload.ts';
import { repositoryRoot } from '../paths.ts';
import type { Racer, TurnFigures } from './race.ts';

const script = join(repositoryRoot, 'tools/bench/pytorch.py');

export interface PyTorch {
  readonly racer: Racer;
  readonly version: string;
}

/** Null where there is no PyTorch. */
export async function enterPyTorch(workload: Workload): Promise<PyTorch | null> {
  const python = process.env.WINNOW_PYTHON;
  if (python === undefined || spawnSync(python, ['-c', 'import torch']).status !== 0) return null;
  const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-'));
  writeWorkload(folder, workload);
  const child = spawn(python, [script, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const nextLine = async <T>(): Promise<T> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('PyTorch: expected a line of JSON, got the end. See its message above.');
    return JSON.parse(value);
  };
  const takeStep = () => {
    child.stdin.write('\n');
    return nextLine<TurnFigures>();
  };
  const { version } = await nextLine<{ version: string }>();
  return {
    version,
    racer: {
      name: 'pytorch',
      async turn(steps) {
        for (let step = 1; step < steps; step++) await takeStep();
        return takeStep();
      },
      emptySteps: async () => [],
      async close() {
        child.stdin.end();
        rmSync(folder, { recursive: true });
      },
    },
  };
}

function writeWorkload(folder: string, workload: Workload): void {
  const { config, tensors, batch } = workload;
  const names = namesOf(config.architecture);
  let offset = 0;
  const parameters = [...tensors].map(([name, { shape, data }]) => {
    const entry = { name, shape, offset, size: data.length };
    offset += data.length;
    return entry;
  });
  const description = {
    ...LEARNING,
    batch: batch.batchSize,
    tokens: batch.tokens,
    hidden: config.hiddenSize,
    heads: config.heads,
    layerNormEps: config.layerNormEps,
    inputIds: [...batch.inputIds],
    attentionMask: [...batch.attentionMask],
    labels: [...batch.startPositions!, ...batch.endPositions!],
    embeddings: names.embeddings,
    layers: Array.from({ length: config.layers }, (_, layer) => names.layer(layer)),
    head: names.questionAnswering,
    groups: groupsOf(workload),
    parameters,
  };
  writeFileSync(join(folder, 'workload.json'), JSON.stringify(description));
  writeFileSync(join(folder, 'weights.bin'), Buffer.concat([...tensors.values()].map(({ data }) => bytesOf(data))));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
