import { describe, expect, it } from 'vitest';
import { problemsOf } from '../../scripts/lib/licences.ts';

const sound = { version: '1.0.0', integrity: 'sha512-AAAA', license: 'MIT' };
const problemsWith = (change: object) => problemsOf({ '': {}, 'node_modules/a': { ...sound, ...change } });

describe('problemsOf', () => {
  it.each([
    {},
    { resolved: 'https://registry.example/a/-/a-1.0.0.tgz' },
    { license: '(GPL-3.0 OR MIT)' },
    { license: 'MIT AND ISC' },
    { license: 'GPL-3.0', dev: true },
    { integrity: undefined, resolved: 'file:../a' },
  ])('has nothing against %j', (change) => {
    expect(problemsWith(change)).toEqual([]);
  });

  it.each([
    [{ integrity: undefined }, 'expected a SHA-2 hash of its content, got none'],
    [{ integrity: 'sha1-AAAA' }, 'got sha1-AAAA'],
    [{ resolved: 'http://registry.example/a.tgz' }, 'by https, got http://registry.example/a.tgz'],
    [{ resolved: 'git+ssh://git@example.com/a.git' }, 'by https, got git+ssh:'],
    [{ license: 'GPL-3.0' }, 'got GPL-3.0. Take another package'],
    [{ license: 'MIT AND GPL-3.0' }, 'got MIT AND GPL-3.0'],
    [{ license: undefined }, 'got none. Take another package'],
    [{ integrity: undefined, dev: true }, 'expected a SHA-2 hash'],
  ])('says of %j where it is and what to do', (change, message) => {
    const problems = problemsWith(change);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('node_modules/a: expected ');
    expect(problems[0]).toContain(message);
  });
});
