// What package-lock.json says of every package: where it comes from, that its content is pinned, and, for those that
// ship, under which licence.

export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  /** An SPDX expression. */
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** SPDX ids of licences under which others' work may ship in ours; OFL is of fonts. */
const allowed: ReadonlySet<string> = new Set([
  ...['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Zlib'],
  ...['CC0-1.0', 'Unlicense', 'Python-2.0', 'OFL-1.1'],
]);

/** By its place in node_modules; what is wrong and what to do, a line each. */
export function problemsOf(packages: Readonly<Record<string, LockedPackage>>): string[] {
  return Object.entries(packages).flatMap(([place, locked]) => {
    if (place === '') return []; // this repository itself
    const problems = [sourceProblem(locked), licenceProblem(locked)];
    return problems.flatMap((problem) => (problem === null ? [] : `${place}: ${problem}`));
  });
}

function sourceProblem({ resolved, integrity, link }: LockedPackage): string | null {
  if (link || resolved?.startsWith('file:')) return null;
  if (integrity === undefined || !/^sha(512|384|256)-/.test(integrity)) {
    return `expected a SHA-2 hash of its content, got ${integrity ?? 'none'}. Remove it from the lock file and run npm install.`;
  }
  // Without an address, npm asks the registry that it is set to.
  if (resolved === undefined || /^https:\/\/[^?#]+\.tgz$/.test(resolved)) return null;
  return `expected a package of a registry, by https, got ${resolved}. Take a published version of it.`;
}

function licenceProblem({ dev, link, license }: LockedPackage): string | null {
  if (dev || link) return null; // what only builds and tests does not ship
  if (license !== undefined && isAllowed(license)) return null;
  return `expected a licence of ${[...allowed].join(', ')}, got ${license ?? 'none'}. Take another package, or one that only builds.`;
}

/** Of licences joined by OR one must be allowed, of those joined by AND each. */
function isAllowed(expression: string): boolean {
  const plain = expression.replace(/^\((.*)\)$/, '$1');
  if (/[()]/.test(plain)) return false; // nested: for a person to read
  return plain.split(' OR ').some((choice) => choice.split(' AND ').every((id) => allowed.has(id.trim())));
}
