// Movement pruning of BERT on a tenth of SQuAD (Sanh, Wolf & Rush 2020, §5), with model and data from the Hub.
import { pruningSchema, trainingArgumentsSchema } from '../../runs/spec.ts';
import { type CellOf, type NotebookDocument, plainLook } from '../document.ts';
import { allRows, plainRun, wholeSplits } from '../new-cells.ts';
import { applySize, type SizeId } from '../sizes.ts';

const opening = `
The paper’s own experiment, as far as one machine and one afternoon go: **BERT-base** learns to answer questions on
**SQuAD**, and nine tenths of its encoder are cut away while it learns. A tenth of the training data does for a first
look; take more in the data cell whenever you like.

Model and data come from the Hugging Face Hub, by name. Nothing is fetched before you press the buttons below, and
what was fetched stays on this machine: the next time no network is needed.
`;

const recipe = `
## The recipe

Batches of 16, windows of 384 tokens with a stride of 128, learning rate 3e-5 for weights and 1e-2 for scores, warm-up
over a tenth of the updates: the paper’s, but for the number of updates. From a tenth of the data there are a tenth as
many, so expect less than its F1 of 81.7 at 10 % kept. The cell below says beforehand what memory the run needs, and
what to change where a device has less.
`;

const read = `
## Read the curves

F1 falls while the ramp is steep, and comes back in the cool-down. Dashed is what you would get if the run ended now.
`;

const ask = `
## Ask it

A passage and a question about it; the answer is a piece of the passage.
`;

const passage =
  'Movement pruning was proposed by Victor Sanh, Thomas Wolf and Alexander Rush in 2020. Unlike magnitude pruning, ' +
  'it keeps the weights that move away from zero during fine-tuning.';

const text = (id: string, source: string): CellOf<'text'> => ({ kind: 'text', id, source: source.trim() });

const story: NotebookDocument = {
  version: 1,
  title: 'A tenth of SQuAD',
  cells: [
    text('opening', opening),
    {
      kind: 'model',
      id: 'model',
      choice: { kind: 'hub', id: 'google-bert/bert-base-uncased', revision: 'main', commit: null, layers: null },
    },
    {
      kind: 'data',
      id: 'data',
      choice: {
        kind: 'hub',
        id: 'rajpurkar/squad',
        commit: null,
        config: null,
        task: 'question-answering',
        columns: {},
        ...allRows,
        slices: { ...wholeSplits, train: 'train[:10%]' },
      },
    },
    text('recipe', recipe),
    {
      kind: 'run',
      id: 'movement',
      name: 'movement',
      modelCell: 'model',
      dataCell: 'data',
      training: trainingArgumentsSchema.parse({}),
      pruning: pruningSchema.parse({ pruning_method: 'topK', final_threshold: 0.1 }),
      ...plainRun,
    },
    text('read', read),
    { kind: 'compare', id: 'compare', runCells: ['movement'], look: plainLook },
    { kind: 'masks', id: 'masks', left: 'movement', right: null, matrix: null, view: 'scatter' },
    text('ask', ask),
    { kind: 'try', id: 'try', runCells: ['movement'], first: 'Who proposed movement pruning?', second: passage },
    { kind: 'download', id: 'download', runCell: 'movement', dtype: 'F32' },
  ],
};

export const tenthOfSquad = (size: SizeId): NotebookDocument => applySize(size)(story);
