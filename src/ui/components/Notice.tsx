// A message that stays where the problem is: what was expected, what came, what to do.
import { CircleAlert, Info, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import './notice.css';

export type NoticeLevel = 'error' | 'warning' | 'note';

interface NoticeProps {
  readonly level: NoticeLevel;
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

const icons = { error: CircleAlert, warning: TriangleAlert, note: Info };

export function Notice({ level, children, action }: NoticeProps) {
  const Icon = icons[level];
  return (
    <div className={`notice notice-${level}`} role={level === 'error' ? 'alert' : undefined}>
      <Icon size={17} aria-hidden="true" />
      <div className="notice-text">{children}</div>
      {action}
    </div>
  );
}
