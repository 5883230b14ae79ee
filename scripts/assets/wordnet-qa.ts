// An extractive question set constructed from WordNet's nouns. A context is a small shuffled glossary; three
// kinds of question are asked of it, so that neither the position nor the form of an answer gives it away:
//   define  "What is limeade?"                               → the gloss
//   name    "Which word means sweetened beverage of …?"      → the term; a sibling in the context misleads
//   kind    "Which of these is a kind of fruit drink?"       → the term; the hypernym need not be in its gloss
// Synsets are split before any context is made, so that test words occur in no training text.
import { createRandom, deriveSeed, type Random, shuffle } from '../../src/engine/random.ts';
import type { Nouns, Synset } from './wordnet.ts';

export interface SquadArticle {
  readonly title: string;
  readonly paragraphs: readonly {
    readonly context: string;
    readonly qas: readonly {
      readonly id: string;
      readonly question: string;
      readonly answers: readonly { readonly text: string; readonly answer_start: number }[];
    }[];
  }[];
}

export const splitSizes = { train: 2000, dev: 167, test: 334 } as const;
type Split = keyof typeof splitSizes;

const termsPerContext = 6;

/** Lexicographer files of concrete things; people, bodies and acts are left out, as is their slang. */
const categories: ReadonlyMap<number, string> = new Map([
  [5, 'Animals'],
  [6, 'Artifacts'],
  [13, 'Food'],
  [17, 'Natural objects'],
  [20, 'Plants'],
  [27, 'Substances'],
]);
const unwelcome =
  /\b(slur|offensive|obscene|vulgar|disparag\w*|derogatory|sex\w*|genital\w*|penis|vagina\w*|contracept\w*)\b/i;

/** A noun fit for a glossary: one term, one definition, the kind of thing it is. */
interface Entry {
  readonly synset: Synset;
  readonly term: string;
  readonly definition: string;
}

export function buildWordnetQa(nouns: Nouns, seed: number): Record<Split, SquadArticle[]> {
  const random = seededRandom(seed);
  const entries = shuffled(glossaryEntries(nouns), random);
  const glossaries = [...categories.keys()].flatMap((lexFile) =>
    gatherGlossaries(entries.filter((entry) => entry.synset.lexFile === lexFile)),
  );
  const articles = shuffled(glossaries, random).flatMap((glossary) => askAbout(glossary, nouns, random) ?? []);
  const { train, dev, test } = splitSizes;
  if (articles.length < train + dev + test) {
    throw new Error(`WordNet QA: expected ${train + dev + test} contexts, got ${articles.length}.`);
  }
  return {
    train: articles.slice(0, train),
    dev: articles.slice(train, train + dev),
    test: articles.slice(train + dev, train + dev + test),
  };
}

function glossaryEntries({ synsets, firstSense }: Nouns): Entry[] {
  const entries: Entry[] = [];
  const definitions = new Set<string>();
  for (const synset of synsets.values()) {
    const lemma = synset.lemmas.find(
      (word) => /^[a-z]{3,}(_[a-z]{3,})?$/.test(word) && firstSense.get(word) === synset.offset,
    );
    const definition = firstDefinition(synset.gloss);
    if (!categories.has(synset.lexFile) || !lemma || !definition || definitions.has(definition)) continue;
    if (unwelcome.test(synset.gloss) || unwelcome.test(lemma)) continue;
    const term = lemma.replace('_', ' ');
    if (definition.includes(term)) continue;
    definitions.add(definition);
    entries.push({ synset, term, definition });
  }
  return entries;
}

