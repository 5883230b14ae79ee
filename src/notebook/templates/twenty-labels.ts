// A classifier from eighteen labels (UDA; Xie et al. 2019), told with the reader's own runs: a supervised baseline and
// UDA from the same split.
import { fewShotSchema, pruningSchema, trainingArgumentsSchema, udaSchema } from '../../runs/spec.ts';
import { type CellOf, type NotebookDocument, plainLook } from '../document.ts';
import { allRows, plainRun } from '../new-cells.ts';
import { applySize, type SizeId } from '../sizes.ts';

const opening = `
Labels are dear, texts are not. Suppose somebody has sorted **eighteen** of them, three of each of six kinds, and ten
thousand more lie unsorted beside. How good a classifier can be had from that?

The texts are WordNet’s definitions of nouns; the question is what kind of thing each one defines. Two runs learn from
the *same* eighteen labels. One sees nothing else. The other also reads the rest, whose labels stay hidden from it, by
**unsupervised data augmentation** (UDA). Press **Run all**, then read on while they train, here, on your own machine.
`;

const baseline = `
## With labels alone

The run below keeps three labels of each class, drawn by its seed, and hides all others. Dev chooses nothing that is
reported as *final*; the test split is read once, at the end.
`;

const method = String.raw`
## What unlabelled texts can teach

Change a text a little, and what it is about should stay. UDA makes that a loss: let the model read an unlabelled text
$x$, and a twin $\hat{x}$ with some of its words replaced, and ask that it predict the same of both,

$$
\mathcal{L} \;=\; \mathcal{L}_{\text{sup}} \;+\; \lambda \; \mathrm{KL}\big( p_{\bar\theta}(y \mid x) \,\big\|\, p_{\theta}(y \mid \hat{x}) \big) .
$$

The bar says that the prediction of the original is a target: no gradient flows into it. So what the model knows of
texts like the labelled ones spreads, twin by twin, to texts unlike them.

Eighteen labels are soon learnt by heart, before the rest has been read. **Training-signal annealing** holds them back:
a labelled text that the model already gives more than $\eta$ of its own label counts no more, and $\eta$ rises from
$1/K$ to 1 over the run. The cell draws it, beside some texts and their twins.
`;

const curves = `
## Read the curves

Accuracy may stay flat at first: in the authors’ run on IMDb it was 57.8 % at step 500, 89.5 % at step 2,000 and 91.3 %
at step 10,000. So don’t judge UDA early. Watch instead that the **predicted classes** stay several. If one swallows the
others, the consistency loss has found its easiest answer, to say the same of everything.

One seed is an anecdote: change *Seed* in both runs, which draws other labels too, and compare again.
`;

const further = `
## Few labels *and* few weights

UDA is two terms of the loss, pruning is a mask on the weights: they compose. Choose a pruning recipe in the UDA run’s
settings, or add a run that starts with its weights and prunes them.

Models gain, too, from reading the unlabelled texts before anything is asked of them. Add **Continued pre-training**
above the runs, and let both start with its weights.

For reviews of films instead of definitions, drop IMDb’s files on the data cell, and choose one of the authors’ presets.
`;

const text = (id: string, source: string): CellOf<'text'> => ({ kind: 'text', id, source: source.trim() });

const run = (id: string, uda: CellOf<'run'>['uda']): CellOf<'run'> => ({
  kind: 'run',
  id,
  name: id,
  modelCell: 'model',
  dataCell: 'data',
  training: trainingArgumentsSchema.parse({ freeze_embeddings: false, pooling: 'mean', seed: 42 }),
  pruning: pruningSchema.parse({ pruning_method: 'none' }),
  ...plainRun,
  few_shot: fewShotSchema.parse({ labels_per_class: 3 }),
  uda,
});

const story: NotebookDocument = {
  version: 1,
  title: 'Twenty labels',
  cells: [
    text('opening', opening),
    { kind: 'model', id: 'model', choice: { kind: 'embedded', id: 'all-MiniLM-L6-v2', layers: null } },
    { kind: 'data', id: 'data', choice: { kind: 'embedded', id: 'wordnet-glosses', ...allRows } },
    text('baseline', baseline),
    run('supervised', null),
    text('method', method),
    run('uda', udaSchema.parse({ aug_ops: 'tf_idf-0.3' })),
    text('curves', curves),
    { kind: 'compare', id: 'compare', runCells: ['supervised', 'uda'], look: plainLook },
    text('further', further),
    { kind: 'download', id: 'download', runCell: 'uda', dtype: 'F32' },
  ],
};

export const twentyLabels = (size: SizeId): NotebookDocument => applySize(size)(story);
