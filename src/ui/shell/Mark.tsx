/** A sieve: a few grains stay, the rest falls through. */
export function Mark() {
  const grains = [5, 11, 17].flatMap((y) => [5, 11, 17].map((x) => ({ x, y })));
  const kept = new Set(['11 5', '17 5', '5 11', '17 17']);
  return (
    <svg className="mark" width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
      {grains.map(({ x, y }) => (
        <circle
          key={`${x} ${y}`}
          cx={x}
          cy={y}
          r={kept.has(`${x} ${y}`) ? 2.6 : 1.5}
          fill={kept.has(`${x} ${y}`) ? 'var(--kept)' : 'var(--pruned)'}
        />
      ))}
    </svg>
  );
}