/** The gloss up to its first example or second definition, without asides; null if unfit for an answer. */
export function firstDefinition(gloss: string): string | null {
  const definition = gloss
    .replace(/\([^)]*\)/g, ' ')
    .split(/[;"]/, 1)[0]!
    .replace(/\s+/g, ' ')
    .trim();
  return /^[A-Za-z][A-Za-z0-9 ,'-]{24,89}$/.test(definition) ? definition : null;
}

/** Glossaries of one pair of siblings, then four terms of other kinds; each entry is used once. */
function gatherGlossaries(entries: readonly Entry[]): Entry[][] {
  const unused = new Set(entries);
  const glossaries: Entry[][] = [];
  for (const first of entries) {
    const sibling = unused.has(first) && find(unused, (entry) => entry !== first && sortOf(entry) === sortOf(first));
    if (!sibling) continue;
    const glossary = [first, sibling];
    for (const entry of unused) {
      if (glossary.length === termsPerContext) break;
      if (!glossary.some((other) => sortOf(other) === sortOf(entry))) glossary.push(entry);
    }
    if (glossary.length < termsPerContext) break;
    for (const entry of glossary) unused.delete(entry);
    glossaries.push(glossary);
  }
  return glossaries;
}

function find<T>(items: Iterable<T>, test: (item: T) => boolean): T | undefined {
  for (const item of items) if (test(item)) return item;
  return undefined;
}

function sortOf(entry: Entry): string {
  return entry.synset.hypernyms[0] ?? entry.synset.offset;
}

/** Null where no term of the glossary is the only one of its kind. */
function askAbout(glossary: readonly Entry[], nouns: Nouns, random: Random): SquadArticle | null {
  const [named, , ...others] = glossary as [Entry, Entry, ...Entry[]];
  const kindOf = new Map(others.map((entry) => [entry, distinguishingKind(entry, glossary, nouns)]));
  const classified = others.find((entry) => kindOf.get(entry));
  const defined = others.find((entry) => entry !== classified);
  if (!classified || !defined) return null;
  const { context, starts } = writeGlossary(shuffled(glossary, random));
  const question = (form: string, entry: Entry, text: string, answer: 'term' | 'definition') => {
    const start = starts.get(entry)![answer];
    const answerText = context.slice(start, start + entry[answer].length);
    if (answerText.toLowerCase() !== entry[answer].toLowerCase())
      throw new Error(`WordNet QA: answer not at ${start}.`);
    return {
      id: `${entry.synset.offset}-${form}`,
      question: text,
      answers: [{ text: answerText, answer_start: start }],
    };
  };
  const qas = [
    question('define', defined, `What does "${defined.term}" mean?`, 'definition'),
    question('name', named, `Which word means "${named.definition}"?`, 'term'),
    question('kind', classified, `Which of these is a kind of ${kindOf.get(classified)}?`, 'term'),
  ];
  return { title: categories.get(named.synset.lexFile)!, paragraphs: [{ context, qas }] };
}

/** The hypernym's name, if no other entry falls under it and the term does not spell it out. */
function distinguishingKind(entry: Entry, glossary: readonly Entry[], { synsets }: Nouns): string | null {
  const hypernym = synsets.get(sortOf(entry))!;
  const name = hypernym.lemmas[0]!.replaceAll('_', ' ');
  const isShared = glossary.some((other) => other !== entry && ancestors(other.synset, synsets).has(hypernym.offset));
  return isShared || !/^[a-z ]+$/.test(name) || entry.term.includes(name.split(' ').at(-1)!) ? null : name;
}

function ancestors(synset: Synset, synsets: Nouns['synsets'], seen = new Set<string>()): Set<string> {
  for (const offset of synset.hypernyms) {
    if (seen.has(offset)) continue;
    seen.add(offset);
    ancestors(synsets.get(offset)!, synsets, seen);
  }
  return seen;
}

function writeGlossary(glossary: readonly Entry[]) {
  const starts = new Map<Entry, { readonly term: number; readonly definition: number }>();
  let context = '';
  for (const entry of glossary) {
    if (context !== '') context += ' ';
    const term = context.length;
    const heading = `${entry.term.charAt(0).toUpperCase()}${entry.term.slice(1)}: `;
    starts.set(entry, { term, definition: term + heading.length });
    context += `${heading}${entry.definition}.`;
  }
  return { context, starts };
}
