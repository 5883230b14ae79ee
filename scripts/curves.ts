// `npm run curves -- DIR --tag eval/accuracy --out FILE.svg`: one metric of every run under DIR, against its steps.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, UsageError } from './lib/command.ts';

const WIDTH = 760;
const HEIGHT = 360;
const LEFT = 56;
const RIGHT = 190;
const TOP = 24;
const BOTTOM = 40;
const COLOURS = ['#3b3b3b', '#1f6fb2', '#7db3dc', '#b5541c', '#e3a26f', '#2f7d5b', '#8a5fa8'];

/** Shade and dash tell curves apart without colour, too. */
const DASHES = ['', '', '6 3', '', '6 3', '2 3', '8 2 2 2'];

interface Curve {
  readonly name: string;
  readonly points: readonly (readonly [step: number, value: number])[];
}

await runCommand({
  usage: 'npm run curves -- DIR --tag TAG --out FILE.svg',
  options: { tag: { type: 'string', default: 'eval/accuracy' }, out: { type: 'string' } },
  positionals: 1,
  async run({ tag, out }, [folder = '']) {
    if (!out) throw new UsageError('--out: expected a file to write to, got none.');
    const curves = readCurves(folder, tag);
    if (curves.length === 0) throw new Error(`${folder}: expected runs that logged ${tag}, got none.`);
    writeFileSync(out, drawCurves(curves, tag));
    return 0;
  },
});

function readCurves(folder: string, tag: string): Curve[] {
  const names = readdirSync(folder).filter((name) => existsSync(join(folder, name, 'metrics.jsonl')));
  return names.sort().flatMap((name) => {
    const rows = readFileSync(join(folder, name, 'metrics.jsonl'), 'utf8')
      .trim()
      .split('\n');
    const points = rows.flatMap((line) => {
      const row = JSON.parse(line) as Record<string, number>;
      const { step, [tag]: value } = row;
      return step === undefined || value === undefined ? [] : [[step, value] as const];
    });
    return points.length > 0 ? [{ name, points }] : [];
  });
}

function drawCurves(curves: readonly Curve[], tag: string): string {
  const steps = curves.flatMap(({ points }) => points.map(([step]) => step));
  const values = curves.flatMap(({ points }) => points.map(([, value]) => value));
  const [last, low, high] = [Math.max(...steps), Math.min(...values), Math.max(...values)];
  const x = (step: number) => LEFT + (step / last) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - ((value - low) / (high - low || 1)) * (HEIGHT - TOP - BOTTOM);
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => low + share * (high - low));
  const stepTicks = [0, 0.25, 0.5, 0.75, 1].map((share) => Math.round(share * last));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<title>${escapeXml(tag)}</title><rect width="100%" height="100%" fill="#fff"/>`,
    `<text x="${LEFT}" y="14" font-weight="bold">${escapeXml(tag)}</text>`,
    ...ticks.map(
      (value) =>
        `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}" stroke="#ddd"/>` +
        `<text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${value.toFixed(3)}</text>`,
    ),
    ...stepTicks.map((step) => `<text x="${x(step)}" y="${HEIGHT - 20}" text-anchor="middle">${step}</text>`),
    `<text x="${WIDTH - RIGHT}" y="${HEIGHT - 4}" text-anchor="end">step</text>`,
    ...curves.map(({ name, points }, index) => {
      const path = points.map(([step, value]) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
      const stroke = `stroke="${COLOURS[index % COLOURS.length]}" stroke-dasharray="${DASHES[index % DASHES.length]}"`;
      const legendY = TOP + 12 + 18 * index;
      const legendX = WIDTH - RIGHT + 14;
      return (
        `<polyline points="${path}" fill="none" stroke-width="2" ${stroke}/>` +
        `<line x1="${legendX}" x2="${legendX + 22}" y1="${legendY - 4}" y2="${legendY - 4}" stroke-width="2" ${stroke}/>` +
        `<text x="${legendX + 28}" y="${legendY}">${escapeXml(name)}</text>`
      );
    }),
    '</svg>\n',
  ].join('\n');
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
