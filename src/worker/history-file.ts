// A run's mask history as a safetensors file: the recorded steps, and per matrix its changes in a row with their
// lengths in bytes.

import { readSafetensors, readTensors, type StoredTensor, writeSafetensors } from '../engine/model/safetensors.ts';
import type { MaskHistory } from '../engine/pruning/mask-history.ts';

const STEPS = 'steps';
const LENGTHS = 'lengths/';
const CHANGES = 'changes/';
const WEIGHTS = 'weights/';

export function packHistories(histories: ReadonlyMap<string, MaskHistory>): Uint8Array<ArrayBuffer> {
  const [any] = histories.values();
  const entries: [string, StoredTensor][] = [[STEPS, integers(any?.steps ?? [])]];
  for (const [name, { weights, changes }] of histories) {
    const data = joined(changes);
    entries.push([WEIGHTS + name, integers([weights])]);
    entries.push([LENGTHS + name, integers(changes.map(({ length }) => length))]);
    entries.push([CHANGES + name, { dtype: 'U8', shape: [data.length], data }]);
  }
  return writeSafetensors(new Map(entries));
}

/** The history of one matrix; null where the file has none of it. */
export async function readHistory(file: Blob, name: string): Promise<MaskHistory | null> {
  const tensors = await readTensors(file, keysOf(name), 'history.safetensors');
  return historyFrom((key) => tensors.get(key)?.data, name);
}

/** All matrices of a file. */
export function readHistories(file: Uint8Array): ReadonlyMap<string, MaskHistory> {
  const { entries } = readSafetensors(file, 'history.safetensors');
  const names = [...entries.keys()].filter((key) => key.startsWith(WEIGHTS)).map((key) => key.slice(WEIGHTS.length));
  const bytesOf = (key: string) => entries.get(key)?.data;
  return new Map(
    names.flatMap((name) => {
      const history = historyFrom(bytesOf, name);
      return history ? [[name, history] as const] : [];
    }),
  );
}

/** Null where not all of it is there. */
function historyFrom(bytesOf: (key: string) => Uint8Array | undefined, name: string): MaskHistory | null {
  const [steps, sizes, lengths, changes] = keysOf(name).map(bytesOf);
  if (!steps || !sizes || !lengths || !changes) return null;
  let end = 0;
  return {
    weights: numbersOf(sizes)[0] as number,
    steps: numbersOf(steps),
    changes: numbersOf(lengths).map((length) => {
      end += length;
      return changes.slice(end - length, end);
    }),
  };
}

const keysOf = (name: string) => [STEPS, WEIGHTS + name, LENGTHS + name, CHANGES + name];

const numbersOf = (bytes: Uint8Array): number[] => [...new Int32Array(bytes.slice().buffer)];

function integers(values: readonly number[]): StoredTensor {
  return { dtype: 'I32', shape: [values.length], data: new Uint8Array(Int32Array.from(values).buffer) };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, { length }) => total + length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
