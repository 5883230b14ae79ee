// The notebooks that one can begin with. That of a first visit is at hand, the others come when they are asked for.
import type { NotebookDocument } from '../document.ts';
import type { SizeId } from '../sizes.ts';
import { magnitudeOrMovement } from './magnitude-or-movement.ts';

export interface Template {
  /** As in the address: `?template=twenty-labels`. */
  readonly id: string;
  readonly title: string;
  readonly about: string;
  open(size: SizeId): Promise<NotebookDocument>;
}

const first: Template = {
  id: 'magnitude-or-movement',
  title: 'Magnitude or movement?',
  about: 'Prune a classifier in two ways, and see what each keeps',
  open: async (size) => magnitudeOrMovement(size),
};

export const templates: readonly Template[] = [
  first,
  {
    id: 'twenty-labels',
    title: 'Twenty labels',
    about: 'A classifier from a few labels and many texts without (UDA)',
    open: async (size) => (await import('./twenty-labels.ts')).twentyLabels(size),
  },
  {
    id: 'tenth-of-squad',
    title: 'A tenth of SQuAD',
    about: 'Movement pruning of BERT on questions, model and data from the Hub',
    open: async (size) => (await import('./tenth-of-squad.ts')).tenthOfSquad(size),
  },
];

/** The one so named, or that of a first visit. */
export const templateNamed = (id: string | null): Template => templates.find((one) => one.id === id) ?? first;
