// README.md of the exported folder: the Hub's front matter, then what was done, in numbers with their denominators.
// Front matter values are written as JSON strings, which YAML reads as they are.
import { type MatrixInfo, maskedMatrices, namesOf } from '../architecture.ts';
import type { ModelConfig } from '../config.ts';
import type { FolderSource } from './source.ts';

export function modelCard(source: FolderSource): string {
  const sections = [
    `---\n${frontMatter(source)}\n---`,
    `# ${source.spec.name}`,
    introduction(source),
    results(source),
    sparsity(source),
    settings(source),
    use(source),
    files(source),
  ];
  return `${sections.join('\n\n')}\n`;
}

function frontMatter({ spec, summary, task, origin }: FolderSource): string {
  const metrics = Object.entries(summary.metrics).flatMap(([tag, value]) => {
    const type = hubMetric(tag);
    return type !== null && Number.isFinite(value) ? [{ tag, type, value }] : [];
  });
  return [
    ...(origin.license === null ? [] : [`license: ${yaml(origin.license)}`]),
    'library_name: transformers',
    `pipeline_tag: ${task}`,
    `base_model: ${yaml(origin.model)}`,
    `datasets:\n  - ${yaml(datasetId(origin.dataset))}`,
    ...list('metrics', [...new Set(metrics.map(({ type }) => type))]),
    ...list('tags', tagsOf(spec.pruning.pruning_method)),
    ...(metrics.length === 0 ? [] : [modelIndex(spec.name, task, origin.dataset, metrics)]),
  ].join('\n');
}

function modelIndex(
  name: string,
  task: string,
  dataset: string,
  metrics: readonly { readonly tag: string; readonly type: string; readonly value: number }[],
): string {
  const lines = metrics.map(
    ({ tag, type, value }) => `          - type: ${type}\n            value: ${value}\n            name: ${yaml(tag)}`,
  );
  return `model-index:
  - name: ${yaml(name)}
    results:
      - task:
          type: ${task}
        dataset:
          name: ${yaml(dataset)}
          type: ${yaml(datasetId(dataset))}
        metrics:
${lines.join('\n')}`;
}

function introduction({ spec, origin }: FolderSource): string {
  const { pruning_method: pruning } = spec.pruning;
  const what = pruning === 'none' ? (spec.mlm ? 'Pre-trained further' : 'Fine-tuned') : `Fine-pruned (\`${pruning}\`)`;
  if (spec.mlm)
    return `${what} in the browser with Winnow, from \`${origin.model}\` by filling in words of ${origin.dataset}.`;
  const labels = spec.few_shot ? `, from ${spec.few_shot.labels_per_class} labels per class` : '';
  const method = spec.uda ? ' and unlabelled texts (UDA)' : '';
  return `${what} in the browser with Winnow, from \`${origin.model}\` on ${origin.dataset}${labels}${method}.`;
}

function results({ summary }: FolderSource): string {
  const rows = Object.entries(summary.metrics).map(([tag, value]) => [`\`${tag}\``, String(value)]);
  return `## Results\n\n${rows.length === 0 ? 'No evaluation was run.' : table(['metric', 'value'], rows)}`;
}

function sparsity({ summary, config, masks, gates }: FolderSource): string {
  if (masks.size === 0) return '## Sparsity\n\nNone: the model is dense.';
  const gateNote =
    gates === null ? '' : ' The mask of `l0` is real-valued: kept weights are stored already scaled by it.';
  const rows = maskedMatrices(config).map((matrix, at) => matrixRow(matrix, summary.keptByMatrix[at] ?? 0));
  return `## Sparsity

- **Of the encoder's linear maps** (six per layer; the papers' denominator): ${share(summary.encoderKept, summary.encoderTotal)} kept.
- **Of the whole model**, embeddings and head included: ${share(summary.modelNonZero, summary.modelTotal)} non-zero.

Pruned weights are stored as exact zeros in dense tensors. By themselves zeros make neither the file smaller nor a
dense runtime faster; that takes a sparse format or kernels made for it.${gateNote}

${table(['matrix', 'shape', 'kept'], rows)}`;
}

