// How smoothly a pair of large masks zooms and pans: three pictures drawn anew at every frame.
import { createRoot } from 'react-dom/client';
import { expect, it } from 'vitest';
import type { MatrixData } from '../../src/runs/protocol.ts';
import { MaskPair } from '../../src/ui/masks/MaskPair.tsx';
import '../../src/ui/theme.css';
import '../../src/ui/base.css';

const [rows, columns] = [1536, 384];

function matrix(seed: number): MatrixData {
  const weights = Float32Array.from({ length: rows * columns }, (_, i) => Math.sin((i + 1) * seed));
  const mask = new Uint8Array(weights.length / 8);
  for (const [i, weight] of weights.entries()) if (weight > 0.95) mask[i >> 3]! |= 1 << (i & 7);
  const info = { name: 'layer.0.intermediate.weight', layer: 0, kind: 'intermediate', rows, columns } as const;
  return { info, pretrained: weights, finetuned: weights, mask, kept: 59_000, scores: null, history: null };
}

const isPainted = (canvas: HTMLCanvasElement): boolean =>
  canvas.getContext('2d')?.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data[3] === 255;

const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));

it('zooms and pans a pair of 1536 × 384 masks at 30 frames a second or more', async () => {
  const host = document.body.appendChild(document.createElement('div'));
  host.style.width = '980px';
  const root = createRoot(host);
  root.render(
    <MaskPair left={{ label: 'one', data: matrix(12.9898) }} right={{ label: 'other', data: matrix(78.233) }} />,
  );
  const pictures = () => [...host.querySelectorAll('canvas')];
  await expect.poll(() => pictures().length === 3 && pictures().every(isPainted), { timeout: 30_000 }).toBe(true);
  const canvas = pictures()[2] as HTMLCanvasElement;

  canvas.focus();
  const { left, top, width, height } = canvas.getBoundingClientRect();
  const at = { clientX: left + width / 3, clientY: top + height / 3, bubbles: true, cancelable: true };
  const startedAt = await frame();
  let [now, frames] = [startedAt, 0];
  while (now - startedAt < 2000) {
    canvas.dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: frames % 60 < 30 ? -60 : 60 }));
    now = await frame();
    frames++;
  }
  const rate = (1000 * frames) / (now - startedAt);
  console.log(`1536 × 384 masks, three pictures zoomed at every frame: ${rate.toFixed(0)} frames/s`);
  root.unmount();
  host.remove();
  expect(rate).toBeGreaterThanOrEqual(30);
});
