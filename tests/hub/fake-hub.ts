// A Hub on this machine: the routes that Winnow asks, answered as huggingface.co answers them, with every fault of a
// network on request. Large files are redirected to a store of another origin and known by their SHA-256, small ones by git's name.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A size alone is only claimed: the file is listed and never sent. */
export type FileContent = string | Uint8Array | { readonly size: number };

export interface FakeRepository {
  readonly kind: 'models' | 'datasets';
  readonly id: string;
  /** Old names that are answered with this one. */
  readonly aliases?: readonly string[];
  readonly licence?: string;
  /** Files by path, by revision; `main` at least. */
  readonly revisions: Readonly<Record<string, Readonly<Record<string, FileContent>>>>;
  /** Who may read it; everybody unless a token is named. Private ones hide that they exist. */
  readonly access?: { readonly token: string; readonly isGated: boolean };
}

/** What goes wrong when a file's bytes are asked for, by the end of its path; `times` faults, then none. */
export interface Fault {
  readonly path: string;
  readonly kind: 'cut' | 'wrong-bytes' | 'no-range' | 'status' | 'stall';
  /** Of `cut` and `stall`: after so many bytes of the answer. Of `status`: the status. */
  readonly at?: number;
  readonly times?: number;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly range: string | null;
  readonly authorization: string | null;
  /** Of the body, as far as it was sent. */
  bytes: number;
}

export interface FakeHub {
  readonly url: string;
  readonly asked: Asked[];
  /** Replaces the faults. */
  fail(...faults: readonly Fault[]): void;
  /** Bytes a second of a body; null: as fast as it goes. */
  slowTo(bytesPerSecond: number | null): void;
  close(): Promise<void>;
}

const LARGE = 4096;

const digest = (algorithm: 'sha1' | 'sha256', ...parts: readonly (string | Uint8Array)[]): string =>
  parts.reduce<ReturnType<typeof createHash>>((hash, part) => hash.update(part), createHash(algorithm)).digest('hex');

const bytesOf = (content: FileContent): Buffer =>
  Buffer.from(typeof content === 'object' && 'size' in content ? '' : (content as string));
const gitName = (bytes: Buffer): string => digest('sha1', `blob ${bytes.length}\0`, bytes);

/** A commit's name follows from what it holds, so that it is the same on every machine. */
export const commitOf = ({ id, revisions }: FakeRepository, revision = 'main'): string =>
  digest(
    'sha1',
    id,
    revision,
    ...Object.entries(revisions[revision] ?? {}).flatMap(([path, content]) => [path, bytesOf(content)]),
  );

export async function startFakeHub(repositories: readonly FakeRepository[]): Promise<FakeHub> {
  const asked: Asked[] = [];
  let faults: { fault: Fault; left: number }[] = [];
  let bytesPerSecond: number | null = null;
  const takeFault = (path: string): Fault | null => {
    const found = faults.find(({ fault, left }) => left > 0 && path.endsWith(fault.path));
    if (found) found.left--;
    return found?.fault ?? null;
  };
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    const { pathname } = new URL(request.url ?? '/', 'http://hub');
    const entry: Asked = {
      method: request.method ?? '',
      path: decodeURIComponent(pathname),
      range: request.headers.range ?? null,
      authorization: request.headers.authorization ?? null,
      bytes: 0,
    };
    asked.push(entry);
    allowOtherOrigins(response);
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const file = answer(repositories, pathname, request, response, () => urlOf(store));
    if (!file) return;
    const fault = takeFault(file.path);
    send(response, file, { entry, fault, bytesPerSecond }).catch(() => response.destroy());
  };
  const [server, store] = [createServer(handle), createServer(handle)];
  await Promise.all([server, store].map((one) => new Promise<void>((done) => one.listen(0, 'localhost', done))));
  return {
    url: urlOf(server),
    asked,
    fail: (...next) => {
      faults = next.map((fault) => ({ fault, left: fault.times ?? Number.POSITIVE_INFINITY }));
    },
    slowTo: (rate) => {
      bytesPerSecond = rate;
    },
    close: async () => {
      await Promise.all([server, store].map(stop));
    },
  };
}

const urlOf = (server: Server): string => `http://localhost:${(server.address() as AddressInfo).port}`;

const stop = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });

function allowOtherOrigins(response: ServerResponse): void {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Allow-Headers', 'authorization, range');
  response.setHeader(
    'Access-Control-Expose-Headers',
    'X-Error-Code, X-Repo-Commit, ETag, Accept-Ranges, Content-Range',
  );
}

interface FoundFile {
  readonly path: string;
  readonly bytes: Buffer;
  readonly range: string | undefined;
}

