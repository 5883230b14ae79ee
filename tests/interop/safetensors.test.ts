import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bfloat16ToFloat, floatToHalf, halfToFloat } from '../../src/engine/model/half.ts';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../../src/engine/model/safetensors.ts';
import { createRandom } from '../../src/engine/random.ts';
import { findPython, pythonNeeded, runPython } from './python.ts';

const hasPython = findPython() !== null;

/** Every kind of float32: random bits, NaNs left out since their payloads are nobody's promise. */
function anyFloats(count: number): Float32Array {
  const random = createRandom(7);
  const floats = new Float32Array(Uint32Array.from({ length: count }, () => random.bits()).buffer);
  return floats.map((value, i) => (Number.isNaN(value) ? i : i % 2 === 0 ? value : (value % 70000) * 2 ** -(i % 30)));
}

const exchange = `
import sys, json, torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
ours, theirs = sys.argv[1:]
tensors = load_file(ours)
with safe_open(ours, "pt") as file:
    metadata = file.metadata()
x = tensors["x"]
save_file({"f32": x, "f16": x.half(), "bf16": x.bfloat16(), "as_f32": x.bfloat16().float(),
           "odd": torch.zeros(3, dtype=torch.uint8)}, theirs, {"by": "torch"})
print(json.dumps({"metadata": metadata, "shapes": {k: [str(v.dtype), *v.shape] for k, v in tensors.items()},
                  "half_is_equal": torch.equal(tensors["half"].view(torch.int16), x.half().view(torch.int16))}))
`;

describe.skipIf(!hasPython)(`safetensors and Python's own (${pythonNeeded})`, () => {
  let folder: string;
  afterAll(() => rmSync(folder, { recursive: true }));
  const x = anyFloats(40_000);
  let report: Record<string, unknown>;
  let theirs: ReadonlyMap<string, StoredTensor>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'winnow-safetensors-'));
    const ours = writeSafetensors(
      new Map<string, StoredTensor>([
        ['half', { dtype: 'F16', shape: [200, 200], data: new Uint8Array(floatToHalf(x).buffer) }],
        ['packed', { dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) }],
        ['x', { dtype: 'F32', shape: [200, 200], data: new Uint8Array(x.buffer) }],
      ]),
      { format: 'pt', name: 'é' },
    );
    writeFileSync(join(folder, 'ours.safetensors'), ours);
    report = JSON.parse(runPython(exchange, [join(folder, 'ours.safetensors'), join(folder, 'theirs.safetensors')]));
    theirs = readSafetensors(readFileSync(join(folder, 'theirs.safetensors'))).entries;
  }, 60_000);

  const halves = (name: string) => new Uint16Array(new Uint8Array(theirs.get(name)!.data).buffer);
  const floats = (name: string) => new Float32Array(new Uint8Array(theirs.get(name)!.data).buffer);

  it('are read there, metadata included', () => {
    expect(report).toMatchObject({
      metadata: { format: 'pt', name: 'é' },
      shapes: { half: ['torch.float16', 200, 200], packed: ['torch.uint8', 3], x: ['torch.float32', 200, 200] },
    });
  });

  it('round to half as PyTorch does, bit for bit', () => expect(report.half_is_equal).toBe(true));

  it('from there are read here, and up-cast alike', () => {
    expect(floats('f32')).toEqual(x);
    expect(halves('f16')).toEqual(floatToHalf(x));
    expect(halfToFloat(halves('f16'))[1]).toBe(halfToFloat(floatToHalf(x))[1]);
    expect(bfloat16ToFloat(halves('bf16'))).toEqual(floats('as_f32'));
  });
});
