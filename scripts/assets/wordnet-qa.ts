// An extractive question set constructed from WordNet's nouns. A context is a small shuffled glossary of things of
// different kinds. Three questions are asked of each, so that the context without its question gives nothing away:
//   kind    "Which of these is a kind of beverage?"             → the term; the gloss need not say "beverage"
//   name    "Which word means sweetened juice of a fruit?"      → the term
//   define  "What kind of beverage is "limeade"?"               → the gloss
// Terms are split before glossaries are made: dev and test ask about words that train does not define.
import { deriveSeed, shuffle } from '../../src/engine/random.ts';
import { shuffled } from './splits.ts';
import type { Nouns, Synset } from './wordnet.ts';

export interface SquadArticle {
  readonly title: string;
  readonly paragraphs: readonly { readonly context: string; readonly qas: readonly SquadQuestion[] }[];
}

interface SquadQuestion {
  readonly id: string;
  readonly question: string;
  readonly answers: readonly { readonly text: string; readonly answer_start: number }[];
}

/** Shares of the terms, and glossaries made of them; each glossary has three questions. */
const splits = {
  train: { from: 0, to: 0.7, glossaries: 2000 },
  dev: { from: 0.7, to: 0.8, glossaries: 167 },
  test: { from: 0.8, to: 1, glossaries: 334 },
} as const;
type Split = keyof typeof splits;

const termsPerGlossary = 4;

/** Everyday kinds, each the first sense of its noun; none lies within another. */
const kinds = `bird fish insect mammal reptile mollusk crustacean arachnid bacteria
  tree shrub herb vine flower fern fungus
  vegetable edible_fruit beverage meat seasoning soup candy
  vehicle building road room furniture container garment headdress footwear fabric jewelry toy paper
  tool machine weapon musical_instrument measuring_instrument
  drug salt mineral metallic_element alloy rock protein carbohydrate fuel pigment explosive adhesive`.split(/\s+/);

interface Entry {
  readonly term: string;
  readonly definition: string;
  readonly kind: string;
}

export function buildWordnetQa(nouns: Nouns, seed: number): Record<Split, SquadArticle[]> {
  const entries = shuffled(glossaryEntries(nouns), seed);
  const build = (split: Split, splitSeed: number) => {
    const { from, to, glossaries } = splits[split];
    const own = entries.slice(Math.floor(from * entries.length), Math.floor(to * entries.length));
    return dealGlossaries(own, glossaries, splitSeed).map((glossary, i) =>
      askAbout(glossary, `${split}-${i}`, deriveSeed(splitSeed, i)),
    );
  };
  return {
    train: build('train', deriveSeed(seed, 0)),
    dev: build('dev', deriveSeed(seed, 1)),
    test: build('test', deriveSeed(seed, 2)),
  };
}

function glossaryEntries(nouns: Nouns): Entry[] {
  const kindsByOffset = new Map(kinds.map((kind) => [nouns.firstSense.get(kind)!, kind.replaceAll('_', ' ')]));
  const byDefinition = new Map<string, Entry>();
  for (const synset of nouns.synsets.values()) {
    const entry = toEntry(synset, nouns, kindsByOffset);
    if (entry && !byDefinition.has(entry.definition)) byDefinition.set(entry.definition, entry);
  }
  return [...byDefinition.values()];
}

/** Null where the synset is of no kind or several, or its words give an answer away. */
function toEntry(synset: Synset, nouns: Nouns, kindsByOffset: ReadonlyMap<string, string>): Entry | null {
  const isFirstSense = (lemma: string) => nouns.firstSense.get(lemma) === synset.offset;
  const lemma = synset.lemmas.find((word) => /^[a-z]{3,}(_[a-z]{3,})?$/.test(word) && isFirstSense(word));
  const definition = firstDefinition(synset.gloss);
  const found = [...ancestors(synset, nouns)].flatMap((offset) => kindsByOffset.get(offset) ?? []);
  const kind = found[0];
  if (!lemma || !definition || !kind || found.length > 1) return null;
  const term = lemma.replace('_', ' ');
  const isGivenAway = definition.includes(term) || term.includes(kind.split(' ').at(-1)!);
  return isGivenAway ? null : { term, definition, kind };
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

function ancestors(synset: Synset, nouns: Nouns, seen = new Set<string>()): Set<string> {
  for (const offset of synset.hypernyms) {
    if (seen.has(offset)) continue;
    seen.add(offset);
    ancestors(nouns.synsets.get(offset)!, nouns, seen);
  }
  return seen;
}

/** Walks through the entries, in a new order each round; one whose kind a glossary has already waits for the next. */
function dealGlossaries(entries: readonly Entry[], count: number, seed: number): Entry[][] {
  const deck: Entry[] = [];
  let rounds = 0;
  return Array.from({ length: count }, () => {
    const glossary: Entry[] = [];
    for (let i = 0; glossary.length < termsPerGlossary; ) {
      if (i >= deck.length) deck.push(...shuffled(entries, deriveSeed(seed, rounds++)));
      const isNewKind = glossary.every((other) => other.kind !== deck[i]!.kind);
      if (isNewKind) glossary.push(...deck.splice(i, 1));
      else i++;
    }
    return glossary;
  });
}

function askAbout(glossary: readonly Entry[], id: string, seed: number): SquadArticle {
  const { context, starts } = writeGlossary(glossary);
  const [typed, named, defined] = shuffle(glossary.length, seed) as [number, number, number];
  const answer = (index: number, part: 'term' | 'definition') => {
    const start = starts[index]![part];
    return [{ text: context.slice(start, start + glossary[index]![part].length), answer_start: start }];
  };
  const qas = [
    {
      id: `${id}-kind`,
      question: `Which of these is a kind of ${glossary[typed]!.kind}?`,
      answers: answer(typed, 'term'),
    },
    {
      id: `${id}-name`,
      question: `Which word means "${glossary[named]!.definition}"?`,
      answers: answer(named, 'term'),
    },
    {
      id: `${id}-define`,
      question: `What kind of ${glossary[defined]!.kind} is "${glossary[defined]!.term}"?`,
      answers: answer(defined, 'definition'),
    },
  ];
  return { title: `Glossary ${id}`, paragraphs: [{ context, qas }] };
}

/** "Limeade: sweetened beverage of lime juice and water. Snifter: …", and where each term and definition starts. */
function writeGlossary(glossary: readonly Entry[]) {
  let context = '';
  const starts = glossary.map(({ term, definition }) => {
    if (context !== '') context += ' ';
    const start = { term: context.length, definition: context.length + term.length + ': '.length };
    context += `${term.charAt(0).toUpperCase()}${term.slice(1)}: ${definition}.`;
    return start;
  });
  return { context, starts };
}
