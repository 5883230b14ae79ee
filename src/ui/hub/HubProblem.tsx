import type { HubReport } from '../../runs/hub.ts';
import { Notice } from '../components/Notice.tsx';
import { useServices } from '../services.ts';

/** Why the Hub did not give what was asked, with a way to its address and token where they may be to blame. */
export function HubProblem({ report }: { readonly report: Extract<HubReport, { type: 'failed' }> }) {
  const { view } = useServices();
  const { code, message } = report.error;
  const mayNeedSettings = code === 'bad-settings' || code === 'network';
  return (
    <Notice
      level="error"
      action={
        mayNeedSettings && (
          <button type="button" className="button" onClick={() => view.set({ dialog: 'storage' })}>
            Address and token
          </button>
        )
      }
    >
      {message}
    </Notice>
  );
}
