// From a raw mail to the text a reader would see: headers off, text parts kept, transfer encodings undone, markup
// removed. Headers must go, quoted ones too: a mailer's name or a relay's address alone tells spam from ham.

interface Part {
  /** Header names in lower case; folded lines joined. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

export function mailText(raw: string): string {
  return tidy(partText(parsePart(raw.replaceAll('\r\n', '\n'))));
}

/** Everything up to the first blank line is the header; a folded line begins with white space. */
function parsePart(raw: string): Part {
  const blank = raw.search(/^[ \t]*$/m);
  const head = blank < 0 ? raw : raw.slice(0, blank);
  const headers = new Map<string, string>();
  for (const line of head.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) headers.set(name.toLowerCase(), value);
  }
  return { headers, body: blank < 0 ? '' : raw.slice(blank).replace(/^[ \t]*\n/, '') };
}

function partText(part: Part): string {
  const contentType = part.headers.get('content-type') ?? 'text/plain';
  const type = /^[^;\s]*/.exec(contentType)![0].toLowerCase();
  const boundary = /boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  if (type.startsWith('multipart/') && boundary) return multipartText(type, part.body, (boundary[1] ?? boundary[2])!);
  if (type.includes('/') && type !== 'text/html' && type !== 'text/plain') return '';
  const text = decodeTransfer(part);
  return type === 'text/html' || /<(html|body|table|font|br|p)\b/i.test(text) ? stripMarkup(text) : text;
}

/** Of alternatives the longest text counts: the plain one often says no more than "this is HTML". */
function multipartText(type: string, body: string, boundary: string): string {
  const texts = sectionsOf(body, boundary).map((section) => partText(parsePart(section)).trim());
  if (type !== 'multipart/alternative') return texts.join('\n');
  return texts.reduce((longest, text) => (text.length > longest.length ? text : longest), '');
}

function sectionsOf(body: string, boundary: string): string[] {
  const lines = body.split('\n');
  const isSeparator = (line: string) => line.trimEnd() === `--${boundary}` || line.trimEnd() === `--${boundary}--`;
  // Bulk mailers announce boundaries that they then misspell.
  const misspelt = (line: string, i: number) => line.startsWith('--') && /^content-/i.test(lines[i + 1] ?? '');
  const starts = lines.flatMap((line, i) => (isSeparator(line) ? [i] : []));
  const cuts = starts.length > 0 ? starts : lines.flatMap((line, i) => (misspelt(line, i) ? [i] : []));
  return cuts.map((cut, i) => lines.slice(cut + 1, cuts[i + 1] ?? lines.length).join('\n'));
}

function decodeTransfer({ headers, body }: Part): string {
  switch (headers.get('content-transfer-encoding')?.trim().toLowerCase()) {
    case 'base64':
      return decodeBytes(Buffer.from(body, 'base64'), headers);
    case 'quoted-printable':
      return decodeQuotedPrintable(body, headers);
    default: // undeclared, but plain to see
      return /=3D/.test(body) && /=\n/.test(body) ? decodeQuotedPrintable(body, headers) : body;
  }
}

function decodeQuotedPrintable(body: string, headers: Part['headers']): string {
  return body
    .replace(/=[ \t]*\n/g, '')
    .replace(/(?:=[0-9A-F]{2})+/gi, (run) => decodeBytes(Buffer.from(run.replaceAll('=', ''), 'hex'), headers));
}

function decodeBytes(bytes: Uint8Array, headers: Part['headers']): string {
  const label = /charset\s*=\s*"?([\w-]+)/i.exec(headers.get('content-type') ?? '')?.[1] ?? 'windows-1252';
  try {
    return new TextDecoder(label).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes); // a charset that nobody registered
  }
}

const entities: Readonly<Record<string, string>> = {
  nbsp: ' ',
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  copy: '©',
  reg: '®',
};

function stripMarkup(html: string): string {
  return html
    .replace(/<!--[\s\S]*?(-->|$)/g, '')
    .replace(/<(script|style|title)\b[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
    .replace(/<\/?(p|div|br|tr|li|ul|ol|h[1-6]|table|hr)\b[^>]*>/gi, '\n')
    .replace(/<\/?(td|th|img)\b[^>]*>/gi, ' ')
    .replace(/<[!/?a-z][^>]*>/gi, '')
    .replace(/&#x([0-9a-f]{1,6});?/gi, (_, hex: string) => codePoint(Number.parseInt(hex, 16)))
    .replace(/&#(\d{1,7});?/g, (_, decimal: string) => codePoint(Number(decimal)))
    .replace(/&([a-z]+);?/gi, (whole, name: string) => entities[name.toLowerCase()] ?? whole);
}

function codePoint(code: number): string {
  return code > 31 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : ' ';
}

/** Transport headers that a forwarded mail or a bounce carries in its body. */
const quotedHeader = /^[>\s|]*(received|return-path|delivered-to|message-id|x-[a-z-]+|mime-version|content-[a-z-]+):/i;

/** U+FFFD marks bytes that the corpus lost; WordPiece would drop it anyway. */
function tidy(text: string): string {
  return text
    .split('\n')
    .filter((line) => !quotedHeader.test(line))
    .map((line) =>
      line
        .replace(/[\ufffd\p{Cc}\p{Cf}]/gu, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '')
    .join('\n');
}
