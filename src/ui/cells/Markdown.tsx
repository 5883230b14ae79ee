import type { ComponentProps } from 'react';
import ReactMarkdown, { type ExtraProps } from 'react-markdown';
import rehypeKatex from 'rehype-katex';
import remarkMath from 'remark-math';
import 'katex/dist/katex.min.css';
import { boundedDepth } from './bounded-depth.ts';

/** Of a rule or a space in a formula: a larger one would cover the page. */
const MOST_EM = 50;

export default function Markdown({ source }: { readonly source: string }) {
  return (
    <ReactMarkdown
      remarkPlugins={[remarkMath, boundedDepth]}
      rehypePlugins={[[rehypeKatex, { trust: false, maxSize: MOST_EM }]]}
      components={{ a: OutsideLink, img: PictureLink, pre: ScrollingCode, span: MaybeFormula }}
    >
      {source}
    </ReactMarkdown>
  );
}

/** A link must not take the notebook away while something trains. */
function OutsideLink({ href, children }: ComponentProps<'a'>) {
  return (
    <a href={href} target="_blank" rel="noreferrer">
      {children}
    </a>
  );
}

/** To show a picture of another place would tell that place who reads what. Its link is opened by who wants it. */
function PictureLink({ src, alt }: ComponentProps<'img'>) {
  return <OutsideLink href={src}>{alt || 'Picture'}</OutsideLink>;
}

/** What may be wider than a phone scrolls, and must do so by keyboard as well. */
function ScrollingCode({ children }: ComponentProps<'pre'>) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
  return <pre tabIndex={0}>{children}</pre>;
}

function MaybeFormula({ node: _, ...span }: ComponentProps<'span'> & ExtraProps) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
  return span.className === 'katex-display' ? <span {...span} tabIndex={0} /> : <span {...span} />;
}
