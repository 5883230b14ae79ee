// The run form, derived from the schemas of runs/spec.ts: kinds of fields, their groups, their words.
import { z } from 'zod';
import type { CellOf } from '../../notebook/document.ts';
import {
  distillationSchema,
  fewShotSchema,
  mlmSchema,
  type PruningSettings,
  pruningSchema,
  type TrainingArguments,
  trainingArgumentsSchema,
  udaSchema,
} from '../../runs/spec.ts';

export type SettingValue = number | boolean | string | null;

export interface Field {
  /** Name in TrainingArguments or in Sanh's scripts; also the key in the settings. */
  readonly key: string;
  readonly title: string;
  readonly group: string;
  /** What it does, where its title does not say enough; else empty. */
  readonly about: string;
  readonly kind: 'number' | 'boolean' | 'choice';
  readonly choices: readonly (string | null)[];
  readonly isNullable: boolean;
  /** The value, or why it is none. */
  readonly parse: (value: unknown) => { readonly value: SettingValue } | { readonly problem: string };
}

const propertySchema = z.object({
  title: z.string().optional(),
  group: z.string().optional(),
  description: z.string().optional(),
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  anyOf: z.array(z.object({ type: z.string(), enum: z.array(z.string()).optional() })).optional(),
});

function fieldsOf(schema: z.ZodObject): readonly Field[] {
  const properties = z.record(z.string(), propertySchema).parse(z.toJSONSchema(schema, { io: 'input' }).properties);
  return Object.entries(properties)
    .filter(([, { title }]) => title !== undefined)
    .map(([key, property]) => fieldOf(key, property, schema.shape[key] as z.ZodType));
}

function fieldOf(key: string, property: z.infer<typeof propertySchema>, schema: z.ZodType): Field {
  const variants = property.anyOf ?? [property];
  const isNullable = variants.some(({ type }) => type === 'null');
  const options = variants.flatMap((variant) => variant.enum ?? []);
  const isBoolean = variants.some(({ type }) => type === 'boolean');
  return {
    key,
    title: property.title ?? key,
    group: property.group ?? 'Pruning',
    about: property.description ?? '',
    kind: options.length > 0 ? 'choice' : isBoolean ? 'boolean' : 'number',
    choices: isNullable ? [null, ...options] : options,
    isNullable,
    parse(value) {
      const result = schema.safeParse(value);
      return result.success
        ? { value: result.data as SettingValue }
        : { problem: result.error.issues[0]?.message ?? 'Not a valid value.' };
    },
  };
}

export const trainingFields = fieldsOf(trainingArgumentsSchema);
export const pruningFields = fieldsOf(pruningSchema);
export const distillationFields = fieldsOf(distillationSchema);
export const fewShotFields = fieldsOf(fewShotSchema);
export const mlmFields = fieldsOf(mlmSchema);
/** The policy and what belongs to it have a form of their own (PolicyField, BackTranslation). */
export const udaFields = fieldsOf(udaSchema).filter(({ key }) => key !== 'aug_ops' && key !== 'bt_language');

export interface SweepableField {
  /** Within the specification. */
  readonly path: string;
  readonly field: Field;
  /** What the cell has now. */
  readonly value: SettingValue;
}

/** The settings that a run cell's runs read, of the parts that it has. */
export function sweepableFields(cell: CellOf<'run'>): readonly SweepableField[] {
  const { pruning_method: method } = cell.pruning;
  const parts = [
    { part: 'pruning', fields: pruningFields.filter(({ key }) => !isUnused(key, method)) },
    { part: 'training', fields: trainingFields },
    { part: 'distillation', fields: distillationFields },
    { part: 'few_shot', fields: fewShotFields },
    { part: 'uda', fields: fieldsOf(udaSchema) },
    { part: 'mlm', fields: mlmFields },
  ] as const;
  return parts.flatMap(({ part, fields }) => {
    const settings = cell[part] as Readonly<Record<string, SettingValue>> | null;
    if (!settings) return [];
    return fields.map((field) => ({ path: `${part}.${field.key}`, field, value: settings[field.key] ?? null }));
  });
}

const essentialTraining: readonly (keyof TrainingArguments)[] = [
  'learning_rate',
  'per_device_train_batch_size',
  'num_train_epochs',
  'max_steps',
  'warmup_steps',
  'warmup_ratio',
  'max_seq_length',
  'seed',
];

export const isEssentialTraining = ({ key }: Field): boolean => essentialTraining.some((name) => name === key);

/** What a method is about; the rest waits under More. */
export function isEssentialPruning({ key }: Field, { pruning_method: method }: PruningSettings): boolean {
  if (method === 'none') return key === 'pruning_method';
  const essential = ['pruning_method', 'final_threshold'];
  if (method !== 'magnitude') essential.push('mask_scores_learning_rate');
  if (method === 'sigmoied_threshold' || method === 'l0') essential.push('regularization', 'final_lambda');
  return essential.includes(key) && !isUnused(key, method);
}

/** Settings that a method does not read are not offered for it. */
export function isUnused(key: string, method: PruningSettings['pruning_method']): boolean {
  if (key === 'pruning_method') return false;
  if (method === 'none') return true;
  if (method === 'magnitude') return scoreSettings.has(key);
  if (method === 'l0') return key === 'global_topk' || key === 'initial_threshold' || key === 'final_threshold';
  return key === 'global_topk' && method !== 'topK';
}

const scoreSettings = new Set([
  'mask_scores_learning_rate',
  'mask_init',
  'mask_scale',
  'regularization',
  'final_lambda',
  'freeze_weights',
]);

/** A kept fraction and a score cut-off are different quantities: each field says which one it is. */
export function titleOf({ key, title }: Field, { pruning_method: method }: PruningSettings): string {
  const keeps = method === 'topK' || method === 'magnitude';
  if (key === 'initial_threshold') return keeps ? 'Initial kept fraction' : 'Initial cut-off';
  if (key === 'final_threshold') return keeps ? 'Final kept fraction' : 'Final cut-off';
  return title;
}

/** What a setting does, and where it would do nothing. */
export const aboutOf = ({ key, about }: Field, backend: 'webgpu' | 'wasm' | null): string =>
  key === 'fp16' && backend === 'wasm' ? `${about} It has no effect here: training runs on WebAssembly.` : about;

export const choiceTitles: Readonly<Record<string, string>> = {
  none: 'none (dense)',
  topK: 'topK (movement)',
  sigmoied_threshold: 'sigmoied_threshold (soft movement)',
};
