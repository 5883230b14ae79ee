// Tables that a command keeps up to date inside a document that people write: each between a pair of comments.

/** The document with what stands between `<!-- bench:NAME -->` and `<!-- /bench:NAME -->` replaced. */
export function replaceSection(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`document: expected ${begin} and, after it, ${end}. Add the two lines.`);
  return `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
}
