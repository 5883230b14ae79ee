import { downloadZip } from 'client-zip';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { filesOfZip } from '../../src/hub/unzip.ts';

const zip = (files: Zippable) => new Blob([zipSync(files) as Uint8Array<ArrayBuffer>]);
const refusal = (message: RegExp) => ({ code: 'bad-data', message: expect.stringMatching(message) });

/** A file of 4000 bytes whose two headers say another size. */
function claiming(size: number): Blob {
  const bytes = zipSync({ 'train.csv': strToU8('row\n'.repeat(1000)) }) as Uint8Array<ArrayBuffer>;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let at = 0; at < bytes.length - 4; at++) {
    if (view.getUint32(at, true) === 0x04034b50) view.setUint32(at + 22, size, true);
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, size, true);
  }
  return new Blob([bytes]);
}

describe('filesOfZip', () => {
  it('lists files below the archive’s name, and unpacks what is opened', async () => {
    const text = 'row\n'.repeat(1000);
    const files = await filesOfZip(
      'data/films.zip',
      zip({ 'a/train.csv': strToU8(text), 'b.csv': [strToU8('x'), { level: 0 }] }),
    );
    expect(files.map(({ path, size }) => [path, size])).toEqual([
      ['data/films/a/train.csv', 4000],
      ['data/films/b.csv', 1],
    ]);
    expect(await (await files[0]!.open()).text()).toBe(text);
    expect(await (await files[1]!.open()).text()).toBe('x');
  });

  it('reads Winnow’s own, whose weights may hold the signature that ends a file', async () => {
    const weights = new Uint8Array(4000);
    weights.set([0x50, 0x4b, 7, 8, 0x50, 0x4b, 3, 4, 0x50, 0x4b, 1, 2], 1000);
    const own = await downloadZip([{ name: 'm/model.safetensors', input: weights }]).blob();
    const [file] = await filesOfZip('m.zip', own);
    expect(new Uint8Array(await (await file!.open()).arrayBuffer())).toEqual(weights);
  });

  it.each(['../train.csv', '/etc/train.csv', 'a/../../train.csv', 'a\\..\\train.csv', 'C:\\train.csv', 'a\0.csv'])(
    'refuses the path %s',
    async (path) => {
      await expect(filesOfZip('z.zip', zip({ [path]: strToU8('x') }))).rejects.toMatchObject(
        refusal(/^z\.zip: expected a whole zip archive with plain names, got "Unsafe filename"/),
      );
    },
  );

  it('refuses a bomb before anything is unpacked', async () => {
    await expect(filesOfZip('z.zip', claiming(70 * 2 ** 20))).rejects.toMatchObject(
      refusal(/expected a model or data, got \d+ KiB that unpack to 70 MiB\. Unpack it yourself/),
    );
  });

  it('refuses a file that is larger than it says', async () => {
    const [file] = await filesOfZip('z.zip', claiming(3));
    await expect(file!.open()).rejects.toMatchObject(refusal(/^z\.zip, train\.csv: expected a whole zip archive/));
  });

  it('refuses two files of one name', async () => {
    const bytes = zipSync({ 'a.csv': strToU8('x'), 'b.csv': strToU8('y') }).map((byte) =>
      byte === 0x62 ? 0x61 : byte,
    ); // b is a
    await expect(filesOfZip('z.zip', new Blob([bytes]))).rejects.toMatchObject(
      refusal(/expected each name once, got a\.csv twice/),
    );
  });

  it('refuses what is damaged, cut off or no zip', async () => {
    const whole = zipSync({ 'train.csv': strToU8('row\n'.repeat(1000)) });
    const damaged = whole.slice();
    damaged[45]! ^= 0xff;
    const [file] = await filesOfZip('z.zip', new Blob([damaged as Uint8Array<ArrayBuffer>]));
    await expect(file!.open()).rejects.toMatchObject(refusal(/expected a whole zip archive/));
    for (const bytes of [whole.subarray(0, whole.length - 30), strToU8('no zip at all')]) {
      await expect(filesOfZip('z.zip', new Blob([bytes as Uint8Array<ArrayBuffer>]))).rejects.toMatchObject(
        refusal(/^z\.zip: expected a whole zip archive/),
      );
    }
  });

  it('refuses more files than any model or data has', async () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}.csv`, new Uint8Array()]));
    await expect(filesOfZip('z.zip', zip(many))).rejects.toMatchObject(refusal(/at most 1000 files, got more/));
  });
});