/** Null where the answer is given already. */
function answer(
  repositories: readonly FakeRepository[],
  pathname: string,
  request: IncomingMessage,
  response: ServerResponse,
  storeUrl: () => string,
): FoundFile | null {
  const { range } = request.headers;
  const stored = /^\/store\/([0-9a-f]{64})\/(.+)$/.exec(pathname);
  if (stored) {
    const bytes = allFiles(repositories).find((content) => digest('sha256', content) === stored[1]);
    if (!bytes) return refuse(response, 404, 'EntryNotFound');
    return { path: decodeURIComponent(stored[2]!), bytes, range };
  }
  const asked = parseRoute(pathname);
  const repository = repositories.find(
    ({ kind, id, aliases = [] }) => kind === asked?.kind && [id, ...aliases].includes(asked.id),
  );
  if (!asked || !repository) return refuse(response, 401, 'RepoNotFound');
  const { access } = repository;
  if (access && request.headers.authorization !== `Bearer ${access.token}`) {
    const hasToken = request.headers.authorization !== undefined;
    return refuse(response, access.isGated && hasToken ? 403 : 401, access.isGated ? 'GatedRepo' : 'RepoNotFound');
  }
  const revision = Object.keys(repository.revisions).find(
    (name) => name === asked.revision || commitOf(repository, name) === asked.revision,
  );
  if (revision === undefined) return refuse(response, 404, 'RevisionNotFound');
  const files = repository.revisions[revision]!;
  if (asked.path === null) return describeRepository(repository, revision, response);
  const content = files[asked.path];
  if (content === undefined) return refuse(response, 404, 'EntryNotFound');
  const bytes = bytesOf(content);
  response.setHeader('X-Repo-Commit', commitOf(repository, revision));
  if (bytes.length < LARGE) return { path: asked.path, bytes, range };
  response
    .writeHead(302, { Location: `${storeUrl()}/store/${digest('sha256', bytes)}/${encodeURIComponent(asked.path)}` })
    .end();
  return null;
}

function parseRoute(pathname: string) {
  const api = /^\/api\/(models|datasets)\/(.+?)\/revision\/([^/]+)$/.exec(pathname);
  if (api) return { kind: api[1], id: api[2]!, revision: decodeURIComponent(api[3]!), path: null };
  const file = /^\/(datasets\/)?(.+?)\/resolve\/([^/]+)\/(.+)$/.exec(pathname);
  if (!file) return null;
  const kind = file[1] ? 'datasets' : 'models';
  return { kind, id: file[2]!, revision: decodeURIComponent(file[3]!), path: decodeURIComponent(file[4]!) };
}

const allFiles = (repositories: readonly FakeRepository[]): Buffer[] =>
  repositories.flatMap(({ revisions }) =>
    Object.values(revisions).flatMap((files) => Object.values(files).map(bytesOf)),
  );

function refuse(response: ServerResponse, status: number, code: string): null {
  response.writeHead(status, { 'X-Error-Code': code, 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ error: code }));
  return null;
}

function describeRepository(repository: FakeRepository, revision: string, response: ServerResponse): null {
  const siblings = Object.entries(repository.revisions[revision]!).map(([rfilename, content]) => {
    const bytes = bytesOf(content);
    const size = typeof content === 'object' && 'size' in content ? content.size : bytes.length;
    const lfs = { sha256: digest('sha256', bytes), size, pointerSize: 130 };
    return { rfilename, size, blobId: gitName(bytes), ...(size < LARGE ? {} : { lfs }) };
  });
  const { id, licence } = repository;
  const cardData = licence === undefined ? {} : { license: licence };
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify({ id, sha: commitOf(repository, revision), cardData, siblings }));
  return null;
}

interface Sending {
  readonly entry: Asked;
  readonly fault: Fault | null;
  readonly bytesPerSecond: number | null;
}

async function send(
  response: ServerResponse,
  file: FoundFile,
  { entry, fault, bytesPerSecond }: Sending,
): Promise<void> {
  if (fault?.kind === 'status') return void refuse(response, fault.at ?? 503, '');
  const [, from = '0', to = ''] =
    /^bytes=(\d+)-(\d*)$/.exec(fault?.kind === 'no-range' ? '' : (file.range ?? '')) ?? [];
  const isPart = file.range !== undefined && fault?.kind !== 'no-range';
  const end = to === '' ? file.bytes.length : Number(to) + 1;
  if (isPart && Number(from) >= file.bytes.length) return void response.writeHead(416).end();
  const body = Buffer.from(file.bytes.subarray(Number(from), end));
  if (fault?.kind === 'wrong-bytes') body[body.length >> 1]! ^= 1;
  response.setHeader('Content-Type', 'application/octet-stream');
  response.setHeader('Content-Length', body.length);
  response.setHeader('Accept-Ranges', 'bytes');
  if (isPart) response.setHeader('Content-Range', `bytes ${from}-${end - 1}/${file.bytes.length}`);
  response.writeHead(isPart ? 206 : 200);
  const stop = fault?.kind === 'cut' || fault?.kind === 'stall' ? (fault.at ?? 0) : body.length;
  const step = bytesPerSecond === null ? 65_536 : Math.max(1, Math.ceil(bytesPerSecond / 20));
  for (let at = 0; at < stop && !response.destroyed; at += step) {
    const piece = body.subarray(at, Math.min(at + step, stop));
    await new Promise<void>((done) => response.write(piece, () => done()));
    entry.bytes += piece.length;
    if (bytesPerSecond !== null) await new Promise((done) => setTimeout(done, 50));
  }
  if (fault?.kind === 'stall') return;
  if (fault?.kind === 'cut')
    setTimeout(() => response.destroy(), 200); // what was sent arrives before the cut does
  else response.end();
}
