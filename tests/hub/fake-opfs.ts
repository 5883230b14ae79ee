// The part of the File System API that the store uses, in memory: enough to test its logic, its failures included.

export interface FakeOptions {
  /** Bytes that fit; one more raises QuotaExceededError, as browsers do. */
  readonly quota?: number;
  /** Off in browsers that have sync access handles only. */
  readonly hasWritable?: boolean;
}

export class FakeDirectory {
  readonly kind = 'directory';
  readonly entriesByName = new Map<string, FakeDirectory | FakeFile>();
  constructor(
    readonly options: FakeOptions = {},
    readonly root: FakeDirectory | null = null,
  ) {}

  async getDirectoryHandle(name: string, { create = false } = {}): Promise<FakeDirectory> {
    const found = this.entriesByName.get(name);
    if (found instanceof FakeDirectory) return found;
    if (!create) throw new DOMException(name, 'NotFoundError');
    const made = new FakeDirectory(this.options, this.root ?? this);
    this.entriesByName.set(name, made);
    return made;
  }

  async getFileHandle(name: string, { create = false } = {}): Promise<object> {
    const found = this.entriesByName.get(name);
    if (!(found instanceof FakeFile) && !create) throw new DOMException(name, 'NotFoundError');
    const file = found instanceof FakeFile ? found : new FakeFile(this.root ?? this);
    this.entriesByName.set(name, file);
    return this.options.hasWritable === false ? file.syncHandle() : file.handle();
  }

  async removeEntry(name: string): Promise<void> {
    if (!this.entriesByName.delete(name)) throw new DOMException(name, 'NotFoundError');
  }

  async *keys(): AsyncIterableIterator<string> {
    yield* this.entriesByName.keys();
  }

  async *entries(): AsyncIterableIterator<[string, object]> {
    for (const [name, entry] of this.entriesByName) {
      yield [name, entry instanceof FakeDirectory ? entry : await this.getFileHandle(name)];
    }
  }

  async *values(): AsyncIterableIterator<object> {
    for await (const [, entry] of this.entries()) yield entry;
  }

  bytesUsed(): number {
    const sizes = [...this.entriesByName.values()].map((entry) =>
      entry instanceof FakeFile ? entry.bytes.length : entry.bytesUsed(),
    );
    return sizes.reduce((sum, size) => sum + size, 0);
  }

  asHandle(): FileSystemDirectoryHandle {
    return this as unknown as FileSystemDirectoryHandle;
  }
}

export class FakeFile {
  bytes = new Uint8Array();
  constructor(private readonly root: FakeDirectory) {}

  handle() {
    return { ...this.syncHandle(), createWritable: async () => this.writable() };
  }

  syncHandle() {
    return {
      kind: 'file',
      getFile: async () => new Blob([this.bytes]),
      createSyncAccessHandle: async () => this.access(),
    };
  }

  access() {
    const done = () => undefined;
    return {
      getSize: () => this.bytes.length,
      truncate: (size: number) => this.replace(this.bytes.slice(0, size)),
      read: (buffer: Uint8Array, { at }: { at: number }) => {
        const part = this.bytes.subarray(at, at + buffer.length);
        buffer.set(part);
        return part.length;
      },
      write: (data: Uint8Array, { at }: { at: number }) => this.write(data, at),
      flush: done,
      close: done,
    };
  }

  /** Nothing is seen before the stream closes. */
  private writable(): WritableStream<Uint8Array> {
    const written: number[] = [];
    return new WritableStream({
      write: (chunk) => {
        written.push(...chunk);
      },
      close: () => this.replace(Uint8Array.from(written)),
    });
  }

  /** Where it is full, says so as Chromium does: not by an error, but by a number that no write can come to. */
  private write(data: Uint8Array, at: number): number {
    const grown = new Uint8Array(Math.max(this.bytes.length, at + data.length));
    grown.set(this.bytes);
    grown.set(data, at);
    try {
      this.replace(grown);
    } catch (error) {
      if ((error as Error).name === 'QuotaExceededError') return 2 ** 32 - 5;
      throw error;
    }
    return data.length;
  }

  private replace(bytes: Uint8Array<ArrayBuffer>): void {
    const growth = bytes.length - this.bytes.length;
    const { quota = Number.POSITIVE_INFINITY } = this.root.options;
    if (this.root.bytesUsed() + growth > quota) throw new DOMException('full', 'QuotaExceededError');
    this.bytes = bytes;
  }
}
