// A model of the Hub in its cell: found by name and pinned to a commit, then fetched once its size is known.
import { hubNameText } from '../../hub/hub-id.ts';
import type { Pinned } from '../../hub/hub-store.ts';
import type { HubReport } from '../../runs/hub.ts';
import { isUnderWay } from '../../runs/hub-jobs.ts';
import type { ModelChoice } from '../../runs/spec.ts';
import { useServices } from '../services.ts';
import { HubDownload, useHubReport } from './HubDownload.tsx';
import { HubNameField } from './HubNameField.tsx';
import { HubProblem } from './HubProblem.tsx';
import { useHubAccess } from './useHubAccess.ts';
import { bytesLeft, useKept } from './useKept.ts';

type HubChoice = Extract<ModelChoice, { kind: 'hub' }>;

interface HubModelSearchProps {
  readonly cellId: string;
  readonly choice: ModelChoice;
  readonly onFound: (choice: HubChoice) => void;
}

export function HubModelSearch({ cellId, choice, onFound }: HubModelSearchProps) {
  const { hub } = useServices();
  const access = useHubAccess();
  const jobKey = `find ${cellId}`;
  const report = useHubReport(jobKey);
  const find = async (name: string) => {
    const found = choiceOf(await hub.run(jobKey, { type: 'find-model', access, name }));
    if (found) onFound(found);
  };
  return (
    <>
      <HubNameField
        label="Or by name on the Hub"
        value={choice.kind === 'hub' ? hubNameText(choice) : ''}
        known={knownModels}
        isBusy={isUnderWay(report)}
        onFind={(name) => void find(name)}
      />
      {report?.type === 'failed' && <HubProblem report={report} />}
    </>
  );
}

/** What the choice comes to on this machine while its files are not all here. */
export function HubModelDownload({
  choice,
  onFound,
}: Omit<HubModelSearchProps, 'cellId'> & { readonly choice: HubChoice }) {
  const { hub } = useServices();
  const access = useHubAccess();
  const { id, revision, commit } = choice;
  const pinned: Pinned = { kind: 'models', id, commit: commit ?? '' };
  const kept = useKept(pinned);
  const jobKey = `fetch models ${id} ${commit}`;
  const start = async () => {
    // A notebook from elsewhere names a model that this machine has not heard of yet.
    const name = `${id}@${commit ?? revision}`;
    const found = kept ? choice : choiceOf(await hub.run(jobKey, { type: 'find-model', access, name }));
    if (found?.commit == null) return;
    if (found.commit !== commit) onFound({ ...found, revision, layers: choice.layers });
    await hub.run(jobKey, { type: 'fetch-model', access, id: found.id, commit: found.commit });
  };
  return (
    <HubDownload jobKey={jobKey} left={kept && bytesLeft(kept)} onStart={() => void start()}>
      <p>
        {commit === null
          ? `${id} has not been looked up on this machine.`
          : `Not on this machine yet, or not all of it.`}
        {kept?.licence && ` Licence: ${kept.licence}.`} It is fetched from {access.endpoint.replace(/^https?:\/\//, '')}{' '}
        when you press the button, checked, and kept by this browser. None of your texts or weights is sent.
      </p>
    </HubDownload>
  );
}

/** Null where nothing was found. */
function choiceOf(report: HubReport | null): HubChoice | null {
  return report?.type === 'found-model' ? { ...report.model, kind: 'hub', layers: null } : null;
}

/** Of the architectures that Winnow reads, small ones first. */
const knownModels = [
  'prajjwal1/bert-tiny',
  'google/bert_uncased_L-4_H-256_A-4',
  'nreimers/MiniLM-L6-H384-uncased',
  'google/electra-small-discriminator',
  'distilbert/distilbert-base-uncased',
  'google-bert/bert-base-uncased',
  'FacebookAI/roberta-base',
];
