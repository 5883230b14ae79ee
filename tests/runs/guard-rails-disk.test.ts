import { expect, it } from 'vitest';
import { checkRoom } from '../../src/runs/guard-rails-disk.ts';

const GIB = 2 ** 30;
const need = { checkpointBytes: 2 * GIB, finalBytes: GIB, mostBytes: 6 * GIB };

it('says nothing where a run finds room, or nobody knows', () => {
  expect(checkRoom(need, 6 * GIB)).toEqual([]);
  expect(checkRoom(need, null)).toEqual([]);
});

it('names what is short and what there is, and offers to do without checkpoints', () => {
  expect(checkRoom(need, 5 * GIB)).toEqual([
    {
      level: 'warning',
      text: 'Takes up to 6 GiB on the disk (up to three checkpoints of 2 GiB at a time and weights of 1 GiB), and the browser has 5 GiB left for this page. Remove runs, checkpoints or models that you no longer need; or keep no checkpoints, and begin anew where the run is cut off.',
      remedies: [{ label: 'Keep no checkpoints', training: { save_steps: 0 } }],
    },
  ]);
});

it('offers nothing where the weights alone find no room', () => {
  const text =
    'Its weights take up to 1 GiB on the disk, and the browser has 512 MiB left for this page. Remove runs, checkpoints or models that you no longer need.';
  expect(checkRoom(need, GIB / 2)).toEqual([{ level: 'warning', text }]);
  expect(checkRoom({ checkpointBytes: 0, finalBytes: GIB, mostBytes: GIB }, GIB / 2)).toEqual([
    { level: 'warning', text },
  ]);
});
