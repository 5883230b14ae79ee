import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toIpynb } from '../../../src/notebook/exchange/ipynb.ts';
import { readNotebookFile } from '../../../src/notebook/exchange/notebook-file.ts';
import { magnitudeOrMovement } from '../../../src/notebook/templates/magnitude-or-movement.ts';
import { twentyLabels } from '../../../src/notebook/templates/twenty-labels.ts';
import { arbitraryDocument } from './documents.ts';

const result = { 'text/plain': 'Loss', 'image/png': 'iVBORw0KGgo=' };

describe('a notebook written for Jupyter', () => {
  it('is read back equal, whatever it holds and whatever stands under its cells', () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        expect(
          readNotebookFile(
            toIpynb(document, () => [result]),
            '',
          ).document,
        ).toEqual(document);
      }),
    );
  });

  it('has an id for every cell, each once, as Jupyter’s schema wants them', () => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        const ids = JSON.parse(toIpynb(document)).cells.map(({ id }: { id: string }) => id);
        expect(new Set(ids).size).toBe(document.cells.length);
        for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9-_]{1,64}$/);
      }),
    );
  });

  it('shows texts as Markdown and settings as JSON, and keeps ids that Jupyter takes', () => {
    const { cells, nbformat, nbformat_minor, metadata } = JSON.parse(
      toIpynb(magnitudeOrMovement('quick'), () => [result]),
    );
    expect([nbformat, nbformat_minor]).toEqual([4, 5]);
    expect(metadata.title).toBe('Magnitude or movement?');
    expect(cells[0]).toMatchObject({ cell_type: 'markdown', id: 'opening', metadata: { winnow: { kind: 'text' } } });
    const run = cells.find(({ id }: { id: string }) => id === 'movement');
    expect(JSON.parse(run.source.join(''))).toMatchObject({ kind: 'run', name: 'movement', training: { seed: 42 } });
    expect(run.outputs).toEqual([{ output_type: 'display_data', data: result, metadata: {} }]);
  });

  it('takes over what was written in Jupyter: changed texts, new ones, copies', () => {
    const file = JSON.parse(toIpynb(twentyLabels('quick')));
    file.cells[0].source = ['Changed\n', 'in Jupyter'];
    const run = file.cells.findIndex(({ id }: { id: string }) => id === 'uda');
    file.cells.splice(1, 0, { cell_type: 'markdown', id: 'new', metadata: {}, source: 'New' }, file.cells[run]);
    const { document, leftOut } = readNotebookFile(JSON.stringify(file), '');
    expect(document.cells[0]).toEqual({ kind: 'text', id: 'opening', source: 'Changed\nin Jupyter' });
    expect(document.cells[1]).toEqual({ kind: 'text', id: 'new', source: 'New' });
    expect(new Set(document.cells.map(({ id }) => id)).size).toBe(document.cells.length);
    expect(leftOut).toEqual([]);
  });
});

describe('a notebook that Winnow did not write', () => {
  const foreign = {
    nbformat: 4,
    nbformat_minor: 2,
    metadata: { kernelspec: { name: 'python3', display_name: 'Python 3' } },
    cells: [
      { cell_type: 'markdown', metadata: {}, source: ['# Sentiment\n', '<b onclick="alert(1)">bold</b>'] },
      {
        cell_type: 'code',
        metadata: {},
        execution_count: 1,
        source: 'print(1)',
        outputs: [{ output_type: 'display_data', data: { 'text/html': '<script>alert(1)</script>' }, metadata: {} }],
      },
      { cell_type: 'code', metadata: {}, execution_count: null, source: '', outputs: [] },
      { cell_type: 'raw', metadata: {}, source: '<svg onload="alert(1)"/>' },
      { cell_type: 'markdown', metadata: {}, source: '![](attachment:a.png)', attachments: { 'a.png': {} } },
    ],
  };

  it('gives its Markdown, as text, and says what was left out', () => {
    const { document, leftOut } = readNotebookFile(JSON.stringify(foreign), 'x.ipynb');
    expect(document).toMatchObject({
      title: 'Sentiment',
      cells: [
        { kind: 'text', source: '# Sentiment\n<b onclick="alert(1)">bold</b>' },
        { kind: 'text', source: '![](attachment:a.png)' },
      ],
    });
    expect(leftOut).toEqual(['2 code cells', '1 raw cell', '1 result', '1 attached file']);
  });

  it('is called after its file where nothing in it says a title', () => {
    const plain = { ...foreign, cells: foreign.cells.slice(4) };
    expect(readNotebookFile(JSON.stringify(plain), 'My notes.ipynb').document.title).toBe('My notes');
  });
});

