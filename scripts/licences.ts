// `npm run check:licences`: every package is pinned by its content, and what ships is under a licence that lets it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemsOf } from './lib/licences.ts';
import { repositoryRoot } from './lib/paths.ts';

const { packages } = JSON.parse(readFileSync(join(repositoryRoot, 'package-lock.json'), 'utf8'));
const problems = problemsOf(packages);
for (const problem of problems) console.error(problem);
console.log(`${Object.keys(packages).length - 1} packages, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
