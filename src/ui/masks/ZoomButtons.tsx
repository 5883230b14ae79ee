import '../components/mini-button.css';

interface ZoomButtonsProps {
  readonly zoom: number;
  /** 0 shows all. */
  readonly onZoom: (factor: number) => void;
}

export function ZoomButtons({ zoom, onZoom }: ZoomButtonsProps) {
  return (
    <fieldset className="masks-zoom" aria-label="Zoom">
      <button
        type="button"
        className="mini-button"
        aria-label="Zoom out"
        disabled={zoom <= 1}
        onClick={() => onZoom(0.5)}
      >
        −
      </button>
      <output>{zoom.toFixed(1)}×</output>
      <button type="button" className="mini-button" aria-label="Zoom in" onClick={() => onZoom(2)}>
        +
      </button>
      <button type="button" className="mini-button" disabled={zoom <= 1} onClick={() => onZoom(0)}>
        Show all
      </button>
    </fieldset>
  );
}
