// Plans by what they compute, the least recently used dropped first.

export interface Disposable {
  dispose(): void;
}

export class PlanCache<T extends Disposable> {
  private readonly entries = new Map<string, T>();

  constructor(private readonly capacity: number) {}

  async get(key: string, build: () => Promise<T>): Promise<T> {
    const known = this.entries.get(key) ?? (await build());
    this.entries.delete(key);
    this.entries.set(key, known);
    for (const [oldest, entry] of this.entries) {
      if (this.entries.size <= this.capacity) break;
      this.entries.delete(oldest);
      entry.dispose();
    }
    return known;
  }

  get values(): Iterable<T> {
    return this.entries.values();
  }

  clear(): void {
    for (const entry of this.entries.values()) entry.dispose();
    this.entries.clear();
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
