// The Hub's HTTP interface, as far as Winnow needs it: what a repository holds at a revision, and its files' bytes.
// After huggingface_hub: HfApi.repo_info(files_metadata=True) and hf_hub_download.
import { z } from 'zod';
import { WinnowError } from '../engine/error.ts';
import type { HubName } from './hub-id.ts';

export interface HubAccess {
  /** Without a slash at its end. */
  readonly endpoint: string;
  /** Sent to `endpoint` alone: browsers drop it when the Hub redirects to its stores. */
  readonly token: string | null;
}

export type RepositoryKind = 'models' | 'datasets';

export interface HubFile {
  readonly path: string;
  /** The commit to fetch it at; weights may lie on another branch than the rest. */
  readonly commit: string;
  readonly size: number;
  /** Large files go by their content, others by git's own name for it. Null where the Hub names neither. */
  readonly hash: { readonly kind: 'sha256' | 'git-sha1'; readonly hex: string } | null;
}

export interface HubRepository {
  readonly kind: RepositoryKind;
  /** As the Hub spells it: an old name such as `bert-base-uncased` is answered with its owner. */
  readonly id: string;
  readonly revision: string;
  readonly commit: string;
  readonly licence: string | null;
  readonly files: readonly HubFile[];
}

const answerSchema = z.object({
  id: z.string(),
  sha: z.string().regex(/^[0-9a-f]{40}$/),
  cardData: z.object({ license: z.union([z.string(), z.array(z.string())]).optional() }).nullish(),
  siblings: z.array(
    z.object({
      rfilename: z.string().min(1),
      size: z.number().int().nonnegative().optional(),
      blobId: z.string().optional(),
      lfs: z.object({ sha256: z.string(), size: z.number().int().nonnegative() }).nullish(),
    }),
  ),
});

/**
 * Resolves a revision to its commit, with all files that it has.
 * @throws WinnowError `network` for no or an odd answer; `bad-settings` for what is unknown, private or gated.
 */
export async function lookUp(access: HubAccess, kind: RepositoryKind, name: HubName): Promise<HubRepository> {
  const path = `api/${kind}/${name.id}/revision/${encodeURIComponent(name.revision)}?blobs=true`;
  const response = await request(access, path, {});
  if (!response.ok) throw await refusal(response, kind, name, access);
  const parsed = answerSchema.safeParse(await response.json().catch(() => null));
  if (!parsed.success) {
    throw new WinnowError(
      'network',
      `${access.endpoint}: expected what the Hub says of ${name.id}, got another answer (${parsed.error.issues[0]?.message}). Check the endpoint.`,
    );
  }
  const { id, sha, cardData, siblings } = parsed.data;
  const licence = [cardData?.license ?? []].flat()[0] ?? null;
  const files = siblings.map(({ rfilename, size, blobId, lfs }) => ({
    path: rfilename,
    commit: sha,
    size: lfs?.size ?? size ?? 0,
    hash: lfs
      ? { kind: 'sha256' as const, hex: lfs.sha256 }
      : blobId === undefined
        ? null
        : { kind: 'git-sha1' as const, hex: blobId },
  }));
  return { kind, id, revision: name.revision, commit: sha, licence, files };
}

interface Span {
  /** In bytes. */
  readonly from: number;
  /** Exclusive; null: to the end. */
  readonly to: number | null;
}

/**
 * A file's bytes. The answer may be the whole of it (status 200) although a part was asked for.
 * @throws WinnowError as `lookUp`.
 */
export async function openFile(
  access: HubAccess,
  { kind, id }: Pick<HubRepository, 'kind' | 'id'>,
  file: Pick<HubFile, 'path' | 'commit'>,
  { span = null, signal = null }: { readonly span?: Span | null; readonly signal?: AbortSignal | null } = {},
): Promise<Response> {
  const folder = kind === 'datasets' ? `datasets/${id}` : id;
  const path = `${folder}/resolve/${file.commit}/${file.path.split('/').map(encodeURIComponent).join('/')}`;
  const headers: Record<string, string> =
    span === null ? {} : { Range: `bytes=${span.from}-${span.to === null ? '' : span.to - 1}` };
  const response = await request(access, path, { headers, signal });
  if (response.ok || response.status === 416) return response;
  throw await refusal(response, kind, { id, revision: file.commit }, access, file.path);
}

interface RequestOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | null;
}

async function request({ endpoint, token }: HubAccess, path: string, o: RequestOptions): Promise<Response> {
  const authorization: Record<string, string> = token === null ? {} : { Authorization: `Bearer ${token}` };
  try {
    return await fetch(`${endpoint}/${path}`, {
      headers: { ...o.headers, ...authorization },
      signal: o.signal ?? null,
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store', // what is kept lies in the origin's file system, verified; a second copy is waste
    });
  } catch (cause) {
    if (o.signal?.aborted) throw cause;
    throw new WinnowError(
      'network',
      `${endpoint}: expected an answer, got none. Check the connection and the Hub’s address; a page served with HF_ENDPOINT set may speak to that one alone. What is kept on this machine goes on working.`,
      { cause },
    );
  }
}

async function refusal(
  response: Response,
  kind: RepositoryKind,
  { id, revision }: HubName,
  { endpoint, token }: HubAccess,
  path: string | null = null,
): Promise<WinnowError> {
  const what = kind === 'models' ? 'model' : 'data set';
  const settings = (message: string) => new WinnowError('bad-settings', message);
  switch (response.headers.get('x-error-code') ?? codeOf(response.status, path, token)) {
    case 'RevisionNotFound':
      return settings(
        `${id}: expected the revision “${revision}”, got none of that name. It may be gone; choose main or another.`,
      );
    case 'EntryNotFound':
      return settings(`${id}: expected the file ${path ?? ''}, got none at ${revision}. Choose another revision.`);
    case 'GatedRepo':
      return settings(
        `${id}: expected leave to read this ${what}, got none: it is gated. Accept its terms on ${endpoint}/${kind === 'datasets' ? 'datasets/' : ''}${id}, then ${token === null ? 'enter a token of your account' : 'check that the token is of the same account'}.`,
      );
    case 'RepoNotFound':
      return settings(
        `${id}: expected a ${what} of this name, got none. Check the spelling${token === null ? '; a private one needs a token' : ', and that the token may read it'}.`,
      );
    case 'Unauthorised':
      return settings(`${endpoint}: expected a token that it knows, got one that it refuses. Enter it anew.`);
    default:
      return new WinnowError(
        'network',
        `${endpoint}: expected ${id}, got status ${response.status}${response.status === 429 ? ' (too many requests)' : ''}. Try again later.`,
      );
  }
}

/** A mirror may not name what is wrong. The Hub answers 401 both to a wrong token and, without one, to what is private. */
function codeOf(status: number, path: string | null, token: string | null): string {
  if (status === 404) return path === null ? 'RepoNotFound' : 'EntryNotFound';
  if (status === 401) return token === null ? 'RepoNotFound' : 'Unauthorised';
  return status === 403 ? 'GatedRepo' : String(status);
}
