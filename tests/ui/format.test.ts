import { describe, expect, it } from 'vitest';
import { duration, magnitude, measure, percent, plural, setting } from '../../src/ui/format.ts';

describe('numbers as a person reads them', () => {
  it('rounds parameters to millions', () => {
    expect(magnitude(22_713_216)).toBe('22.7 M');
    expect(magnitude(384)).toBe('384');
  });

  it('keeps digits that matter, and no zeros after them', () => {
    expect(measure(0.87312)).toBe('0.8731');
    expect(measure(0.5)).toBe('0.5');
    expect(measure(999.96)).toBe('1000');
    expect(measure(12_345.6)).toBe('12,346');
    expect(measure(0.000123)).toBe('1.2e-4');
    expect(measure(Number.NaN)).toBe('NaN');
  });

  it('writes settings as they are typed', () => {
    expect(setting(5e-5)).toBe('5e-5');
    expect(setting(0.15)).toBe('0.15');
    expect(setting(-1)).toBe('-1');
  });

  it('says time in its two largest units', () => {
    expect(duration(45_300)).toBe('45 s');
    expect(duration(200_000)).toBe('3 min 20 s');
    expect(duration(3_900_000)).toBe('1 h 05 min');
    expect(duration(-5)).toBe('0 s');
  });

  it('says shares and counts', () => {
    expect(percent(0.1)).toBe('10.0 %');
    expect(plural(1, 'note')).toBe('1 note');
    expect(plural(1234, 'tensor')).toBe('1,234 tensors');
  });
});