const matrixRow = ({ name, rows, columns }: MatrixInfo, kept: number) => [
  `\`${name}\``,
  `${rows} × ${columns}`,
  share(kept, rows * columns),
];

function settings({ spec }: FolderSource): string {
  const { training, pruning, distillation, few_shot, uda, mlm, starts_from } = spec;
  // The few-shot split has a seed of its own.
  const split = Object.entries(few_shot ?? {}).map(([key, value]) => [`few_shot.${key}`, value] as const);
  const start = starts_from === null ? [] : [['starts_from', starts_from] as const];
  const given = [...start, ...Object.entries({ ...training, ...pruning, ...distillation, ...uda, ...mlm }), ...split];
  const rows = given.map(([key, value]) => [`\`${key}\``, value === null ? '–' : String(value)]);
  return `## Settings\n\n${table(['argument', 'value'], rows)}`;
}

function use({ task, spec, config }: FolderSource): string {
  if (task === 'text-classification' && spec.training.pooling === 'mean') return meansInPython(config);
  const pipe = JSON.stringify(task);
  return `## Use\n\n\`\`\`python\nfrom transformers import pipeline\n\npipe = pipeline(${pipe}, model="path/to/this/folder")\n\`\`\``;
}

/** transformers' own class would feed the classifier another vector, and be wrong without a word. */
function meansInPython({ architecture }: ModelConfig): string {
  const { className, classification } = namesOf(architecture);
  return `## Use

The classifier reads the mean over a text's tokens. \`${className}ForSequenceClassification\` reads the first token
instead, so call the parts yourself:

\`\`\`python
from transformers import AutoModelForSequenceClassification, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("path/to/this/folder")
model = AutoModelForSequenceClassification.from_pretrained("path/to/this/folder").eval()
inputs = tokenizer(["A text"], padding=True, truncation=True, return_tensors="pt")
hidden = model.base_model(**inputs).last_hidden_state
mask = inputs["attention_mask"][..., None]
logits = model.${classification.classifier}((hidden * mask).sum(1) / mask.sum(1))
\`\`\``;
}

function files({ masks }: FolderSource): string {
  const maskFile = `
- \`masks.safetensors\`: which weights were kept. For each masked matrix a U8 tensor of packed bits, least significant
  first, over the matrix in row-major order: weight i is kept where bit i % 8 of byte ⌊i / 8⌋ is 1. The matrix's shape
  is in the file's metadata, under the weight's name. In NumPy:
  \`np.unpackbits(packed, bitorder="little")[: rows * columns].reshape(rows, columns)\`.`;
  return `## Files

- \`model.safetensors\`: all weights, under the names that transformers uses${masks.size > 0 ? ', masks baked in' : ''}.${masks.size > 0 ? maskFile : ''}
- \`trainer_state.json\`: the run's log, in the Trainer's form.
- \`winnow-run.json\`: the run's whole specification, to run it again.`;
}

/** The Hub's name of a quality measure, by the tag's last part; null for losses, rates and the like. */
function hubMetric(tag: string): string | null {
  if (tag.includes('_selected/')) return null; // of weights that are not these
  const measure = tag.split('/').at(-1) ?? tag;
  return ['accuracy', 'f1', 'exact_match'].includes(measure) ? measure : null;
}

function tagsOf(method: string): string[] {
  if (method === 'none') return ['winnow'];
  const family = { magnitude: 'magnitude-pruning', l0: 'l0-regularization' }[method] ?? 'movement-pruning';
  return ['winnow', 'pruning', family, 'sparse'];
}

const yaml = (text: string) => JSON.stringify(text);

const list = (key: string, items: readonly string[]) =>
  items.length === 0 ? [] : [[`${key}:`, ...items.map((item) => `  - ${item}`)].join('\n')];

/** A dataset's id as the Hub allows it: letters, digits and `-_.`, at most one slash. */
const datasetId = (name: string) => name.replace(/[^\w./-]+/g, '-').replace(/^-+|-+$/g, '');

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`)
    .join('\n');

const share = (part: number, whole: number) =>
  `${part.toLocaleString('en')} of ${whole.toLocaleString('en')} (${((100 * part) / whole).toFixed(1)} %)`;
