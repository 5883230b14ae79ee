// Runs side by side: only the settings in which they differ.
import { setting } from '../format.ts';
import { differingSettings } from '../run/differing-settings.ts';
import type { ShownGroup } from './RunsView.tsx';

export function SettingsDifference({ groups }: { readonly groups: readonly ShownGroup[] }) {
  // Of a group its first run: the others differ in the seed, of which the group's name and table tell.
  const settings = differingSettings(groups.map(({ runs }) => runs[0]!.spec));
  if (settings.length === 0) return <p className="empty">These runs have the same settings.</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the page scrolls by keyboard
    <section className="table-scroll" tabIndex={0} aria-label="Settings that differ">
      <table className="table compare-table">
        <thead>
          <tr>
            <td />
            {groups.map(({ key, name, color }) => (
              <th key={key} scope="col" className="number">
                <i className="swatch" style={{ background: color }} aria-hidden="true" />
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {settings.map(({ key, values }) => (
            <tr key={key}>
              <th scope="row">
                <code>{key}</code>
              </th>
              {values.map((value, index) => (
                <td key={groups[index]!.key} className="number">
                  {settingText(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function settingText(value: unknown): string {
  if (typeof value === 'number') return setting(value);
  return value === null || value === undefined ? 'none' : String(value);
}
