// Words that turn a sentence's meaning round. Operations that promise to keep the class neither drop, move nor change
// them: "not good" without its "not" is another label.

const NEGATIONS = new Set(
  `no not nor never none nobody nothing nowhere neither without cannot hardly scarcely barely rarely seldom
   aint arent cant couldnt didnt doesnt dont hadnt hasnt havent isnt mustnt neednt shouldnt wasnt werent wont
   wouldnt`.split(/\s+/),
);

/** Per word, whether it negates: "never"; and all three words that "don't" is split into. */
export function findNegations(texts: readonly string[]): boolean[] {
  const isContraction = (i: number) =>
    /n$/i.test(texts[i] ?? '') && /^['’]$/.test(texts[i + 1] ?? '') && /^t$/i.test(texts[i + 2] ?? '');
  return texts.map(
    (text, i) => NEGATIONS.has(text.toLowerCase()) || isContraction(i) || isContraction(i - 1) || isContraction(i - 2),
  );
}
