// What a reader must know about the engine before pressing Run.
import { applySize, sizeOf } from '../../notebook/sizes.ts';
import { Notice } from '../components/Notice.tsx';
import { useBackend, useDocument, useServices } from '../services.ts';
import { focusSize } from './SizeSelect.tsx';

export function EngineNotice() {
  const state = useBackend();
  if (state.type === 'failed' || state.type === 'lost') return <RestartNotice message={state.message} />;
  if (state.type !== 'ready') return null;
  const hasGpu = state.status.backend === 'webgpu' && !state.status.isSoftware;
  return hasGpu ? null : <SlowNotice />;
}

function RestartNotice({ message }: { readonly message: string }) {
  const { backend } = useServices();
  return (
    <Notice
      level="error"
      action={
        <button type="button" className="button" onClick={backend.restart}>
          Restart the engine
        </button>
      }
    >
      {message} Finished runs are kept.
    </Notice>
  );
}

/** Only while the notebook has its full size: who chose another has decided. */
function SlowNotice() {
  const { notebook } = useServices();
  if (sizeOf(useDocument()) !== 'full') return null;
  const takeQuickLook = () => {
    notebook.apply(applySize('quick'));
    focusSize(); // the button is about to go
  };
  return (
    <Notice
      level="note"
      action={
        <button type="button" className="button" onClick={takeQuickLook}>
          Take a quick look
        </button>
      }
    >
      There is no graphics processor here that the browser can use, so training runs on the processor. At full size a
      run takes many minutes.
    </Notice>
  );
}
