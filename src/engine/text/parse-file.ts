// JSON of a model folder's files, read at the edge: what is wrong with it is said with the file's name.
import type { z } from 'zod';
import { WinnowError } from '../error.ts';
import { parseForeignJson } from '../json.ts';

export function parseJson(name: string, text: string): unknown {
  try {
    return parseForeignJson(text);
  } catch (cause) {
    const message = `${name}: expected JSON, got ${(cause as Error).message}. Download the file again.`;
    throw new WinnowError('bad-model', message, { cause });
  }
}

export function parseWith<T>(schema: z.ZodType<T>, name: string, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  const at = issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  const message = `${name}${at}: ${issue.message}. Use the unchanged file of the model.`;
  throw new WinnowError('bad-model', message, { cause: parsed.error });
}
