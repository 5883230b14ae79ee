import { useId } from 'react';

interface SegmentsProps<N extends string> {
  /** What is chosen, for those who hear the page. */
  readonly legend: string;
  /** In their order. */
  readonly names: Readonly<Record<N, string>>;
  readonly value: N;
  readonly onChoose: (name: N) => void;
}

/** One of a few, all in sight: views, splits. */
export function Segments<N extends string>({ legend, names, value, onChoose }: SegmentsProps<N>) {
  const id = useId();
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">{legend}</legend>
      {(Object.keys(names) as N[]).map((name) => (
        <label key={name}>
          <input type="radio" name={id} checked={value === name} onChange={() => onChoose(name)} />
          <span>{names[name]}</span>
        </label>
      ))}
    </fieldset>
  );
}
