// What Winnow writes for Jupyter, held to Jupyter's own schema.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toIpynb } from '../../src/notebook/exchange/ipynb.ts';
import { magnitudeOrMovement } from '../../src/notebook/templates/magnitude-or-movement.ts';
import { twentyLabels } from '../../src/notebook/templates/twenty-labels.ts';
import { arbitraryDocument } from '../notebook/exchange/documents.ts';
import { findPython, pythonNeeded, runPython } from './python.ts';

/** Reads each file as Jupyter does, validates it, and prints what a reader would miss. */
const validate = `
import json, sys, nbformat
for text in json.load(open(sys.argv[1])):
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5), notebook.nbformat_minor
    assert json.loads(nbformat.writes(notebook))['metadata'] == json.loads(text)['metadata']
    print(len(notebook.cells))
`;

const outputs = [
  { 'text/plain': 'Results\nkept  10 %', 'image/png': 'iVBORw0KGgo=' },
  { 'application/vnd.vegalite.v5+json': { mark: 'line', data: { values: [{ step: 1, value: null }] } } },
];

describe.skipIf(findPython(['nbformat']) === null)(
  `a notebook for Jupyter (${pythonNeeded}; it needs nbformat, too)`,
  () => {
    it('is valid by Jupyter’s schema, whatever it holds', () => {
      const documents = [magnitudeOrMovement('full'), twentyLabels('full'), ...fc.sample(arbitraryDocument, 50)];
      const path = join(tmpdir(), `winnow-ipynb-${process.pid}.json`);
      writeFileSync(path, JSON.stringify(documents.map((document) => toIpynb(document, () => outputs))));
      const counts = runPython(validate, [path]).trim().split('\n').map(Number);
      expect(counts).toEqual(documents.map(({ cells }) => cells.length));
    });
  },
);
