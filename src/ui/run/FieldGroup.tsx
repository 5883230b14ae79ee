import type { ReactNode } from 'react';

export function FieldGroup({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <fieldset className="field-group">
      <legend className="eyebrow">{title}</legend>
      <div className="field-grid">{children}</div>
    </fieldset>
  );
}
