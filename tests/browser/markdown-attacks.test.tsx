// Texts that a stranger's notebook may hold, through the very components that draw them: in the page and in the report.
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { emptyNotebook } from '../../src/notebook/document.ts';
import Markdown from '../../src/ui/cells/Markdown.tsx';
import { Report } from '../../src/ui/exchange/Report.tsx';
import type { RunsReader } from '../../src/ui/exchange/results.ts';

const script = 'window.wasRun=true';
/** As a browser decodes them in an attribute: the colon, a letter, white space and case are disguised. */
const addresses = [
  `javascript:${script}`,
  `JaVaScRiPt:${script}`,
  `java\tscript:${script}`,
  `\u0001javascript:${script}`,
  ` javascript:${script}`,
  `javascript&colon;${script}`,
  `javascript&#58;${script}`,
  `javascript&#x3a;${script}`,
  `&#106;avascript:${script}`,
  `&#0000106avascript:${script}`,
  `java&Tab;script:${script}`,
  `java&NewLine;script:${script}`,
  `javascript\\:${script}`,
  `javascript%3a${script}`,
  `vbscript:msgbox(1)`,
  `data:text/html,<script>${script}</script>`,
  `data:text/html;base64,PHNjcmlwdD53aW5kb3cud2FzUnVuPXRydWU8L3NjcmlwdD4=`,
  `data:image/svg+xml,<svg onload=${script}>`,
  `blob:null/1`,
  `file:///etc/passwd`,
  `feed:javascript:${script}`,
  `view-source:javascript:${script}`,
];

const links = addresses.flatMap((address) => [
  `[a](${address})`,
  `[a](<${address}>)`,
  `![a](${address})`,
  `![a](<${address}>)`,
  `<${address}>`,
  `[a][b]\n\n[b]: ${address}`,
  `[a][b]\n\n[b]: <${address}> "title"`,
  `[![a](${address})](${address})`,
  `$\\href{${address}}{a}$`,
  `$\\url{${address}}$`,
  `$$\\includegraphics[height=1em]{${address}}$$`,
]);

const html = [
  `<script>${script}</script>`,
  `<ScRiPt src=//evil.example/x.js></sCrIpT>`,
  `<scr<script>ipt>${script}</scr</script>ipt>`,
  `<img src=x onerror=${script}>`,
  `<img src=x onerror="&#119;indow.wasRun=true">`,
  `<svg onload=${script}>`,
  `<svg><script href="data:,${script}"/></svg>`,
  `<svg><a xlink:href="javascript:${script}"><text>a</text></a></svg>`,
  `<svg><animate onbegin=${script} attributeName=x dur=1s>`,
  `<svg><use href="data:image/svg+xml,<svg id=x onload=${script}>#x"/></svg>`,
  `<math><maction actiontype="statusline" xlink:href="javascript:${script}">a</maction></math>`,
  `<math href="javascript:${script}">a</math>`,
  `<iframe src="javascript:${script}"></iframe>`,
  `<iframe srcdoc="<script>parent.wasRun=true</script>"></iframe>`,
  `<object data="javascript:${script}"></object>`,
  `<embed src="javascript:${script}">`,
  `<style>@import "//evil.example/x.css"; body { display: none }</style>`,
  `<link rel=stylesheet href=//evil.example/x.css>`,
  `<div style="width: expression(${script}); background: url(javascript:${script})">a</div>`,
  `<form action="javascript:${script}"><button>a</button><input name=x></form>`,
  `<button formaction="javascript:${script}">a</button>`,
  `<meta http-equiv=refresh content="0;url=javascript:${script}">`,
  `<base href="//evil.example/">`,
  `<body onload=${script}>`,
  `<details open ontoggle=${script}>a</details>`,
  `<video><source onerror=${script}></video>`,
  `<marquee onstart=${script}>a</marquee>`,
  `<input autofocus onfocus=${script}>`,
  `<template><script>${script}</script></template>`,
  `<a href="javascript:${script}" id=root name=body>a</a>`,
  `<img name=getElementById><form id=cookie><input id=attributes>`,
  `<noscript><p title="</noscript><img src=x onerror=${script}>">`,
  `<math><mtext><table><mglyph><style><!--</style><img title="--><img src=x onerror=${script}>">`,
  `<svg></p><style><a id="</style><img src=1 onerror=${script}>">`,
  `<form><math><mtext></form><form><mglyph><style></math><img src onerror=${script}>`,
  `<!--><img src=x onerror=${script}>-->`,
  `<![CDATA[<img src=x onerror=${script}>]]>`,
  `<?xml version="1.0"?><img src=x onerror=${script}>`,
  `\`\`\`html"onmouseover=${script}\n<img src=x onerror=${script}>\n\`\`\``,
  `\`<img src=x onerror=${script}>\``,
  `[a](x "title\\" onmouseover=\\"${script}")`,
  `![a" onerror="${script}](x)`,
  `[a](x"onmouseover="${script})`,
  `# a {#root onclick=${script}}`,
];

