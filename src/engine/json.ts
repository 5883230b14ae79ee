// JSON of files that come from anywhere. JSON.parse takes any depth; what walks a value after it (JSON.stringify, a
// message to a worker) runs out of stack at some thousand levels. No format read here needs more than a dozen.

const MOST_LEVELS = 100;

/** @throws SyntaxError for what is no JSON, or nested deeper than any file that is read here. */
export function parseForeignJson(text: string): unknown {
  let levels = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = closingQuote(text, at);
    else if (code === 0x5b || code === 0x7b)
      levels++; // [ {
    else if (code === 0x5d || code === 0x7d) levels--; // ] }
    if (levels > MOST_LEVELS) throw new SyntaxError(`more than ${MOST_LEVELS} levels of nesting`);
  }
  return JSON.parse(text);
}

/** Index of the quote that ends the string whose first one is at `start`; past the text's end where there is none. */
export function closingQuote(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) break;
    if (code === 0x5c) at++; // a backslash takes the next one along
  }
  return at;
}

const QUOTE = 0x22;
