// A data set of the Hub to examples, from what of it lies on this machine.
import { buildDataset, previewData } from '../engine/text/datasets.ts';
import { sliceDataset } from '../engine/text/slices.ts';
import { type DataChoice, splitNames } from '../runs/spec.ts';
import type { DataOptions, ReadData } from './data-source.ts';
import { dealMissingSplits } from './deal-splits.ts';
import { layoutOf, nameOfConfig, type OpenedData, openTables, partsNeeded, readTables } from './hub-data.ts';
import { bytesOf, missingParts, openKept } from './hub-parts.ts';
import { notKept, readKept } from './hub-store.ts';

/** Where a slice is a part of a split as it stands, no more is read than holds it. */
export async function loadFromHub(choice: HubChoice, { previewRows = 0 }: DataOptions): Promise<ReadData> {
  const { id, config, task, columns } = choice;
  const { kept, data } = await openFromHub(choice);
  const missing = missingParts(kept, partsNeeded(data, choice));
  if (missing.length > 0) {
    const why = choice.shuffle_seed === null ? '' : ' (shuffled rows lie all over a split)';
    throw notKept(id, `${megabytes(bytesOf(missing))} MB more for these slices${why}`, 'a part');
  }
  const { files, isSliced } = await readTables(data, choice);
  const built = buildDataset(files, { task, columns });
  const { dataset, note } = isSliced ? { dataset: built, note: splitsNote(data) } : dealMissingSplits(built);
  const preview = previewData(files[0]!, previewRows);
  return {
    dataset: isSliced ? dataset : sliceDataset(dataset, choice),
    name: config === null ? id : `${id}, ${config}`,
    note: `From the Hub, at ${kept.commit.slice(0, 7)}${kept.licence ? `, licence ${kept.licence}` : ''}. ${note}${unsupervisedNote(data)}`,
    columns: preview.columns,
    preview: preview.rows,
  };
}

type HubChoice = Extract<DataChoice, { kind: 'hub' }>;

async function openFromHub({ id, commit, config }: HubChoice) {
  const kept = commit === null ? null : await readKept({ kind: 'datasets', id, commit });
  if (!kept) throw notKept(id, 'to have been found', 'none');
  const layout = layoutOf(kept.tables);
  const data = await openTables(layout[nameOfConfig(id, layout, config)]!, openKept(kept));
  return { kept, data };
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

function splitsNote({ splits }: OpenedData): string {
  const sizes = splitNames.map((split) => `${split} ${splits[split].rows}`).join(', ');
  const noTest = splits.test.rows === 0 ? ' It has no test split: what counts is dev.' : '';
  return `Rows in all: ${sizes}.${noTest}`;
}

const unsupervisedNote = ({ splits: { unsupervised } }: OpenedData): string =>
  unsupervised.rows === 0
    ? ''
    : ` Beside them ${unsupervised.rows} rows without labels, which UDA can learn from: train+unsupervised takes them.`;

export const readHubColumns = async (choice: HubChoice): Promise<readonly string[]> =>
  (await openFromHub(choice)).data.columns;
