// Says that another tab works and this one watches, and how to change places.
import { useStore } from 'zustand';
import type { HandoverRequest } from '../../notebook/tabs/tab.ts';
import { Notice } from '../components/Notice.tsx';
import { useServices } from '../services.ts';

export function TabBanner() {
  const { tab } = useServices();
  const state = useStore(tab);
  if (state.type === 'works') return null;
  if (state.type !== 'watches') return <Notice level="note">Winnow moves to the other tab.</Notice>;
  return (
    <Notice
      level="note"
      action={
        <button type="button" className="button" disabled={state.request.type === 'asked'} onClick={tab.ask}>
          Use Winnow here
        </button>
      }
    >
      Winnow is open in another tab. This one shows what happens there; nothing can be changed here.{' '}
      <span role="status">{answerTo(state.request)}</span>
    </Notice>
  );
}

function answerTo(request: HandoverRequest): string {
  switch (request.type) {
    case 'none':
      return '';
    case 'asked':
      return 'Asking the other tab…';
    case 'unanswered':
      return 'The other tab does not answer. Once it is closed, this one takes its place.';
    case 'refused':
      return `${request.reason} in the other tab: wait for its end, or stop it there.`;
    default:
      return request satisfies never;
  }
}
