// What runs trade: quality against the weights that they keep, a line per method, as the paper's figure 2 has it.
import { useState } from 'react';
import { SelectField } from '../components/SelectField.tsx';
import { percent } from '../format.ts';
import { metricColumn } from './columns.ts';
import type { ShownGroup } from './RunsView.tsx';
import { TradeoffChart } from './TradeoffChart.tsx';
import { TradeoffTable } from './TradeoffTable.tsx';
import { GOOD_ENOUGH, qualityTags, type Tradeoff, tradeoffOf } from './tradeoff.ts';

export function TradeoffView({ groups }: { readonly groups: readonly ShownGroup[] }) {
  const tags = qualityTags(groups);
  const [chosen, setChosen] = useState<string | null>(null);
  const [showsPublished, setShowsPublished] = useState(true);
  const tag = tags.find((one) => one === chosen) ?? tags[0];
  if (tag === undefined) {
    return <p className="empty">Drawn from final measurements: it appears when the first of these runs is done.</p>;
  }
  const tradeoff = tradeoffOf(groups, tag);
  const { published } = tradeoff;
  const shown = showsPublished ? tradeoff : { ...tradeoff, published: null };
  return (
    <>
      <div className="choices">
        <SelectField
          label="Quality"
          options={tags.map((id) => ({ id, label: metricColumn(id).title }))}
          value={tag}
          onChoose={setChosen}
        />
        {published && (
          <label className="tradeoff-choice">
            <input
              type="checkbox"
              checked={showsPublished}
              onChange={({ target }) => setShowsPublished(target.checked)}
            />
            {`Published: ${published.source}, ${published.setup}`}
          </label>
        )}
      </div>
      <TradeoffChart tradeoff={shown} />
      <p className="hint">{hintOf(tradeoff)}</p>
      <TradeoffTable tradeoff={shown} />
    </>
  );
}

function hintOf({ dense, published, isComparable, lines }: Tradeoff): string {
  const hasBand = lines.some(({ points }) => points.some(({ deviation }) => deviation !== null));
  return [
    'A line joins runs that differ in how much they prune. Filled: no other keeps fewer weights and does better.',
    ...(hasBand ? ['Bars and bands: one standard deviation over seeds, whose own results are the small dots.'] : []),
    ...(isComparable ? [] : ['These runs were measured on different data sets: their heights do not compare.']),
    ...(dense || !isComparable
      ? []
      : [`Choose a dense run, too: it is drawn as a line, and ${percent(GOOD_ENOUGH, 0)} of it below.`]),
    published
      ? `Diamonds: ${published.source} (${published.address}), ${published.setup}, another model and other data than yours may be.`
      : 'No published results are laid beside these: those of the movement-pruning paper are of questions on SQuAD.',
  ].join(' ');
}