const formulas = [
  `\\htmlData{x=1}{a}`,
  `\\htmlId{root}{a}`,
  `\\htmlClass{x}{a}`,
  `\\htmlStyle{background: url(//evil.example/x)}{a}`,
  `\\color{red;background:url(//evil.example/x)}a`,
  `\\textcolor{#fff" onclick="${script}}{a}`,
  `\\colorbox{url(//evil.example/x)}{a}`,
  `\\text{<img src=x onerror=${script}>}`,
  `\\unicode{<script>${script}</script>}`,
  `\\def\\a{\\a\\a}\\a`,
  `\\rule{1000000em}{1000000em}`,
].map((formula) => `$$\n${formula}\n$$`);

const nested = [
  '>'.repeat(5000),
  `${'- '.repeat(2000)}a`,
  `${'*'.repeat(5000)}a${'*'.repeat(5000)}`,
  `${'*a '.repeat(2000)}b${' a*'.repeat(2000)}`,
  '['.repeat(10_000),
  `$${'{'.repeat(3000)}${'}'.repeat(3000)}$`,
];

const attacks = [...links, ...html, ...formulas, ...nested];

const reader: RunsReader = {
  getState: () => ({ runs: new Map() }) as unknown as ReturnType<RunsReader['getState']>,
  tagsOf: () => [],
  pointsOf: () => [],
};

const reportOn = (source: string) => (
  <Report
    notebook={{ ...emptyNotebook, title: source, cells: [{ kind: 'text', id: 'a', source }] }}
    runs={reader}
    version="of a test"
  />
);

/** What the browser makes of it, twice: what is inert at first must not come alive when it is copied. */
function drawn(markup: string): Element[] {
  const first = parse(markup);
  return [...first.querySelectorAll('*'), ...parse(first.innerHTML).querySelectorAll('*')];
}

function parse(markup: string): HTMLElement {
  return new DOMParser().parseFromString(markup, 'text/html').body;
}

const active =
  'script, iframe, frame, object, embed, form, input, button, meta, base, link, style, template, img, video, audio, source, use, animate, set, foreignObject, maction, mglyph, marquee, noscript';
const harmless = /^(https?:|mailto:|ircs?:|xmpp:|#|[^:]*$|[^:]*[/?#].*$)/i;

/** What of an element could run, fetch or take a name that a script of the page means. */
function dangersOf(element: Element): string[] {
  const isActive = element.matches(active) || /^(svg|animate)$/i.test(element.localName);
  const attributes = [...element.attributes].filter(({ name, value }) => {
    if (/^(on|xlink:|src|srcdoc|srcset|action|formaction|data|ping|background|id|name$|is$|slot)/.test(name))
      return true;
    if (name === 'href')
      return !harmless.test(value.trim()) || !harmless.test((element as HTMLAnchorElement).href ?? '');
    return name === 'style' && /url|expression|import|@|\\|position:\s*(fixed|sticky)|(?<![\w.#])\d{4,}/i.test(value);
  });
  const found = attributes.map(({ name, value }) => `${element.localName} ${name}=${value}`);
  return isActive && !isOfKatex(element) ? [element.localName, ...found] : found;
}

/** KaTeX draws roots and braces with SVG of its own. */
const isOfKatex = (element: Element): boolean => element.localName === 'svg' && element.closest('.katex') !== null;

it.each([
  ['text cell', (source: string) => <Markdown source={source} />],
  ['report', reportOn],
])(`a %s draws ${attacks.length} attacks inert`, (_, draw) => {
  for (const source of attacks) {
    const markup = renderToStaticMarkup(draw(source));
    expect(markup, source).not.toBe('');
    expect(drawn(markup).flatMap(dangersOf), source).toEqual([]);
  }
  expect(window).not.toHaveProperty('wasRun');
});

it('this test sees what is not inert', () => {
  const alive = [
    `<a href="java\tscript:1">a</a>`,
    '<img src=x>',
    '<b onclick=1>a</b>',
    '<p id=root>a</p>',
    '<svg></svg>',
  ];
  for (const markup of alive) expect(drawn(markup).flatMap(dangersOf), markup).not.toEqual([]);
});
