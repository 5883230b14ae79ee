// Which notebook the page shows, and the address that names it, so that reload and back work.
import { emptyNotebook, type NotebookDocument } from '../../notebook/document.ts';
import { type Address, addressOf, readAddress } from '../../notebook/library/address.ts';
import { exampleNow } from '../../notebook/library/examples.ts';
import type { ExampleCopy, NotebookEntry } from '../../notebook/library/repository.ts';
import { applySize, type SizeId } from '../../notebook/sizes.ts';
import { type Template, templateNamed } from '../../notebook/templates/templates.ts';
import type { Services } from '../services.ts';

type Navigation = Pick<Services, 'library' | 'notebook' | 'notices' | 'announcements' | 'view'>;

/** Opens what the address asks for. Where it cannot, what is open stays, or the notebook opened last comes. */
export async function followAddress(navigation: Navigation): Promise<void> {
  const { notices } = navigation;
  try {
    await openAddress(navigation, readAddress(new URL(location.href)));
  } catch (problem) {
    notices.add(problem);
    if (!isStored(navigation)) await openLast(navigation, 'full').catch(notices.add);
  }
  // A tab that only watches shows what a link or an example holds without storing it: its address still asks for it.
  if (!isStored(navigation)) return;
  history.replaceState(null, '', addressOf(new URL(location.href), navigation.notebook.getState().id));
}

const isStored = ({ library, notebook }: Navigation): boolean =>
  library.getState().entries.some(({ id }) => id === notebook.getState().id);

async function openAddress(navigation: Navigation, address: Address): Promise<void> {
  const { library, notebook } = navigation;
  switch (address.kind) {
    case 'notebook': {
      if (address.id === notebook.getState().id) return;
      const entry = library.getState().entries.find(({ id }) => id === address.id);
      if (!entry) throw new Error('This address: expected a notebook of this browser, but it has none of that name.');
      if (entry.binnedAt !== null) throw new Error(`“${entry.title}” is in the bin. Put it back from Notebooks.`);
      return library.open(address.id);
    }
    case 'example': {
      const template = templateNamed(address.id);
      const copy = shelved(library.getState().entries).find(({ example }) => example?.id === template.id);
      return copy ? library.open(copy.id) : createExample(navigation, template, address.size);
    }
    case 'shared':
      return library.create(
        await (await import('../../notebook/exchange/share-link.ts')).unpackDocument(address.payload),
      );
    case 'last':
      return openLast(navigation, address.size);
    default:
      return address satisfies never;
  }
}

/** Those that are not in the bin. */
export const shelved = (entries: readonly NotebookEntry[]): readonly NotebookEntry[] =>
  entries.filter(({ binnedAt }) => binnedAt === null);

async function openLast(navigation: Navigation, size: SizeId): Promise<void> {
  const { library, notices } = navigation;
  for (const { id, title } of shelved(library.getState().entries)) {
    try {
      return await library.open(id);
    } catch (problem) {
      notices.add(`“${title}”: ${problem instanceof Error ? problem.message : problem}`);
    }
  }
  await createExample(navigation, templateNamed(null), size);
}

async function createExample({ library }: Navigation, template: Template, size: SizeId): Promise<void> {
  const example = await exampleNow(template);
  await library.create(applySize(size)(example.document), example);
}

/** Each of these puts another notebook on the page, and on top of the browser's history. */
export const goTo = (services: Services, id: string): Promise<void> =>
  turnTo(services, () => services.library.open(id));

export const openNew = (services: Services, document: NotebookDocument, example?: ExampleCopy): Promise<void> =>
  turnTo(services, () => services.library.create(document, example));

export const openEmpty = (services: Services): Promise<void> => openNew(services, emptyNotebook);

export const openExample = (services: Services, template: Template): Promise<void> =>
  turnTo(services, () => createExample(services, template, 'full'));

/** Into the bin; where it is open, the notebook opened before it comes. */
export async function binNotebook(services: Services, { id, title }: NotebookEntry): Promise<void> {
  const { library, notebook, notices, announcements } = services;
  try {
    await library.flush();
    await library.bin(id, true);
    if (notebook.getState().id === id) await turnTo(services, () => openLast(services, 'full'));
    announcements.say(`“${title}” is in the bin.`);
  } catch (problem) {
    notices.add(problem);
  }
}

async function turnTo(services: Services, open: () => Promise<void>): Promise<void> {
  const { notebook, notices, announcements, view } = services;
  const before = notebook.getState().id;
  try {
    await open();
  } catch (problem) {
    notices.add(problem);
  }
  const { id, history: changes } = notebook.getState();
  if (id === before) return;
  view.set({ selected: null, editing: null });
  history.pushState(null, '', addressOf(new URL(location.href), id));
  scrollTo({ top: 0 });
  announcements.say(`Notebook: ${changes.present.title}.`);
}
