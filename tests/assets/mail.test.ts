import { describe, expect, it } from 'vitest';
import { mailText } from '../../scripts/assets/mail.ts';

const mail = (...lines: string[]) => lines.join('\n');

describe('mailText', () => {
  it('drops everything up to the first blank line, folded lines included', () => {
    expect(mailText(mail('From x', 'Received: from a', '\tby b', 'Subject: hi', '', 'Hello', '', 'there'))).toBe(
      'Hello\nthere',
    );
  });

  it('drops transport headers that a reply quotes', () => {
    expect(mailText(mail('Subject: x', '', '> Received: from relay', '> X-Mailer: Foo', '> Hello'))).toBe('> Hello');
  });

  it('strips markup, scripts and comments, and decodes entities', () => {
    const html = '<html><style>p {}</style><p>Buy&nbsp;now &amp; <b>sa<!-- x -->ve</b> &#36;5</p><script>x()</script>';
    expect(mailText(mail('Content-Type: text/html', '', html))).toBe('Buy now & save $5');
  });

  it('decodes quoted-printable with its charset, soft line ends included', () => {
    const head = ['Content-Type: text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding: quoted-printable'];
    expect(mailText(mail(...head, '', 'caf=E9 au=', ' lait'))).toBe('café au lait');
  });

  it('decodes base64', () => {
    expect(mailText(mail('Content-Transfer-Encoding: base64', '', btoa('Hello you')))).toBe('Hello you');
  });

  it('keeps the longest of alternatives and the text parts of a mixture', () => {
    const nested = mail(
      'Content-Type: multipart/mixed; boundary="out"',
      '',
      'This is a multi-part message in MIME format.',
      '--out',
      'Content-Type: multipart/alternative; boundary=out2',
      '',
      '--out2',
      'Content-Type: text/plain',
      '',
      'html',
      '--out2',
      'Content-Type: text/html',
      '',
      '<p>The real text</p>',
      '--out2--',
      '--out',
      'Content-Type: image/gif',
      'Content-Transfer-Encoding: base64',
      '',
      'R0lGODlhAQABAAAAACw=',
      '--out',
      '',
      'A footer',
      '--out--',
    );
    expect(mailText(nested)).toBe('The real text\nA footer');
  });

  it('finds the parts where the announced boundary is misspelt', () => {
    const lines = ['Content-Type: multipart/mixed; boundary="=B"', '', '--= B', 'Content-Type: text/plain', '', 'Hi'];
    expect(mailText(mail(...lines))).toBe('Hi');
  });

  it('is empty where there is no text', () => {
    expect(mailText(mail('Content-Type: image/png', '', 'AAAA'))).toBe('');
    expect(mailText('Subject: nothing follows')).toBe('');
  });
});
