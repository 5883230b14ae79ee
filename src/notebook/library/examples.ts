// Examples, and the copies that readers made of them: a copy is theirs, so a newer example never replaces it.
import { documentSchema, type NotebookDocument } from '../document.ts';
import { type Template, templates } from '../templates/templates.ts';
import type { ExampleCopy } from './repository.ts';

/** The example as it now is, for a copy to remember. */
export async function exampleNow(template: Template): Promise<ExampleCopy> {
  return { id: template.id, document: await template.open('full') };
}

/** Whether the example has changed since it was copied. One that is no longer offered has not. */
export async function isExampleUpdated({ id, document }: ExampleCopy): Promise<boolean> {
  const template = templates.find((one) => one.id === id);
  if (!template) return false;
  const then = documentSchema.safeParse(document);
  return !then.success || textOf(then.data) !== textOf(await template.open('full'));
}

/** Settings that pages have learnt since are at their defaults in both. */
const textOf = (document: NotebookDocument): string => JSON.stringify(documentSchema.parse(document));
