// A static file server for this machine only: a few folders, each under a URL prefix, read-only.
import { createReadStream, type Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, resolve, sep } from 'node:path';

export interface Mount {
  /** Begins and ends with a slash, such as `/files/0/`. */
  readonly prefix: string;
  readonly folder: string;
}

export interface ServeOptions {
  /** The first mount that has the file answers. */
  readonly mounts: readonly Mount[];
  /** Headers of the answer for a URL's path. */
  readonly headers: (path: string) => Readonly<Record<string, string>>;
  /** Where taken, the next free port is used; 0 lets the system choose. */
  readonly port: number;
}

export interface StaticServer {
  /** `http://localhost:4173`, without a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

const mimeTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.tsv': 'text/tab-separated-values; charset=utf-8',
  '.ttf': 'font/ttf',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
};

export async function serve({ mounts, headers, port }: ServeOptions): Promise<StaticServer> {
  const server = createServer((request, response) => {
    answer(request, response, mounts, headers).catch(() => response.destroy());
  });
  const taken = await listen(server, port);
  return {
    url: `http://localhost:${taken}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

/** Listens on `port` or, where it is taken, on the next free one of the hundred after it. */
async function listen(server: Server, port: number): Promise<number> {
  for (let candidate = port; ; candidate++) {
    try {
      return await listenOnce(server, candidate);
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || candidate >= Math.min(port + 100, 65_535)) throw error;
    }
  }
}

function listenOnce(server: Server, port: number): Promise<number> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, 'localhost', () => {
      server.off('error', fail);
      done((server.address() as AddressInfo).port);
    });
  });
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  mounts: readonly Mount[],
  headers: ServeOptions['headers'],
): Promise<void> {
  const pathname = decodePath(request.url ?? '/');
  for (const [name, value] of Object.entries(headers(pathname))) response.setHeader(name, value);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const file = await findFile(pathname, mounts);
  if (!file) {
    response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end('Not found\n');
    return;
  }
  sendFile(request, response, file);
}

interface FoundFile {
  readonly path: string;
  readonly stats: Stats;
}

async function findFile(pathname: string, mounts: readonly Mount[]): Promise<FoundFile | undefined> {
  for (const { prefix, folder } of mounts) {
    if (!pathname.startsWith(prefix)) continue;
    const relative = pathname.slice(prefix.length);
    const file = await fileInside(
      folder,
      relative === '' || relative.endsWith('/') ? `${relative}index.html` : relative,
    );
    if (file) return file;
  }
  return undefined;
}

/** The URL's path, decoded; empty, which no file is, where it is malformed or holds a NUL. */
function decodePath(url: string): string {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0] ?? '');
    return path.includes('\0') ? '' : path;
  } catch {
    return '';
  }
}

/** Resolves links before it compares, so that neither `..` nor a link leads out of the folder. */
async function fileInside(folder: string, relative: string): Promise<FoundFile | undefined> {
  try {
    const base = await realpath(folder);
    const path = await realpath(resolve(join(base, relative)));
    if (!path.startsWith(base + sep)) return undefined;
    const stats = await stat(path);
    return stats.isFile() ? { path, stats } : undefined;
  } catch {
    return undefined;
  }
}

function sendFile(request: IncomingMessage, response: ServerResponse, { path, stats }: FoundFile): void {
  const etag = `"${stats.size.toString(36)}-${Math.trunc(stats.mtimeMs).toString(36)}"`;
  response.setHeader('ETag', etag);
  response.setHeader('Cache-Control', 'no-cache'); // always ask; a rebuilt file has a new tag
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return;
  }
  response.setHeader('Content-Type', mimeTypes[extname(path).toLowerCase()] ?? 'application/octet-stream');
  response.setHeader('Content-Length', stats.size);
  response.writeHead(200);
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  createReadStream(path)
    .on('error', () => response.destroy())
    .pipe(response);
}
