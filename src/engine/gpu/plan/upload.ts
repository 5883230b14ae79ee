// What the host sends before a plan runs: a few words of this step and the feeds, all in one buffer and one write.

import { mixBits } from '../../random.ts';
import type { StepInputs } from '../executor.ts';
import type { Gpu } from './gpu.ts';
import { Storage, type View } from './storage.ts';

/** What the host knows about the run of a plan. */
export interface StepValues {
  readonly inputs: StepInputs;
  /** Whether gradients and terms add to those of earlier micro-batches. */
  readonly adds: boolean;
  readonly share: number;
  /** Weight of each term times the share. */
  readonly termWeights: readonly number[];
}

type Source = (values: StepValues) => ArrayLike<number>;
type Element = 'i32' | 'f32';

interface Entry {
  readonly view: View;
  readonly element: Element;
  readonly source: Source;
}

const STEP_WORDS = 4;

export class Upload {
  readonly storage = new Storage('upload', 0);
  readonly step: View = this.storage.append(STEP_WORDS);
  private readonly entries = new Map<string, Entry>();
  private words: ArrayBuffer | null = null;

  /** A region that `source` fills before every run; asked for twice under one name, it is the same region. */
  region(name: string, o: { readonly words: number; readonly element: Element; readonly source: Source }): View {
    const known = this.entries.get(name);
    if (known) return known.view;
    const view = this.storage.append(Math.max(4, o.words));
    this.entries.set(name, { view, element: o.element, source: o.source });
    return view;
  }

  /** Writes this run's values. Queued before what is submitted later, so earlier runs are not disturbed. */
  send(gpu: Gpu, buffer: GPUBuffer, values: StepValues): void {
    this.words ??= new ArrayBuffer(this.storage.words * 4);
    const { words } = this;
    new Uint32Array(words, 0, 2).set([mixBits(values.inputs.seed), values.adds ? 1 : 0]);
    new Float32Array(words, 8, 1).set([values.share]);
    for (const { view, element, source } of this.entries.values()) {
      const target = element === 'i32' ? Int32Array : Float32Array;
      new target(words, view.offset * 4, view.words).set(source(values));
    }
    gpu.write(buffer, 0, words);
  }
}

export function feedOf({ feeds }: StepInputs, name: string): Int32Array | Float32Array {
  const data = feeds[name];
  if (!data) throw new Error(`feed ${name}: expected among ${Object.keys(feeds).join(', ')}, got none`);
  return data;
}