describe('what stands under a cell or about it', () => {
  const marker = 'wasRun';
  const data = {
    'text/html': [`<img src=x onerror="${marker}=1">`],
    'image/svg+xml': `<svg onload="${marker}=1"/>`,
    'application/javascript': `${marker}=1`,
    'application/vnd.jupyter.widget-view+json': { model_id: marker },
    'text/markdown': `[${marker}](javascript:${marker}=1)`,
    'text/plain': marker,
  };
  const outputs = [
    { output_type: 'display_data', data, metadata: data },
    { output_type: 'execute_result', execution_count: 1, data, metadata: {} },
    { output_type: 'stream', name: 'stdout', text: marker },
    { output_type: 'error', ename: marker, evalue: marker, traceback: [`<b>${marker}</b>`] },
  ];

  it.each([
    ['Winnow', JSON.parse(toIpynb(magnitudeOrMovement('quick')))],
    [
      'Jupyter',
      { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [{ cell_type: 'code', source: '', metadata: {} }] },
    ],
  ])('of a notebook by %s, is nowhere in what is opened, whatever its media type', (_, file) => {
    const spoilt = {
      ...file,
      metadata: {
        ...file.metadata,
        ...data,
        winnow: file.metadata.winnow && { ...file.metadata.winnow, ...data, outputs },
      },
      cells: file.cells.map((cell: { metadata: { winnow?: object } }) => ({
        ...cell,
        ...data,
        outputs,
        attachments: { 'a.svg': data },
        metadata: {
          ...data,
          outputs,
          ...(cell.metadata.winnow ? { winnow: { ...cell.metadata.winnow, ...data, outputs } } : {}),
        },
      })),
    };
    const { document, leftOut } = readNotebookFile(JSON.stringify(spoilt), 'a.ipynb');
    expect(JSON.stringify(document)).not.toContain(marker);
    expect(document.cells).toEqual(readNotebookFile(JSON.stringify(file), 'a.ipynb').document.cells);
    expect(leftOut).toContain(`${4 * file.cells.length} results`);
  });
});

describe('a file that is no notebook is refused, and told why:', () => {
  const ours = JSON.parse(toIpynb(magnitudeOrMovement('quick')));
  const spoilt = structuredClone(ours);
  spoilt.cells[1].metadata.winnow.choice.layers = 'two';
  it.each([
    ['no JSON', '<html>', /expected JSON/],
    ['another JSON', '{"a": 1}', /expected a \.ipynb of Jupyter or Winnow/],
    ['nothing', 'null', /expected a \.ipynb/],
    ['an old nbformat', JSON.stringify({ nbformat: 3, worksheets: [] }), /expected version 4/],
    ['a cell without a source', JSON.stringify({ nbformat: 4, cells: [{ cell_type: 'code' }] }), /cells\[0\]\.source/],
    ['settings that are none', JSON.stringify(spoilt), /cell 2: .*\n.*choice\.layers/],
    ['a newer document', JSON.stringify({ ...ours, metadata: { winnow: { version: 2, title: '' } } }), /version/],
  ])('%s', (_, text, problem) => {
    expect(() => readNotebookFile(text, '')).toThrow(problem);
  });

  it('the plain JSON of earlier pages is read', () => {
    const document = magnitudeOrMovement('full');
    expect(readNotebookFile(JSON.stringify(document), '')).toEqual({ document, leftOut: [] });
  });
});
