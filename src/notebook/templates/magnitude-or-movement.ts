// The notebook of a first visit: the movement-pruning story (Sanh, Wolf & Rush 2020), told with the reader's own runs.
import { pruningSchema, trainingArgumentsSchema } from '../../runs/spec.ts';
import { type CellOf, type NotebookDocument, plainLook } from '../document.ts';
import { allRows, plainRun } from '../new-cells.ts';
import { applySize, type SizeId } from '../sizes.ts';

const opening = `
Nine tenths of a transformer’s encoder can be cut away, and it still does its task. The question is *which* tenth to
keep. **Magnitude pruning** keeps the weights that are large. **Movement pruning** keeps those that fine-tuning moves
away from zero, large or small.

Below, two copies of one pretrained model learn to tell spam from mail. Same data, same seed, same steps; only the
rule differs. Press **Run all**, then read on while they train, here, on your own machine.
`;

const why = String.raw`
## Why movement

Every linear map of the encoder is masked: $y = (M \circ W)\,x + b$, where $M$ keeps the share $v$ of weights with the
largest scores $S$. Magnitude sets $S = |W|$: what was large after pretraining stays. Movement *learns* the scores,
along with the weights. The mask has no useful gradient, so it is passed over (straight-through):

$$
S \;\leftarrow\; S - \alpha_S \, \frac{\partial \mathcal{L}}{\partial W'} \circ W .
$$

Here $W' = M \circ W$ is what the layer computes with. Read the signs. Gradient descent moves a weight by $-\,\partial\mathcal{L}/\partial W'$. Where that has the sign of
$W$, the weight moves **away from zero** and its score rises. Where it has the other sign, the weight shrinks and its
score falls. Size has no say: a tiny weight that grows outranks a large one that fades.
`;

const pace = String.raw`
## How fast to cut

Cutting everything at once would wreck the model. The kept fraction falls along a cubic, fast while much is left and
slowly towards the end. It starts after the learning rate’s warm-up and leaves a cool-down to recover in:

$$
v(t) = v_f + (v_i - v_f)\left(1 - \frac{t - t_i}{T - t_i - t_f}\right)^{3} .
$$

**Expect a dip.** While the ramp is steep the loss rises and accuracy sags; it comes back as the slope flattens and in
the cool-down. So don’t judge a run halfway. Each run cell draws its schedule before it starts, and says what to
watch for.
`;

const curves = `
## Read the curves

Solid lines are measured with the mask of the moment, dashed ones with the *final* kept fraction: what you would get
if the run ended now. In mid-run the dashed line looks collapsed. That is what the schedule is for.

On SQuAD, with BERT-base, the paper reports F1 78.5 for magnitude and 81.7 for movement at 10 % kept; at 3 %, 54.5
and 76.3. Above about 15 % kept, magnitude wins. Yours is a smaller model on an easier task, so expect a smaller gap;
set *Final kept fraction* to 0.03 in both runs to widen it.
`;

const masks = `
## Where they disagree

Each picture is one weight matrix: rows are outputs, columns inputs, and a point is a weight that stayed. If the two
rules knew nothing of each other, masks that keep 10 % would overlap with an IoU of $v/(2-v) = 0.05$. Movement often
keeps whole rows or columns: it finds which hidden units a layer can do without.
`;

const scatter = `
## What moved

One point per weight: its pretrained value across, its fine-tuned value up. On the line nothing moved. Magnitude cuts
a band around zero. Movement cuts what drifts towards zero, and keeps points inside magnitude’s band that are on their
way out of it.
`;

const ask = `
## Ask them

Two models with a tenth of their encoder left. Type a mail of your own; then see on which of the mails held back they
part ways.
`;

const mail = 'You have been chosen to receive a free holiday. Reply today with your bank details to claim it.';

const home = `
## Take the weights home

A folder as on the Hugging Face Hub, with the zeros baked in and counted again before you get it. In Python:

~~~python
from transformers import AutoModelForSequenceClassification, AutoTokenizer

model = AutoModelForSequenceClassification.from_pretrained("movement")
tokenizer = AutoTokenizer.from_pretrained("movement")
~~~
`;

const text = (id: string, source: string): CellOf<'text'> => ({ kind: 'text', id, source: source.trim() });

const run = (id: string, pruning_method: 'magnitude' | 'topK'): CellOf<'run'> => ({
  kind: 'run',
  id,
  name: id,
  modelCell: 'model',
  dataCell: 'data',
  training: trainingArgumentsSchema.parse({ learning_rate: 1e-4, seed: 42 }),
  pruning: pruningSchema.parse({ pruning_method, final_threshold: 0.1 }),
  ...plainRun,
});

const story: NotebookDocument = {
  version: 1,
  title: 'Magnitude or movement?',
  cells: [
    text('opening', opening),
    { kind: 'model', id: 'model', choice: { kind: 'embedded', id: 'all-MiniLM-L6-v2', layers: 2 } },
    { kind: 'data', id: 'data', choice: { kind: 'embedded', id: 'spam-assassin', ...allRows } },
    text('why', why),
    text('pace', pace),
    run('magnitude', 'magnitude'),
    run('movement', 'topK'),
    text('curves', curves),
    { kind: 'compare', id: 'compare', runCells: ['magnitude', 'movement'], look: plainLook },
    text('masks-text', masks),
    { kind: 'masks', id: 'masks', left: 'magnitude', right: 'movement', matrix: null, view: 'masks' },
    text('scatter-text', scatter),
    { kind: 'masks', id: 'scatter', left: 'magnitude', right: 'movement', matrix: null, view: 'scatter' },
    text('ask', ask),
    { kind: 'try', id: 'try', runCells: ['magnitude', 'movement'], first: mail, second: '' },
    { kind: 'evaluate', id: 'evaluate', runCells: ['magnitude', 'movement'], dataCell: 'data', split: 'test' },
    text('home', home),
    { kind: 'download', id: 'download-magnitude', runCell: 'magnitude', dtype: 'F32' },
    { kind: 'download', id: 'download-movement', runCell: 'movement', dtype: 'F32' },
  ],
};

export const magnitudeOrMovement = (size: SizeId): NotebookDocument => applySize(size)(story);
