import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { productHeaders } from '../../scripts/lib/headers.ts';
import { type StaticServer, serve } from '../../scripts/lib/static-server.ts';

let folder: string;
let server: StaticServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'server-'));
  mkdirSync(join(folder, 'page/assets'), { recursive: true });
  mkdirSync(join(folder, 'page-secret'));
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'page/index.html'), '<p>page</p>');
  writeFileSync(join(folder, 'page/assets/worker.js'), 'self');
  writeFileSync(join(folder, 'page/assets/translator-B_x-9.js'), 'self');
  writeFileSync(join(folder, 'page/a b.wasm'), 'wasm');
  writeFileSync(join(folder, 'page-secret/key.txt'), 'secret');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'data/rows.json'), '[]');
  symlinkSync(join(folder, 'secret.txt'), join(folder, 'page/link.txt'));
  const mounts = [
    { prefix: '/files/0/', folder: join(folder, 'data') },
    { prefix: '/', folder: join(folder, 'page') },
  ];
  server = await serve({ mounts, headers: productHeaders, port: 0 });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

/** Unlike `fetch`, sends the path as it is written. */
function statusOf(path: string): Promise<number | undefined> {
  return new Promise((done, fail) => {
    const sent = request(server.url, { path }, (response) => done(response.resume().statusCode));
    sent.on('error', fail).end();
  });
}

describe('the static server', () => {
  it('answers a folder with its index.html', async () => {
    const response = await fetch(`${server.url}/`);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).toBe('<p>page</p>');
  });

  it('decodes names and knows their types', async () => {
    const response = await fetch(`${server.url}/a%20b.wasm?v=1`);
    expect(response.headers.get('content-type')).toBe('application/wasm');
    expect(await response.text()).toBe('wasm');
  });

  it('serves other folders under their prefix', async () => {
    expect(await (await fetch(`${server.url}/files/0/rows.json`)).json()).toEqual([]);
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../secret.txt',
    '/..%5csecret.txt',
    '/../page-secret/key.txt',
    '/link.txt',
    '/files/0/../secret.txt',
    '/%00',
    '/%zz',
    '/assets',
    '/missing.js',
  ])('does not find %s', async (path) => {
    expect(await statusOf(path)).toBe(404);
  });

  it('isolates the page and keeps it from other origins and from eval', async () => {
    const { headers } = await fetch(`${server.url}/`);
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    const policy = headers.get('content-security-policy')?.split('; ');
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
  });

  it('lets only workers load scripts from blobs', async () => {
    const { headers } = await fetch(`${server.url}/assets/worker.js`);
    expect(headers.get('content-security-policy')).toContain("script-src 'self' blob: 'wasm-unsafe-eval'");
  });

  it('lets the translator alone speak to the Hub', async () => {
    const sources = async (path: string) => {
      const policy = (await fetch(`${server.url}${path}`)).headers.get('content-security-policy');
      return policy?.split('; ').find((directive) => directive.startsWith('connect-src'));
    };
    expect(await sources('/assets/translator-B_x-9.js')).toBe(
      "connect-src 'self' https://huggingface.co https://*.huggingface.co https://*.hf.co",
    );
    expect(await sources('/assets/worker.js')).toBe("connect-src 'self'");
    expect(await sources('/')).toBe("connect-src 'self'");
  });

  it('sends an unchanged file once', async () => {
    const first = await fetch(`${server.url}/`);
    const again = await fetch(`${server.url}/`, { headers: { 'If-None-Match': first.headers.get('etag') ?? '' } });
    expect(again.status).toBe(304);
  });

  it('only reads', async () => {
    expect((await fetch(`${server.url}/`, { method: 'PUT', body: 'x' })).status).toBe(405);
    const head = await fetch(`${server.url}/`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe('11');
  });

  it('takes the next free port where one is taken', async () => {
    const taken = Number(new URL(server.url).port);
    const second = await serve({ mounts: [], headers: productHeaders, port: taken });
    expect(Number(new URL(second.url).port)).toBeGreaterThan(taken);
    await second.close();
  });
});
