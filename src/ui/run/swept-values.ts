// Swept values as they are typed: `1, 2, 3`, or `0.03 to 0.3 in 4`, with `log` for even ratios.
import type { SettingValue, SweptSetting } from '../../runs/sweep.ts';
import { setting as numberText } from '../format.ts';
import type { Field } from './fields.ts';

export type SweptAnswer = { readonly setting: SweptSetting } | { readonly problem: string };

const rangePattern = /^(\S+) to (\S+) in (\d+)( log)?$/;

/** Reads a list or a range of a field's values; `path` is where the field is within the specification. */
export function parseSwept(path: string, field: Pick<Field, 'kind' | 'parse'>, text: string): SweptAnswer {
  const range = rangePattern.exec(text.trim());
  if (range) return parseRange(path, field, range);
  const values: SettingValue[] = [];
  for (const item of text.split(/[,;]/)) {
    const parsed = field.parse(readValue(field, item.trim()));
    if ('problem' in parsed) return { problem: `“${item.trim()}”: ${parsed.problem}` };
    values.push(parsed.value);
  }
  return { setting: { kind: 'list', path, values } };
}

function parseRange(path: string, field: Pick<Field, 'parse'>, [, ...parts]: RegExpExecArray): SweptAnswer {
  const [from, to, count] = parts.slice(0, 3).map(readNumber) as [number, number, number];
  const isLog = parts[3] !== undefined;
  for (const end of [from, to]) {
    const parsed = field.parse(end);
    if ('problem' in parsed) return { problem: `“${end}”: ${parsed.problem}` };
  }
  if (!(from < to)) return { problem: 'A range goes from the smaller to the larger end' };
  if (count < 2) return { problem: 'A range has at least 2 values' };
  if (isLog && from <= 0) return { problem: 'A logarithmic range begins above 0' };
  return { setting: { kind: 'range', path, from, to, count, scale: isLog ? 'log' : 'linear' } };
}

export function sweptText(setting: SweptSetting): string {
  if (setting.kind === 'list') return setting.values.map(textOf).join(', ');
  const { from, to, count, scale } = setting;
  return `${numberText(from)} to ${numberText(to)} in ${count}${scale === 'log' ? ' log' : ''}`;
}

const textOf = (value: SettingValue): string =>
  typeof value === 'number' ? numberText(value) : value === null ? 'none' : String(value);

function readValue({ kind }: Pick<Field, 'kind'>, text: string): SettingValue {
  if (text === 'none' && kind !== 'choice') return null;
  if (kind === 'number') return text === '' ? Number.NaN : readNumber(text);
  if (kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : text;
  return text;
}

/** With a minus sign from a typeset page. */
const readNumber = (text: string): number => Number(text.replace('−', '-'));
