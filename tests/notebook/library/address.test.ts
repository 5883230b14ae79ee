import { describe, expect, it } from 'vitest';
import { addressOf, readAddress, sharedAddress } from '../../../src/notebook/library/address.ts';

const read = (path: string) => readAddress(new URL(path, 'http://localhost/'));

describe('an address', () => {
  it('names a notebook, an example, or what came with a link', () => {
    expect(read('/?notebook=abc')).toEqual({ kind: 'notebook', id: 'abc' });
    expect(read('/?template=twenty-labels&preset=quick')).toEqual({
      kind: 'example',
      id: 'twenty-labels',
      size: 'quick',
    });
    expect(read('/?notebook=abc#share=xyz')).toEqual({ kind: 'shared', payload: 'xyz' });
  });

  it('that says nothing asks for the last notebook', () => {
    expect(read('/')).toEqual({ kind: 'last', size: 'full' });
    expect(read('/?preset=quick')).toEqual({ kind: 'last', size: 'quick' });
    expect(read('/?preset=huge#top')).toEqual({ kind: 'last', size: 'full' });
  });

  it('written for a notebook is read as it, and keeps what else the page was asked', () => {
    const page = new URL('http://localhost/preview.html?ms=5&template=twenty-labels&preset=quick#share=x');
    expect(addressOf(page, 'a b')).toBe('/preview.html?ms=5&notebook=a+b');
    expect(read(addressOf(page, 'a b'))).toEqual({ kind: 'notebook', id: 'a b' });
    expect(readAddress(new URL(sharedAddress(page, 'xyz')))).toEqual({ kind: 'shared', payload: 'xyz' });
  });
});
