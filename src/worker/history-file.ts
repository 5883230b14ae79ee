// A run's mask history as a safetensors file: the recorded steps, and per matrix its changes in a row with their
// lengths in bytes.

import { readSafetensors, type StoredTensor, writeSafetensors } from '../engine/model/safetensors.ts';
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
export function unpackHistory(file: Uint8Array, name: string): MaskHistory | null {
  const { entries } = readSafetensors(file, 'history.safetensors');
  const numbers = (key: string) => {
    const entry = entries.get(key);
    return entry ? [...new Int32Array(entry.data.slice().buffer)] : null;
  };
  const [steps, lengths] = [numbers(STEPS), numbers(LENGTHS + name)];
  const [weights] = numbers(WEIGHTS + name) ?? [];
  const data = entries.get(CHANGES + name)?.data;
  if (!steps || !lengths || !data || weights === undefined) return null;
  let end = 0;
  const changes = lengths.map((length) => {
    end += length;
    return data.slice(end - length, end);
  });
  return { weights, steps, changes };
}

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
