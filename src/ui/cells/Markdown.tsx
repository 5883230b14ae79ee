import type { ComponentProps } from 'react';
import ReactMarkdown, { type ExtraProps } from 'react-markdown';
import rehypeKatex from 'rehype-katex';
import remarkMath from 'remark-math';
import 'katex/dist/katex.min.css';

export default function Markdown({ source }: { readonly source: string }) {
  return (
    <ReactMarkdown
      remarkPlugins={[remarkMath]}
      rehypePlugins={[rehypeKatex]}
      components={{ a: OutsideLink, pre: ScrollingCode, span: MaybeFormula }}
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

/** What may be wider than a phone scrolls, and must do so by keyboard as well. */
function ScrollingCode({ children }: ComponentProps<'pre'>) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
  return <pre tabIndex={0}>{children}</pre>;
}

function MaybeFormula({ node: _, ...span }: ComponentProps<'span'> & ExtraProps) {
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
  return span.className === 'katex-display' ? <span {...span} tabIndex={0} /> : <span {...span} />;
}
