// The form of the built-in data files, which scripts/assets writes.
import { z } from 'zod';

const provenance = {
  name: z.string(),
  /** What a user must know of where this comes from. */
  note: z.string(),
  licence: z.string(),
  /** Of the split, and of what was drawn to construct the set. */
  seed: z.number().int(),
};

const labelledRows = z.array(z.tuple([z.string(), z.string(), z.number().int().nonnegative()]).readonly()).readonly();
const squadFile = z.object({ data: z.array(z.unknown()).readonly() });

export const embeddedDataSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text-classification'),
    ...provenance,
    labels: z.array(z.string()).readonly(),
    /** Rows of id, text and label index. */
    splits: z.object({ train: labelledRows, dev: labelledRows, test: labelledRows }),
  }),
  z.object({
    kind: z.literal('question-answering'),
    ...provenance,
    /** Each in SQuAD's own form. */
    splits: z.object({ train: squadFile, dev: squadFile, test: squadFile }),
  }),
]);

export type EmbeddedData = z.infer<typeof embeddedDataSchema>;

/** WordNet's sets of synonyms, each the words of one meaning parted by spaces. */
export const synonymFileSchema = z.object({ licence: z.string(), sets: z.array(z.string()).readonly() });

export type SynonymFile = z.infer<typeof synonymFileSchema>;
