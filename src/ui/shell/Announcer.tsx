// Tells screen readers what commands did, and when a run or a translation changes state: not every step, and not what the
// page showed on opening.
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Run } from '../../runs/reducer.ts';
import type { TranslationState } from '../../runs/translation-store.ts';
import { percent } from '../format.ts';
import { useServices } from '../services.ts';

export function Announcer() {
  const { runs, translation, announcements } = useServices();
  const message = useStore(announcements, (state) => state.message);
  useEffect(() => {
    let before = runs.getState().runs;
    return runs.subscribe(({ runs: after }) => {
      const changed = Object.values(after).filter((run) => before[run.id] && before[run.id]?.status !== run.status);
      before = after;
      if (changed.length > 0) announcements.say(changed.map(announcementOf).join(' '));
    });
  }, [runs, announcements]);
  useEffect(
    () =>
      translation.subscribe((after, before) => {
        if (after.report?.type !== before.report?.type) announcements.say(`Back-translation ${stateOf(after)}`);
      }),
    [translation, announcements],
  );
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {message}
    </div>
  );
}

function stateOf({ report }: TranslationState): string {
  switch (report?.type) {
    case 'reading':
      return 'started.';
    case 'downloading':
      return 'downloads its models.';
    case 'translating':
      return `has translated ${report.done} of ${report.total} texts.`;
    case 'finished':
      return 'finished.';
    case 'failed':
      return `failed. ${report.error.message}`;
    default:
      return 'paused. What is translated is kept.';
  }
}

/** "movement finished. 10.0 % of the encoder’s weights kept." */
export function announcementOf({ spec: { name }, status, error, summary, budgetMinutes }: Run): string {
  if (status === 'skipped') return `${name} is not run: the budget of ${budgetMinutes} min is used up.`;
  if (status === 'failed') return `${name} failed. ${error?.message ?? ''}`;
  if (status !== 'done' && status !== 'stopped') return `${name}: ${status}.`;
  const kept = summary ? ` ${percent(summary.encoderKept / summary.encoderTotal)} of the encoder’s weights kept.` : '';
  return `${name} ${status === 'done' ? 'finished' : 'stopped'}.${kept}`;
}
