import { Dialog } from '../components/Dialog.tsx';
import type { Command } from './command.ts';
import { commandList } from './command-list.ts';
import { KeyCap } from './KeyCap.tsx';

export function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const withKeys = commandList.filter(({ keys }) => keys);
  const groups = Map.groupBy(withKeys, ({ group }) => group);
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <p className="hint">
        Letters act on the focused cell: Tab or J reaches it, Enter goes into it, Esc comes back out.
      </p>
      {[...groups].map(([group, commands]) => (
        <Group key={group} name={group} commands={commands} />
      ))}
    </Dialog>
  );
}

function Group({ name, commands }: { readonly name: string; readonly commands: readonly Command[] }) {
  return (
    <section className="shortcut-group">
      <h3 className="eyebrow">{name}</h3>
      <dl>
        {commands.map(({ id, label, keys = [] }) => (
          <div key={id}>
            <dt>{label}</dt>
            <dd>
              {keys.map((key) => (
                <KeyCap key={key} keys={key} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
