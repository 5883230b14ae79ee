// A remark plugin: a text that nests without end, as no person writes one, is shown as it was written. Drawing it would
// run out of stack, and take the whole page along.

interface Node {
  type: string;
  children?: Node[];
  value?: string;
}

const MOST_LEVELS = 100;

export function boundedDepth() {
  return (tree: Node, file: { toString(): string }): void => {
    let level = tree.children ?? [];
    for (let depth = 0; level.length > 0; depth++) {
      if (depth > MOST_LEVELS) {
        tree.children = [{ type: 'code', value: String(file) }];
        return;
      }
      level = level.flatMap(({ children = [] }) => children);
    }
  };
}
