interface ProgressBarProps {
  readonly label: string;
  readonly done: number;
  /** 0 while unknown. */
  readonly total: number;
  /** In words, where the two numbers alone would say little. */
  readonly words?: string;
}

export function ProgressBar({ label, done, total, words }: ProgressBarProps) {
  return (
    <div
      className="progress-bar"
      role="progressbar"
      aria-label={label}
      aria-valuetext={words}
      aria-valuemin={0}
      aria-valuemax={total || 1}
      aria-valuenow={done}
    >
      <i style={{ inlineSize: `${total ? (100 * done) / total : 0}%` }} />
    </div>
  );
}
