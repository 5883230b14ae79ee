// What several plans use: made for the first, disposed of with the last.
import type { Disposable } from './plan-cache.ts';

export interface Shared<T> {
  readonly value: T;
  /** To be called once. */
  release(): void;
}

export class SharedCache<T extends Disposable> {
  private readonly entries = new Map<string, { readonly value: T; users: number }>();

  async acquire(key: string, build: () => Promise<T>): Promise<Shared<T>> {
    const entry = this.entries.get(key) ?? { value: await build(), users: 0 };
    this.entries.set(key, entry);
    entry.users++;
    return { value: entry.value, release: () => this.release(key) };
  }

  private release(key: string): void {
    const entry = this.entries.get(key);
    if (!entry || --entry.users > 0) return;
    this.entries.delete(key);
    entry.value.dispose();
  }
}
