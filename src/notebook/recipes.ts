// Published ways to fine-prune (SPEC §1, recipes), as settings that a run cell can take over.
import { type PruningSettings, pruningSchema } from '../runs/spec.ts';

export interface Recipe {
  readonly id: string;
  readonly label: string;
  readonly pruning: PruningSettings;
}

const recipe = (id: string, label: string, pruning: Partial<PruningSettings>): Recipe => ({
  id,
  label,
  pruning: pruningSchema.parse(pruning),
});

const soft = { initial_threshold: 0, final_threshold: 0.1, regularization: 'l1', final_lambda: 400 } as const;
const gates = { initial_threshold: 1, final_threshold: 1, mask_scale: 2.197, mask_scores_learning_rate: 0.1 } as const;

export const recipes: readonly Recipe[] = [
  recipe('movement', 'Movement (topK)', { pruning_method: 'topK', final_threshold: 0.1 }),
  recipe('magnitude', 'Magnitude', { pruning_method: 'magnitude', final_threshold: 0.1 }),
  recipe('soft', 'Soft movement', { pruning_method: 'sigmoied_threshold', ...soft }),
  recipe('l0', 'L₀ gates', { pruning_method: 'l0', ...gates, regularization: 'l0', final_lambda: 125 }),
  recipe('smp', 'Scores only (SMP)', { pruning_method: 'topK', final_threshold: 0.1, freeze_weights: true }),
  recipe('dense', 'Dense, no pruning', { pruning_method: 'none' }),
];

/** The recipe that these settings are, if they are one unchanged. */
export function recipeOf(pruning: PruningSettings): Recipe | null {
  const wanted = JSON.stringify(pruningSchema.parse(pruning));
  return recipes.find((candidate) => JSON.stringify(candidate.pruning) === wanted) ?? null;
}
