// Two masks of one matrix beside each other, and where they agree.
import { useId, useMemo, useRef, useState } from 'react';
import { maskAgreement } from '../../engine/pruning/agreement.ts';
import type { MatrixInfo } from '../../runs/events.ts';
import { useColors } from '../charts/colors.ts';
import { useWidth } from '../charts/useWidth.ts';
import { ExportButtons } from '../components/ExportButtons.tsx';
import { fileNamePart } from '../files/save-blob.ts';
import { AgreementLegend, agreementLegend, MaskLegend, maskLegend, Verdict } from './AgreementLegend.tsx';
import { matrixCsv } from './csv.ts';
import { maskFiles } from './mask-files.ts';
import { type Cell, formatShare, layoutOf, matrixTitle, type Unit, unitOf, weightCount } from './matrix.ts';
import { Picture } from './Picture.tsx';
import { agreementPixel, maskPixel, paint } from './pixels.ts';
import { Readout } from './Readout.tsx';
import { StepScrubber } from './StepScrubber.tsx';
import { colorOf, describeAgreement, describeMask, GROUND, type MaskSide } from './side.ts';
import { useJob } from './useJob.ts';
import { useSideAt } from './useSideAt.ts';
import { type Size, type Viewport, wholeMatrix, zoomAt } from './viewport.ts';
import { ZoomButtons } from './ZoomButtons.tsx';
import './masks.css';

export interface MaskPairProps {
  readonly left: MaskSide;
  readonly right: MaskSide | null;
  /** Weights per attention head, to outline heads where the matrix has them. */
  readonly headSize?: number | undefined;
}

export function MaskPair({ left, right, headSize }: MaskPairProps) {
  const { rows, columns } = left.data.info;
  const other = right?.data.info;
  const isComparable = !other || (other.rows === rows && other.columns === columns);
  return (
    <section className="masks" aria-label={`Masks of ${matrixTitle(left.data.info)}`}>
      {!isComparable && (
        <p role="note" className="masks-note">
          {right?.label} has {other.rows} × {other.columns} weights here, {left.label} {rows} × {columns}: matrices of
          different shape cannot be compared weight by weight. Choose two runs of the same model.
        </p>
      )}
      {/* A matrix of another shape starts with a viewport of its own. */}
      <Pictures key={`${rows} ${columns}`} left={left} right={isComparable ? right : null} headSize={headSize} />
    </section>
  );
}

interface PicturesProps {
  readonly left: MaskSide;
  readonly right: MaskSide | null;
  readonly headSize: number | undefined;
}

function Pictures({ left: finalLeft, right: finalRight, headSize }: PicturesProps) {
  const [step, setStep] = useState<number | null>(null);
  const [left, right] = [useSideAt(finalLeft, step), useSideAt(finalRight, step)];
  const { info } = left.data;
  const [view, setView] = useState<Viewport>(() => wholeMatrix(info));
  const [cursor, setCursor] = useState<Cell | null>(null);
  const grid = useRef<HTMLDivElement>(null);
  const { size, across } = sizeOf(info, useWidth(grid), right ? 3 : 1);
  const stableSize = useMemo(() => ({ width: size.width, height: size.height }), [size.width, size.height]);
  const agreement = useMemo(
    () => right && maskAgreement(left.data.mask, right.data.mask, weightCount(info)),
    [left.data, right, info],
  );
  const images = useImages(left, right);
  const help = useId();
  const unit = useMemo(() => unitOf(info.kind, headSize), [info.kind, headSize]);
  const shared = {
    info,
    unit,
    size: stableSize,
    view,
    onView: setView,
    cursor,
    onCursor: setCursor,
    describedBy: help,
  };
  const zoom = (factor: number) => setView((now) => zoomAt(now, stableSize, info, factor, cursor ?? now));

  return (
    <>
      <header className="masks-header">
        <h4>{matrixTitle(info)}</h4>
        <ZoomButtons zoom={view.zoom} onZoom={zoom} />
      </header>
      <div ref={grid} className="masks-grid" style={{ gridTemplateColumns: `repeat(${across}, minmax(0, 1fr))` }}>
        {[left, right].map(
          (side, i) =>
            side && (
              <figure key={i === 0 ? 'left' : 'right'}>
                <MaskCaption side={side} image={images[i]!} unit={unit} />
                <Picture {...shared} image={images[i]!} label={describeMask(side)} />
              </figure>
            ),
        )}
        {right && agreement && (
          <figure>
            <figcaption>
              <span className="masks-label">Agreement</span>
              <ExportButtons
                subject="agreement"
                fileName={`${info.name}.agreement`}
                files={
                  images[2]
                    ? maskFiles({
                        title: `Agreement: ${matrixTitle(info)}`,
                        legend: agreementLegend(left, right),
                        image: images[2],
                        info,
                        unit,
                      })
                    : { png: null, svg: null }
                }
              />
              <Verdict agreement={agreement} />
            </figcaption>
            <Picture {...shared} image={images[2]!} label={describeAgreement(left, right, agreement)} />
          </figure>
        )}
      </div>
      {right && agreement ? <AgreementLegend left={left} right={right} agreement={agreement} /> : <MaskLegend />}
      <Readout left={left} right={right} cursor={cursor} unit={unit} />
      <StepScrubber sides={finalRight ? [finalLeft, finalRight] : [finalLeft]} step={step} onStep={setStep} />
      <p id={help} className="masks-help">
        Click a picture, then turn the wheel to zoom and drag to pan; all pictures move together. Keys: arrows move the
        cursor (with Shift by 16), + and − zoom, 0 shows all.
      </p>
    </>
  );
}

