// Question examples from SQuAD 1.1 and 2.0 JSON, or from rows with the columns of the Hub's squad dataset.
// Both count answer_start in code points, as Python does; here it becomes UTF-16 units.
import { z } from 'zod';
import { badData, type Table } from './table.ts';
import type { QuestionExample } from './types.ts';

const answerSchema = z.object({ text: z.string(), answer_start: z.number().int() });
type Answer = z.infer<typeof answerSchema>;

const idSchema = z.union([z.string(), z.number()], 'expected text or a number').transform(String);

const squadSchema = z.object({
  data: z.array(
    z.object({
      title: z.string().default(''),
      paragraphs: z.array(
        z.object({
          context: z.string(),
          qas: z.array(
            z.object({
              id: idSchema,
              question: z.string(),
              answers: z.array(answerSchema).default([]),
            }),
          ),
        }),
      ),
    }),
  ),
});

/** The Hub's rows hold answers as two parallel lists, other people's as a list of objects. */
const rowSchema = z.object({
  id: idSchema.optional(),
  title: z.string().nullish(),
  context: z.string(),
  question: z.string(),
  answers: z.union([
    z.array(answerSchema),
    z
      .object({ text: z.array(z.string()), answer_start: z.array(z.number().int()) })
      .refine(
        (answers) => answers.text.length === answers.answer_start.length,
        'text and answer_start differ in length',
      )
      .transform(({ text, answer_start }) => text.map((t, i): Answer => ({ text: t, answer_start: answer_start[i]! }))),
  ]),
});

/** Whether a parsed JSON file is SQuAD's form: articles under `data`. */
export function isSquadJson(json: unknown): boolean {
  return z.object({ data: z.array(z.object({ paragraphs: z.unknown() })).min(1) }).safeParse(json).success;
}

/** @throws WinnowError `bad-data` naming the place in the file. */
export function questionsFromSquad(fileName: string, json: unknown): QuestionExample[] {
  const { data } = parse(squadSchema, fileName, json);
  const examples = data.flatMap(({ title, paragraphs }) =>
    paragraphs.flatMap(({ context, qas }) => qas.map((qa) => toExample({ ...qa, title, context }))),
  );
  if (examples.length > 0) return examples;
  throw badData(fileName, 'expected questions, got none', 'Choose a file that has some.');
}

export function questionsFromTable({ fileName, rows }: Table): QuestionExample[] {
  return rows.map((row, i) => {
    const where = `${fileName} row ${i + 1}`;
    const { id = String(i + 1), title, ...rest } = parse(rowSchema, where, row);
    return toExample({ id, title: title ?? '', ...rest });
  });
}

function parse<T>(schema: z.ZodType<T>, where: string, json: unknown): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  const at = path.length > 0 ? `${where} at ${path.join('.')}` : where;
  throw badData(
    at,
    lowerFirst(message),
    "Give it SQuAD's form: context, question, answers with text and answer_start.",
  );
}

const lowerFirst = (message: string) => message.charAt(0).toLowerCase() + message.slice(1);

function toExample({ id, title, context, question, answers }: QuestionExample): QuestionExample {
  const isPlain = !/[\ud800-\udfff]/.test(context);
  return { id, title, context, question, answers: isPlain ? answers : answers.map((a) => inUnits(context, a)) };
}

/** Files written by JavaScript count units already: the reading under which the answer is there wins. */
function inUnits(context: string, answer: Answer): Answer {
  const { text, answer_start } = answer;
  const units = [...context].slice(0, Math.max(answer_start, 0)).join('').length;
  const isCountedInUnits = !context.startsWith(text, units) && context.startsWith(text, answer_start);
  return isCountedInUnits ? answer : { text, answer_start: units };
}
