// What the page orders of the worker that speaks to the Hub, and what it hears. One worker for one order: to break off is
// to end it, and nothing that came is lost.
import { z } from 'zod';
import type { Task } from '../engine/text/types.ts';
import type { RunError } from './events.ts';
import { slicesSchema } from './spec.ts';

export const defaultEndpoint = 'https://huggingface.co';

const access = z.object({ endpoint: z.url(), token: z.string().nullable() });

export const hubOrderSchema = z.discriminatedUnion('type', [
  /** Pins a model to a commit and fetches its config.json, so that what it is and needs is known before its weights come. */
  z.object({ type: z.literal('find-model'), access, name: z.string() }),
  /** Of a model that was found. */
  z.object({ type: z.literal('fetch-model'), access, id: z.string(), commit: z.string() }),
  /** Pins a data set to the commit of its conversion and reads what its tables hold. */
  z.object({ type: z.literal('find-data'), access, name: z.string(), config: z.string().nullable() }),
  /** The rows that the slices select, of a data set that was found. */
  z.object({
    type: z.literal('fetch-data'),
    access,
    id: z.string(),
    commit: z.string(),
    config: z.string().nullable(),
    slices: slicesSchema,
    shuffle_seed: z.number().nullable(),
  }),
]);

export type HubOrder = z.infer<typeof hubOrderSchema>;

export interface FoundData {
  readonly id: string;
  readonly commit: string;
  readonly config: string;
  /** By the names of its columns. */
  readonly task: Task;
}

export interface FoundModel {
  readonly id: string;
  readonly revision: string;
  readonly commit: string;
}

export type HubReport =
  | { readonly type: 'asking' }
  /** `bytesPerSecond` is of this turn; null at its very start. */
  | {
      readonly type: 'downloading';
      readonly done: number;
      readonly total: number;
      readonly bytesPerSecond: number | null;
    }
  | { readonly type: 'found-model'; readonly model: FoundModel }
  | { readonly type: 'found-data'; readonly data: FoundData }
  | { readonly type: 'fetched' }
  | { readonly type: 'failed'; readonly error: RunError };