function useImages(left: MaskSide, right: MaskSide | null): readonly (HTMLCanvasElement | null)[] {
  const { rows, columns } = left.data.info;
  const [a, b] = [left.data.mask, right?.data.mask];
  const maskColors = useColors('var(--kept)', GROUND);
  const agreementColors = useColors(GROUND, colorOf(left, 'left'), colorOf(right, 'right'), 'var(--kept)');
  const jobs = useMemo(() => {
    const shape = { rows, columns };
    return [
      (signal: AbortSignal) => paint({ ...shape, pixelAt: maskPixel(a, maskColors) }, signal),
      b ? (signal: AbortSignal) => paint({ ...shape, pixelAt: maskPixel(b, maskColors) }, signal) : null,
      b ? (signal: AbortSignal) => paint({ ...shape, pixelAt: agreementPixel(a, b, agreementColors) }, signal) : null,
    ] as const;
  }, [rows, columns, a, b, maskColors, agreementColors]);
  return [useJob(jobs[0]), useJob(jobs[1]), useJob(jobs[2])];
}

interface MaskCaptionProps {
  readonly side: MaskSide;
  readonly image: HTMLCanvasElement | null;
  readonly unit: Unit | null;
}

function MaskCaption({ side: { label, data }, image, unit }: MaskCaptionProps) {
  const { info } = data;
  const title = `${label}: ${matrixTitle(info)}`;
  const pictures = image ? maskFiles({ title, legend: maskLegend, image, info, unit }) : { png: null, svg: null };
  return (
    <figcaption>
      <span className="masks-label">{label}</span>
      <ExportButtons
        subject={`mask of ${label}`}
        fileName={`${info.name}.${fileNamePart(label)}`}
        files={{ ...pictures, csv: (signal) => matrixCsv(data, signal) }}
      />
      <span className="masks-share">{formatShare(data.kept / weightCount(info))} kept</span>
    </figcaption>
  );
}

const GAP = 20;
const NARROWEST_SQUARE = 220;
const WIDEST_ALONE = 560;
const TALLEST = 640;
const LOWEST = 120;

/** The size of each picture, and how many stand beside each other in the given room. */
function sizeOf(info: MatrixInfo, room: number, pictures: number): { readonly size: Size; readonly across: number } {
  const layout = layoutOf(info);
  const fitting = Math.max(1, Math.floor((room + GAP) / (NARROWEST_SQUARE + GAP)));
  const across = layout === 'wide' ? 1 : layout === 'tall' ? pictures : Math.min(pictures, fitting);
  const share = Math.floor((room - GAP * (across - 1)) / across);
  const width = Math.max(1, layout === 'wide' ? share : Math.min(share, WIDEST_ALONE));
  const height = Math.round(Math.min(Math.max((width * info.rows) / info.columns, LOWEST), TALLEST));
  return { size: { width, height }, across };
}
