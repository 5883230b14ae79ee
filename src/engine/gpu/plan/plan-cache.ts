// Plans by what they compute, in the order of their last use.

export interface Disposable {
  dispose(): void;
}

export class PlanCache<T extends Disposable> {
  private readonly entries = new Map<string, T>();

  get size(): number {
    return this.entries.size;
  }

  has(key: string): boolean {
    return this.entries.has(key);
  }

  async get(key: string, build: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key) ?? (await build());
    this.entries.delete(key);
    this.entries.set(key, known);
    return known;
  }

  /** Drops the one that was not asked for for longest; false where there is none. */
  dropOldest(): boolean {
    for (const [key, entry] of this.entries) {
      this.entries.delete(key);
      entry.dispose();
      return true;
    }
    return false;
  }

  clear(): void {
    while (this.dropOldest());
  }
}

const ids = new WeakMap<object, number>();
const contents = new Map<string, number>();
let next = 0;

/** A number that stands for an object as long as it lives. */
export function idOf(object: object): number {
  const known = ids.get(object) ?? next++;
  ids.set(object, known);
  return known;
}

/** The same number for all collections of the same names in the same order; looked at once per collection. */
export function idOfNames(names: Iterable<string> & object): number {
  const known = ids.get(names) ?? idOfContent([...names].join('\n'));
  ids.set(names, known);
  return known;
}

function idOfContent(content: string): number {
  const known = contents.get(content) ?? next++;
  contents.set(content, known);
  return known;
}
