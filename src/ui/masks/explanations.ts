// What to look for in each view of the masks, and the formula behind it with the numbers of the runs on show.
import { keptOf } from '../../engine/pruning/masks.ts';
import type { MaskView } from '../../notebook/document.ts';
import type { MatrixInfo } from '../../runs/events.ts';
import type { PruningSettings } from '../../runs/spec.ts';
import { formatCount, formatShare, weightCount } from './matrix.ts';

export interface ExplainedRun {
  readonly label: string;
  readonly pruning: PruningSettings;
}

export interface Explanation {
  /** One sentence: what to look for. */
  readonly look: string;
  /** Markdown with TeX. */
  readonly formula: string;
}

export function explanationOf(view: MaskView, runs: readonly ExplainedRun[], matrix: MatrixInfo | null): Explanation {
  const rules = runs.map((run) => `- **${escaped(run.label)}**: ${ruleOf(run.pruning, matrix)}`).join('\n');
  switch (view) {
    case 'kept':
      return {
        look: 'Where one cut-off is taken over all matrices, look for the layers and kinds that it spares; where each matrix has its own, all shares are equal by construction.',
        formula: `A weight $W_{ij}$ is used as $M_{ij} W_{ij}$ with a mask $M_{ij} \\in \\{0, 1\\}$.\n\n${rules}`,
      };
    case 'masks':
      return {
        look: 'Look for stripes: rows and columns that are kept or dropped as a whole, which learned scores find and magnitude does not.',
        formula: `${rules}\n\nAgreement of two masks $A$ and $B$ is $\\mathrm{IoU} = |A \\cap B| / |A \\cup B|$. Two unrelated masks that keep shares $a$ and $b$ reach $ab / (a + b - ab)$ by chance.`,
      };
    case 'layers':
      return {
        look: 'Look at the last two columns: a mask that follows the pretrained weights has a high ρ with them, a mask that fine-tuning has learned has one near zero.',
        formula: `Spearman’s $\\rho$ is the correlation of ranks. A mask that keeps exactly the largest share $v$ of the weights has $\\rho = \\sqrt{3v(1-v)}$ with their size: no mask of that share can have more.${ceilings(runs)}`,
      };
    case 'scatter':
      return {
        look: 'Magnitude keeps what was far from zero to begin with, left and right; movement keeps what moved away from zero, above the diagonal on the right and below it on the left.',
        formula: `Movement scores add up $S_{ij} = -\\alpha_S \\sum_t \\left(\\frac{\\partial \\mathcal{L}}{\\partial W_{ij}}\\right)^{(t)} W_{ij}^{(t)}$: a step of gradient descent that takes $W_{ij}$ away from zero raises its score, whatever its size.\n\n${rules}`,
      };
    case 'scores':
      return {
        look: 'Look for the V: weights that moved away from zero have gained score on both sides, those that moved towards zero have lost it.',
        formula: `With $W_{ij} > 0$ and $\\partial \\mathcal{L} / \\partial W_{ij} < 0$ the weight grows, and so does its score; with the gradient positive it shrinks and the score falls (Sanh et al. 2020, section 4).\n\n${rules}`,
      };
    case 'spread':
      return {
        look: 'Magnitude leaves a gap around zero where it has cut; movement keeps weights of every size, most of which moved away from zero, and takes back some that it had pruned.',
        formula: `Pruned weights keep their values and scores go on learning, so a weight that was pruned can return. A kept weight moved away from zero by $\\operatorname{sign}(W^{(0)}_{ij}) \\, (W_{ij} - W^{(0)}_{ij})$, which is below 0 where it moved towards zero or across it; $W^{(0)}$ is the pretrained value.\n\n${rules}`,
      };
    case 'sums':
      return {
        look: 'Look for heads, rows and columns that are empty: they can be cut out for good, while scattered zeros only compress.',
        formula: `The share kept of row $i$ of $n$ columns is $\\frac{1}{n} \\sum_j M_{ij}$; of a head, the mean over its rows or columns.`,
      };
    default:
      return view satisfies never;
  }
}

/** How a run decides what it keeps, in its own numbers. */
function ruleOf(
  { pruning_method: method, final_threshold: v, global_topk }: PruningSettings,
  matrix: MatrixInfo | null,
): string {
  const among =
    matrix && !global_topk ? `the ${formatCount(weightCount(matrix))} of this matrix` : 'all of the encoder';
  const many =
    matrix && !global_topk ? `${formatCount(keptOf(v, weightCount(matrix)))} (${formatShare(v)})` : formatShare(v);
  switch (method) {
    case 'magnitude':
      return `keeps the ${many} largest $|W_{ij}|$ among ${among}.`;
    case 'topK':
      return `keeps the ${many} largest scores $S_{ij}$ among ${among}.`;
    case 'threshold':
      return `keeps $S_{ij} > ${v}$.`;
    case 'sigmoied_threshold':
      return `keeps $\\sigma(S_{ij}) > ${v}$, and a penalty on $\\sigma(S_{ij})$ pulls scores down.`;
    case 'l0':
      return 'keeps where the hard-concrete gate of $S_{ij}$ is above 0.';
    case 'none':
      return 'keeps everything.';
    default:
      return method satisfies never;
  }
}

function ceilings(runs: readonly ExplainedRun[]): string {
  const lines = runs.flatMap(({ label, pruning: { pruning_method: method, final_threshold: v } }) =>
    method === 'magnitude' || method === 'topK'
      ? [`- **${escaped(label)}** keeps ${formatShare(v)}: at most ${Math.sqrt(3 * v * (1 - v)).toFixed(3)}.`]
      : [],
  );
  return lines.length > 0 ? `\n\n${lines.join('\n')}` : '';
}

/** A run's name as text, whatever Markdown makes of its signs. */
const escaped = (text: string): string => text.replace(/[\\`*_{}[\]()#+\-.!$<>|~]/g, '\\$&');
